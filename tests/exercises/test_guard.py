"""What a process that has given up its rights can still do, each tried on a decoy."""

import os
import subprocess
import sys

import pytest

TRY = """\
import os, shutil, sys, tempfile
from pathlib import Path
from dra_exercises import _guard
decoy, own = Path(sys.argv[1]), sys.argv[2]
os.chdir(own)
fd = os.open(decoy, os.O_RDONLY) if os.name == "posix" else -1
if sys.argv[3] == "guarded":
    sys.addaudithook(_guard.watcher(own))
try:
    {}
except PermissionError:
    print("refused")
else:
    print("done")
"""
HARM = {
    "a folder by its Path": "shutil.rmtree(decoy)",
    "a folder by its name": "shutil.rmtree(str(decoy))",
    "a file": "os.remove(str(decoy / 'a'))",
    "a file by its Path": "(decoy / 'a').unlink()",
    "a file in bytes": "os.remove(os.fsencode(decoy / 'a'))",
    "a file of an open folder": "os.remove('a', dir_fd=fd)",
    "a relative file": "os.chdir(decoy); os.remove('a')",
    "moved out": "os.rename(decoy / 'a', 'mine')",
    "moved": "shutil.move(decoy / 'a', 'mine')",
    "renamed in an open folder": "os.replace('a', 'z', src_dir_fd=fd, dst_dir_fd=fd)",
    "written": "open(decoy / 'a', 'w')",
    "appended": "open(decoy / 'a', 'a').write('x')",
    "opened low": "os.close(os.open(decoy / 'a', os.O_TRUNC | os.O_RDWR))",
    "truncated": "os.truncate(decoy / 'a', 0)",
    "a new folder": "(decoy / 'new').mkdir()",
    "copied over": "Path('b').write_text('x'); shutil.copyfile('b', decoy / 'a')",
    "through a link": "os.symlink(decoy, 'in'); open('in/a', 'w')",
}
HARMLESS = {
    "read": "(decoy / 'a').read_text()",
    "own file": "Path('b').write_text('x'); Path('b').unlink()",
    "own folder": "Path('c').mkdir(); shutil.rmtree('c')",
    "a temporary folder": "tempfile.TemporaryDirectory(dir=own).cleanup()",
    "nowhere": "open(os.devnull, 'w').write('x')",
    "numbers": "import numpy, scipy.special",
}


def tried(code, tmp_path, how):
    """Run a line; return what became of it, and whether the decoy is as it was."""
    for name in ("decoy", "own"):
        (tmp_path / name).mkdir()
    (tmp_path / "decoy" / "a").write_text("words")
    arguments = [str(tmp_path / "decoy"), str(tmp_path / "own"), how]
    run = subprocess.run(
        [sys.executable, "-c", TRY.format(code), *arguments], capture_output=True, text=True
    )
    decoy = tmp_path / "decoy"
    same = decoy.exists() and os.listdir(decoy) == ["a"] and (decoy / "a").read_text() == "words"
    return run.stdout.strip(), same


@pytest.mark.skipif(os.name != "posix", reason="some of these calls are of POSIX")
@pytest.mark.parametrize("name", HARM)
def test_what_harms_is_refused(name, tmp_path):
    assert tried(HARM[name], tmp_path, "guarded") == ("refused", True)


@pytest.mark.skipif(os.name != "posix", reason="some of these calls are of POSIX")
@pytest.mark.parametrize("name", ["a folder by its Path", "a file of an open folder", "appended"])
def test_without_the_guard_it_would_be_done(name, tmp_path):
    assert tried(HARM[name], tmp_path, "free") == ("done", False)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_harms_nobody_is_done(name, tmp_path):
    assert tried(HARMLESS[name], tmp_path, "guarded") == ("done", True)
