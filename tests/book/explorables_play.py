"""Reading and setting the controls of an explorable."""


def set_slider(root, label, key):
    slider = root.get_by_role("slider", name=label)
    slider.focus()
    slider.press(key)
    return float(slider.input_value())


def shown(root):
    """The numbers of an explorable as the reader sees them."""
    texts = dict(zip(*(root.locator(tag).all_inner_texts() for tag in ("dt", "dd")), strict=True))
    known = {name: text for name, text in texts.items() if text != "–"}
    return {name: float(text.replace("−", "-").split()[0]) for name, text in known.items()}


def says(root, text):
    """Wait until a screen reader is told so."""
    root.get_by_role("status").filter(has_text=text).wait_for()


def table(root):
    """The numbers of the table of an explorable, by the names of its rows."""
    rows = [row.locator("th, td").all_inner_texts() for row in root.locator("tbody tr").all()]
    return {name.strip(): [float(x.replace("−", "-")) for x in texts] for name, *texts in rows}
