"""Finish the built site: its slides and entrance, and the zips of sources, notebooks and itself.

    python tools/finish_site.py _build/html

The copy of the site in the zip does not offer itself. The same files give the same bytes.
"""

import os
import re
import sys
import zipfile
from pathlib import Path

import clean_env
import make_slides

ROOT = Path(__file__).resolve().parents[1]
NAME = "remember-what-matters"
OFFER = re.compile(rf'<li><a href="[^"]*{NAME}\.zip".*?</li>'.encode())
ENTRANCE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Remember What Matters</title>
<meta http-equiv="refresh" content="0; url=book/index.html">
<link rel="icon" href="data:,"></head>
<body><p><a href="book/index.html">Remember What Matters</a></p></body></html>
"""
MADE = {".git", ".venv", "_build", "__pycache__", ".ipynb_checkpoints", ".pytest_cache"}
OF_READERS = "notebooks"  # the folder in which `make lab` lays out what a reader may change
MADE |= {".ruff_cache", ".mypy_cache", ".jupyter_cache", ".DS_Store"}


def files_of(folder):
    """The files of a folder, relative to it."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def sources(root=ROOT):
    """The files that the book is made of: what git tracks, or, without git, what is not made."""
    tracked = clean_env.git("ls-files", "-z", root=root)
    if tracked is not None:
        paths = {Path(os.fsdecode(name)) for name in tracked.split(b"\0") if name}
        return sorted(path for path in paths if (root / path).is_file())  # some may be deleted
    if (root / ".git").exists():
        print("git does not say which files are tracked; all that were not made are packed")
    return [path for path in files_of(root) if not is_made(path, root)]


def is_made(path, root):
    """Whether a file was made by a tool, going by its folders."""
    made = (
        MADE & set(path.parts)
        or path.parts[0] == OF_READERS
        or any(part.endswith(".egg-info") for part in path.parts)
    )
    return made or any((root / folder / "pyvenv.cfg").exists() for folder in path.parents)


def pack(folder, files, target):
    """Write files of a folder to the zip ``target``, in a folder of its name."""
    with zipfile.ZipFile(target, "w") as packed:
        for path in files:
            data = (folder / path).read_bytes()
            if path.suffix == ".html":
                data = OFFER.sub(b"", data)
            runs = (folder / path).stat().st_mode & 0o100
            entry = zipfile.ZipInfo(f"{target.stem}/{path.as_posix()}")  # dated 1980
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if runs else 0o644) << 16
            packed.writestr(entry, data)
    return target


def finish(site, root=ROOT):
    """Add the entrance and the zips to a built site; return the zips."""
    if not (site / "book" / "index.html").is_file():
        raise ValueError(f"{site} holds no built site: it has no book/index.html")
    (site / "index.html").write_text(ENTRANCE, encoding="utf-8")
    whole = site / f"{NAME}.zip"
    whole.unlink(missing_ok=True)
    made_of = pack(root, sources(root), site / f"{NAME}-sources.zip")
    notebooks = site / "notebooks"
    to_read = pack(notebooks, files_of(notebooks), site / f"{NAME}-notebooks.zip")
    return made_of, to_read, pack(site, files_of(site), whole)


if __name__ == "__main__":
    make_slides.write(Path(sys.argv[1]) / "slides")
    for packed in finish(Path(sys.argv[1])):
        print(f"{packed}: {packed.stat().st_size / 1e6:.1f} MB")
