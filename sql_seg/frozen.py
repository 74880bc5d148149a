"""Immutable classes made from annotations: what ``dataclass(frozen=True, slots=True)`` makes, but sooner.

dataclass writes and compiles six methods for each class, which takes half a millisecond, and checking a query
imports a hundred classes. These share their methods, and ``__init__`` is written when the first instance is
made. To others they are dataclasses: ``dataclasses.fields``, ``replace`` and ``asdict`` take them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    import dataclasses

_T = TypeVar("_T")
_REQUIRED: Any = object()


class Field:
    """What is to know of a field: the parameters are those of ``dataclasses.field``."""

    __slots__ = ("compare", "default", "default_factory", "init", "kw_only", "name", "repr", "type")

    def __init__(
        self,
        default: Any = _REQUIRED,
        default_factory: Callable[[], Any] | None = None,
        init: bool = True,
        compare: bool = True,
        repr: bool = True,
        kw_only: bool = False,
    ) -> None:
        self.name = ""
        self.type = ""
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.compare = compare
        self.repr = repr
        self.kw_only = kw_only


def field(**given: Any) -> Any:
    """Return the default of a field in a class body, for what is more than a value: see ``Field``."""
    return Field(**given)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(kind: type[_T]) -> type[_T]:
    """Return a class with the annotations as fields: slotted, equal by value, hashable, never changed."""
    namespace = {name: value for name, value in vars(kind).items() if name not in ("__dict__", "__weakref__")}
    own = {}
    for name, annotation in namespace.get("__annotations__", {}).items():
        if not annotation.startswith("ClassVar"):
            default = namespace.pop(name, _REQUIRED)
            own[name] = found = default if isinstance(default, Field) else Field(default)
            found.name, found.type = name, annotation
    known: dict[str, Field] = {**getattr(kind, "__frozen_fields__", {}), **own}
    key = _key([item.name for item in known.values() if item.compare])
    methods = {
        "__eq__": _equality(key),
        "__hash__": lambda self: hash(key(self)),
        "__repr__": _repr,
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__getstate__": _state,
        "__setstate__": _set_state,
        "__init__": _Init(),
    }
    remade: Any = type(kind)
    made: type[_T] = remade(
        kind.__name__,
        kind.__bases__,
        {
            **methods,
            **namespace,
            "__slots__": (*own, *namespace.get("__slots__", ())),
            "__match_args__": tuple(
                item.name for item in _parameters(tuple(known.values())) if not item.kw_only
            ),
            "__frozen_fields__": known,
            "__dataclass_fields__": _DataclassFields(),
        },
    )
    return made


def fields(kind: Any) -> tuple[Field, ...]:
    """Return the fields of a frozen class, those of its bases first."""
    return tuple(kind.__frozen_fields__.values())


def replace(instance: _T, **changes: Any) -> _T:
    """Return a new instance that differs in some fields."""
    kind = type(instance)
    return kind(**{item.name: getattr(instance, item.name) for item in fields(kind) if item.init} | changes)


class _Makers(dict[type, Callable[..., Any]]):
    """By class, what makes its instances: it is written when the first one is made."""

    if TYPE_CHECKING:

        def __getitem__(self, kind: type[_T]) -> Callable[..., _T]: ...

    def __missing__(self, kind: type) -> Callable[..., Any]:
        # An instance is filled while it is of a subclass that can be changed, which has the same layout, so
        # that it can become one of ``kind``.
        known = fields(kind)
        names = [item.name for item in _parameters(known)]
        mutable = type(
            kind.__name__,
            (kind,),
            {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__},
        )
        make: Callable[..., Any] = _written(
            kind,
            "make",
            names,
            [
                "self = new(mutable)",
                *(f"self.{name} = {name}" for name in names),
                *(f"self.{item.name} = default_{item.name}" for item in known if not item.init),
                "self.__class__ = kind",
                "return self",
            ],
            {"new": object.__new__, "mutable": mutable, "kind": kind, **_defaults(known)},
        )
        self[kind] = make
        return make


new = _Makers()
"""Makes instances several times as fast as their class does: ``new[Point](1, 2)``.

