"""Look for what keeps a reader out of a page: with axe-core, and where axe-core cannot judge."""

from site_inspector import ROOT

AXE = ROOT / "tests" / "book" / "_vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MODES = ("light", "dark")
# what can be right by day and wrong by night, and takes axe-core as long as all other rules
COLOURS = ["color-contrast", "link-in-text-block"]
DESKTOP = {"width": 1280, "height": 900}

RUN_AXE = """([rules, without, place]) => axe.run(
    place === "looks" ? {include: window.looks} : place || document, {
        runOnly: rules, resultTypes: ["violations"], preload: false,
        rules: Object.fromEntries(without.map(rule => [rule, {enabled: false}]))
    }).then(({violations}) => violations.flatMap(({id, nodes}) => nodes.map(node =>
        `${id}: ${node.target.join(" ")}: ${node.html.slice(0, 90)}`)))"""
# Texts of one look have one contrast: colour, size and weight, and all that lies behind.
NOTE_LOOKS = """([most, place]) => {
    const behind = new Map([[null, ""]]), kinds = new Map();
    const backdrop = e => {
        if (!behind.has(e)) {
            const {backgroundColor, backgroundImage, opacity, filter} = getComputedStyle(e);
            const own = [backgroundColor, backgroundImage, opacity, filter].join();
            const plain = own === "rgba(0, 0, 0, 0),none,1,none";
            behind.set(e, backdrop(e.parentElement) + (plain ? "" : own));
        }
        return behind.get(e);
    };
    const look = e => {
        const {color, fontSize, fontWeight, textShadow} = getComputedStyle(e);
        return [color, fontSize, fontWeight, textShadow, backdrop(e)].join();
    };
    const says = e => e.matches("input, select, textarea")
        || [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim());
    window.looks = [...document.querySelectorAll("body, body *")].filter(e => {
        if (place && !e.closest(place)) return false;
        if (!says(e) || !e.checkVisibility({visibilityProperty: true})) return false;
        const kind = e.tagName === "A" ? `a ${look(e)} in ${look(e.parentElement)}` : look(e);
        kinds.set(kind, (kinds.get(kind) || 0) + 1);
        return kinds.get(kind) <= most;
    });
}"""
# Of ten thousand coloured words of code few are left; the others stand where they stood, unmarked.
PLAIN_CODE = """most => {
    const kinds = new Map();
    for (const e of document.querySelectorAll("pre span[class]")) {
        const around = [e, e.parentElement, e.closest("div")].map(x => x?.className);
        const kind = [...around, e.style.cssText].join();
        kinds.set(kind, (kinds.get(kind) || 0) + 1);
        if (kinds.get(kind) > most) e.replaceWith(...e.childNodes);
    }
}"""
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


def axe_violations(page, rules=RULES, without=(), place=None):
    """What axe-core finds on a page, as 'rule: where: element'.

    It looks at one ``place`` alone, if a selector is given, or at the noted "looks".
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(RUN_AXE, [list(rules), list(without), place])


def violations(page, most=3, place=None):
    """Everything that is wrong with the page, or a place, as it is now, in light and in dark mode.

    Of texts that look the same, ``most`` are tried for their colours.
    """
    found = []
    page.evaluate(PLAIN_CODE, most)
    for mode in MODES:
        set_mode(page, mode)
        page.evaluate(NOTE_LOOKS, [most, place])
        faults = axe_violations(page, COLOURS, place="looks") + page.evaluate(LOW_CONTRAST)
        faults += axe_violations(page, RULES, COLOURS, place) if mode == MODES[0] else []
        found += [f"{mode}: {fault}" for fault in faults]
    return found
