"""Below each entry of the bibliography: the pages that cite it, as links."""

import re

ENTRY = re.compile(r'(<div class="citation" id="([^"]+)".*?)(</div>)', re.DOTALL)


def citing(env):
    """Return the names of the pages that cite each source, in the order of the book, by its id."""
    domain = env.get_domain("cite")
    order = {name: place for place, name in enumerate(reading_order(env))}
    found = {}
    for citation in domain.citations:
        pages = {ref.docname for ref in domain.citation_refs if citation.key in keys(ref)}
        found[citation.citation_id] = sorted(pages, key=lambda name: order.get(name, len(order)))
    return found


def keys(reference):
    """The keys of the sources that a reference names."""
    return {target.key for target in reference.targets}


def reading_order(env):
    """The names of all pages, in the order of the contents."""
    contents = env.tocs[env.config.root_doc].findall(lambda node: "includefiles" in node)
    return dict.fromkeys(name for entry in contents for name in entry["includefiles"])


def label(env, name):
    """What a page is called in a list: by its number, if it has one, or by its title."""
    number = env.toc_secnumbers.get(name, {}).get("", ())
    return f"chapter {number[0]}" if number else env.titles[name].astext()


def add_pages(app, pagename, templatename, context, doctree):
    """Add the links to the page of the bibliography."""
    body = context.get("body") or ""
    if 'class="citation"' not in body:
        return
    pages, relative = citing(app.env), app.builder.get_relative_uri

    def with_pages(match):
        links = ", ".join(
            f'<a class="reference internal" href="{relative(pagename, name)}">'
            f"{label(app.env, name)}</a>"
            for name in pages.get(match[2], [])
        )
        cited = f'<p class="cited">Cited in {links}.</p>\n' if links else ""
        return f"{match[1]}{cited}{match[3]}"

    context["body"] = ENTRY.sub(with_pages, body)


def setup(app):
    app.connect("html-page-context", add_pages, priority=930)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
