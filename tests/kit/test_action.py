"""Buttons carry typed values that are proven to fit, and altered ones are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import FEATURES
from bot.features.lookup import actions as lookup
from bot.features.roadmap import actions as roadmap
from bot.kit.action import (
    DATA_LIMIT,
    Action,
    BadActionDataError,
    OneOf,
    Slug,
    name_of,
    row_id,
    slug,
    small_int,
    tiny_int,
)

SAMPLE = Action("sample.answer", question=small_int, choice=tiny_int, topic=Slug(30), how=OneOf(("a", "bb")))


@given(
    st.integers(0, 65_535),
    st.integers(0, 255),
    st.from_regex(r"[a-z0-9-]{1,30}", fullmatch=True),
    st.sampled_from(["a", "bb"]),
)
def test_values_come_back_and_always_fit(question: int, choice: int, topic: str, how: str) -> None:
    data = SAMPLE.data(question=question, choice=choice, topic=topic, how=how)
    assert len(data.encode()) <= DATA_LIMIT
    assert SAMPLE.read(data) == {"question": question, "choice": choice, "topic": topic, "how": how}
    assert name_of(data) == "sample.answer"


@given(st.text(max_size=70))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadActionDataError):
        SAMPLE.read("sample.answer:" + text + ":x:y:z:too:many")


@pytest.mark.parametrize("cut", range(20))
def test_cut_data_is_refused(cut: int) -> None:
    whole = SAMPLE.data(question=65_535, choice=255, topic="t", how="bb")
    with pytest.raises(BadActionDataError):
        SAMPLE.read(whole[:cut])


def test_what_might_not_fit_is_refused_when_declared() -> None:
    with pytest.raises(ValueError, match="may need 68 bytes"):
        Action("x.y", first=Slug(60), second=tiny_int).data()
    with pytest.raises(ValueError, match="is not a name"):
        Action("NoDots")


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"question": 1},
        {"question": 70_000, "choice": 0, "topic": "t", "how": "a"},
        {"question": 1, "choice": 0, "topic": "Bad Id", "how": "a"},
        {"question": 1, "choice": 0, "topic": "t", "how": "c"},
    ],
)
def test_wrong_values_are_a_mistake_of_ours(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SAMPLE.data(**values)


def test_every_action_of_every_feature_fits_the_smallest_button() -> None:
    declared = [thing for module in (roadmap, lookup) for thing in vars(module).values() if isinstance(thing, Action)]
    assert len(declared) >= 14
    for action in declared:
        assert len(action.name) + sum(1 + codec.width for codec in action.codecs.values()) <= DATA_LIMIT
    assert FEATURES
    assert row_id.width == 16
    assert slug.longest == 40
