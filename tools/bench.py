"""Measure the package: speed, how it scales, memory, time to the first result, whole figures.

    python tools/bench.py                       print what is found
    python tools/bench.py --store               and write book/_data/performance.json, for the book
    python tools/bench.py each_task workers     only these

One core, apart from the measurement of several. Times are CPU seconds where one process works, so
that others on the machine disturb little; ratios are medians of pairs measured in turns.
"""

import argparse
import json
from pathlib import Path

import clean_env

PATH = Path(__file__).resolve().parents[1] / "book" / "_data" / "performance.json"
TURNS = 7


def measurements():
    """Return the functions (turns, scale) that measure something, by name."""
    from benches import by_hand, prices, rivals, scaling, speed, startup, whole

    functions = (
        startup.import_time, startup.first_trials, speed.each_task, speed.where_it_goes,
        by_hand.planning_by_hand, prices.price_of_plain_code,
        speed.price_of_checks, speed.price_of_missing_actions, rivals.numpy_loop, rivals.rlberry,
        scaling.states, scaling.actions, scaling.trajectories, scaling.workers, scaling.peak_memory,
        whole.paper_figures, whole.fitting,
    )  # fmt: skip
    return {function.__name__: function for function in functions}


def measure(names=(), turns=TURNS, scale=1.0, say=lambda line: None):
    """Return everything that is to be stored; ``scale`` below 1 is for trying it out."""
    from benches import timing

    made = {"command": "make performance", "scale": scale, "machine": timing.machine(),
            "versions": timing.versions(), "data": {}}  # fmt: skip
    for name, function in measurements().items():
        if not names or name in names:
            say(f"\n{name}: {function.__doc__.splitlines()[0]}")
            found = made["data"][name] = function(turns, scale)
            for line in lines(found):
                say(f"  {line}")
    return made


def lines(value, label=""):
    """Yield nested results as lines of text."""
    if isinstance(value, dict) and any(isinstance(v, dict) for v in value.values()):
        for name, part in value.items():
            yield from lines(part, f"{label} {name}".strip())
    elif isinstance(value, dict):
        parts = ", ".join(f"{name} {number(x)}" for name, x in value.items())
        yield f"{label}: {parts}" if label else parts
    else:
        yield f"{label} {number(value)}".strip()


def number(x):
    """Return a number with three digits or so, anything else as it is."""
    if not isinstance(x, float | int):
        return str(x)
    return f"{x:,.0f}" if isinstance(x, float) and abs(x) >= 100 else f"{x:.3g}" if x else str(x)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="measurements, such as each_task")
    parser.add_argument("--store", action="store_true", help=f"write {PATH.name}")
    parser.add_argument("--scale", type=float, default=1.0, help="part of the work: to try it out")
    parser.add_argument("--rlberry", metavar="PYTHON", help="a Python with rlberry-scool")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(measurements()))
    if unknown:
        parser.error(f"no measurement {unknown[0]!r}; there are {', '.join(measurements())}")
    if arguments.store and arguments.names:
        parser.error("what is stored is all of one run; leave the names out")
    from benches import rivals

    rivals.RLBERRY_PYTHON = arguments.rlberry
    made = measure(arguments.names, scale=arguments.scale, say=lambda line: print(line, flush=True))
    if arguments.store:
        PATH.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
        print(f"wrote {PATH.name}")


if __name__ == "__main__":
    clean_env.restart()
    main()
