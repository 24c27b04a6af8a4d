"""Print the lowest versions that pyproject.toml declares, as requirements, for `make lowest`.

What the tests of the package need besides has the version of requirements.txt.
"""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OF_THE_TESTS = ("distributed", "pytest", "pytest-xdist")


def lowest(project):
    """The declared dependencies, extras included, each at its lowest version."""
    declared = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        declared += extra
    pinned = []
    for line in declared:
        if line.startswith(f"{project['name']}["):
            continue
        match = re.fullmatch(r"([\w.-]+)>=([\w.]+)", line)
        if not match:
            raise ValueError(f"{line!r} in pyproject.toml; it must read name>=version")
        pinned.append(f"{match[1]}=={match[2]}")
    return pinned


def requirements(root=ROOT):
    """The lines of a requirements file."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    tests = [line for line in pins if line.split("==")[0] in OF_THE_TESTS]
    return lowest(project) + tests


if __name__ == "__main__":
    print("\n".join(requirements()))
