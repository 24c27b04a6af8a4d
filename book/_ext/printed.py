"""Make a printed book of pages that were made for the web.

The PDF is built from the same pages as the site. Before Sphinx writes them as LaTeX, this extension

- starts the parts named in ``_toc.yml``, and numbers the chapters that the site numbers;
- turns the first page of the site into a preface;
- leaves out the code of cells tagged ``hide-input``, which only draws, and ``hide-cell``, which
  only tests;
- prints four frames of each player, with its caption;
- prints the answers to a quick question below all its options;
- gathers the solutions of each chapter at its end.

How it all looks is the business of ``printed.sty``.
"""

import base64
import re
import tomllib
from html import unescape
from itertools import chain, zip_longest
from pathlib import Path

import matplotlib
from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import exercise_latex_number_reference, solution_node
from sphinx_exercise.utils import get_node_number

STYLE = Path(__file__).with_name("printed.sty")
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"  # those of the figures
FRAME = re.compile(r'frames\[\d+\] = "data:image/png;base64,([^"]+)"')
CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
HOW_TO_PLAY = re.compile(r"\s*Press play[^.]*\.")
SYMBOL = re.compile(r"\\\w+ ?|[{}_^]+")  # of LaTeX; it takes about one place in print
MATHEMATICAL = re.compile("([\u0370-\u03ff\u2032-\u2034\u2190-\u22ff]+)")  # Greek, primes, signs
LINE = 90  # letters, in a table as wide as the text
PADDING = 4  # letters, of each column
SHORT = 12  # letters; such an entry is not broken at a space
LONGEST = 27  # letters; longer names may be broken at a dot
BOXES = (nodes.Admonition, nodes.container)  # what is drawn with a frame or on a ground
MORE = "Four moments of a film that plays in the web edition."


def latex(code):
    """Return a node that writes ``code`` into the LaTeX file as it is."""
    return nodes.raw("", f"\n{code}\n", format="latex")


def find(tree, kind, **attributes):
    """Return all nodes of one kind in ``tree`` with these attributes; ``cls`` names a class."""
    name = attributes.pop("cls", None)
    return [
        node
        for node in tree.findall(kind)
        if (name is None or name in node["classes"])
        and all(node.get(key) == value for key, value in attributes.items())
    ]


