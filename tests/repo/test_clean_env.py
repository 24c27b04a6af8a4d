"""Whoever builds or checks: her settings change nothing."""

import json
import os
import re
import subprocess
import sys
import zipfile

import clean_env
import commit_date
import finish_site
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

ROOT = clean_env.ROOT
CLEAN = [sys.executable, "-I", str(ROOT / "tools" / "clean_env.py")]
SEES = "import json, os; umask = os.umask(0); print(json.dumps([dict(os.environ), umask]))"
DRAWS = """import os
import matplotlib.pyplot as plt
print(os.environ.get("DRA_SEED_OFFSET"), plt.rcParams["font.size"], 1 / 3, f"{1 / 3}", "ζ")
1 / 3"""
RUNS = """import sys, pathlib
sys.path.insert(0, "tools")
import execute_chapters
sys.exit(execute_chapters.run_chapter(pathlib.Path(sys.argv[1]), write=True))"""


@pytest.fixture
def masked():
    old = os.umask(0o077)
    yield
    os.umask(old)


def seen(words, env, **options):
    """The environment and the umask that a command sees."""
    found = subprocess.run(words, env=env, capture_output=True, text=True, check=True, **options)
    return json.loads(found.stdout)


# The environment ----------------------------------------------------------------------------------


def test_a_command_sees_none_of_the_settings(hostile, masked):
    env, umask = seen([*CLEAN, "OWN=a=b", sys.executable, "-c", SEES], hostile)
    assert env == clean_env.environment({"PATH": os.environ["PATH"]}, OWN="a=b")
    assert umask == 0o022
    twin, umask = seen([sys.executable, "-S", "-c", SEES], hostile)
    assert set(hostile) <= set(twin) and umask == 0o077


def test_a_program_starts_again_without_the_settings(hostile, masked, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        f"import sys; sys.path.insert(0, {str(ROOT / 'tools')!r})\n"
        f"import clean_env; clean_env.restart('DRA_SEED_OFFSET')\n{SEES}"
    )
    env, umask = seen([sys.executable, program], hostile)
    expected = clean_env.environment({"PATH": os.environ["PATH"]}, DRA_SEED_OFFSET="5")
    assert env == expected and umask == 0o022


def test_the_tests_themselves_run_without_the_settings(hostile):
    assert os.environ["DRA_ENVIRONMENT"] == "clean"
    assert {name for name in hostile if name in os.environ} <= clean_env.KEPT | set(clean_env.SET)
    assert os.path.samefile(os.environ["HOME"], clean_env.HOME)


def test_a_command_that_is_missing_is_named():
    found = subprocess.run([*CLEAN, "no-such-command"], capture_output=True, text=True)
    assert found.returncode == 1 and "no-such-command: No such file" in found.stderr


def test_where_exec_does_not_wait_the_command_is_waited_for():
    code = (
        "import atexit, sys; sys.path.insert(0, 'tools'); import clean_env, os\n"
        "atexit.register(print, 'waited'); os.name = {!r}\n"
        "words = [sys.executable, '-c', 'import sys; sys.exit(3)']\n"
        "clean_env.run(words, clean_env.environment())"
    )
    for system, said in (("nt", "waited\n"), ("posix", "")):
        words = [sys.executable, "-c", code.format(system)]
        found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
        assert (found.returncode, found.stdout) == (3, said)


def recipes(text):
    """The commands of a Makefile, with the target that each belongs to."""
    target = None
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("\t"):
            yield target, line.strip().lstrip("@")
        elif re.match(r"[\w$()-]+:", line):
            target = line.split(":")[0]


def unclean(text):
    """The commands that start something of the project, and not by the tool."""
    starts = re.compile(
        r"\$\((?:BIN|BUILD|CONFORMS|PYTHON)\)|\$\((?:LOWEST|NEWEST|MUTANTS)\)/bin/|\blatexmk -"
    )
    cleaned = re.compile(r"\$\((?:CLEAN|NEWLY)\)|tools/clean_env\.py")
    return [
        (target, command)
        for target, command in recipes(text)
        if starts.search(command) and not cleaned.search(command) and target != "lab"
    ]


def test_every_command_of_the_makefile_is_cleaned():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    harmless = ("$(PYTHON) -c 'import", "$(BIN)/python tools/lowest.py")
    assert [u for u in unclean(text) if not u[1].startswith(harmless)] == []
    assert len(unclean(text.replace("$(CLEAN) ", ""))) > 10  # twin


def test_settings_of_pip_that_say_where_are_kept_and_no_others(hostile):
    code = (
        "import sys; sys.path.insert(0, 'tools'); import clean_env, json\n"
        "print(json.dumps(clean_env.where_packages_come_from([sys.executable, '-m', 'pip'])))"
    )
    env = {k: v for k, v in hostile.items() if not k.startswith("PYTHON")}
    found = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=True
    )
    settings = json.loads(found.stdout)
    assert settings["PIP_INDEX_URL"] == "https://packages.invalid/simple"
    assert settings["PIP_NO_INDEX"] == "1" and settings["PIP_CONFIG_FILE"] == os.devnull
    assert "PIP_TARGET" not in settings and "PIP_USER" not in settings


