"""Exercises of the book "Remember What Matters" that check themselves.

from dra_exercises import check

check("4.3", my_score)   # right, or what is wrong
check.hint("4.3")        # a hint; asked again, a better one
check.progress()         # what is solved
"""

from dra_exercises.checking import Verdict, check

__all__ = ["Verdict", "check"]