def four_frames(html):
    """Return the first, the last and two frames between of a player, as the bytes of PNG files."""
    frames = FRAME.findall(html)
    chosen = [frames[place * (len(frames) - 1) // 3] for place in range(4)]
    return [base64.b64decode(re.sub(r"\\\s", "", frame)) for frame in chosen]


def print_players(tree, folder):
    """Replace each player by four of its frames, which are stored in ``folder``."""
    bundles = find(tree, nodes.container, nb_element="mime_bundle")
    players = [bundle for bundle in bundles if 'class="player"' in bundle.astext()]
    for number, player in enumerate(players, start=1):
        html = find(player, nodes.raw, format="html")[0].astext()
        names = [f"player-{number}-{place}.png" for place in range(4)]
        for name, png in zip(names, four_frames(html), strict=True):
            (folder / name).write_bytes(png)
        caption = HOW_TO_PLAY.sub("", unescape(CAPTION.search(html)[1]))
        start = r"\begin{player}" + "".join(f"{{{name}}}" for name in names)
        text = nodes.paragraph("", f"{caption} {MORE}")
        player.replace_self([latex(start), text, latex(r"\end{player}")])


def print_cells(tree):
    """Drop code that only draws, and mark what cells printed."""
    for tag in ("tag_hide-input", "tag_hide-cell"):
        for cell in find(tree, nodes.container, cls=tag):
            for code in find(cell, nodes.container, cls="cell_input"):
                code.parent.remove(code)
    for output in find(tree, nodes.container, cls="cell_output"):
        for text in find(output, nodes.literal_block):
            marked = [latex(r"\begin{celloutput}"), text.deepcopy(), latex(r"\end{celloutput}")]
            text.replace_self(marked)
    for cell in find(tree, nodes.container, cls="cell"):
        blocks = find(cell, nodes.literal_block)
        lines = sum(len(block.astext().splitlines()) + 2 for block in blocks)
        cell.insert(0, latex(rf"\keep{{{lines}}}"))


def print_headings(tree):
    """Let no heading end a page because the box below it goes to the next."""
    for section in find(tree, nodes.section):
        content = [node for node in section if not isinstance(node, nodes.Invisible | nodes.title)]
        if isinstance(section.parent, nodes.section) and isinstance([*content, None][0], BOXES):
            place = section.parent.index(section)
            while isinstance(section.parent[place - 1], nodes.target):  # labels of this section
                place -= 1
            section.parent.insert(place, latex(r"\heading"))
    for strong in find(tree, nodes.strong):  # a name in bold above a list is like a heading
        line, after = strong.parent, strong.parent.next_node(descend=False, siblings=True)
        first = line.astext().startswith(strong.astext())
        if first and isinstance(after, nodes.bullet_list):
            line.parent.insert(line.parent.index(line) + 1, latex(r"\stay"))


def print_questions(tree):
    """List the options of a quick question, and below them the answers."""
    for question in find(tree, nodes.admonition, cls="quick"):
        options, answers = nodes.bullet_list(), []
        for dropdown in find(question, nodes.container, design_component="dropdown"):
            title, *answer = dropdown.children
            options += nodes.list_item("", nodes.paragraph("", "", *title.children))
            letter = title.astext().split()[0]
            answer[0][:0] = [nodes.strong("", letter), nodes.Text(" ")]
            answers += answer
            dropdown.parent.remove(dropdown)
        question += [options, latex(r"\begin{answers}"), *answers, latex(r"\end{answers}")]


def print_solutions(tree):
    """Move the solutions of each chapter to its end, under a heading of their own."""
    for page in find(tree, addnodes.start_of_file):
        solutions = find(page, solution_node)
        if not solutions:
            continue
        section = nodes.section("", nodes.title("", "Solutions"))
        for solution in solutions:
            solution.parent.remove(solution)
            title, *body = solution.children
            for link in find(title, nodes.reference):  # it leads to a label that is not there
                link.replace_self(link.children)
            label = latex(rf"\solution{{{page['docname']}:{solution['label']}}}")
            heading = nodes.strong("", "", *title.children)
            if isinstance(body[0], BOXES):
                section += latex(r"\heading")
            section += [label, nodes.paragraph("", "", heading), latex(r"\stay"), *body]
        find(page, nodes.section)[0].extend([latex(r"\heading"), section])


def print_symbols(tree):
    """Set as mathematics the symbols in running text that typefaces for text lack."""
    fixed = (nodes.literal, nodes.FixedTextElement, nodes.math, nodes.math_block, nodes.raw)
    for text in list(tree.findall(nodes.Text)):
        if isinstance(text.parent, fixed) or not MATHEMATICAL.search(text):
            continue
        pieces = MATHEMATICAL.split(text.astext())
        symbols = [nodes.math("", piece) for piece in pieces[1::2]]
        words = [nodes.Text(piece) for piece in pieces[0::2]]
        text.parent.replace(text, [*chain(*zip_longest(words, symbols))][:-1])


def print_exercise_links(tree, app):
    """Let a link to an exercise of another chapter lead there, with the exercise's number."""
    exercises = app.env.sphinx_exercise_registry
    for link in find(tree, addnodes.number_reference):
        label = link.get("refuri", "").rpartition("#")[2]
        if label in exercises:
            number = get_node_number(app, exercises[label]["node"], "exercise")
            text = nodes.Text(f"Exercise {number}")
            link.replace_self(exercise_latex_number_reference("", text, refid=label))


def longest(entry):
    """Return the length of what should stay on one line: all of a short entry, else a word."""
    if len(entry) <= SHORT:
        return len(entry)
    return min(max(map(len, entry.split())), LONGEST)


def widths(columns):
    """Return how wide a table's columns should be in letters, so that no word is cut."""
    texts = [[SYMBOL.sub("x", entry.astext()) for entry in column] for column in columns]
    least = [max(map(longest, column)) + PADDING for column in texts]
    wanted = [max(map(len, column)) + PADDING for column in texts]
    missing = [max(want - has, 0) for want, has in zip(wanted, least, strict=True)]
    share = min(1, max(LINE - sum(least), 0) / max(sum(missing), 1))
    return [has + share * more for has, more in zip(least, missing, strict=True)]


def print_tables(tree):
    """Give the columns of each table widths that suit what is in them."""
    for table in find(tree, nodes.table):
        rows = [find(row, nodes.entry) for row in find(table, nodes.row)]
        letters = [round(width) for width in widths(zip(*rows, strict=True))]
        spec = "".join(rf"\column{{{each}}}{{{sum(letters)}}}" for each in letters)
        table.parent.insert(table.parent.index(table), addnodes.tabular_col_spec(spec=spec))


def print_parts(tree, parts):
    """Start each part before its first page; number chapters where ``_toc.yml`` does."""
    pages = {page["docname"]: page for page in find(tree, addnodes.start_of_file)}
    for part in parts:
        files = [name for name in part.files() if name in pages]
        start = r"\numberedpart" if part.numbered else r"\unnumberedpart"
        first = pages[files[0]]
        caption = part.caption.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
        first.parent.insert(first.parent.index(first), latex(rf"{start}{{{caption}}}"))


def print_preface(tree):
    """Put the text of the first page into a chapter of its own."""
    title, *content = tree[0].children
    wrappers = find(tree[0], nodes.compound, cls="toctree-wrapper")
    chapters = [node for node in content if node in wrappers]  # a page's own pages stay in it
    preface = nodes.section("", nodes.title("", "About this book"))
    preface += [node for node in content if node not in chapters]
    tree[0].children = []
    tree[0] += [title, latex(r"\unnumbered"), preface, *chapters]


class PrintPlayers(SphinxPostTransform):
    """Print players while the HTML of the outputs is still there."""

    default_priority = 3  # myst-nb selects the output types at 4
    formats = ("latex",)

    def run(self):
        print_players(self.document, Path(self.app.outdir))


class PrintPages(SphinxPostTransform):
    """Everything else, after all references and titles are resolved."""

    default_priority = 300
    formats = ("latex",)

    def run(self):
        print_headings(self.document)
        print_cells(self.document)
        print_questions(self.document)
        print_solutions(self.document)
        print_symbols(self.document)
        print_exercise_links(self.document, self.app)
        print_tables(self.document)
        print_preface(self.document)
        print_parts(self.document, self.config.external_site_map.root.subtrees)


def add_files(app, config):
    """Let LaTeX find the style and the typeface of the code; date the book by its version."""
    typeface = sorted(str(path) for path in FONTS.glob("DejaVuSansMono*.ttf"))
    config.latex_additional_files = [*config.latex_additional_files, str(STYLE), *typeface]
    project = tomllib.loads((STYLE.parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    config.today = f"Version {project['project']['version']}"


def setup(app):
    app.connect("config-inited", add_files)
    app.add_post_transform(PrintPlayers)
    app.add_post_transform(PrintPages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
