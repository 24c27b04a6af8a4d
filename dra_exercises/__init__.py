"""Exercises of the book "Remember What Matters" that check themselves.

from dra_exercises import check

check("4.3", my_score)   # right, or what is wrong
check.hint("4.3")        # a hint; asked again, a better one
check.progress()         # what is solved
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dra_exercises.checking import Verdict, check

__all__ = ["Verdict", "check"]


def __getattr__(name):
    """Load what readers call when it is asked for: the processes that judge do without it."""
    if name not in __all__:
        raise AttributeError(f"module 'dra_exercises' has no attribute {name!r}")
    from dra_exercises import checking

    return getattr(checking, name)