# Chapters -----------------------------------------------------------------------------------------


def stored(folder, command, env):
    """The bytes of a chapter that a command has run; its message where it fails."""
    folder.mkdir()
    path = folder / "01-x.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(DRAWS)]), path)
    words = [*command, sys.executable, "-c", RUNS, str(path)]
    found = subprocess.run(words, env=env, cwd=ROOT, capture_output=True, text=True)
    return path.read_bytes() if found.returncode == 0 else found.stderr


def test_a_chapter_is_stored_the_same_under_all_settings(hostile, tmp_path):
    expected = stored(tmp_path / "clean", [], clean_env.environment())
    assert b"None 10.0 0.3333333333333333" in expected
    assert stored(tmp_path / "settings", CLEAN, hostile) == expected
    mild = {k: hostile[k] for k in ("MATPLOTLIBRC", "IPYTHONDIR")}
    twin = stored(tmp_path / "twin", [], {**clean_env.environment(), **mild})
    assert b"None 31.0" in twin and b'"0.333"' in twin


def test_a_chapter_is_compared_the_same_under_all_settings(hostile, tmp_path):
    path = tmp_path / "01-x.ipynb"
    output = new_output("stream", text="None 10.0\n")
    source = 'import os\nimport matplotlib\nprint(os.environ.get("DRA_SEED_OFFSET"), '
    source += 'matplotlib.rcParams["font.size"])'
    cell = new_code_cell(source, outputs=[output], execution_count=1)
    nbformat.write(new_notebook(cells=[cell]), path)
    words = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", str(path)]
    options = {"cwd": tmp_path, "capture_output": True, "text": True}
    assert "1 passed" in subprocess.run([*CLEAN, *words], env=hostile, **options).stdout
    mild = {k: hostile[k] for k in ("MATPLOTLIBRC", "DRA_SEED_OFFSET")}
    env = {**clean_env.environment(), **mild}
    assert "1 failed" in subprocess.run(words, env=env, **options).stdout  # twin


# Git ----------------------------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path):
    """A repository with two tracked files, one of an odd name, and one that is not tracked."""
    root = tmp_path / "repository"
    (root / "folder").mkdir(parents=True)
    for name in ("a.txt", "folder/σ\n.txt", "private.txt"):
        (root / name).write_text("x", encoding="utf-8")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(root)]
    for words in (["init"], ["add", "a.txt", "folder"], ["commit", "-m", "x"]):
        subprocess.run([*git, *words], capture_output=True, check=True)
    return root


def names(root):
    return [path.as_posix() for path in finish_site.sources(root)]


def test_the_sources_are_what_git_tracks_under_all_settings(repository, hostile, monkeypatch):
    assert names(repository) == ["a.txt", "folder/σ\n.txt"]
    for name in ("HOME", "GIT_DIR", "GIT_INDEX_FILE", "LC_ALL"):
        monkeypatch.setenv(name, hostile[name])
    assert names(repository) == ["a.txt", "folder/σ\n.txt"]


def test_a_tracked_file_that_is_gone_is_left_out(repository):
    (repository / "a.txt").unlink()
    assert names(repository) == ["folder/σ\n.txt"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives away")
def test_a_repository_of_someone_else_is_read(repository):
    for folder, _, files in os.walk(repository):
        for name in (".", *files):
            os.chown(os.path.join(folder, name), 12345, 12345)
    plain = subprocess.run(["git", "-C", repository, "ls-files"], capture_output=True)
    assert plain.returncode != 0  # git refuses
    assert names(repository) == ["a.txt", "folder/σ\n.txt"]


def test_without_git_everything_is_taken_that_was_not_made(repository, monkeypatch, capsys):
    (repository / "env").mkdir()
    (repository / "env" / "pyvenv.cfg").write_text("")
    monkeypatch.setenv("PATH", str(repository / "env"))
    assert names(repository) == ["a.txt", "folder/σ\n.txt", "private.txt"]
    assert "git does not say" in capsys.readouterr().out


def test_a_broken_repository_does_not_stop_the_build(repository, tmp_path):
    (repository / ".git" / "HEAD").write_text("broken")
    site = tmp_path / "site"
    (site / "book").mkdir(parents=True)
    (site / "book" / "index.html").write_text("x")
    sources, *_ = finish_site.finish(site, repository)
    with zipfile.ZipFile(sources) as packed:
        assert len(packed.namelist()) == 3


def test_a_folder_inside_of_another_repository_is_not_that_repository(repository):
    inside = repository / "unpacked"
    inside.mkdir()
    (inside / "b.txt").write_text("x")
    assert names(inside) == ["b.txt"]
    assert clean_env.git("log", root=inside) is None


def test_what_is_built_is_dated_by_the_last_commit(repository, tmp_path):
    told = subprocess.run(["git", "-C", repository, "log", "-1", "--format=%ct"],
                          capture_output=True, check=True).stdout  # fmt: skip
    assert commit_date.commit_date({"SOURCE_DATE_EPOCH": "5"}, repository) == int(told) > 5
    assert commit_date.commit_date({"SOURCE_DATE_EPOCH": "5"}, tmp_path / "hostile") == 5
    assert commit_date.commit_date({}, tmp_path / "absent") > int(told) - 1
