"""``check``: hand in an answer, be told at once; hints and progress."""

import functools
import json
import re
import secrets
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from dra_exercises import _hand_in, _progress, _watch, source
from dra_exercises.exercises import find
from dra_exercises.spec import Choice, Open

JUDGING = 120  # seconds that a judge may need beside those of the answer
MISSING = object()
ROLE = re.compile(r"\{([\w:]+)\}`([^`]+)`")


@dataclass(frozen=True)
class Verdict:
    """The answer to an answer: true if it is right. ``message`` is the sentence that is shown."""

    right: bool
    message: str

    def __bool__(self):
        return self.right

    def __repr__(self):
        return self.message


@dataclass(frozen=True)
class Text:
    """Text that a notebook shows as it is; with ``markdown``, as Markdown."""

    text: str
    markdown: bool = False

    def __repr__(self):
        return self.text

    def _repr_markdown_(self):
        return self.text if self.markdown else None


def sentence(error):
    """Return a ValueError of this package as a sentence."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def seed_of(rng):
    """Return the seed of fresh cases: given, drawn from a given generator, or new."""
    if rng is None:
        return secrets.randbits(32)
    if hasattr(rng, "integers"):
        return int(rng.integers(2**32))
    if type(rng) is not int or rng < 0:
        raise ValueError(f"rng is a {_hand_in.name_of(rng)}; it must be a generator or a seed >= 0")
    return rng


def tried(number, exercise, answer, seconds, rng):
    """Return the verdict of a judge in a process of its own."""
    if seconds is not None and (type(seconds) not in (int, float) or not 0 < seconds < 1e5):
        raise ValueError("seconds must be a number above 0")
    with tempfile.TemporaryDirectory(prefix="dra-", ignore_cleanup_errors=True) as name:
        folder, mark = Path(name).resolve(), secrets.token_hex(8)
        _hand_in.laid_down(folder, number, exercise, answer, seconds, seed_of(rng))
        longest = JUDGING + _watch.WAITING * (seconds or getattr(exercise, "seconds", 0))
        judge = _watch.start("dra_exercises._trial", folder, mark, subprocess.PIPE)
        said = None
        try:
            said, _ = judge.communicate(timeout=longest)
        except subprocess.TimeoutExpired:
            return Verdict(False, f"It was stopped after {longest:g} seconds.")
        finally:
            if said is None or judge.returncode:  # it had no time to end what it had started
                _watch.end(judge, judge.pid, mark)
            judge.stdout.close()
    try:
        found = json.loads(said)
        return Verdict(found["right"], found["says"])
    except ValueError:
        return Verdict(False, "It ended the process that judges it, instead of returning.")


def verdict(number, answer, seconds, rng):
    """Return the verdict on any answer; raises ValueError for what is no exercise."""
    exercise = find(number)
    if isinstance(exercise, Open | Choice):
        from dra_exercises import _judge

        if isinstance(exercise, Choice) and _hand_in.unwritten(answer):
            return Verdict(False, "Not written yet.")
        return Verdict(*_judge.judge(exercise, answer if _hand_in.plain(answer) else None, None))
    if answer is MISSING:
        return Verdict(False, f'Hand in an answer as well: check("{number}", answer).')
    if _hand_in.unwritten(answer):
        return Verdict(False, "Not written yet.")
    return tried(number, exercise, answer, seconds, rng)


def safely(method):
    """Return a method that says what went wrong, instead of raising it."""

    @functools.wraps(method)
    def never_raising(*arguments, **named):
        try:
            return method(*arguments, **named)
        except KeyboardInterrupt:
            raise
        except ValueError as error:
            return Text(sentence(error))
        except BaseException as error:
            return Text(f"That could not be done ({_hand_in.name_of(error)}: {error}).")

    return never_raising


class Check:
    """What readers call; one object, `check`."""

    def __call__(self, number="", answer=MISSING, *, seconds=None, rng=None):
        """Try an answer on fresh cases, and say whether it is right or what is wrong.

        Parameters
        ----------
        number : str
            Of the exercise, such as "4.3".
        answer : function, number, array, list or str
            What you built or computed.
        seconds : float, optional
            After how long an answer is stopped; if it is not given, the exercise says.
        rng : numpy.random.Generator or int, optional
            What the cases are drawn with; other cases each time if it is not given.

        Returns
        -------
        Verdict
            True if the answer is right; shown, it is a sentence. Nothing that an answer does is
            raised here.
        """
        try:
            found = verdict(number, answer, seconds, rng)
            if not found.message.startswith("Not written yet."):
                _progress.add(what="try", number=number, right=found.right)
        except ValueError as error:
            return Verdict(False, sentence(error))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            kind = _hand_in.name_of(error)
            return Verdict(False, f"The check could not be made ({kind}: {error}).")
        return found

    @safely
    def hint(self, number=""):
        """Return the next hint for an exercise: the first, then the second."""
        find(number)
        found = source.read(int(number.split(".")[0]), draft=True).exercises
        hints = next(each.hints for each in found if each.number == number)
        seen = _progress.records().get(number, _progress.Record()).hints
        if seen >= len(hints):
            return Text("There are no more hints. The solution is in the chapter.")
        _progress.add(what="hint", number=number)
        return Text(f"Hint {seen + 1} of {len(hints)}: {readable(hints[seen])}", markdown=True)

    @safely
    def progress(self):
        """Return a table of what is solved, chapter by chapter."""
        return Text(_progress.table())

    @safely
    def reset(self, number=None):
        """Forget the tries and hints of one exercise, or of all."""
        if number is not None:
            find(number)
        _progress.add(what="reset", number=number)
        return Text("Forgotten." if number is None else f"Forgotten: {number}.")


def readable(text):
    """Return the Markdown of the book as Markdown of a notebook: references by their names."""
    return ROLE.sub(reference, text)


@functools.cache
def numbered():
    """Return {label: "equation (3.1)"}; `tools/reference_names.py` reads them from the book."""
    text = (files("dra_exercises") / "references.json").read_text(encoding="utf-8")
    return json.loads(text)


def reference(role):
    """Return what a role of the book refers to, in words."""
    label = re.sub(r".*<|>$", "", role[2])
    if label != role[2]:  # it brings its own words
        return role[2].partition("<")[0].strip()
    if label in numbered():
        return numbered()[label]
    kind, _, name = label.partition("-")
    if kind == "ex":
        chapter = source.read(int(name[:2]), draft=True)
        found = [each.number for each in chapter.exercises if each.label == label]
        return f"exercise {found[0]}" if found else "an exercise"
    words = {"eq": "equation", "fig": "figure", "sec": "section"}
    return f"{words.get(kind, '')} *{name.replace('-', ' ') or label}*".strip()


check = Check()
