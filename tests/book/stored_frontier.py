"""The stored frontier of the maze, which a figure of the book shows."""

import json

import precompute_frontier as tool

import dra
from dra import exact

TASK = dra.tasks.gridworld()
TEXT = tool.TARGET.read_text(encoding="utf-8")


def parsed(text):
    """The stored object: a line of comment, then ``const FRONTIER = {...};``."""
    comment, body = text.split("\n", 1)
    assert comment.startswith("// Made by tools/precompute_frontier.py")
    assert body.startswith("const FRONTIER = {") and body.endswith("};\n")
    return json.loads(body.removeprefix("const FRONTIER = ").removesuffix(";\n"))


DATA = parsed(TEXT)


def tied(point):
    memory = dra.Memory(point["q"], point["sigma"], DATA["sigma_base"])
    return exact.tied_values(TASK, memory, beta=DATA["beta"], gamma_q=DATA["gamma_q"])
