"""The workflows do what the Makefile does, with as few rights as they can."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in FILES}
TARGETS = set(
    re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
)
# what a workflow may call besides make: the one script of the project, and GitHub itself
OTHERS = (".ci/run", "sudo .ci/run --packages", "gh issue list ", "gh issue create ",
          "gh release create ", "grep -qxF ")  # fmt: skip
PINNED = re.compile(
    r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+"
    r"|\$/\.github/workflows/\w+\.yml"  # one of ours, of the same commit
)
RIGHTS = {  # what a job may have, but to read the sources
    ("weekly.yml", "report"): {"issues": "write"},
    ("publish.yml", "deploy"): {"pages": "write", "id-token": "write"},
    ("release.yml", "github"): {"contents": "write"},
    ("release.yml", "pypi"): {"id-token": "write"},
}
INSTALLS = re.compile(r"\b(?:apt-get|apt|brew|choco|pip|pipx|npm|curl|wget)\b")


def jobs(text):
    return yaml.safe_load(text)["jobs"]


def commands(text):
    """The commands that a workflow runs, each by itself."""
    for job in jobs(text).values():
        for step in job.get("steps", []):
            for line in step.get("run", "").splitlines():
                quoted = re.sub(r"'[^']*'", "''", line)
                yield from (part.strip() for part in re.split(r"\|\|?|&&?|;", quoted))


def strange_commands(text):
    """The commands that are none of ours."""
    return [command for command in commands(text) if command and not is_ours(command)]


def is_ours(command):
    words = command.split()
    if words[0] == "make":
        named = [word for word in words[1:] if not re.match(r"[A-Z]+=", word)]
        return bool(named) and set(named) <= TARGETS
    return command in OTHERS or command.startswith(tuple(o for o in OTHERS if o.endswith(" ")))


def loose_actions(text):
    """The actions that are not pinned to a commit with its version beside it."""
    used = re.findall(r"^\s*(?:- )?uses: *(.*)$", text, re.MULTILINE)
    assert len(used) == len(re.findall(r"\buses:", text))
    return [action for action in used if not PINNED.fullmatch(action)]


def too_many_rights(name, text):
    """Where a workflow or a job has more rights than are written above, or does not say them."""
    found = [] if yaml.safe_load(text).get("permissions") == {} else ["the workflow"]
    for job, content in jobs(text).items():
        allowed = RIGHTS.get((name, job), {"contents": "read"})
        if content.get("permissions") != allowed:
            found.append(job)
    return found


def untested(text):
    """The jobs that make something public although *Test* failed, or before it is done."""
    every = jobs(text)

    def tests(name):
        job = every[name]
        if job.get("uses") == "$/.github/workflows/test.yml":
            return True
        # a condition that calls a status function replaces "what came before succeeded"
        asked = job.get("if", "")
        if re.search(r"\b(always|failure|cancelled)\(\)", asked) and "!failure()" not in asked:
            return False
        needs = job.get("needs", [])
        return any(map(tests, [needs] if isinstance(needs, str) else needs))

    public = [name for name, job in every.items() if "write" in job["permissions"].values()]
    return [name for name in public if not tests(name)]


def pythons(text):
    """All versions of Python that a workflow names, and those of its matrices."""
    matrices = [job.get("strategy", {}).get("matrix", {}) for job in jobs(text).values()]
    tried = {version for matrix in matrices for version in matrix.get("python", [])}
    return set(re.findall(r'"(3\.\d+)"', text)), tried


def declared():
    """The versions of the classifiers; the first is the one that requires-python names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    kind = "Programming Language :: Python :: "
    found = [c.removeprefix(kind) for c in project["classifiers"] if c.startswith(kind)]
    assert project["requires-python"] == f">={found[0]}"
    return found


# Each check has a twin below it: a workflow that must not pass. -----------------------------------

BAD = """
permissions:
  contents: write
jobs:
  test:
    permissions: {}
    strategy:
      matrix:
        python: ["3.9"]
    steps:
      - uses: actions/checkout@v7
      - uses: actions/setup-python@0123456789012345678901234567890123456789
      - run: make bake
      - run: make
      - run: make unit && pip install x
      - run: |
          .ci/run --other
          sudo apt-get install chromium
"""


def test_there_are_four():
    assert set(TEXTS) == {"publish.yml", "release.yml", "test.yml", "weekly.yml"}


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_run_is_ours(name):
    assert list(commands(TEXTS[name])) and strange_commands(TEXTS[name]) == []


def test_what_is_not_ours_is_noticed():
    assert strange_commands(BAD) == [
        "make bake", "make", "pip install x", ".ci/run --other", "sudo apt-get install chromium",
    ]  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_actions_are_pinned(name):
    assert loose_actions(TEXTS[name]) == []


def test_an_action_that_is_not_pinned_is_noticed():
    assert len(loose_actions(BAD)) == 2


def test_an_action_has_one_version():
    used = re.findall(r"uses: (\S+)@(\w+) # (\S+)", "".join(TEXTS.values()))
    assert len({name for name, *_ in used}) == len(set(used)) > 5


@pytest.mark.parametrize("name", TEXTS)
def test_rights_are_stated_and_few(name):
    assert too_many_rights(name, TEXTS[name]) == []


def test_rights_that_are_too_many_or_not_stated_are_noticed():
    assert too_many_rights("test.yml", BAD) == ["the workflow", "test"]
    unsaid = TEXTS["test.yml"].replace("permissions: {}\n", "", 1)
    assert too_many_rights("test.yml", unsaid) == ["the workflow"]
    assert too_many_rights("other.yml", TEXTS["weekly.yml"]) == ["report"]


@pytest.mark.parametrize("name", TEXTS)
def test_the_versions_of_python_are_those_declared(name):
    named, tried = pythons(TEXTS[name])
    assert named <= set(declared())
    assert name != "test.yml" or tried == set(declared())


def test_another_version_of_python_is_noticed():
    named, tried = pythons(BAD)
    assert not named <= set(declared()) and tried != set(declared())


@pytest.mark.parametrize("name", ["publish.yml", "release.yml"])
def test_what_goes_public_is_tested_first(name):
    assert untested(TEXTS[name]) == []


def test_what_goes_public_untested_is_noticed():
    assert untested(TEXTS["weekly.yml"]) == ["report"]
    alone = TEXTS["publish.yml"].replace("needs: test\n", "")
    assert untested(alone) == ["deploy"]
    anyway = TEXTS["publish.yml"].replace("!failure()", "always()")
    assert untested(anyway) == ["deploy"]


@pytest.mark.parametrize("name", TEXTS)
def test_system_packages_are_named_in_one_place(name):
    assert INSTALLS.findall(TEXTS[name]) == []


def test_a_system_package_is_noticed():
    assert INSTALLS.findall(BAD) == ["pip", "apt-get"]


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_of_others_becomes_a_command(name):
    """What stands in ${{ }} is put into a command before the shell reads it."""
    every = jobs(TEXTS[name]).values()
    runs = [step.get("run", "") for job in every for step in job.get("steps", [])]
    assert not any("${{" in run for run in runs)
    assert any("${{" in run for run in ["make dist TAG=${{ github.ref_name }}"])  # twin
