"""Renew the versions of requirements.txt, and say which changed: the first step of `make update`.

The newest of what the project uses itself, within the bounds of newest.py, is installed into an
environment of its own; what that holds then is what requirements.txt pins.
"""

import re
import subprocess
import sys
from pathlib import Path

from newest import BUILDS, IN_TURN, newest

ROOT = Path(__file__).resolve().parents[1]
NOT_PINNED = {"pip", "dra"}


def plain(name):
    """Return the name of a package as indexes normalise it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def versions(lines):
    """Return {name: line} of lines such as name==1.2, by normalised name."""
    return {plain(line.partition("==")[0]): line for line in lines if "==" in line}


def renewed(pins, frozen):
    """Return the text of requirements.txt with the versions of an environment.

    ``pins`` is the text as it is, ``frozen`` the lines of ``pip list --format=freeze``. Raises
    ValueError if something that is used itself was not installed.
    """
    found = {k: v for k, v in versions(frozen).items() if k not in NOT_PINNED}
    head, _, _ = pins.partition(IN_TURN)
    lines = []
    for line in head.splitlines():
        name = plain(line.partition("==")[0])
        if "==" in line and name not in found:
            raise ValueError(f"{name} was not installed")
        lines.append(f"{line.partition('==')[0]}=={found.pop(name).partition('==')[2]}"
                     if "==" in line else line)  # fmt: skip
    return "\n".join([*lines, IN_TURN, *sorted(found.values(), key=str.lower)]) + "\n"


def changes(before, after):
    """Return lines such as "numpy 2.4.6 -> 2.5.0", for what changed, came or went."""
    old, new = versions(before.splitlines()), versions(after.splitlines())
    told = []
    for name in sorted(old | new):
        was, now = (pins.get(name, "==none").partition("==")[2] for pins in (old, new))
        if was != now:
            told.append(f"{name} {was} -> {now}")
    return told


def install(folder, names):
    """Return what an environment in ``folder`` holds after these were installed."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    pip = [folder / "bin" / "python", "-m", "pip"]
    subprocess.run([*pip, "install", "--quiet", "--upgrade", *names], check=True)
    listed = [*pip, "list", "--format=freeze"]
    return subprocess.run(listed, check=True, capture_output=True, text=True).stdout.splitlines()


if __name__ == "__main__":
    path = ROOT / "requirements.txt"
    before = path.read_text(encoding="utf-8")
    after = renewed(before, install(ROOT / "_build" / "update", [*newest(before), *BUILDS]))
    path.write_text(after, encoding="utf-8")
    print("\n".join(changes(before, after)) or "nothing newer")
