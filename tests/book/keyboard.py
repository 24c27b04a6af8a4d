"""Walk through a page with the Tab key."""

PREPARE = """() => {
    window.stops = [];
    window.look = e => {
        const style = getComputedStyle(e);
        return [style.outline, style.boxShadow, style.border, style.backgroundColor].join(" | ");
    };
    window.shown = e => {
        const box = e.getBoundingClientRect();
        return e.checkVisibility({visibilityProperty: true}) && box.width > 0 && box.height > 0;
    };
    window.named = e => `${e.tagName.toLowerCase()} ${
        (e.getAttribute("aria-label") || e.textContent || e.id).trim().slice(0, 50)}`;
}"""
NOTE_STOP = """() => {
    const e = document.activeElement;
    if (e === document.body || stops.some(stop => stop.e === e)) return false;
    const box = e.getBoundingClientRect();
    const across = box.right > 0 && box.left < innerWidth;
    const down = box.bottom > 0 && box.top < innerHeight;
    stops.push({e, look: look(e), seen: shown(e) && across && down});
    return true;
}"""
JUDGE = """() => {
    document.activeElement.blur();
    const problems = [];
    const after = Node.DOCUMENT_POSITION_FOLLOWING;
    stops.forEach(({e, look: focused, seen}, i) => {
        if (!seen) problems.push(`focus is out of sight: ${named(e)}`);
        if (focused === look(e)) problems.push(`focus cannot be seen: ${named(e)}`);
        if (i && !(stops[i - 1].e.compareDocumentPosition(e) & after))
            problems.push(`out of order: ${named(e)}`);
        if (e.classList.contains("math") && e.scrollWidth <= e.clientWidth)
            problems.push(`a formula: ${named(e)}`);
    });
    const controls = "a[href], button, input, select, textarea, summary, [tabindex]";
    const missed = [...document.querySelectorAll(controls)].filter(e =>
        e.tabIndex >= 0 && !e.disabled && shown(e) && (e.type !== "radio" || e.checked)
        && !stops.some(stop => stop.e === e));
    return [...problems, ...missed.map(e => `not reached: ${named(e)}`)];
}"""


# once the keyboard has moved the focus, what a script focuses looks as if Tab had come to it
UNSEEN = """() => {
    const kinds = new Map();
    const controls = "a[href], button, input, select, textarea, summary, [tabindex]";
    return [...document.querySelectorAll(controls)].filter(e => {
        const kind = `${e.tagName}.${e.className} ${e.type} in ${e.parentElement.className}`;
        kinds.set(kind, (kinds.get(kind) || 0) + 1);
        if (kinds.get(kind) > 2 || e.tabIndex < 0 || e.disabled || !shown(e)) return false;
        if (document.activeElement === e) e.blur();
        const plain = look(e);
        e.focus();
        return document.activeElement === e && look(e) === plain;
    }).map(e => `focus cannot be seen: ${named(e)}`);
}"""


def unseen_focus(page):
    """Where a reader with a keyboard cannot see that she is, two of each kind of control."""
    page.evaluate(PREPARE)
    page.keyboard.press("Tab")
    return page.evaluate(UNSEEN)


def tab_problems(page, most=1000):
    """What is wrong for a reader who goes through the whole page with Tab."""
    page.evaluate(PREPARE)
    for _ in range(most):
        page.keyboard.press("Tab")
        if not page.evaluate(NOTE_STOP):
            return page.evaluate(JUDGE)
    return [f"Tab does not come to an end within {most} steps"]
