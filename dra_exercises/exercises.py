"""Find what an exercise is checked against."""

import re
from importlib import import_module

from dra_exercises import source
from dra_exercises.spec import Choice, Function, Open, Value


def find(number: str) -> Function | Value | Choice | Open:
    """Return the check of an exercise.

    Parameters
    ----------
    number : str
        Such as "4.3", as the book counts.

    Raises
    ------
    ValueError
        There is no such exercise; the legal numbers are named.
    """
    if type(number) is not str or not re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}", number):
        kind = type.__getattribute__(type(number), "__name__")  # the object itself is not asked
        shown = repr(number) if type(number) in (str, int, float) else f"a {kind}"
        raise ValueError(f'number is {shown:.60}; it must be a string such as "4.3"')
    chapter = int(number.split(".")[0])
    if chapter not in source.chapters():
        raise ValueError(
            f"there is no chapter {chapter}; chapters are 1 to {source.chapters()[-1]}"
        )
    checks = import_module(f"dra_exercises.chapter_{chapter:02d}.checks").EXERCISES
    if number not in checks:
        raise ValueError(
            f"there is no exercise {number}; chapter {chapter} has {', '.join(checks)}"
        )
    return checks[number]
