"""The mathematical symbols of a text: which letters it uses, with their accents and names."""

import re

MATH = re.compile(r"```\{math\}\n(.*?)```|\$\$(.*?)\$\$|\$([^$]+)\$", flags=re.DOTALL)
INLINE_CODE = re.compile(r"(?<!`)`(?!`)[^`\n]*`(?!`)")
OPTION = re.compile(r"^:\w+:.*$", flags=re.MULTILINE)
NAMED = re.compile(r"\\(?:text|operatorname|mathrm|mathsf|begin|end|label)\*?\s*\{[^{}]*\}")
ACCENTS = r"\\(?:bar|tilde|hat|mathbb|mathcal|dot)(?![A-Za-z])"
SYMBOL = re.compile(
    ACCENTS + r"\s*(?:\{\s*\\?[A-Za-z]+\s*\}|\\[A-Za-z]+|[A-Za-z])|\\[A-Za-z]+|[A-Za-z]"
)
GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi pi rho sigma"
    " tau phi varphi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell"
).split()


def without_code(text):
    """A text without its fenced blocks of code, and without code inside lines."""
    kept, block = [], None
    for line in text.splitlines():
        fence = re.match(r"\s*(`{3,})(.*)", line)
        if block is None and fence and re.match(r"\w", fence[2]):
            block = fence[1]
        elif block is not None:
            block = None if fence and fence[1] == block and not fence[2] else block
        else:
            kept.append(line)
    return INLINE_CODE.sub(" ", "\n".join(kept))


def formulas(text):
    """All mathematics of a text, as a list of strings."""
    text = OPTION.sub("", without_code(text))
    return ["".join(match.groups(default="")) for match in MATH.finditer(text)]


def symbols(formula):
    """The letters of a formula, as a set: with accents, without subscripts' words."""
    formula = NAMED.sub(" ", formula)
    found = set()
    for token in SYMBOL.findall(formula):
        accented = re.match(ACCENTS, token)
        if accented or not token.startswith("\\") or token[1:] in GREEK:
            found.add(re.sub(r"[\s{}]", "", token))
    return found


def used(text):
    """All letters that the mathematics of a text uses."""
    return set().union(*map(symbols, formulas(text)))
