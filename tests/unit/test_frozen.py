"""Frozen classes are what frozen, slotted dataclasses are, to those who use them."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from typing import ClassVar, get_type_hints

import pytest

from sql_seg.frozen import field, fields, frozen, new, replace


@frozen
class Base:
    place: int = field(default=0, compare=False, repr=False, kw_only=True)


@frozen
class Point(Base):
    """A point."""

    axes: ClassVar[int] = 2
    x: int
    y: int = 1

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError("left of all")


@frozen
class Basket:
    goods: list[str] = field(default_factory=list)
    note: str | None = field(default=None, init=False, compare=False, repr=False)


@frozen
class Nothing:
    """Nothing at all."""


def test_positions_names_and_defaults() -> None:
    point = Point(3)
    assert (point.x, point.y, point.place) == (3, 1, 0)
    assert Point(y=5, x=3, place=7).y == 5
    assert Basket().goods == []
    assert Basket().goods is not Basket().goods
    assert Basket(["a"]).note is None


def test_what_a_constructor_does_not_take() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="takes from 2 to 3 positional arguments"):
        Point(1, 2, 3)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'note'"):
        Basket(note="a")  # type: ignore[call-arg]


def test_post_init_is_asked() -> None:
    with pytest.raises(ValueError, match="left of all"):
        Point(-1)


def test_equal_by_value_but_for_what_is_not_compared() -> None:
    assert Point(1, 2, place=3) == Point(1, 2)
    assert hash(Point(1, 2, place=3)) == hash(Point(1, 2))
    assert Point(1, 2) != Point(2, 1)
    assert Point(1) != Base()
    assert Nothing() == Nothing()
    assert len({Nothing(), Nothing(), Point(1), Point(1)}) == 2


def test_its_text() -> None:
    assert repr(Point(1, place=3)) == "Point(x=1, y=1)"
    assert repr(Nothing()) == "Nothing()"


@pytest.mark.parametrize("point", [Point(1), new[Point](1, 1, 0)])
def test_it_never_changes_and_holds_nothing_else(point: Point) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot change 'x' of Point"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del point.x
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.z = 1  # type: ignore[attr-defined]
    assert not hasattr(point, "__dict__")


def test_a_new_one_is_the_same_without_asking() -> None:
    made = new[Point](-1, 2, 3)
    assert type(made) is Point
    assert (made.x, made.y, made.place) == (-1, 2, 3)
    assert new[Point](1, 2, 3) == Point(1, 2)
    assert new[Basket]([]).note is None


def test_fields_and_another_with_changes() -> None:
    assert [item.name for item in fields(Point)] == ["place", "x", "y"]
    assert replace(Point(1, 2, place=3), x=5).place == 3
    with pytest.raises(ValueError, match="left of all"):
        replace(Point(1), x=-1)


def test_a_dataclass_to_others() -> None:
    assert [item.name for item in dataclasses.fields(Point)] == ["place", "x", "y"]
    assert dataclasses.replace(Point(1, place=3), y=4).place == 3
    assert dataclasses.replace(Basket(["a"])).note is None
    assert dataclasses.asdict(Point(1)) == {"place": 0, "x": 1, "y": 1}
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)
    assert dataclasses.is_dataclass(Point)


def test_its_signature_and_types() -> None:
    assert list(inspect.signature(Point).parameters) == ["x", "y", "place"]
    assert inspect.signature(Point).parameters["place"].kind is inspect.Parameter.KEYWORD_ONLY
    assert get_type_hints(Point.__init__)["x"] is int


def test_copies_and_pickles() -> None:
    point = Point(1, place=3)
    for other in (copy.copy(point), copy.deepcopy(point), pickle.loads(pickle.dumps(point))):
        assert other == point
        assert other.place == 3
