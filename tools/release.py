"""Refuse a release that does not agree with itself; print its part of the changelog.

    python tools/release.py [TAG]

The tag has to be the version of pyproject.toml with a "v" before it. Without one, as on the machine
of somebody who only looks at the files, neither the tag nor the date is asked for.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADING = re.compile(r"^## (\S+) \((.*)\)$", re.MULTILINE)


def notes(changelog, version):
    """The date and the text of a version in the changelog."""
    parts = HEADING.split(changelog)[1:]
    found = dict(zip(parts[::3], zip(parts[1::3], parts[2::3], strict=True), strict=True))
    if version not in found:
        raise ValueError(f"CHANGELOG.md has no heading '## {version} (date)'")
    date, text = found[version]
    return date, text.strip()


def release(tag, root=ROOT):
    """The notes of the release ``tag``; ValueError if something does not agree with it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project["version"]
    if tag and tag != f"v{version}":
        raise ValueError(f"the tag is {tag!r}, but the version of pyproject.toml is {version!r}")
    cited = re.search(r"^version: (\S+)$", (root / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    if not cited or cited[1] != version:
        raise ValueError(f"CITATION.cff does not say version: {version}, as pyproject.toml does")
    date, text = notes((root / "CHANGELOG.md").read_text(encoding="utf-8"), version)
    if tag and not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        raise ValueError(f"CHANGELOG.md says ({date}) of {version}; it must be a day, YYYY-MM-DD")
    return text


if __name__ == "__main__":
    try:
        print(release(sys.argv[1] if sys.argv[1:] else ""))
    except ValueError as error:
        sys.exit(str(error))
