"""The writing rules for one question: each mistake has its sentence, and good questions pass."""

from __future__ import annotations

import pytest

from bot.domain.questions.habits import habits
from bot.domain.questions.shapes import Question
from bot.domain.questions.spelling import british
from tests.domain.questions.samples import question


def told(one: Question) -> list[str]:
    return [sentence for _spot, sentence in habits(one)]


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (question("a", "It grows."), "asks no complete question"),
        (question("a", "It grows", kind="true-false"), "a statement that ends with a period"),
        (question("a", "Order them", kind="order"), "ends with a period or a question mark"),
        (question("a", "Which one is not a loss?"), "asks for what is not so"),
        (question("a", "All grow, except which?"), "asks for what is not so"),
        (question("a", "Which " + "regularization " * 7 + "grows?"), "7 long words"),
        (question("a", "Which " + "part " * 29 + "grows?"), "a sentence of 31 words"),
        (question("a", right="All of the above"), "speaks of other options"),
        (question("a", "Which?", "The first", "Both A and B", "The third"), "speaks of other options"),
        (question("a", "Which?", "The first", "None", "The third"), "speaks of other options"),
        (question("a", "Which?", "The first", "It always grows", "The third"), "“always” gives an option away"),
        (question("a", "Which?", "The first", "Only the second", "The third"), "“Only” stands in a wrong option alone"),
        (question("a", "Which?", "The first", "The second.", "The third"), "some options end with a period"),
        (
            question("a", "Which?", "The first", "the second", "The third"),
            "begin with a capital letter and some do not",
        ),
        (question("a", "Which?", "12", "The second", "The third"), "the right answer alone is a number"),
        (question("a", "Which?", "The first", "12", "13"), "the right answer alone is a number, or alone is none"),
        (question("a", "Which?", "The first", "First", "The third"), "says the same as “The first”"),
        (question("a", "Which?", "0.5", "0.50", "1"), "says the same as “0.5”"),
        (
            question("a", "Which?", "A very long and careful answer with reasons", "Short", "Brief"),
            "far longer than each",
        ),
        (question("a", "Which neighbour?"), "“neighbour” is British spelling; content writes “neighbor”"),
        (question("a", explanation="It is simply so."), "“simply” belittles"),
        (question("a", explanation="Yes!"), "exclamation mark"),
        (question("a", "Which `part`?"), "“`” is markup"),
        (question("a", explanation="It is **bold**."), "“**” is markup"),
        (question("a", details="A **colour** by `colour`."), "“colour” is British"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_habit_is_named(one: Question, sentence: str) -> None:
    assert any(sentence in said for said in told(one)), told(one)


@pytest.mark.parametrize(
    "one",
    [
        question("a"),
        question("a", "Which is NOT a loss?"),
        question("a", "What happens if columns are not scaled?"),
        question("a", "Why does the loss not fall?"),
        question("a", "Which check runs when a value is not equal (x != 3)?"),
        question("a", "Which?", "Only the first", "Only the second", "The third"),
        question("a", "Which?", "pandas reads it", "NumPy reads it", "Git stores it"),
        question("a", "Which?", "fit", "Transform", "predict"),
        question("a", "It grows.", "True: it has room", "False: it has none", "False: it is full", kind="true-false"),
        question("a", "How many?", "12", "13", "14"),
        question("a", details="See **this**."),
        question("a", "What prints this?", "[1]", "(1)", "1", kind="code", code="print([1])"),
    ],
    ids=lambda one: one.stem[:30],
)
def test_good_questions_pass(one: Question) -> None:
    assert told(one) == []


@pytest.mark.parametrize(
    ("word", "better"),
    [("Regularisation", "Regularization"), ("optimise", "optimize"), ("analysing", "analyzing"), ("colours", "colors"),
     ("modelling", "modeling"), ("labelled", "labeled"), ("centre", "center"), ("maths", "math"),
     ("behaviour", "behavior"), ("neighbouring", "neighboring"), ("tokeniser", "tokenizer"), ("grey", "gray")],
)  # fmt: skip
def test_british_words_are_found_with_the_american_ones(word: str, better: str) -> None:
    assert list(british(f"the {word} here")) == [(word, better)]


@pytest.mark.parametrize(
    "text",
    ["precise noise in four hours of your tour", "a wise exercise: compromise, promise and surprise otherwise",
     "supervised expertise, two analyses, controlled and compelled", "the labor of a laboratory, hourly detours",
     "characteristics, parallel, realistic, formalism, memory is small", "called, filled, spelling, rolling, intelligent"],
)  # fmt: skip
def test_american_words_are_left_alone(text: str) -> None:
    assert list(british(text)) == []
