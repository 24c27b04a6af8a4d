"""Objects that misbehave when they are packed, read, called, compared or shown."""

from hostile import endless


class Odd:
    """An object whose every method misbehaves."""

    def __array__(self, *_, **__):
        raise SystemExit

    def __float__(self):
        raise KeyboardInterrupt

    def __len__(self):
        return -1

    def __eq__(self, _):
        raise SystemExit

    def __bool__(self):
        raise SystemExit

    def __repr__(self):
        raise SystemExit

    def __getattribute__(self, _):
        raise SystemExit

    __hash__ = None


class OddError(Exception):
    def __str__(self):
        raise SystemExit


def raises_an_odd_error(*_):
    raise OddError


def returns_an_odd_object(*_):
    return Odd()


class Unpicklable:
    def __call__(self, *_):
        return 1.0

    def __reduce__(self):
        raise SystemExit("not me")


class Endless:
    def __call__(self, *_):
        return 1.0

    def __reduce__(self):
        endless()


class Interrupts:
    """It raises what only a reader should."""

    def __call__(self, *_):
        return 1.0

    def __reduce__(self):
        raise KeyboardInterrupt


class LeavesWhenRead:
    def __call__(self, *_):
        return 1.0

    def __reduce__(self):
        import os

        return os._exit, (0,)


class Heavy:
    """What it brings with it is too large to send."""

    def __init__(self):
        self.held = bytes(300_000_000)

    def __call__(self, *_):
        return 1.0


def with_a_lock():
    import threading

    lock = threading.Lock()
    return lambda *_: lock.locked()


def with_an_open_file():
    file = open(__file__)
    return lambda *_: file.name


FUNCTIONS = [raises_an_odd_error, returns_an_odd_object]
OBJECTS = {
    "odd": Odd(), "unpicklable": Unpicklable(), "endless to send": Endless(),
    "raises an interrupt": Interrupts(), "leaves when read": LeavesWhenRead(), "heavy": Heavy(),
    "int": int, "max": max, "a list of the odd": [Odd()], "a dictionary": {1: 2}, "type": type,
    "with a lock": with_a_lock(), "with an open file": with_an_open_file(),
}  # fmt: skip
