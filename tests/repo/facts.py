"""Numbers about this repository that its papers state, counted anew."""

import json
import re

from slide_sources import ROOT, decks

from dra_exercises import source
from dra_exercises.exercises import find

TASK = "maze"


def chapters():
    """The texts of the numbered chapters, code and prose."""
    texts = []
    for path in sorted((ROOT / "book").glob("[0-9][0-9]-*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        texts.append("\n".join("".join(cell["source"]) for cell in cells))
    return texts


def exercises():
    """The number of every exercise."""
    return [e.number for n in source.chapters() for e in source.read(n).exercises]


def counts():
    """What can be counted, by the words that stand after the number."""
    texts = chapters()
    wrong = [mistake for number in exercises() for mistake in getattr(find(number), "wrong", ())]
    return {
        "chapters": len(texts),
        "numbered equations": sum(len(re.findall(":label: eq-", text)) for text in texts),
        "exercises": len(exercises()),
        "typical wrong answers": len(wrong),
        "questions": sum(len(source.read(n).quiz) for n in source.chapters()),
        "decks": len(decks()),
    }


def recovery():
    """How well the price of precision and the allocator are found from choices."""
    data = ROOT / "book" / "_data"
    price = json.loads((data / "fitting_recovery.json").read_text())["data"]["lengths"]
    models = json.loads((data / "fitting_confusion.json").read_text())["data"]
    found = {}
    for choices in ("768", "4000"):
        correlation = price[choices]["cost_weight"]["correlation"][0]
        found[f"price, {choices}"] = f"{correlation:.2f}"
        found[f"allocator, {choices}"] = f"{models[choices]['aic'][0][0]}"
    return found | {"people": f"{models['people']}"}


def performance():
    """What ``make performance`` measured, rounded as the paper says it."""
    stored = json.loads((ROOT / "book" / "_data" / "performance.json").read_text())["data"]
    task = stored["each_task"][TASK]
    return {
        "a step, in ns": f"{task['ns a step']:.0f}",
        "times the floor": f"{task['floor']['ratio']:.1f}",
        "times as fast as uncompiled": f"{task['times as fast as uncompiled']:.0f}",
        "all figures, in s": f"{stored['paper_figures']['all']:.0f}",
    }
