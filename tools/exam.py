"""Run the code of the exam's solutions, and store what it prints below it.

    python tools/exam.py course/exam_solutions.md

All blocks of a file run in one namespace, in their order; what a block prints stands in a block
``text`` below it.
"""

import contextlib
import io
import re
import sys
from pathlib import Path

BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n(?:\n```text\n(?P<out>.*?)```\n)?", re.DOTALL)


def printed(text):
    """Return (code, what it prints, what is stored) for each block of a text."""
    names, found = {}, []
    for block in BLOCK.finditer(text):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(block["code"], names)
        found.append((block["code"], out.getvalue(), block["out"] or ""))
    return found


def renewed(text):
    """Return the text with what its blocks print now."""
    new = iter(printed(text))

    def block(match):
        code, out, _ = next(new)
        shown = f"\n```text\n{out}```\n" if out else ""
        return f"```python\n{code}```\n{shown}"

    return BLOCK.sub(block, text)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
