"""`make mutants` leaves no module of counting and rules out, names none that is gone, and counts honestly."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mutation.fewer_examples import EXAMPLES, pytest_collection_modifyitems
from tests.mutation.plan import ELSEWHERE, GROUPS, Group
from tests.mutation.tally import LEFT_OUT, Tally, summed, survivors, table, tally
from tests.mutation.workshop import LINKED, ROOT, in_sample


def modules() -> set[str]:
    """Every module of `models` and `alerts`, by its path."""
    found = {
        str(file.relative_to(ROOT)) for room in ("models", "alerts") for file in (ROOT / room).rglob("*.py")
    }
    assert len(found) > 50
    return found


def elsewhere(module: str) -> bool:
    """Whether the plan says that a module is neither counting nor a rule."""
    return any(module == name or (name.endswith("/") and module.startswith(name)) for name in ELSEWHERE)


def test_every_module_is_mutated_in_one_group_or_named_as_something_else() -> None:
    mutated = [module for group in GROUPS for module in group.modules]
    assert len(mutated) == len(set(mutated))
    assert not [module for module in mutated if elsewhere(module)]
    assert set(mutated) == {module for module in modules() if not elsewhere(module)}


def test_every_rule_is_mutated() -> None:
    mutated = {module for group in GROUPS for module in group.modules}
    assert {str(file.relative_to(ROOT)) for file in (ROOT / "alerts" / "rules").glob("*.py")} <= mutated


def test_what_is_named_as_something_else_exists() -> None:
    assert [name for name in ELSEWHERE if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_the_tests_of_a_group_exist_and_have_a_place_in_the_order(group: Group) -> None:
    assert len(group.tests) == len(set(group.tests))
    for name in group.tests:
        assert (ROOT / name).is_file(), name
        assert Path(name).parts[0] in LINKED and Path(name).parts[1] in ("unit", "story", "property")


def test_only_a_failing_test_kills() -> None:
    counted = tally("m", [1, 1, 3, 0, 33, 36, -24, 2, -11, None, LEFT_OUT])
    assert counted == Tally(
        "m", killed=3, survived=1, unreached=1, out_of_time=2, other=2, untried=1, left_out=1
    )
    assert (counted.asked, counted.percent, counted.enough) == (10, "30.0", False)


@pytest.mark.parametrize(
    ("killed", "survived", "percent", "enough"),
    [(90, 10, "90.0", True), (899, 101, "89.9", False), (0, 0, "0.0", False), (1, 0, "100.0", True)],
)
def test_ninety_of_a_hundred_are_enough(killed: int, survived: int, percent: str, enough: bool) -> None:
    counted = tally("m", [1] * killed + [0] * survived)
    assert (counted.percent, counted.enough) == (percent, enough)


def test_a_group_is_the_sum_of_its_modules() -> None:
    first, second = tally("a", [1, 0]), tally("b", [1, 36])
    assert summed("both", [first, second]) == Tally("both", killed=2, survived=1, out_of_time=1)
    lines = table([first, second, summed("both", [first, second])]).splitlines()
    assert lines[0].split("  ")[-1] == "killed %" and lines[-1].split()[1:] == [*"42101000", "50.0"]


def test_a_sample_is_always_the_same_and_about_its_share() -> None:
    names = [f"models.bits.x_span__mutmut_{number}" for number in range(1000)]
    sample = [name for name in names if in_sample(name, 4)]
    assert 200 < len(sample) < 300
    assert all(in_sample(name, 1) for name in names)


def test_the_mutants_that_live_are_named() -> None:
    assert list(survivors({"m": {"a": 1, "b": 0, "c": None, "d": LEFT_OUT}})) == [
        ("b", "survived"),
        ("c", "untried"),
    ]


@settings(max_examples=500)
@given(st.integers())
def a_property(number: int) -> None:
    """A property as tests write them."""


class Item:
    """As much of a collected test as the plugin looks at."""

    def __init__(self, folder: str, obj: object) -> None:
        self.path = ROOT / "tests" / folder / "test_x.py"
        self.obj = obj


def test_a_property_gets_few_examples_that_repeat_and_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EXAMPLES, "7")
    items = [Item("property", a_property), Item("story", tally), Item("unit", tally)]
    pytest_collection_modifyitems(items)  # type: ignore[arg-type]  # it looks at nothing else
    assert [item.path.parent.name for item in items] == ["unit", "story", "property"]
    # The name is hypothesis' own: should it change, runs would take hours and this fails.
    held: settings = a_property._hypothesis_internal_use_settings  # type: ignore[attr-defined]
    assert (held.max_examples, held.derandomize, held.database, held.deadline) == (
        7, True, None, None,
    )  # fmt: skip
