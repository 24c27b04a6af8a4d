"""Exercises of the book "Remember What Matters" that check themselves: ``check("4.3", answer)``."""
