"""Store what a long study found, with what is needed to make it again.

A script in ``tools/studies`` has a function ``study(n, seed)`` that returns a dictionary of numbers
and lists, and ends with ``store(__file__, study, n=..., seed=...)``. Running it writes
``book/_data/<name of the script>.json``; a chapter loads that file and checks it against a smaller
run of its own.
"""

import json
import platform
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "book" / "_data"
LIBRARIES = ("numpy", "scipy", "numba")


def store(script, study, *, n, seed):
    """Run ``study(n, seed)`` and write its result with command, n, seed and versions."""
    script = Path(script).resolve()
    made = {
        "command": f"python {script.relative_to(ROOT).as_posix()}",
        "n": n,
        "seed": seed,
        "versions": {"python": platform.python_version()} | {k: version(k) for k in LIBRARIES},
        "data": study(n, seed),
    }
    path = DATA / f"{script.stem}.json"
    DATA.mkdir(exist_ok=True)
    path.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {path.relative_to(ROOT)}")