It takes the values of all fields, in their order but those by keyword last, and does not call
``__post_init__``: it is for who makes sure of what that checks.
"""


class _Init:
    """Stands for ``__init__`` until that is first asked for, and then writes it into the class."""

    def __set_name__(self, owner: Any, _: str) -> None:
        self._kind = owner

    def __get__(self, instance: object, _: object = None) -> Any:
        kind = self._kind
        known = fields(kind)
        parameters = [
            item.name
            if item.default is _REQUIRED and item.default_factory is None
            else f"{item.name}=default_{item.name}"
            for item in _parameters(known)
        ]
        if first := [index for index, item in enumerate(_parameters(known)) if item.kw_only]:
            parameters.insert(first[0], "*")
        body = [f"set_{item.name}(self, {_value_of(item)})" for item in known]
        if hasattr(kind, "__post_init__"):
            body.append("self.__post_init__()")
        setters = {f"set_{item.name}": getattr(kind, item.name).__set__ for item in known}
        init = _written(kind, "__init__", ["self", *parameters], body, {**setters, **_defaults(known)})
        init.__annotations__ = {item.name: item.type for item in known if item.init} | {"return": None}
        kind.__init__ = init
        return init if instance is None else init.__get__(instance)


def _value_of(item: Field) -> str:
    if item.default_factory is None:
        return item.name if item.init else f"default_{item.name}"
    made = f"default_{item.name}()"
    return f"{made} if {item.name} is default_{item.name} else {item.name}" if item.init else made


def _defaults(known: tuple[Field, ...]) -> dict[str, Any]:
    return {
        f"default_{item.name}": item.default if item.default_factory is None else item.default_factory
        for item in known
    }


def _parameters(known: tuple[Field, ...]) -> list[Field]:
    """Return the fields that ``__init__`` takes, those by keyword last."""
    return sorted((item for item in known if item.init), key=lambda item: item.kw_only)


def _written(kind: type, name: str, parameters: list[str], body: list[str], names: dict[str, Any]) -> Any:
    """Return a function made from its text, which may use ``names``."""
    lines = [f"def {name}({', '.join(parameters)}):", *(f" {line}" for line in body or ["pass"])]
    text = "\n ".join([f"def outer({', '.join(names)}):", *lines, f"return {name}"])
    made: dict[str, Any] = {}
    exec(text, vars(sys.modules[kind.__module__]), made)  # noqa: S102 -- of names in our own classes
    function = made["outer"](**names)
    function.__qualname__ = f"{kind.__qualname__}.{name}"
    return function


def _key(names: list[str]) -> Callable[[Any], object]:
    return attrgetter(*names) if names else lambda _: ()


def _equality(key: Callable[[Any], object]) -> Callable[[Any, object], bool]:
    def equal(self: Any, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented  # type: ignore[no-any-return]
        return bool(key(self) == key(other))

    return equal


def _repr(self: Any) -> str:
    shown = (f"{item.name}={getattr(self, item.name)!r}" for item in fields(self) if item.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: Any, name: str, _: object = None) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot change {name!r} of {type(self).__name__}: make another with replace()")


def _state(self: Any) -> list[Any]:
    return [getattr(self, item.name) for item in fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for item, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, item.name, value)


class _DataclassFields:
    """What makes a class a dataclass to others: made when it is first asked for."""

    def __init__(self) -> None:
        self._made: dict[str, dataclasses.Field[Any]] | None = None

    def __get__(self, _: object, kind: Any) -> dict[str, dataclasses.Field[Any]]:
        if self._made is None:
            self._made = {item.name: _dataclass_field(item) for item in fields(kind)}
        return self._made


def _dataclass_field(item: Field) -> Any:
    import dataclasses

    default = dataclasses.MISSING if item.default is _REQUIRED else item.default
    given = {"default_factory": item.default_factory} if item.default_factory else {"default": default}
    made: Any = dataclasses.field(
        init=item.init, compare=item.compare, repr=item.repr, kw_only=item.kw_only, **given
    )
    made.name, made.type = item.name, item.type
    made._field_type = dataclasses._FIELD  # type: ignore[attr-defined]
    return made
