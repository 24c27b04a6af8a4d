"""Show what the chapters print that they did not print at the last commit, line by line.

python tools/changed_numbers.py            since HEAD
python tools/changed_numbers.py v1.0.0     since any commit
"""

import difflib
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def printed(text):
    """Return {name of a cell: lines that it printed or showed} of a notebook."""
    found = {}
    for cell in json.loads(text)["cells"]:
        lines = []
        for output in cell.get("outputs", []):
            shown = output.get("text", output.get("data", {}).get("text/plain", []))
            lines += "".join(shown).splitlines()
        found[cell["id"]] = lines
    return found


def differences(old, new):
    """Return the lines that are gone (-) and new (+), below the names of their cells."""
    before, after = printed(old), printed(new)
    told = []
    for name in dict.fromkeys([*before, *after]):
        lines = difflib.ndiff(before.get(name, []), after.get(name, []))
        changed = [f"    {line.rstrip()}" for line in lines if line[0] in "+-"]
        told += [f"  {name}", *changed] if changed else []
    return told


def main(commit="HEAD", root=ROOT):
    """Print the differences of all chapters; return how many chapters differ."""
    count = 0
    for path in sorted((root / "book").glob("*.ipynb")):
        where = f"{commit}:book/{path.name}"
        old = subprocess.run(["git", "show", where], cwd=root, capture_output=True, text=True)
        told = differences(old.stdout or '{"cells": []}', path.read_text(encoding="utf-8"))
        if told:
            count += 1
            print("\n".join([path.stem, *told]))
    print(f"{count} chapters print something else than at {commit}")
    return count


if __name__ == "__main__":
    main(*sys.argv[1:])
