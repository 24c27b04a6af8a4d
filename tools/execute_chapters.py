"""Execute the chapters, top to bottom, and store their outputs deterministically.

    python tools/execute_chapters.py                       every notebook of _toc.yml, in order
    python tools/execute_chapters.py 01-limited-memory ... only these
    python tools/execute_chapters.py --check-only          execute, write nothing

Each notebook runs in a fresh kernel of this Python, in the folder of the book, without the settings
of whoever runs it (clean_env.py).
The environment variable DRA_SEED_OFFSET reaches the kernels; outputs are only stored at 0.
The exit status is not 0 if any cell raises or writes to stderr; the message names the cell.
"""

import argparse
import base64
import io
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import clean_env

ROOT = Path(__file__).resolve().parents[1]
CELL_TIMEOUT = 600  # seconds
CELL_METADATA = ("mystnb", "tags")
# twice the pixels of each picture, for screens and prints that show them
KERNEL = ["--log-level=ERROR", "--InlineBackend.figure_formats={'retina'}"]
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def chapters_in_toc(root=ROOT):
    """Paths of the notebooks that _toc.yml lists, in its order."""
    import yaml

    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    entries = list(toc.get("chapters", []))
    for part in toc.get("parts", []):
        entries += part["chapters"]
    paths = [root / f"{entry['file']}.ipynb" for entry in entries]
    return [path for path in paths if path.exists()]


def select(names, paths):
    """The paths whose stem is in ``names`` (all of them without names)."""
    stems = [Path(name).stem for name in names]
    known = {path.stem: path for path in paths}
    for stem in stems:
        if stem not in known:
            raise SystemExit(f"no chapter {stem!r} in _toc.yml; it lists {', '.join(known)}")
    return [known[stem] for stem in stems] or paths


def name_cells(cells):
    """Name cells by their place. Those of exercises keep their names, and are not counted."""
    number = 0
    for cell in cells:
        if not cell.get("id", "").startswith("ex-"):
            number += 1
            cell.id = f"cell-{number:02d}"


def number_of(name):
    """Return a number for the name of a cell: 7 for cell-07, 4003002 for ex-4-3-2."""
    return int("".join(part.zfill(3) for part in name.split("-")[1:]))


def fix_ids(html, cell_number):
    """Replace each random 32-digit id by one made of the cell's number and a counter."""
    ids = {}

    def replacement(match):
        return ids.setdefault(match[0], f"{cell_number:016x}{len(ids) + 1:016x}")

    return re.sub(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", replacement, html)


def lighten(picture):
    """Return a PNG (in base64) with 256 colours at most: a third of the bytes, the same look."""
    from PIL import Image

    with Image.open(io.BytesIO(base64.b64decode(picture))) as found:
        dpi = found.info.get("dpi")
        palette = found.convert("RGB").quantize(
            256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
    buffer = io.BytesIO()
    palette.save(buffer, "PNG", optimize=True, **({"dpi": dpi} if dpi else {}))
    return base64.b64encode(buffer.getvalue()).decode()


def normalise(notebook):
    """Remove from an executed notebook all that changes from run to run."""
    notebook.metadata = NOTEBOOK_METADATA
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    name_cells(notebook.cells)
    for cell in notebook.cells:
        cell.metadata = {key: cell.metadata[key] for key in CELL_METADATA if key in cell.metadata}
        cell.pop("attachments", None)
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output.data["text/html"] = fix_ids(output.data["text/html"], number_of(cell.id))
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = lighten(output.data["image/png"])


def stderr_of(notebook):
    """The first cell that wrote to stderr, as a message; None if there is none."""
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                return f"cell {number} wrote to stderr:\n{cell.source}\n---\n{output.text}"
    return None


def run_chapter(path, write):
    """Execute one chapter; return its error message, or None."""
    import nbclient
    import nbformat

    if write:
        subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", path], check=True)
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=KERNEL,
    )
    try:
        client.execute()
    except (nbclient.exceptions.CellExecutionError, nbclient.exceptions.CellTimeoutError) as error:
        failed = client.code_cells_executed
        return f"code cell {failed}:\n{error}"
    message = stderr_of(notebook)
    if message is None and write:
        normalise(notebook)
        nbformat.validate(notebook)
        nbformat.write(notebook, path)
    return message


def report(path, write):
    """Run one chapter and print how it went; return whether it went well."""
    start = time.perf_counter()
    message = run_chapter(path, write)
    verdict = "ok" if message is None else f"FAILED in {message}"
    print(f"{path.stem}: {verdict} ({time.perf_counter() - start:.0f} s)", flush=True)
    return message is None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="chapters, such as 01-limited-memory")
    parser.add_argument("--check-only", action="store_true", help="execute without writing")
    parser.add_argument("--jobs", type=int, default=1, help="chapters executed at a time")
    arguments = parser.parse_args()
    write = not arguments.check_only
    if write and os.environ.get("DRA_SEED_OFFSET", "0") != "0":
        raise SystemExit("outputs are stored at DRA_SEED_OFFSET=0 only; use --check-only")
    paths = select(arguments.names, chapters_in_toc())
    if not paths:
        raise SystemExit("_toc.yml lists no notebook that exists")
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(lambda path: report(path, write), paths))
    raise SystemExit(0 if all(results) else 1)


if __name__ == "__main__":
    clean_env.restart("DRA_SEED_OFFSET")
    main()
