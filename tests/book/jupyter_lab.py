"""A JupyterLab of its own for the tests: no one's settings, nothing kept, this machine only."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import matplotlib
from site_inspector import ROOT

PATIENCE = 120  # seconds, for the server to start and for a notebook to open
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},  # all cells are in the page at once
}
OPEN = ".jp-Notebook .jp-MarkdownOutput"
READY = """() => [...document.querySelectorAll(".jp-Notebook-ExecutionIndicator")]
    .some(e => e.dataset.status === "idle")"""
WAITING = """() => [...document.querySelectorAll(".jp-InputPrompt")]
    .some(e => e.textContent.trim() === "[*]:")"""
DIRTY = ".lm-DockPanel-tabBar .jp-mod-dirty"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_places(folder):
    """The environment in which Jupyter keeps everything below ``folder``; with settings."""
    places = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    env = {f"JUPYTER_{place}": str(folder / place.lower()) for place in places}
    env |= {"JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"), "HOME": str(folder)}
    env |= {"JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"), "IPYTHONDIR": str(folder / "ip")}
    env |= {"MPLCONFIGDIR": matplotlib.get_cachedir()}  # else it says that it looks for fonts
    for name, values in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    return {**os.environ, **env}


def laid_out(notebooks, folder, env):
    """Lay the notebooks out as ``make lab`` does, and return what it says."""
    tool = ROOT / "tools" / "lay_out_notebooks.py"
    command = [sys.executable, tool, notebooks, folder]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


@contextlib.contextmanager
def lab(notebooks, folder):
    """Start JupyterLab on a copy of notebooks in ``folder``; give its address."""
    env, port = own_places(folder), free_port()
    laid_out(notebooks, folder / "work", env)
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root",
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", f"--ServerApp.root_dir={folder / 'work'}",
    ]  # fmt: skip
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            command, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server, folder / "log")
        yield f"http://127.0.0.1:{port}/lab/tree"
    finally:
        stop(server)
        shutil.rmtree(folder / "work", ignore_errors=True)


def wait_for(address, server, log):
    """Wait until the server answers; say what it logged if it does not."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise RuntimeError(f"JupyterLab does not start:\n{log.read_text()[-2000:]}")


def stop(server):
    """End the server with its kernels, whatever they do."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(20)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


@contextlib.contextmanager
def notebook(browser, address, name, problems, width=1200):
    """Open a notebook and wait for its kernel; note what the console reports and what is asked."""
    with browser.new_context(viewport={"width": width, "height": 1000}) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("pageerror", lambda error: problems.append(f"script error: {str(error)[:200]}"))
        page.on(
            "console",
            lambda said: said.type == "error" and problems.append(f"console: {said.text[:200]}"),
        )
        page.on(
            "request",
            lambda asked: (
                asked.url.startswith("http")
                and "//127.0.0.1:" not in asked.url
                and problems.append(f"request to {asked.url[:200]}")
            ),
        )
        page.goto(f"{address}/{name}?reset")
        page.wait_for_selector(OPEN)
        page.wait_for_function(READY)
        page.keyboard.press("Control+b")  # the list of files goes
        page.wait_for_timeout(1000)
        yield page


def run_all(page, patience):
    """Run all cells and wait until none is waiting any more."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(WAITING)
    page.wait_for_function(f"() => !({WAITING})()", timeout=patience * 1000)
    for _ in range(3):  # folded cells show no sign, and may be the last
        page.wait_for_function(READY, timeout=patience * 1000)
        page.wait_for_timeout(500)
