"""What readers take away (the zip, the notebooks) and the links that run a chapter elsewhere."""

import re
import subprocess
import sys
import zipfile

import finish_site
import nbformat
import pytest
from chapter_links import launch_links
from site_inspector import ROOT, broken_links
from sphinx.errors import ConfigError

SITE = ROOT / "_build" / "html"
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))
ZIP = f"{finish_site.NAME}.zip"
GITHUB = "https://github.com/someone/some-book"
CONF = """
extensions = ["myst_nb", "chapter_links"]
html_theme = "sphinx_book_theme"
nb_execution_mode = "off"
"""
HOME = """# Home

```{launch-help}
```

```{toctree}
chapter
```
"""


# The zip ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("zip")
    with zipfile.ZipFile(SITE / ZIP) as packed:
        assert packed.testzip() is None
        packed.extractall(folder)
    return folder / finish_site.NAME


def test_the_zip_holds_the_whole_site(unpacked):
    ours = {path.relative_to(SITE) for path in SITE.rglob("*") if path.is_file()}
    theirs = {path.relative_to(unpacked) for path in unpacked.rglob("*") if path.is_file()}
    assert {path.name for path in ours - theirs} == {ZIP}
    assert theirs <= ours and (unpacked / "index.html").is_file()


def test_the_copy_in_the_zip_offers_nothing_that_it_lacks(unpacked):
    assert ZIP in (SITE / "book" / "index.html").read_text(encoding="utf-8")
    assert ZIP not in (unpacked / "book" / "index.html").read_text(encoding="utf-8")
    assert broken_links(unpacked) == []


def small_site(folder):
    """A folder that looks like a built site and like its sources."""
    (folder / "book" / "__pycache__").mkdir(parents=True)
    (folder / "book" / "index.html").write_text(f'<ul><li><a href="../{ZIP}">x</a>y</li></ul>')
    (folder / "book" / "__pycache__" / "x.pyc").write_text("made")
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "a.ipynb").write_text("of a reader, or of the site")
    (folder / "run").write_text("#!/bin/sh")
    (folder / "run").chmod(0o700)
    return folder


def test_the_same_site_gives_the_same_zips(tmp_path):
    site = small_site(tmp_path)
    first = [path.read_bytes() for path in finish_site.finish(site, small_site(tmp_path / "root"))]
    again = [path.read_bytes() for path in finish_site.finish(site, tmp_path / "root")]
    assert first == again
    with zipfile.ZipFile(site / ZIP) as packed:
        assert packed.read(f"{finish_site.NAME}/book/index.html") == b"<ul></ul>"


def test_the_entrance_leads_to_the_first_page(unpacked):
    entrance = (unpacked / "index.html").read_text(encoding="utf-8")
    assert 'url=book/index.html"' in entrance and 'lang="en"' in entrance


def test_a_folder_without_a_site_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"no book/index\.html"):
        finish_site.finish(tmp_path)


def test_the_sources_are_all_there_and_nothing_that_was_made(tmp_path):
    with zipfile.ZipFile(SITE / f"{finish_site.NAME}-sources.zip") as packed:
        names = set(packed.namelist())
        modes = {info.filename: info.external_attr >> 16 for info in packed.infolist()}
    top = f"{finish_site.NAME}-sources"
    for path in (*CHAPTERS, *(ROOT / "dra").glob("*.py"), ROOT / "Makefile", ROOT / ".ci" / "run"):
        assert f"{top}/{path.relative_to(ROOT).as_posix()}" in names
    assert not any(made in name for name in names for made in ("_build/", "__pycache__", ".venv"))
    assert modes[f"{top}/tools/vendor.sh"] == 0o755 and modes[f"{top}/README.md"] == 0o644
    without_git = finish_site.sources(small_site(tmp_path / "plain"))
    assert [path.as_posix() for path in without_git] == ["book/index.html", "run"]


# The notebooks ------------------------------------------------------------------------------------


