"""The panels of ``dra.widgets`` in a notebook that runs."""

import nbclient
from nbformat.v4 import new_code_cell, new_notebook


def test_the_panels_open_in_a_notebook():
    cells = [
        "import dra\nroom = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())",
        "dra.widgets.one_memory()",
        "dra.widgets.two_memories()",
        "dra.widgets.living_maze(rng=1)",
        "dra.widgets.frontier(room, [0.1, 1.0], progress=False)",
    ]
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", extra_arguments=["--log-level=ERROR"]
    )
    client.execute()
    outputs = [cell.outputs for cell in notebook.cells]
    assert outputs[0] == []
    for (output,) in outputs[1:]:  # one each, and nothing on stderr
        assert "application/vnd.jupyter.widget-view+json" in output.data


BAR = """
import os
os.environ.pop("CI", None)
from dra import _progress
_progress.BAR_DELAY = 0
room = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
"""


def test_a_progress_bar_leaves_nothing_behind():
    """On standard error it would leave a red field with nothing in it."""
    panel, error = "dra.widgets.frontier(room, [0.1, 1.0])", "import sys; sys.stderr.write('x');"
    cells = [new_code_cell(source) for source in ("import dra" + BAR, panel, error)]
    notebook = new_notebook(cells=cells)
    client = nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3")
    client.execute()
    bar, shown = notebook.cells[1].outputs
    assert (
        bar.data == {"text/html": ""} and "application/vnd.jupyter.widget-view+json" in shown.data
    )
    assert [output.output_type for output in notebook.cells[2].outputs] == ["stream"]  # twin
