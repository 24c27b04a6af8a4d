"""The panels of ``dra.widgets`` in a notebook that runs."""

import nbclient
from nbformat.v4 import new_code_cell, new_notebook


def test_the_panels_open_in_a_notebook():
    cells = [
        "import dra\nroom = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())",
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
