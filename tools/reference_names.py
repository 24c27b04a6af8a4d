"""Write down what the numbers are that hints speak of: `dra_exercises/references.json`.

    python tools/reference_names.py

`check.hint` says "equation (3.1)" as the book does, and has no book at hand. The numbers are read
from `_build/notebooks/roles.json`, which `make notebooks` writes; `make course` runs this script.
"""

import json
import re
from pathlib import Path

from dra_exercises import source
from dra_exercises.checking import ROLE

ROOT = Path(__file__).resolve().parents[1]
ROLES = ROOT / "_build" / "notebooks" / "roles.json"
NAMES = ROOT / "dra_exercises" / "references.json"
NUMBERED = ("eq", "numref")
LINKED = re.compile(r"\[([^\]]+)\]\(")


def labels():
    """Return the labels of the equations and figures that hints name, in order of the book."""
    exercises = (exercise for n in source.chapters() for exercise in source.read(n).exercises)
    roles = (match for exercise in exercises for match in ROLE.finditer(" ".join(exercise.hints)))
    found = (role[2] for role in roles if role[1] in NUMBERED and "<" not in role[2])
    return list(dict.fromkeys(found))


def names(roles):
    """Return {label: what the book calls it}; ``roles`` are those of all chapters together."""
    found = {}
    for label in labels():
        kind = "eq" if label.startswith("eq-") else "numref"
        if f"{kind} {label}" not in roles:
            raise ValueError(f"no chapter has {{{kind}}}`{label}`: run make notebooks again")
        number = LINKED.match(roles[f"{kind} {label}"])[1]
        found[label] = f"equation {number}" if kind == "eq" else number
    return found


def main():
    roles = {}
    for chapter in json.loads(ROLES.read_text(encoding="utf-8")).values():
        roles |= chapter
    NAMES.write_text(json.dumps(names(roles), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
