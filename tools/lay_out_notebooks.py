"""Lay the notebooks out in a folder of the reader's, and never overwrite what the reader changed.

    python tools/lay_out_notebooks.py _build/notebooks notebooks

They are completed with what JupyterLab would add on opening them, so that opening changes nothing,
and signed, so that films play before they are run. What was laid out is noted in a file beside
them; a notebook that is no longer as it was laid out is the reader's.
"""

import hashlib
import json
import sys
from pathlib import Path

import nbformat
from ipykernel.ipkernel import IPythonKernel
from jupyter_client.kernelspec import KernelSpecManager
from nbformat.sign import NotebookNotary

NOTE = ".laid-out.json"
NEWER = "; move it away to get that of the book, which is another by now."


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def completed(text):
    """Return a notebook with the metadata that JupyterLab writes when it starts this Python."""
    notebook = json.loads(text)
    kernel = notebook["metadata"]["kernelspec"]
    kernel["display_name"] = KernelSpecManager().get_kernel_spec(kernel["name"]).display_name
    notebook["metadata"]["language_info"] = IPythonKernel.language_info
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def lay_out(made, folder):
    """Copy notebooks from ``made`` to ``folder``; return sentences about those that are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    note, said = folder / NOTE, []
    laid = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}
    for source in sorted(made.glob("*.ipynb")):
        target, original = folder / source.name, source.read_text(encoding="utf-8")
        fresh, before = completed(original), laid.get(source.name, {})
        ours = {before.get("laid"), digest(fresh)}
        if target.is_file() and digest(target.read_text(encoding="utf-8")) not in ours:
            newer = before.get("made") != digest(original)
            said.append(f"{target} was changed and is kept{NEWER if newer else '.'}")
            continue
        target.write_text(fresh, encoding="utf-8")
        NotebookNotary().sign(nbformat.reads(fresh, as_version=4))
        laid[source.name] = {"made": digest(original), "laid": digest(fresh)}
    note.write_text(json.dumps(laid, indent=1) + "\n", encoding="utf-8")
    return said


if __name__ == "__main__":
    made, folder = map(Path, sys.argv[1:3])
    for sentence in lay_out(made, folder):
        print(sentence)
    print(f"The notebooks are in {folder.resolve()}. What you change there is yours.")
