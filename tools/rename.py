"""Give the book another title, everywhere that states it: `make rename TITLE="Blurred Memories"`.

The name of the authors stays: the licences ask forks to keep it. So does the package, `dra`.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLD = re.compile(r"(?<![Tt]he )Remember What Matters(?! authors)")
PAPERS = "papers/"  # of the people who wrote them


def slug(title):
    """Return a title as the name of a file."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def renamed(text, title, old=OLD, old_slug="remember-what-matters"):
    """Return a text in which the book has another title."""
    return old.sub(lambda _: title, text).replace(old_slug, slug(title))


def rename(title, root=ROOT):
    """Rename in all tracked text files below ``root``; return their names."""
    if not slug(title) or re.search(r'["\\<>{}\n]', title):
        raise ValueError(f"title is {title!r}; it must have letters, and no quotes or brackets")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True
    )
    changed = []
    for name in filter(None, listed.stdout.split("\0")):
        if name.startswith(PAPERS) or name == "tools/rename.py":
            continue
        try:
            text = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if (new := renamed(text, title)) != text:
            (root / name).write_text(new, encoding="utf-8")
            changed.append(name)
    return changed


if __name__ == "__main__":
    print("\n".join(rename(" ".join(sys.argv[1:]))))
