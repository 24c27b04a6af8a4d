"""Give the book another title, everywhere that states it: `make rename TITLE="Blurred Memories"`.

The name of the authors stays: the licences ask forks to keep it. So do the package, `dra`, and the
folder of papers, which are those of their authors.
"""

import contextlib
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TITLE = re.compile(r'^title: "?(.+?)"?$', re.MULTILINE)
PAPERS = "papers/"
COMMON = 5  # files; so many may name it as an example


def title_of(root=ROOT):
    """Return the title that the book has now, from its configuration."""
    return TITLE.search((root / "_config.yml").read_text(encoding="utf-8"))[1]


def slug(title):
    """Return a title as the name of a file: plain letters and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return name or f"book-{title.encode().hex()[:8]}"  # no Latin letter in it


def renamed(text, old, new):
    """Return a text with another title, but with the authors that it had."""
    pattern = re.compile(rf"(?<![Tt]he ){re.escape(old)}(?! authors)")
    return pattern.sub(lambda _: new, text).replace(slug(old), slug(new))


def texts(root):
    """Return {name: text} of all tracked text files below ``root`` but the papers."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True
    )
    found = {}
    for name in filter(None, listed.stdout.split("\0")):
        if not name.startswith(PAPERS) and (root / name).is_file():
            with contextlib.suppress(UnicodeDecodeError):
                found[name] = (root / name).read_text(encoding="utf-8")
    return found


def rename(new, root=ROOT):
    """Rename in all tracked text files below ``root``; return their names."""
    old = title_of(root)
    if not re.search(r"\w", new) or re.search(r'["\\<>{}\n]', new):
        raise ValueError(f"title is {new!r}; it must have letters, and no quotes or brackets")
    if new == old:
        raise ValueError(f"title is {new!r}, which the book has already")
    found = texts(root)
    there = [name for name, text in found.items() if renamed(text, new, old) != text]
    if len(there) > COMMON:  # the next renaming would not know what is meant
        raise ValueError(f"title is {new!r}, which stands in {len(there)} files already")
    changed = [name for name, text in found.items() if renamed(text, old, new) != text]
    for name in changed:
        (root / name).write_text(renamed(found[name], old, new), encoding="utf-8")
    return changed


if __name__ == "__main__":
    try:
        print("\n".join(rename(" ".join(sys.argv[1:]))))
    except ValueError as error:
        sys.exit(str(error))
