"""The public interface is what is written down: names, the order of arguments, and defaults.

A change is a change for everybody who calls the package: write it in the changelog, then here, by
``PYTHONPATH=.:tools python tests/package/test_interface.py > tests/package/interface.txt``.
"""

import inspect
import re
from pathlib import Path

from public_names import is_routine, members, names

COST = re.compile(r"Cost\(name='(\w+)'.*?>\)")


def line(name, function):
    """How a function is called: its signature without hints."""
    signature = inspect.signature(function)
    bare = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    bare = signature.replace(parameters=bare, return_annotation=signature.empty)
    return COST.sub(r"costs.\1", f"{name}{bare}")


def lines():
    """How everything public is called, a line each."""
    for name, value in sorted(names().items()):
        if callable(value):
            yield line(name, value)
        if inspect.isclass(value):
            for member, function in sorted(members(value).items()):
                if is_routine(function):
                    yield line(f"{name}.{member}", getattr(function, "__func__", function))


def test_the_interface_is_what_is_written_down():
    written = (Path(__file__).parent / "interface.txt").read_text(encoding="utf-8").splitlines()
    assert list(lines()) == written


if __name__ == "__main__":
    print(*lines(), sep="\n")
