"""A copy that is published knows its addresses, and no other copy has any."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from public_address import repository, site
from sphinx.errors import ConfigError

ROOT = Path(__file__).parents[2]
FORK = "https://github.com/Someone/some-book"
CONF = """
extensions = ["public_address", "page_head"]
html_theme = "basic"
html_title = "x"
"""


@pytest.mark.parametrize("given", [FORK, f"{FORK}/", f" {FORK}// "])
def test_the_repository_is_the_one_given(given):
    assert repository("", given) == FORK


def test_the_setting_goes_first():
    assert repository("https://gitlab.com/a/b", FORK) == "https://gitlab.com/a/b"
    assert repository("https://gitlab.com/a/b") == "https://gitlab.com/a/b"


@pytest.mark.parametrize("given", ["", "/", "//", "  ", "https://git.example.org/a/b", "a/b"])
def test_there_is_none_without_a_server_that_is_known(given):
    assert repository("", given) == ""


@pytest.mark.parametrize(
    "given",
    [
        "https://github.com/",  # no repository
        "https://github.com/no-slash",
        "https://github.com/a/b/c",
        "https://github.com/a/b c",
        "https://github.com.example.org/a/b",
    ],
)
def test_half_an_address_is_refused(given):
    with pytest.raises(ConfigError, match=re.escape(repr(given.rstrip("/")))):
        repository("", given)


def test_a_wrong_setting_is_refused():
    with pytest.raises(ConfigError, match="book_repository is 'a/b'"):
        repository("a/b", FORK)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (FORK, "https://someone.github.io/some-book/"),
        (f"{FORK}.git", "https://someone.github.io/some-book/"),
        ("https://github.com/Someone/Someone.github.io", "https://someone.github.io/"),
        ("https://gitlab.com/a/b", ""),  # its pages may be anywhere
        ("", ""),
    ],
)
def test_the_site_is_where_github_pages_puts_it(address, expected):
    assert site(address) == expected


def built(folder, given, *settings):
    """The first page of a small site, and its page for 404."""
    (folder / "conf.py").write_text(CONF)
    (folder / "index.rst").write_text("Title\n=====\n\nWords.\n")
    out = folder / "site"
    words = ["-W", "-q", "-b", "html", *settings, folder, out]
    env = os.environ | {"PYTHONPATH": str(ROOT / "book" / "_ext"), "BOOK_ADDRESS": given}
    subprocess.run([sys.executable, "-m", "sphinx", *words], env=env, check=True)
    return [(out / name).read_text(encoding="utf-8") for name in ("index.html", "404.html")]


def test_the_pages_of_a_fork_give_its_addresses(tmp_path):
    page, missing = built(tmp_path, FORK)
    root = "https://someone.github.io/some-book"
    assert f'<link rel="canonical" href="{root}/index.html"' in page
    assert f'property="og:url" content="{root}/index.html"' in page
    assert f'<base href="{root}/">' in missing


def test_an_address_of_the_site_that_is_set_stays(tmp_path):
    page, _ = built(tmp_path, FORK, "-D", "html_baseurl=https://book.example.org/")
    assert '<link rel="canonical" href="https://book.example.org/index.html"' in page
    assert "github.io" not in page


def test_the_pages_of_any_other_copy_give_none(tmp_path):
    page, missing = built(tmp_path, "")
    assert "canonical" not in page and "og:url" not in page and "https://" not in missing


def test_every_build_of_the_makefile_is_told_the_address():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert 'BUILD := BOOK_ADDRESS="$(ADDRESS)" $(BIN)/jupyter-book build' in text
    assert text.count("$(CLEAN) $(BUILD)") == 3  # the site, the PDF, the notebooks
