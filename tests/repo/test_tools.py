"""The tools that make the book: running chapters, cleaning pages, finding a browser."""

import base64
import importlib.util
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import chromium
import execute_chapters
import margins
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image

ROOT = Path(__file__).parents[2]


def load_offline():
    """The Sphinx extension of the book, as a module."""
    spec = importlib.util.spec_from_file_location("offline", ROOT / "book/_ext/offline.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_notebook(path, *sources):
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in sources]), path)
    return path


def test_running_twice_stores_the_same_bytes(tmp_path):
    path = write_notebook(
        tmp_path / "01-x.ipynb",
        "import uuid\nfrom IPython.display import HTML\nprint('a')\nprint('b')",
        "HTML(f'<p id={uuid.uuid4().hex}></p><p id={uuid.uuid4().hex}></p>')",
    )
    assert execute_chapters.run_chapter(path, write=True) is None
    first = path.read_bytes()
    assert execute_chapters.run_chapter(path, write=True) is None
    assert path.read_bytes() == first
    assert first.count(b'"output_type": "stream"') == 1


def test_pictures_are_stored_sharp_and_light(tmp_path):
    """Twice the pixels of the page, which the output states, and at most 256 colours."""
    draw = "import matplotlib.pyplot as plt\nplt.figure(figsize=(3, 2), dpi=100)\nplt.plot([1, 2]);"
    path = write_notebook(tmp_path / "01-x.ipynb", draw)
    assert execute_chapters.run_chapter(path, write=True) is None
    (output,) = nbformat.read(path, as_version=4).cells[0].outputs[-1:]
    picture = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
    stated = output.metadata["image/png"]
    assert picture.size == pytest.approx((2 * stated["width"], 2 * stated["height"]), abs=1)
    assert picture.mode == "P" and picture.info["dpi"][0] == pytest.approx(200, abs=1)
    assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("assert 1 == 2", "AssertionError"),
        ("import sys\nprint('loud', file=sys.stderr)", "cell 2 wrote to stderr"),
        ("import warnings\nwarnings.warn('old')", "cell 2 wrote to stderr"),
    ],
)
def test_a_failing_cell_is_named_and_nothing_is_stored(tmp_path, source, message):
    path = write_notebook(tmp_path / "01-x.ipynb", "x = 1", source)
    before = path.read_bytes()
    answer = execute_chapters.run_chapter(path, write=False)
    assert message in answer
    assert "cell 2" in answer
    assert path.read_bytes() == before


def test_different_random_ids_stay_different():
    one, two = "a" * 32, "b" * 32
    fixed = execute_chapters.fix_ids(f"{one} {two} {one} {'c' * 33}", cell_number=7)
    first, second, again, longer = fixed.split()
    assert first == again != second
    assert len(first) == len(second) == 32
    assert longer == "c" * 33


def test_unknown_chapter_is_named():
    with pytest.raises(SystemExit, match="no chapter '99-absent'"):
        execute_chapters.select(["99-absent"], [Path("01-x.ipynb")])


def test_outputs_are_stored_at_offset_zero_only(monkeypatch):
    monkeypatch.setenv("DRA_SEED_OFFSET", "3")
    monkeypatch.setattr(sys, "argv", ["execute_chapters.py"])
    with pytest.raises(SystemExit, match="DRA_SEED_OFFSET=0"):
        execute_chapters.main()


def test_player_gets_alt_text_and_loses_the_outside_link():
    frame = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x09\0\0\0\x05").decode()
    page = (
        '<link rel="stylesheet"\nhref="https://cdn.example/font-awesome/4.4.0/x.css">'
        '<figure class="player" aria-label="A line grows"><img id="_anim_img1">'
        '<input id="_anim_slider1" type="range">'
        f'<script>frames[0] = "data:image/png;base64,{frame}"</script></figure>'
        '<link href="book.css">'
    )
    cleaned = load_offline().clean_body(page)
    assert "https://" not in cleaned
    assert '<img alt="A line grows" width="9" height="5" src="data:image/png;base64,' in cleaned
    assert '<input aria-label="Frame" id="_anim_slider1" type="range">' in cleaned
    assert '<link href="book.css">' in cleaned


def test_unwanted_scripts_are_dropped_once_and_others_kept():
    offline = load_offline()
    scripts = ["sphinx-thebe.js", "book.js", "book.js", "https://cdn.example/require.min.js"]
    assert offline.unique(filter(offline.is_wanted, scripts)) == ["book.js"]


def test_missing_chromium_is_said_with_its_package(monkeypatch):
    monkeypatch.setattr(chromium, "MACOS", ())
    with pytest.raises(FileNotFoundError, match="apt-get install chromium"):
        chromium.find({"PATH": "/nonexistent"})
    with pytest.raises(FileNotFoundError, match="DRA_CHROMIUM"):
        chromium.find({"DRA_CHROMIUM": "/nonexistent/chromium"})


def elsewhere(code, other):
    """What a program prints here, or as on another processor."""
    places = [ROOT / "tools" / "other_processor"] if other else []
    path = os.pathsep.join(map(str, [ROOT, *places]))
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": path}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def test_another_processor_has_other_last_bits_and_no_more():
    code = "import json, numpy as np; print(json.dumps(np.exp(np.linspace(-5, 5, 101)).tolist()))"
    here, there = (np.array(elsewhere(code, other)) for other in (False, True))
    apart = np.abs(here - there) / np.spacing(here)
    assert 30 < np.count_nonzero(apart) < 70 and apart.max() <= 1


TRAINING = """
import hashlib, json, dra
runs = {}
for name, task, preset in (
    ("maze", dra.tasks.gridworld(), dra.presets.GRIDWORLD),
    ("car", dra.tasks.mountain_car(), dra.presets.MOUNTAIN_CAR),
    ("huys", dra.tasks.huys(3), dra.presets.HUYS),
):
    memory = dra.train(task, 30, rng=0, progress=False, **preset).memory
    runs[name] = hashlib.sha256(memory.q.tobytes() + memory.sigma.tobytes()).hexdigest()
    blurred = memory.choice_probabilities(1.0).tobytes()
    runs[name + ", exact"] = hashlib.sha256(blurred).hexdigest()
print(json.dumps(runs))
"""


def test_the_papers_agents_learn_the_same_on_another_processor():
    here, there = (elsewhere(TRAINING, other) for other in (False, True))
    trained = {"maze", "car", "huys"}
    assert {name: here[name] for name in trained} == {name: there[name] for name in trained}
    assert here["maze, exact"] != there["maze, exact"]  # the twin: last bits that do show


def test_margins_are_the_distances_of_bounds():
    source = """
for x in (3.0, 2.5):
    assert x > 1, "why"
assert 0 < np.array([1.0, 4.0]).min() <= 4
assert {1} <= {1, 2} and {1, 2} >= {1} and {1} >= {2}
assert x == 2.5
assert x < 2
"""
    cells = [new_code_cell("import numpy as np"), new_code_cell(source)]
    assert margins.margins(cells) == {
        "2: x > 1": 1.5,
        "2: 0 < np.array([1.0, 4.0]).min() <= 4 [1]": 1.0,
        "2: 0 < np.array([1.0, 4.0]).min() <= 4 [2]": 3.0,
        "2: {1} <= {1, 2}": 1.0,
        "2: {1, 2} >= {1}": 1.0,
        "2: {1} >= {2}": -1.0,
        "2: x == 2.5": 1.0,
        "2: x < 2": -0.5,
    }
