"""Patterns over many questions are compared with chance, and told where they are clearest."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.questions.draw import shown_order
from bot.domain.questions.families import FAMILIES
from bot.domain.questions.lint import lint
from bot.domain.questions.seeds import Draws
from bot.domain.questions.shapes import Question
from bot.kit.problems import Problems
from tests.domain.questions.samples import question


def told(questions: Sequence[Question]) -> list[str]:
    problems = Problems()
    lint(questions, problems)
    return [str(problem) for problem in problems]


def word(draws: Draws, letters: int = 7) -> str:
    return "".join(draws.one_of("abcdefghijklmnopqrstuvwxyz") for _ in range(letters))


def various(number: int, right: str = "", *wrong: str) -> Question:
    """A question of words that no other has, with options of equal length."""
    draws = Draws(str(number))
    options = (right, *wrong) if right else tuple(word(draws).title() for _ in range(3))
    stem = " ".join(word(draws) for _ in range(8))
    return question(f"{number}", f"Which {stem} {number}?", *options, topic=f"t{number}")


def test_a_sound_bank_has_no_problem() -> None:
    assert told([various(number) for number in range(60)]) == []


def test_right_answers_that_are_often_the_longest_are_told_where_it_is_clearest() -> None:
    bank = [various(number, "A long enough answer", "A short one", "A brief one") for number in range(30)]
    bank[3] = various(3, "A long answer, far beyond others", "A short one, or so it is", "A brief one, or so it is")
    found = [line for line in told(bank) if "is the longest option" in line]
    assert 10 < len(found) < 30, "as many as are too many"
    assert "in 30 of 30 questions, by chance it would be 10" in found[0]


def test_a_few_questions_prove_no_pattern() -> None:
    assert told([various(number, "A long enough answer", "A short one", "A brief one") for number in range(8)]) == []


def test_right_answers_that_repeat_the_stem_are_told() -> None:
    bank = []
    for number in range(30):
        one = various(number)
        told_before = one.stem.split()[1]
        bank.append(
            question(f"{number}", one.stem, f"The {told_before}", "The others", "The nearby", topic=f"t{number}")
        )
    assert any("repeats most words of the stem" in line for line in told(bank))


def test_numbers_with_the_answer_always_in_the_middle_are_told() -> None:
    bank = [
        question(
            f"{number}", various(number).stem, str(50 + number), str(10 + number), str(90 + number), topic=f"t{number}"
        )
        for number in range(40)
    ]
    assert any("stands at place 2 of 3 in 40 of 40 questions; by chance it would be 13" in line for line in told(bank))


def test_shuffled_places_are_balanced_for_any_bank() -> None:
    places = [shown_order(one, one.id).index(0) for one in (various(number) for number in range(900))]
    assert all(250 < places.count(place) < 350 for place in range(3))


def test_nearly_the_same_question_is_told_once() -> None:
    first = question("a", "Which metric suits rare classes in a table of one million payments?")
    second = question("b", "Which metric suits the rare classes in a table of a million payments?")
    third = question("c", "How large is the output of a convolution without padding?")
    found = told([first, second, third])
    assert [line for line in found if "asks nearly the same as" in line] == [
        f"{second.spot}: “q-b” asks nearly the same as “q-a”"
    ]


def test_a_stem_that_tells_the_answer_to_another_is_told() -> None:
    asked = question("a", "Which penalty sets weights of a linear model to zero?", "Lasso", "Ridge", "Dropout")
    spoiler = question("b", "Lasso sets weights of a linear model to zero. What is the price?", "Bias", "Time", "Space")
    other = question("c", "Lasso was fitted. Which column was dropped first?", "Age", "Income", "Height")
    found = told([asked, spoiler, other])
    assert [line for line in found if "tells the answer" in line] == [
        f"{spoiler.spot}: the stem of “q-b” tells the answer to “q-a”: Lasso"
    ]


def test_too_many_long_options_are_told_the_longest_first() -> None:
    long = [various(number, *("x" * (60 + 3 * number + more) for more in range(3))) for number in range(5)]
    found = [line for line in told(long) if "keep options to 55" in line]
    assert len(found) == 15 - 3
    assert told([*(various(number) for number in range(9, 60)), *long]) == []


def test_a_thousand_questions_are_looked_at_within_seconds() -> None:
    import time

    begin = time.process_time()
    told([various(number) for number in range(1000)])
    assert time.process_time() - begin < 15


def test_generated_questions_give_no_pattern_away() -> None:
    bank = [family.make(str(seed)) for family in FAMILIES.values() for seed in range(4)]
    found = [line for line in told(bank) if "longest" in line or "repeats most" in line or "stands at place" in line]
    assert found == []
