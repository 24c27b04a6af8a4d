"""What every chapter must have; each rule returns a list of problems in plain words."""

import ast
import itertools
import re

from answer_code import names_needed

SECTIONS = ("Where it breaks", "Quick questions", "Exercises", "Take-aways", "Readings")
WORDS = (1500, 3800)
MAX_CODE_LINES = 30
MAX_SOLUTION_LINES = 70  # a whole algorithm, with what it takes and returns
MAX_CODE_WIDTH = 82  # what the box of a cell shows on a screen 1280 pixels wide
MIN_QUESTIONS = 3
MIN_EXERCISES = {"Warm-up": 2, "Code": 2, "Derivation": 1, "Open": 1}
MIN_ALT = 40  # characters
IMAGE_TYPES = ("image/png", "image/jpeg", "image/svg+xml")
EXERCISES = re.compile(r"^## Exercises$.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
EXERCISE = re.compile(r"^`{3,}\{exercise(?:-start)?\}.*\n:label: (\S+)", re.MULTILINE)
KIND = re.compile(r"^\*(Warm-up|Code|Derivation|Open), [1-9]\d* minutes?\.\*$", re.MULTILINE)
STUB = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PLAYER = re.compile(r'<figure class="player" aria-label="([^"]*)">')


def markdown(notebook):
    """All prose of a notebook, as one string."""
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


def code_cells(notebook):
    """(number of the cell in the notebook, cell) for every code cell."""
    return [(i, c) for i, c in enumerate(notebook.cells, start=1) if c.cell_type == "code"]


def prose_words(text):
    """Number of words, without directives, code, mathematics and the targets of roles."""
    text = re.sub(r"```\{math\}.*?```", " ", text, flags=re.DOTALL)
    text = re.sub(r"```(?:\w+)\n.*?```", " ", text, flags=re.DOTALL)
    text = re.sub(r"^[:`]{3,}.*$|^:\w+:.*$|^\(.*\)=$", " ", text, flags=re.MULTILINE)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", " x ", text, flags=re.DOTALL)
    text = re.sub(r"\{[\w:]+\}`[^`]*`", " x ", text)
    return len(re.findall(r"[A-Za-z][\w'’-]*", text))


def execution_problems(notebook):
    """Executed top to bottom in one go, without errors, stderr or exemptions."""
    found = []
    cells = code_cells(notebook)
    counts = [cell.execution_count for _, cell in cells]
    if counts != list(range(1, len(cells) + 1)):
        found.append("not executed top to bottom in one go: run `make chapters`")
    for number, cell in cells:
        if not cell.source.strip():
            found.append(f"cell {number} is empty")
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"cell {number} stores an error")
            if output.get("name") == "stderr":
                found.append(f"cell {number} stores stderr")
        for tag in cell.metadata.get("tags", []):
            if tag.startswith("nbval") or tag == "raises-exception":
                found.append(f"cell {number} has the tag {tag!r}")
    if not any(cell.outputs for _, cell in cells):
        found.append("no cell has an output")
    return found


def size_problems(notebook):
    """Chapters (without their exercises) and cells of a length one can read."""
    found = []
    words = prose_words(EXERCISES.sub("", markdown(notebook)))
    if not WORDS[0] <= words <= WORDS[1]:
        found.append(f"{words} words of prose, not {WORDS[0]} to {WORDS[1]}")
    for number, cell in code_cells(notebook):
        lines = cell.source.count("\n") + 1
        most = MAX_SOLUTION_LINES if cell.id.startswith("ex-") else MAX_CODE_LINES
        if lines > most:
            found.append(f"cell {number} has {lines} lines, more than {most}")
        width = max(map(len, cell.source.splitlines()), default=0)
        if width > MAX_CODE_WIDTH:
            found.append(f"cell {number} has a line of {width} characters, over {MAX_CODE_WIDTH}")
    return found


def alt_problem(text):
    """Why an alternative text will not do, or None."""
    if len(text) < MIN_ALT:
        return f"an alt text of {len(text)} characters, fewer than {MIN_ALT}"
    return None


def figure_problems(notebook):
    """Every picture has an alt text, a caption and a name; there is at least one."""
    found, pictures = [], 0
    for number, cell in code_cells(notebook):
        data = [output.get("data", {}) for output in cell.outputs]
        images = sum(any(kind in d for kind in IMAGE_TYPES) for d in data)
        pictures += images
        if images > 1:
            found.append(f"cell {number} shows {images} pictures; split it")
        if images:
            settings = cell.metadata.get("mystnb", {})
            problem = alt_problem(settings.get("image", {}).get("alt", ""))
            if problem:
                found.append(f"cell {number} has {problem}")
            for key in ("caption", "name"):
                if not settings.get("figure", {}).get(key):
                    found.append(f"cell {number} has a picture without a {key}")
        for html in (d.get("text/html", "") for d in data):
            if "_anim_img" in html:
                label = PLAYER.search(html)
                problem = alt_problem(label[1] if label else "")
                if problem:
                    found.append(f"cell {number} has a player with {problem}")
    if not pictures:
        found.append("no figure")
    return found


