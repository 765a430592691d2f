"""Questions become replies: lettered options in a seeded order, polls, verdicts and solutions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.questions import draw
from bot.domain.questions.shapes import Option, Question
from bot.kit.reply import Reply
from bot.kit.text import plain
from tests.domain.questions.samples import question

SINGLE = question("single", "Which part grows?", "The first", "The second", "The third")
NUMBERS = question("numbers", "How many?", "12", "7", "1,024", "9.5")
NUMERIC = question("n", "How many?", "75", "133", kind="numeric", formula="75", tolerance=0.5, unit="percent")
ORDER = Question(
    id="q-order", topic="one", level="easy", stem="Order them.", kind="order", explanation="So it goes.", source="book",
    answer=(Option("Begin", "First."), Option("Go on", "Second."), Option("End", "Last.")),
)  # fmt: skip
CODE = question("code", "What does it print?", "1", "2", "3", kind="code", code="print(1)\n")


def data(place: int) -> str:
    return f"x:{place}"


@given(st.text(max_size=9))
def test_the_order_is_a_permutation_that_a_seed_repeats(seed: str) -> None:
    for one in (SINGLE, NUMBERS, ORDER, CODE):
        order = draw.shown_order(one, seed)
        assert sorted(order) == list(range(len(one.options)))
        assert order == draw.shown_order(one, seed)
    assert draw.shown_order(ORDER, seed) != (0, 1, 2), "that would be the answer"


def test_numbers_stand_in_their_order() -> None:
    assert [option.text for _letter, option in draw.lettered(NUMBERS, draw.shown_order(NUMBERS, "any"))] == [
        "7", "9.5", "12", "1,024",
    ]  # fmt: skip


def test_the_card_has_a_letter_for_each_option_and_its_button() -> None:
    reply = draw.card(SINGLE, (2, 0, 1), data, title="Daily quiz")
    assert reply.title == "Daily quiz"
    assert "Which part grows?" in plain(reply.blocks)
    assert "A: The third\nB: The first\nC: The second" in plain(reply.blocks)
    assert [(button.label, button.data) for row in reply.buttons for button in row] == [
        ("A", "x:2"), ("B", "x:0"), ("C", "x:1"),
    ]  # fmt: skip


def test_code_is_shown_and_a_number_is_typed() -> None:
    assert "print(1)" in plain(draw.card(CODE, (0, 1, 2), data).blocks)
    numeric = draw.card(NUMERIC, (0, 1), data)
    assert not numeric.buttons
    assert "133" not in plain(numeric.blocks)
    assert "in percent" in plain(numeric.blocks)


def test_the_poll_names_the_right_choice_and_explains() -> None:
    reply = draw.poll(CODE, (2, 0, 1), data, retract="x:back")
    assert reply.poll is not None
    assert [choice.label for choice in reply.poll.choices] == ["3", "1", "2"]
    assert reply.poll.right == (1,)
    assert reply.poll.retract == "x:back"
    assert "print(1)" in plain(reply.blocks)
    with pytest.raises(ValueError, match="exactly one right choice"):
        draw.poll(ORDER, (0, 1, 2), data)


def test_a_menu_offers_every_option() -> None:
    reply = draw.menu(ORDER, (1, 2, 0), data)
    assert reply.menu is not None
    assert [(choice.label, choice.data) for choice in reply.menu.choices] == [
        ("A. Go on", "x:1"), ("B. End", "x:2"), ("C. Begin", "x:0"),
    ]  # fmt: skip


def test_what_counts_as_right() -> None:
    assert draw.is_right(SINGLE, [0])
    assert not draw.is_right(SINGLE, [1])
    assert not draw.is_right(SINGLE, [0, 1])
    assert draw.is_right(ORDER, [0, 1, 2])
    assert not draw.is_right(ORDER, [1, 0, 2])
    several = question("several", "Which?", "One", "Two", kind="several")
    assert draw.is_right(several, [0])


@pytest.mark.parametrize(
    ("typed", "near", "slip"), [(75, True, ""), (75.4, True, ""), (76, False, ""), (133.2, False, "133")]
)
def test_typed_numbers_are_judged_within_the_tolerance(typed: float, near: bool, slip: str) -> None:
    assert draw.is_near(NUMERIC, typed) == near
    found = draw.slip(NUMERIC, typed)
    assert (found.text if found else "") == slip


def test_a_verdict_says_why_and_what_is_right() -> None:
    wrong = plain(draw.verdict(SINGLE, [1], is_correct=False).blocks)
    assert "“The second” · It does not." in wrong
    assert "The answer: The first" in wrong
    assert wrong.rstrip().endswith("So it is.")
    right = plain(draw.verdict(SINGLE, [0], is_correct=True).blocks)
    assert right.startswith("Right.")
    assert "The answer" not in right
    assert "75 percent" in plain(draw.verdict(NUMERIC, [], is_correct=False).blocks)
    assert "Begin\nGo on\nEnd" in plain(draw.verdict(ORDER, [1, 0, 2], is_correct=False).blocks)


def test_the_solution_gives_every_reason() -> None:
    told = plain(draw.solution(SINGLE, (2, 0, 1)))
    assert "✘ A. The third · It does not." in told
    assert "✔ B. The first · It does." in told
    assert "Go on · Second." in plain(draw.solution(ORDER, (1, 2, 0)))
    assert isinstance(Reply(draw.solution(NUMERIC, (0, 1))), Reply)
