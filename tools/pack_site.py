"""Pack the built site into a zip that lies in the site itself, for readers to take away.

    python tools/pack_site.py _build/html

The copy in the zip does not offer itself. The same site gives the same bytes.
"""

import re
import sys
import zipfile
from pathlib import Path

NAME = "remember-what-matters"
OFFER = re.compile(rf'<li><a href="[^"]*{NAME}\.zip".*?</li>'.encode())


def pack(site, target):
    """Write the files of the folder ``site`` to the zip ``target``."""
    if not (site / "index.html").is_file():
        raise ValueError(f"{site} holds no built site: it has no index.html")
    files = sorted(path for path in site.rglob("*") if path.is_file() and path != target)
    with zipfile.ZipFile(target, "w") as packed:
        for path in files:
            data = path.read_bytes()
            if path.suffix == ".html":
                data = OFFER.sub(b"", data)
            entry = zipfile.ZipInfo(f"{NAME}/{path.relative_to(site).as_posix()}")  # dated 1980
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, data)
    return target


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    packed = pack(folder, folder / f"{NAME}.zip")
    print(f"{packed}: {packed.stat().st_size / 1e6:.1f} MB")