def section_problems(notebook):
    """The parts a reader relies on, in every chapter."""
    text = markdown(notebook)
    headings = re.findall(r"^## (.*)$", text, flags=re.MULTILINE)
    found = [
        f"no section {name!r}"
        for name in SECTIONS
        if not any(name.lower() in heading.lower() for heading in headings)
    ]
    if len(re.findall(r"^# ", text, flags=re.MULTILINE)) != 1:
        found.append("not exactly one title")
    if not re.search(r"^\(ch-[\w-]+\)=\n# ", text, flags=re.MULTILINE):
        found.append("no target (ch-...)= above the title")
    if ":class: objectives" not in text.split("\n## ")[0]:
        found.append("no objectives card before the first section")
    questions = len(re.findall(r"^```\{quiz\} \d+\.quick-\d+$", text, flags=re.MULTILINE))
    if questions < MIN_QUESTIONS:
        found.append(f"{questions} quick questions, fewer than {MIN_QUESTIONS}")
    return found


def exercises(notebook):
    """(label, text up to the solution) of every exercise."""
    text = markdown(notebook)
    starts = list(EXERCISE.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    parts = (text[start.end() : end] for start, end in zip(starts, ends, strict=True))
    return [
        (start[1], re.split(r"^`{3,}\{solution", part, maxsplit=1, flags=re.MULTILINE)[0])
        for start, part in zip(starts, parts, strict=True)
    ]


def exercise_problems(notebook):
    """Enough exercises of each kind, each with hints, a target, a check and its time."""
    found, kinds = [], []
    for label, text in exercises(notebook):
        kinds += KIND.findall(text)
        for what, pattern, wanted in (
            ("kinds with minutes", KIND, 1),
            ("hints", r"(?m)^:{3,}\{dropdown\} Hint \d$", 2),
            ("targets", r"(?m)^\*\*Target\.\*\*", 1),
            ("checks", r'(?m)^check\("\d+\.\d+", ', 1),
        ):
            count = len(re.findall(pattern, text))
            if count != wanted:
                found.append(f"exercise {label} has {count} {what}, not {wanted}")
    for kind, least in MIN_EXERCISES.items():
        if kinds.count(kind) < least:
            found.append(f"{kinds.count(kind)} exercises of the kind {kind}, fewer than {least}")
    return found


def solution_problems(notebook):
    """Each exercise has one solution, which starts closed."""
    labels = [label for label, _ in exercises(notebook)]
    solutions = re.findall(
        r"^`{3,}\{solution(?:-start)?\} (\S+)\n((?::.*\n)*)", markdown(notebook), re.MULTILINE
    )
    solved = [label for label, _ in solutions]
    found = [f"exercise {label} has no solution" for label in labels if label not in solved]
    found += [
        f"solution to {label}, which is no exercise" for label in solved if label not in labels
    ]
    found += [
        f"the solution to {label} does not start closed (:class: dropdown)"
        for label, options in solutions
        if ":class: dropdown" not in options
    ]
    return found


def names_bound(code):
    """The names that code binds at its top level."""
    found = set()
    for statement in ast.parse(code).body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            found.add(statement.name)
        else:
            found |= {
                node.id for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }  # fmt: skip
    return found


def stub_problems(notebook):
    """What a reader completes fits its box, and takes no name that a solution needs."""
    cells = [cell for _, cell in code_cells(notebook)]
    own = set().union(*(names_bound(c.source) for c in cells if not c.id.startswith("ex-")))
    found, needed, solved = [], set(), set()
    for cell in cells:
        if cell.id.startswith("ex-"):  # what an earlier solution has defined is its own
            needed |= names_needed(cell.source) - solved
            solved |= names_bound(cell.source)
    for label, text in exercises(notebook):
        for code in STUB.findall(text):
            width = max(map(len, code.splitlines()))
            if width > MAX_CODE_WIDTH:
                found.append(f"exercise {label} has a line of {width} characters")
            found += [
                f"exercise {label} asks for {name}, a name of the chapter that solutions need"
                for name in sorted(names_bound(code) & own & needed)
            ]
    return found


def equation_problems(notebook):
    """Every labelled equation is checked by a later code cell that names its label."""
    found = []
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "markdown":
            continue
        labels = re.findall(r"\{math\}[^\n]*\n(?::[^\n]*\n)*?:label: (\S+)", cell.source)
        labels += re.findall(r"\$\$ \((\S+)\)", cell.source)
        later = "\n".join(c.source for i, c in code_cells(notebook) if i > number)
        for label in labels:
            if not label.startswith("eq-"):
                found.append(f"equation label {label!r} does not start with 'eq-'")
            if not re.search(rf"#.*(?<![\w-]){re.escape(label)}(?![\w-])", later):
                found.append(f"no later code cell says that it checks {label}")
    return found


def assert_problems(notebook):
    """An assert sets something measured against a bound, not one typed number against another."""
    problems = []
    for number, cell in code_cells(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Compare):
                typed = [isinstance(side, ast.Constant) for side in (node.left, *node.comparators)]
                if any(a and b for a, b in itertools.pairwise(typed)):
                    problems.append(f"cell {number}: two typed numbers in {ast.unparse(node)}")
    return problems


RULES = (
    execution_problems,
    size_problems,
    figure_problems,
    section_problems,
    exercise_problems,
    solution_problems,
    stub_problems,
    equation_problems,
    assert_problems,
)
