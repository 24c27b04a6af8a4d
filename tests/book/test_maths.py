"""Formulas are MathML when the book is built: right, whole, and drawn without a script."""

import re

import pytest
from maths import apart, mathml, several_lines
from site_inspector import ROOT, open_page, pages, serve

SITE = ROOT / "_build" / "html"
FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
INVISIBLE = re.compile("[\\s\u00a0\u2061-\u2064\ufe00]")
CHARACTERS = ROOT / "book" / "_vendor" / "temml" / "characters.txt"


def text(formula):
    return INVISIBLE.sub("", re.sub(r"<[^>]*>", "", formula))


def drawable():
    """The characters that the vendored font has."""
    found = set()
    lines = CHARACTERS.read_text(encoding="utf-8").splitlines()
    for entry in " ".join(line for line in lines if not line.startswith("#")).split():
        first, _, last = entry.partition("-")
        found |= {chr(code) for code in range(int(first, 16), int(last or first, 16) + 1)}
    return found


def test_a_formula_keeps_its_parts():
    assert text(mathml(r"\sigma^2")) == "σ2"
    assert "<msup>" in mathml(r"\sigma^2")
    assert 'display="block"' in mathml("x", True)


@pytest.mark.parametrize("tex", [r"\nosuchthing{x}", r"\frac{1}{", "x^"])
def test_tex_that_cannot_be_drawn_is_refused(tex):
    with pytest.raises(ValueError, match="cannot be drawn"):
        mathml(tex)


def test_a_long_formula_may_be_broken_and_loses_nothing():
    tex = r"a + \frac{b + c}{d} - \sqrt{e + f} = g + h + i"
    formula = mathml(tex)
    assert formula.count("<math>") == 6 and formula.count("<math>") == formula.count("</math>")
    assert text(formula) == "a+b+cd−e+f=g+h+i"
    assert mathml("a + b").count("<math>") == 1
    assert apart("<math><mi>x</mi></math>") == "<math><mi>x</mi></math>"


def test_spaces_are_those_of_tex():
    assert mathml(r"\beta\big(a\big)").count('lspace="0em" rspace="0em"') == 2
    assert '<mspace width="0.1667em"></mspace><mrow><mi>ln</mi>' in mathml(r"\nabla_\sigma\ln\pi")
    assert "mspace" not in mathml(r"(\ln x)").partition("<mi>ln")[0]


def test_several_lines_are_aligned():
    assert several_lines("x = 1\n") == "x = 1"
    assert text(mathml(several_lines("x &= 1 \\\\ &= 2"), True)) == "x=1=2"
    assert several_lines("x\n\ny") == r"\begin{aligned}x\\y\end{aligned}"


def test_the_font_has_every_character():
    assert pages(SITE), "no built site: run `make book` first"
    formulas = {
        formula
        for page in pages(SITE)
        for formula in FORMULA.findall((SITE / page).read_text(encoding="utf-8"))
    }
    assert len(formulas) > 500
    outside = {c for formula in formulas for c in text(re.sub("&\\w+;", "", formula))} - drawable()
    assert not outside, f"add to {CHARACTERS.name} and run tools/vendor.sh: {sorted(outside)}"


def test_formulas_need_no_script(browser):
    with (
        serve(SITE) as base,
        open_page(
            browser, f"{base}book/02-noisy-choices.html", [], java_script_enabled=False
        ) as page,
    ):
        page.evaluate("() => document.querySelectorAll('details').forEach(e => e.open = true)")
        widths = [math.bounding_box()["width"] for math in page.locator("p math").all()[:40]]
        assert len(widths) == 40 and min(widths) > 3


def test_punctuation_stays_with_its_formula(browser):
    """At every width of a phone: no line begins with a comma."""
    begins = """() => [...document.querySelectorAll(".together")]
        .filter(e => e.lastChild.nodeType === 3)
        .filter(e => {
            const formula = [...e.querySelectorAll("math")].at(-1).getBoundingClientRect();
            const range = document.createRange();
            range.selectNode(e.lastChild);
            return range.getBoundingClientRect().top > formula.bottom;
        }).map(e => e.textContent)"""
    with serve(SITE) as base, open_page(browser, f"{base}book/04-gradient.html", []) as page:
        assert page.locator(".together").count() > 50
        for width in range(320, 440, 7):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(begins) == []
