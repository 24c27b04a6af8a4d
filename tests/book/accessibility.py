"""Look for what keeps a reader out of a page: with axe-core, and where axe-core cannot judge."""

from site_inspector import ROOT

AXE = ROOT / "tests" / "book" / "_vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MODES = ("light", "dark")
# what can be right by day and wrong by night
COLOURS = ["color-contrast", "link-in-text-block"]
DESKTOP = {"width": 1280, "height": 900}

RUN_AXE = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"]}).then(
    ({violations}) => violations.flatMap(({id, nodes}) => nodes.map(node =>
        `${id}: ${node.target.join(" ")}: ${node.html.slice(0, 90)}`)))"""
UNFOLD = """() => {
    for (const e of document.querySelectorAll("details:not([open]) > summary")) e.click();
    for (const e of document.querySelectorAll(".toggle-hidden button.toggle-button")) e.click();
}"""
# axe-core cannot tell what lies behind a text in a drawing, and takes arrows for pictures.
LOW_CONTRAST = """() => {
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = colour => {
        const [r, g, b] = numbers(colour).slice(0, 3).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = e => {
        const colour = e && getComputedStyle(e).backgroundColor;
        return !e ? "rgb(255, 255, 255)" : numbers(colour)[3] === 0 ? behind(e.parentElement)
            : colour;
    };
    const texts = [...document.querySelectorAll(
        ".explorable svg text, .explorable [role=gridcell] span")].filter(e => e.textContent);
    return texts.map(e => {
        const style = getComputedStyle(e);
        const [a, b] = [e.closest("svg") ? style.fill : style.color, behind(e)].map(light);
        return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.textContent];
    }).filter(([ratio]) => ratio < 4.5).map(([ratio, text]) =>
        `contrast ${ratio.toFixed(2)} of ${text}`);
}"""


def set_mode(page, mode):
    """Let the reader's system ask for light or dark pages and for no motion."""
    page.emulate_media(color_scheme=mode, reduced_motion="reduce")
    page.wait_for_function("mode => document.documentElement.dataset.theme === mode", arg=mode)


def unfold(page):
    """Open whatever is folded away: code, answers, solutions."""
    page.evaluate(UNFOLD)
    page.wait_for_timeout(600)  # the theme looks 0.3 s later for boxes that scroll


def axe_violations(page, rules=RULES):
    """What axe-core finds on a page, as 'rule: place: element'."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(RUN_AXE, list(rules))


def violations(page):
    """Everything that is wrong with the page as it is now, in light and in dark mode."""
    found = []
    for mode in MODES:
        set_mode(page, mode)
        rules = RULES if mode == MODES[0] else COLOURS
        found += [f"{mode}: {fault}" for fault in axe_violations(page, rules)]
        found += [f"{mode}: {fault}" for fault in page.evaluate(LOW_CONTRAST)]
    return found