def test_every_chapter_is_offered_as_a_notebook_to_read():
    offered = (SITE / "book" / "index.html").read_text(encoding="utf-8")
    for path in CHAPTERS:
        link = f'href="../notebooks/{path.name}" download'
        assert link in offered
        assert link in (SITE / "book" / f"{path.stem}.html").read_text(encoding="utf-8")
        assert (SITE / "notebooks" / path.name).is_file()
    assert not (SITE / "_sources").exists()


def test_the_notebooks_are_offered_together():
    offered = (SITE / "book" / "index.html").read_text(encoding="utf-8")
    assert f'href="../{finish_site.NAME}-notebooks.zip" download' in offered
    with zipfile.ZipFile(SITE / f"{finish_site.NAME}-notebooks.zip") as packed:
        for path in CHAPTERS:
            inside = packed.read(f"{finish_site.NAME}-notebooks/{path.name}")
            assert inside == (SITE / "notebooks" / path.name).read_bytes()


def test_a_notebook_starts_in_any_folder(tmp_path):
    """The code of each that lays down its data, and its first cell of the chapter."""
    cells = []
    for path in CHAPTERS:
        notebook = nbformat.read(SITE / "notebooks" / path.name, as_version=4)
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        code = [source for source in code if "%pip" not in source]  # with an address
        cells += code[: 2 if "stored studies" in code[0] else 1]
    script = "\n".join(["import matplotlib", 'matplotlib.use("agg")', *cells])
    (tmp_path / "first_cells.py").write_text(script, encoding="utf-8")
    subprocess.run([sys.executable, "first_cells.py"], cwd=tmp_path, check=True)


# Running a chapter elsewhere ----------------------------------------------------------------------


def test_no_address_no_links():
    assert launch_links("", "x.ipynb") == []


@pytest.mark.parametrize("address", [GITHUB, f"{GITHUB}/", f"{GITHUB}.git"])
def test_links_on_github(address):
    assert launch_links(address, "x.ipynb") == [
        (
            "Binder",
            "https://mybinder.org/v2/gh/someone/some-book/main?urlpath=tree/notebooks/x.ipynb",
        ),
        (
            "JupyterLab",
            "https://mybinder.org/v2/gh/someone/some-book/main?urlpath=lab/tree/notebooks/x.ipynb",
        ),
        (
            "Colab",
            "https://colab.research.google.com/github/someone/some-book/blob/notebooks/x.ipynb",
        ),
    ]


def test_links_on_gitlab():
    links = dict(launch_links("https://gitlab.com/someone/some-book", "x.ipynb"))
    assert list(links) == ["Binder", "JupyterLab"]
    assert links["Binder"].startswith("https://mybinder.org/v2/gl/someone%2Fsome-book/main?")


@pytest.mark.parametrize("address", ["github.com/a/b", "https://github.com/a", "https://x.org/a/b"])
def test_a_wrong_address_is_refused(address):
    with pytest.raises(ConfigError, match="book_repository is"):
        launch_links(address, "x.ipynb")


@pytest.mark.parametrize("address", ["", GITHUB])
def test_links_appear_on_the_page_when_the_address_is_set(tmp_path, address):
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "index.md").write_text(HOME)
    chapter = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Title")])
    nbformat.write(chapter, tmp_path / "chapter.ipynb")
    site = tmp_path / "site"
    subprocess.run(
        [
            sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html",
            "-D", f"book_repository={address}",
            tmp_path, site,
        ],
        env={"PYTHONPATH": str(ROOT / "book" / "_ext"), "HOME": str(tmp_path)},
        check=True,
    )  # fmt: skip
    home, page = ((site / f"{name}.html").read_text() for name in ("index", "chapter"))
    names = re.findall(r'<a href="https://[^"]*someone/some-book[^"]*" rel="external">(\w+)<', page)
    assert names == (["Binder", "JupyterLab", "Colab"] if address else [])
    assert ("On Colab the first code cell installs the package" in home) == bool(address)
    assert 'href="notebooks/chapter.ipynb" download' in page
    assert "mybinder" not in home
