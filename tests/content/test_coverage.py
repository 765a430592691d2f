"""The questions that ship cover the whole roadmap: enough on each part, of each level, and for two years of daily quizzes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pytest

from bot.domain.questions.draw import shown_order
from bot.domain.questions.shapes import CHOICES, Kind, Question
from tests.content.test_questions import QUESTIONS
from tests.content.test_shipped import CURRICULUM, OPTIONAL

LEVELS = ("easy", "medium", "hard")
ROADMAP = {
    "python": (24, 14, 6),
    "math": (20, 22, 10),
    "data-analysis": (18, 16, 6),
    "ml-concepts": (20, 18, 8),
    "key-algorithms": (26, 30, 14),
    "first-projects": (8, 12, 6),
    "ensembles": (14, 20, 10),
    "neural-networks": (18, 24, 14),
    "feature-engineering": (14, 18, 8),
    "dl-frameworks": (12, 18, 10),
    "computer-vision": (14, 20, 12),
    "nlp": (16, 24, 14),
    "deployment": (12, 16, 8),
    "mlops": (12, 16, 8),
    "end-to-end-projects": (6, 10, 6),
    "latest-research": (8, 8, 4),
    "domain-specialization": (6, 10, 6),
    "open-source": (8, 8, 2),
}
"""How many easy, medium and hard questions each sub-topic has at least, with all its alternatives."""
ADDED = {
    "model-evaluation": (10, 16, 8),
    "hyperparameter-tuning": (6, 8, 4),
    "git": (6, 6, 2),
    "testing-ml": (4, 6, 2),
    "dimensionality-reduction": (5, 7, 3),
    "sql": (6, 8, 2),
    "docker": (5, 6, 2),
    "responsible-ai": (8, 8, 4),
    "interpretability": (4, 6, 4),
    "time-series": (4, 6, 4),
    "llms": (8, 12, 8),
    "prompting": (5, 5, 2),
    "rag": (6, 10, 6),
    "fine-tuning": (5, 10, 7),
    "agents": (5, 8, 5),
    "llm-evaluation": (4, 8, 6),
    "llm-serving": (3, 6, 5),
    "diffusion": (3, 6, 4),
    "reinforcement-learning": (5, 8, 6),
}
"""The same for topics that were added to the roadmap; these questions do not count for their sub-topic."""
CAREER = (24, 14, 2)
LEAST = ROADMAP | ADDED | {"career": CAREER}
ASKED = {
    "concept": (0.20, 0.40),
    "misconception": (0.20, 0.35),
    "diagnose": (0.08, 0.20),
    "choose-method": (0.06, 0.15),
    "code-reading": (0.06, 0.15),
    "numeric": (0.04, 0.12),
    "terminology": (0.03, 0.08),
}
"""Which share of the bank asks for what, at least and at most; questions of families add to the numeric ones."""
TWO_YEARS = 2 * 365
LETTER_AS_NAME = re.compile(
    r"\b(?i:model|group|shop|clinic|hospital|firm|paper|project|run|step|team|weight|event|cluster|class|matrix)(?:s|es)? [A-E]\b"
    r"|\b[A-E] (and|or|than|over) [A-E]\b|\b[A-E]'s\b"
)


def part_of(question: Question) -> str:
    """Return the row that a question counts for: its added topic, its sub-topic, or career."""
    if question.topic in ADDED:
        return question.topic
    place = CURRICULUM.places.get(question.topic)
    return "career" if place is None else place.subtopic.id


def gaps(questions: Iterable[Question]) -> list[str]:
    """Return each row and level that has fewer questions than it should have, in a sentence."""
    have: Counter[tuple[str, str]] = Counter((part_of(question), question.level) for question in questions)
    return [
        f"{part} has {have[part, level]} {level} questions; it needs {least}"
        for part, row in LEAST.items()
        for level, least in zip(LEVELS, row, strict=True)
        if have[part, level] < least
    ]


def test_every_part_has_enough_questions_of_each_level() -> None:
    assert gaps(QUESTIONS) == []


def test_a_part_that_lost_its_questions_is_named() -> None:
    left = [question for question in QUESTIONS if question.topic != "rag" or question.level != "hard"]
    assert gaps(left) == ["rag has 0 hard questions; it needs 6"]


def test_the_table_knows_every_part_of_the_roadmap() -> None:
    assert set(ROADMAP) == set(CURRICULUM.subtopics)
    assert set(ADDED) - OPTIONAL == {"model-evaluation", "hyperparameter-tuning", "git", "testing-ml"}
    assert set(ADDED) >= OPTIONAL
    assert sum(map(sum, ROADMAP.values())) >= 712
    assert sum(CAREER) >= 40


def test_topics_beyond_the_original_have_at_least_120_questions() -> None:
    assert sum(question.topic in OPTIONAL for question in QUESTIONS) >= 120


@pytest.mark.parametrize("topic", [*CURRICULUM.places])
def test_whoever_chooses_a_topic_finds_questions_of_each_level(topic: str) -> None:
    """Alternatives share a row of the table, but somebody who studies one of them meets only its questions."""
    asked = [question.level for question in QUESTIONS if question.topic == topic]
    assert len(asked) >= 7
    assert set(asked) == set(LEVELS)


def test_single_choice_lasts_for_two_years_of_daily_quizzes() -> None:
    singles = [question for question in QUESTIONS if question.how is Kind.SINGLE]
    assert len({question.stem for question in singles}) >= TWO_YEARS


def test_levels_are_mixed() -> None:
    share = {level: sum(question.level == level for question in QUESTIONS) / len(QUESTIONS) for level in LEVELS}
    assert 0.30 <= share["easy"] <= 0.45
    assert 0.35 <= share["medium"] <= 0.50
    assert 0.15 <= share["hard"] <= 0.30


@pytest.mark.parametrize("asks", ASKED)
def test_the_bank_asks_for_many_things(asks: str) -> None:
    least, most = ASKED[asks]
    assert least <= sum(question.asked == asks for question in QUESTIONS) / len(QUESTIONS) <= most


@pytest.mark.parametrize("count", [3, 4])
def test_the_right_answer_stands_at_each_place_about_equally_often(count: int) -> None:
    shown = [question for question in QUESTIONS if question.how in CHOICES and len(question.options) == count]
    places = Counter(shown_order(question, question.id).index(0) for question in shown)
    for place in range(count):
        assert 0.75 / count <= places[place] / len(shown) <= 1.25 / count, f"place {place + 1}: {places}"


@pytest.mark.parametrize("question", [one for one in QUESTIONS if one.how is not Kind.NUMERIC], ids=lambda one: one.id)
def test_letters_name_options_and_nothing_else(question: Question) -> None:
    """Options are shown as A, B, C; a model or group of that name makes an answer hard to tell."""
    for text in (question.stem, *(option.text for option in question.options)):
        assert not LETTER_AS_NAME.search(text), text
