"""What the pages say, in pieces: for the search by section, and for previews under the mouse.

After the build every page is read again. Two scripts are written:

- ``_static/sections.js``, the entries of the search: sections, glossary terms, equations, figures,
  exercises, solutions and the names of the reference, each with its address and its plain words;
- ``_static/previews.js``, what a link to an equation, a term or a source leads to, as HTML.

A term of the glossary is also found by its other names, the setting ``search_synonyms``.
"""

import json
import re
from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.errors import ExtensionError
from sphinx.util.display import status_iterator

SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
SKIPPED = "script, style, math annotation, a.headerlink, .cell_input, button, .chapter-links"
HEADING = re.compile("^h[1-6]$")
WORDS = re.compile(r"\s+")
BEFORE = re.compile(r"\s+(?=[.,;:!?)\]’”])")
SEARCH_SCRIPTS = re.compile(
    r'<script src="_static/searchtools.js[^>]*></script>\s*'
    r'<script src="_static/language_data.js[^>]*></script>\s*'
    r'<script src="searchindex.js[^>]*></script>'
)
OURS = "".join(
    f'<script defer src="_static/{name}.js"></script>\n'
    for name in ("minisearch/minisearch", "sections", "search")
)
NUMBER = re.compile(r"([\d.]+)\. ")
MOST = 4000  # characters of a section that are searched


def plain(element):
    """The words of an element on one line."""
    words = WORDS.sub(" ", element.get_text(" ")).strip()
    return BEFORE.sub("", words.replace("\u2061", ""))


def read(path):
    """The article of a built page, without what is not text; None if it has none."""
    page = SCRIPT.sub("", path.read_text(encoding="utf-8"))
    article = BeautifulSoup(page, "html.parser").select_one("article.bd-article")
    for element in article.select(SKIPPED) if article else []:
        element.decompose()
    return article


def is_separate(element):
    """Whether an element of a section is an entry of its own."""
    return element.name == "section" or {"exercise", "solution"} & set(element.get("class", []))


def by_number(title):
    """What a section or chapter with a number is also called."""
    number = NUMBER.match(title)
    kind = "section" if number and "." in number[1] else "chapter"
    return f"{kind} {number[1]}" if number else ""


def sections(article):
    """Yield (title, anchor, words, other names) of each section, without those inside it."""
    for section in article.find_all("section", id=True):
        heading = section.find(HEADING, recursive=False)
        if heading:
            own = section.find_all(True, recursive=False)
            words = " ".join(plain(child) for child in own if not is_separate(child))
            title = plain(heading)
            yield title, section["id"], words.removeprefix(title).strip(), by_number(title)


def numbered(article):
    """Yield (title, anchor, words, other names) of equations, figures, exercises and solutions."""
    for equation in article.select("div.math[id]"):
        number = equation.select_one(".eqno")
        if number:
            name = f"Equation {plain(number)}"
            number.extract()
            plainly = name.replace("(", "").replace(")", "")
            also = f"{plainly} | {plainly.replace('Equation', 'eq')}"
            yield name, equation["id"], plain(equation), also
    for figure in article.select("figure[id]"):
        caption = figure.select_one("figcaption, .caption")
        number = figure.select_one(".caption-number")
        if caption and number:
            name = plain(number).replace("Fig.", "Figure")
            yield name, figure["id"], plain(caption).removeprefix(plain(number)), plain(number)
    for box in article.select("div.exercise[id], div.solution[id]"):
        title = plain(box.select_one(".admonition-title"))
        short = title.partition(" (")[0].replace("Solution to Exercise", "Solution")
        yield title, box["id"], plain(box).removeprefix(title), short


def terms(article, synonyms):
    """Yield (title, anchor, words, other names) of the terms of the glossary."""
    for term in article.select("dl.glossary > dt[id]"):
        meaning = term.find_next_sibling("dd")
        yield plain(term), term["id"], plain(meaning), " | ".join(synonyms.get(plain(term), []))


def names(article):
    """Yield (title, anchor, words, other names) of the names of the reference."""
    for name in article.select("dl.py > dt.sig[id]"):
        summary = name.find_next_sibling("dd").find("p")
        last = name["id"].rpartition(".")[2]
        yield name["id"], name["id"], plain(summary) if summary else "", last


def entries(article, address, synonyms):
    """Everything on a page that the search can lead to."""
    heading = article.find("h1")
    if not heading:
        return []
    kinds = {
        "term": terms(article, synonyms),
        "place": numbered(article),
        "name": names(article),
        "section": sections(article),
    }
    page = plain(heading)
    return [
        {"kind": kind, "title": title, "url": f"{address}#{anchor}", "page": page}
        | {"text": text[:MOST].strip(), "also": also}
        for kind, found in kinds.items()
        for title, anchor, text, also in found
    ]


def previews(article, address):
    """What a link to an equation, a term or a source of a page shows."""
    found = {}
    for equation in article.select("div.math[id]"):
        copy = BeautifulSoup(str(equation), "html.parser").div
        del copy["id"]  # the page may have the equation itself
        found[f"{address}#{equation['id']}"] = str(copy)
    for term in article.select("dl.glossary > dt[id]"):
        meaning = term.find_next_sibling("dd")
        found[f"{address}#{term['id']}"] = f"<strong>{plain(term)}</strong> {inside(meaning)}"
    for source in article.select("div.citation[id]"):
        found[f"{address}#{source['id']}"] = inside(source.find("p"))
    return found


def inside(element):
    """The HTML within an element, without links, whose addresses hold on their own page only."""
    for link in element.find_all("a"):
        link.unwrap()
    for named in element.find_all(id=True):
        del named["id"]
    return element.decode_contents().strip()


def write_script(path, variable, value):
    """Write a value as a script; a page may load that from a disk too."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    path.write_text(f"window.{variable} = {text};\n", encoding="utf-8")


def write_index(app, exception):
    """Write the two scripts."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    found, shown = [], {}
    pages = [site / f"{name}.html" for name in sorted(app.env.found_docs)]
    for path in status_iterator(pages, "indexing... ", length=len(pages)):
        article = read(path)
        if article:
            address = path.relative_to(site).as_posix()
            shown |= previews(article, address)
            found += entries(article, address, app.config.search_synonyms)
    write_script(site / "_static" / "sections.js", "SECTIONS", found)
    write_script(site / "_static" / "previews.js", "PREVIEWS", shown)
    use_in_search(site)


def use_in_search(site):
    """Let the search page load these scripts instead of those of Sphinx."""
    page = (site / "search.html").read_text(encoding="utf-8")
    page, replaced = SEARCH_SCRIPTS.subn(OURS, page)
    if replaced != 1:
        raise ExtensionError("the search page does not load the scripts that this book replaces")
    (site / "search.html").write_text(page, encoding="utf-8")
    (site / "searchindex.js").unlink()


def setup(app):
    app.add_config_value("search_synonyms", {}, "html", [dict])
    app.connect("build-finished", write_index, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
