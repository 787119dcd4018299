"""Frozen dataclasses that are quick to make.

The ``__init__`` of a frozen dataclass sets every field through ``object.__setattr__``, so that a
leg costs six times what it would cost unfrozen, and an office of ten thousand calls has
twenty-five thousand legs. Here the fields are set while the new object is of an open twin class
with the same slots; before anybody sees it, it becomes what it is, frozen.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, TypeVar

C = TypeVar("C", bound=type[Any])


def quick(cls: C) -> C:
    """Give a frozen, slotted dataclass the quick ``__init__``.

    It goes above ``@dataclass(frozen=True, slots=True)``. Fields may have defaults, no factories,
    and the class no ``__post_init__``. Raises ``TypeError`` for any other class.
    """
    own = fields(cls)
    odd = [f.name for f in own if f.default_factory is not MISSING or not f.init or f.kw_only]
    if odd or hasattr(cls, "__post_init__") or not cls.__dataclass_params__.frozen:
        raise TypeError(f"{cls.__name__} cannot be made quick {odd}")
    names = [f.name for f in own]
    space: dict[str, Any] = {f"default_{f.name}": f.default for f in own}
    space["become"] = object.__setattr__
    space["Open"] = type(cls.__name__, (), {"__slots__": tuple(names)})
    space["Frozen"] = cls
    given = [f.name if f.default is MISSING else f"{f.name}=default_{f.name}" for f in own]
    lines = [
        f"def __init__(self, {', '.join(given)}):",
        "    become(self, '__class__', Open)",
        *(f"    self.{name} = {name}" for name in names),
        "    self.__class__ = Frozen",
    ]
    exec("\n".join(lines), space)
    init = space["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__annotations__ = dict(cls.__init__.__annotations__)
    cls.__init__ = init
    return cls
