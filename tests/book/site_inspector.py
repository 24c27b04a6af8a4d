"""Look at built pages as a reader's browser does; report problems in plain words."""

import contextlib
import functools
import http.server
import threading
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import chromium
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 700}  # the narrowest phone in use
TIMEOUT = 60_000  # milliseconds

DRAWN_MATHS = """() => ({
    missing: [...document.querySelectorAll(".math")].filter(e => {
            const formula = e.querySelector("math");
            return !formula || (e.checkVisibility() && !formula.getBoundingClientRect().width);
        }).map(e => e.textContent.slice(0, 60)),
    wrong: [...document.querySelectorAll("merror, .temml-error")]
        .map(e => e.textContent.slice(0, 60)),
})"""
ALT_TEXTS = """() => [...document.querySelectorAll("article img")]
    .map(e => [e.alt, (e.currentSrc || e.src).slice(0, 80)])"""
TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    const scrolls = e => e && e !== document.body &&
        (["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowX)
            || scrolls(e.parentElement));
    const wide = [...document.querySelectorAll("article *")]
        .filter(e => e.getBoundingClientRect().right > width + 1 && !scrolls(e))
        .map(e => e.tagName + "." + e.className + ": " + e.textContent.slice(0, 40));
    if (document.documentElement.scrollWidth > width + 1) wide.push("the whole page");
    return wide;
}"""

SOLUTIONS = """() => [...document.querySelectorAll("div.solution")].flatMap(solution => {
    const text = solution.querySelector("section");
    const shown = () => text.checkVisibility({visibilityProperty: true}) && text.clientHeight > 0;
    const open = shown();
    solution.querySelector("button.toggle-button").click();
    return [open && "starts open", (open || !shown()) && "does not open"].filter(Boolean)
        .map(fault => `${solution.id} ${fault}`);
})"""


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """A handler that logs nothing and knows nothing outside the path ``below``."""

    def __init__(self, *args, below, **options):
        self.below = below
        super().__init__(*args, **options)

    def translate_path(self, path):
        if not path.startswith(f"/{self.below}"):
            return str(Path(self.directory, "outside", "the", "site"))
        return super().translate_path(path.removeprefix(f"/{self.below}"))

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def serve(folder, below=""):
    """Serve a folder on 127.0.0.1, below a path such as ``a/b/``; give its address."""
    handler = functools.partial(QuietHandler, directory=str(folder), below=below)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{below}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def launch():
    """A headless Chromium for which no other host exists."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(FLAGS))
        yield browser
        browser.close()


def pages(site):
    """The pages of a built site, relative to it; slides have tests of their own."""
    found = [path.relative_to(site) for path in site.rglob("*.html")]
    return sorted(path.as_posix() for path in found if path.parts[0] not in ("_static", "slides"))


def note_faults(page, own, problems):
    """Note what a page logs as an error, asks of hosts but its ``own``, or does not get."""

    def note_request(request):
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != own:
            problems.append(f"request to {request.url}")

    def note_response(response):
        if response.status >= 400:
            problems.append(f"status {response.status} of {response.url}")

    def note_console(message):
        if message.type == "error":
            problems.append(f"console error: {message.text[:200]}")

    page.on("request", note_request)
    page.on("requestfailed", lambda request: problems.append(f"failed: {request.url[:200]}"))
    page.on("response", note_response)
    page.on("console", note_console)
    page.on("pageerror", lambda error: problems.append(f"script error: {str(error)[:200]}"))


@contextlib.contextmanager
def open_page(browser, url, problems, **options):
    """Open a page, at the width of a phone if no other is given; note its faults."""
    with browser.new_context(**{"viewport": PHONE, **options}) as context:
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        note_faults(page, urlsplit(url).netloc, problems)
        page.goto(url)
        page.wait_for_load_state("networkidle")
        page.evaluate("() => document.fonts.ready.then(() => true)")
        yield page


