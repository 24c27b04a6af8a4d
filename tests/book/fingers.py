"""Touch a page as a finger does, and drag as a mouse does."""

STEPS = 8


def centre(locator):
    """The middle of an element on the screen."""
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def touch(page, start, by=(0, 0)):
    """Put a finger down at a place, move it, and lift it."""
    session = page.context.new_cdp_session(page)

    def send(kind, *points):
        places = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    send("touchStart", start)
    if any(by):
        for step in range(1, STEPS + 1):
            share = step / STEPS
            send("touchMove", (start[0] + share * by[0], start[1] + share * by[1]))
            page.wait_for_timeout(20)
    send("touchEnd")
    page.wait_for_timeout(500)  # a tap becomes a click, a scroll comes to rest
    session.detach()


def drag(page, start, by):
    """Press the mouse at a place, move it, and let it go."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0], start[1] + by[1], steps=STEPS)
    page.mouse.up()


def scrolled(page):
    return page.evaluate("() => window.scrollY")
