"""Print what the project uses itself, without versions, as requirements for `make newest`.

What that needs in turn pip chooses. A bound stands here only where a newer version is another
program.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IN_TURN = "# What those need in turn"
BOUNDS = {
    "jupyter-book": "<2",  # 2 is built on MyST in JavaScript, and has no Sphinx
    "sphinx-book-theme": "<1.2",  # draws a second bar at the top
}
BUILDS = ("setuptools", "wheel")  # what the package is built with; nothing asks for them by name


def newest(pins):
    """The names above the heading IN_TURN, with their bounds."""
    if IN_TURN not in pins:
        raise ValueError(f"the requirements have no line {IN_TURN!r}")
    lines = pins.partition(IN_TURN)[0].splitlines()
    names = [line.partition("==")[0] for line in lines if line and not line.startswith("#")]
    return [name + BOUNDS.get(name, "") for name in names]


if __name__ == "__main__":
    names = newest((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    print("\n".join([*names, *BUILDS]))
