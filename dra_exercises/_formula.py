"""Read an answer that is a formula, such as ``"log(sigma_base / sigma)"``."""

import ast
import math
import re

import numpy as np

NAMES = {name: getattr(np, name) for name in ("exp", "log", "log2", "sqrt", "abs", "sum", "pi")}
NAMES |= {"erf": math.erf, "erfc": math.erfc, "math": math, "np": np}
PRICE = ("price", "lam", "cost_weight")  # what lambda is called, in Python
MEANT = {  # what a name may be meant to be
    "ln": "log(x) is the natural logarithm",
    "phi": "the normal density of x is exp(-x**2 / 2) / sqrt(2 * pi)",
    "Phi": "the normal distribution at x is (1 + erf(x / sqrt(2))) / 2",
    "e": "e to the x is exp(x)",
    "Abs": "the absolute value is abs(x)",
}
MEANT |= dict.fromkeys(("norm", "cdf", "ndtr", "Φ"), MEANT["Phi"])
MEANT |= dict.fromkeys(("pdf", "φ", "ϕ"), MEANT["phi"])


def unknown(tree, names):
    """Return the names in a formula that mean nothing there."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    own = {node.id for node in found if isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return sorted({node.id for node in found} - own - set(names) - set(NAMES))


def formula(text, names):
    """Return a function of ``names`` for an expression.

    Raises SyntaxError if it is none, and NameError with a sentence if it has names of its own.
    """
    if "^" in text and "\\" not in text:
        raise SyntaxError("^ is no power in Python, write **")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError:
        if re.search(r"\blambda\b", text):
            called = [name for name in PRICE if name in names]
            said = f", the price is called {called[0]} here" if called else ""
            raise SyntaxError(f"lambda is a word of Python{said}") from None
        if re.search(r"(?<![=<>!])=(?!=)", text):
            raise SyntaxError("only what stands right of = is asked for") from None
        if "\\" in text:
            raise SyntaxError("write it as Python, not as TeX") from None
        raise
    if strange := unknown(tree, names):
        meant = "".join(f"; {MEANT[name]}" for name in strange if name in MEANT)
        known = ", ".join(name for name in NAMES if name not in ("math", "np"))
        raise NameError(
            f"There is no {' and no '.join(strange)} here. A formula may use "
            f"{', '.join(names)}, and {known}{meant}."
        )
    code = compile(tree, "<formula>", "eval")

    def evaluate(*values):
        given = dict(zip(names, values, strict=True))
        return eval(code, {"__builtins__": {}} | NAMES | given)  # one scope: sums see it too

    return evaluate