def visit(browser, url, *looks):
    """Everything that is wrong with one page; each of ``looks`` says what it finds on it, too."""
    problems = []
    with open_page(browser, url, problems) as page:
        problems += [problem for look in looks for problem in look(page)]
        maths = page.evaluate(DRAWN_MATHS)
        problems += [f"maths not drawn: {text}" for text in maths["missing"]]
        problems += [f"maths in error: {text}" for text in maths["wrong"]]
        for alt, source in page.evaluate(ALT_TEXTS):
            if len(alt) < 15 or " " not in alt:
                problems.append(f"alt text {alt!r} of {source}")
        problems += [f"scrolls sideways: {text}" for text in page.evaluate(TOO_WIDE)]
        page.evaluate("() => document.querySelectorAll('details').forEach(e => e.open = true)")
        page.set_viewport_size(NARROW)
        problems += [f"sticks out at 320 pixels: {text}" for text in page.evaluate(TOO_WIDE)]
    return problems


def search_results(browser, address, word, problems=None):
    """How many pages the book's own search finds; its faults go into ``problems``."""
    problems = [] if problems is None else problems
    with open_page(browser, f"{address}search.html?q={word}", problems) as page:
        page.wait_for_function(
            "() => /found|match/.test(document.querySelector('#search-results p')?.textContent)"
        )
        return page.locator("#search-results ul.search > li").count()


def player_problems(browser, url):
    """Whether each player of a page changes its picture."""
    problems = []
    with open_page(browser, url, problems) as page:
        for player in page.locator("figure.player").all():
            picture = player.locator("img")
            first = picture.get_attribute("src")
            player.get_by_role("button", name="Next frame").click()
            if picture.get_attribute("src") == first:
                problems.append("the button for the next frame does nothing")
            slider = player.get_by_role("slider")
            slider.focus()
            slider.press("End")
            last = slider.get_attribute("max")
            if slider.input_value() != last or picture.get_attribute("src") == first:
                problems.append("the slider does nothing")
    return problems


def explorable_problems(browser, url):
    """Whether each explorable of a page shows something else when it is used."""
    problems = []
    with open_page(browser, url, problems, reduced_motion="reduce") as page:
        for explorable in page.locator(".explorable").all():
            before = explorable.inner_text()
            step = explorable.get_by_role("button", name="One trial")
            if step.count():
                step.click()
            elif explorable.get_by_role("slider").count():
                explorable.get_by_role("slider").first.press("End")
            page.wait_for_timeout(300)
            if explorable.inner_text() == before:
                problems.append(f"an explorable does not react: {before[:60]}")
    return problems


def solution_problems(page):
    """Whether each solution of a page is closed at first and opens when asked."""
    return page.evaluate(SOLUTIONS)


class LinkParser(HTMLParser):
    """Collect the anchors and the links of one page."""

    def __init__(self):
        super().__init__()
        self.anchors, self.links = set(), []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.anchors |= {attributes[key] for key in ("id", "name") if attributes.get(key)}
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])


def slides(path):
    """The anchors of a deck, /0 for its first slide; none of any other file."""
    deck = path.is_file() and path.parent.name == "slides"
    return (
        {f"/{k}" for k in range(path.read_text(encoding="utf-8").count("<section"))} if deck else ()
    )


def broken_links(site):
    """Links within a site whose page or anchor does not exist, as 'page -> link'."""
    parsed = {}
    for page in pages(site):
        parsed[page] = LinkParser()
        parsed[page].feed((site / page).read_text(encoding="utf-8"))
    broken = []
    for page, parser in parsed.items():
        for link in parser.links:
            target = urlsplit(urljoin(f"/{page}", link))
            if urlsplit(link).scheme or link == "#":
                continue
            path = unquote(target.path).lstrip("/")
            anchors = parsed[path].anchors if path in parsed else slides(site / path)
            if not (site / path).is_file() or (
                target.fragment and unquote(target.fragment) not in anchors
            ):
                broken.append(f"{page} -> {link}")
    return broken
