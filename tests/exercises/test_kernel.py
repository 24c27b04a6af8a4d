"""Answers that would end a notebook, in the kernel of one."""

import pytest
from jupyter_client.manager import start_new_kernel

BEGIN = """\
import os, sys
from dra_exercises import check
def endless(*_):
    while True:
        pass
def leaves(*_):
    sys.exit()
def prints(*_):
    while True:
        print("x" * 1000)
def dies(*_):
    os._exit(1)
def right(zeta, a, q, sigma, beta):
    import numpy as np
    x = beta * (q + sigma * zeta)
    pi = np.exp(x - x.max())
    return beta * zeta * ((np.arange(len(q)) == a) - pi / pi.sum())
me = os.getpid()
"""


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(kernel_name="python3")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client, code):
    """Run a cell; return its status, what it shows as its value, and what it prints."""
    said = {"value": "", "markdown": "", "printed": ""}

    def note(message):
        content = message["content"]
        if message["msg_type"] == "execute_result":
            said["value"] = content["data"]["text/plain"]
            said["markdown"] = content["data"].get("text/markdown", "")
        elif message["msg_type"] == "stream":
            said["printed"] += content["text"]

    reply = client.execute_interactive(code, timeout=60, output_hook=note, allow_stdin=False)
    return reply["content"]["status"], said


def test_a_kernel_lives_through_hostile_answers(kernel, tmp_path):
    home = f"os.environ['DRA_EXERCISES_HOME'] = {str(tmp_path)!r}"
    assert run(kernel, f"{BEGIN}\n{home}")[0] == "ok"
    for name, part in {
        "endless": "stopped after 0.7 seconds",
        "leaves": "ends the program",
        "prints": "stopped after 0.7 seconds",
        "dies": "exit status 1",
    }.items():
        status, said = run(kernel, f'check("4.3", {name}, seconds=0.7)')
        assert status == "ok" and part in said["value"] and said["printed"] == "", name
    status, said = run(kernel, 'assert os.getpid() == me\ncheck("4.3", right)')
    assert status == "ok" and said["value"].startswith("Right")
    status, said = run(kernel, 'check.hint("4.3")')
    assert said["markdown"].startswith("Hint 1 of 2") and said["value"].startswith("Hint")
    status, said = run(kernel, "check.progress()")
    assert "4 Which way is up" in said["value"] and said["markdown"] == ""
