"""What the package offers: every public name, found by looking, for the tests and the book.

Public are the names in ``__all__`` of :mod:`dra` and of its public modules, and the methods,
properties and fields of public classes that do not start with an underscore.
"""

import dataclasses
import inspect
import types

import dra


def modules():
    """Return the public modules, by dotted name, :mod:`dra` itself first."""
    found = {"dra": dra}
    for name in dra.__all__:
        value = getattr(dra, name)
        if isinstance(value, types.ModuleType):
            found[f"dra.{name}"] = value
    return found


def names():
    """Return what the public modules offer, by dotted name; no modules, no members."""
    return {
        f"{module}.{name}": getattr(value, name)
        for module, value in modules().items()
        for name in value.__all__
        if not isinstance(getattr(value, name), types.ModuleType)
    }


def members(cls):
    """Return the public methods and properties that a class itself adds, by name."""
    own = {name: value for name, value in vars(cls).items() if not name.startswith("_")}
    return {name: v for name, v in own.items() if is_routine(v) or is_property(v)}


def is_routine(value):
    """Whether a member of a class is a method of any kind."""
    return inspect.isfunction(value) or isinstance(value, classmethod | staticmethod)


def is_property(value):
    """Whether a member of a class is computed when it is read."""
    return isinstance(value, property) or hasattr(value, "__set_name__")


def fields(cls):
    """Return the names of the fields that the class itself adds, if it is a dataclass."""
    if not dataclasses.is_dataclass(cls):
        return []
    own = [name for name in vars(cls).get("__annotations__", {}) if not name.startswith("_")]
    return [f.name for f in dataclasses.fields(cls) if f.name in own]
