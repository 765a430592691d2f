"""Decisions about answers: how hard a question is for somebody, what it teaches us, and what it is worth. Pure.

Skill and difficulty share one scale, as in Elo's ratings of chess players: 400 points are a factor of ten in the odds.
Guessing is reckoned with: among k options one is right by chance in one of k cases.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.domain.contributions import UNSURE, Mastered
from bot.domain.questions.seeds import Draws, weight
from bot.domain.questions.shapes import CHOICES, Kind, Level, Question

STARTS: Final = {Level.EASY: 1300.0, Level.MEDIUM: 1500.0, Level.HARD: 1700.0}
"""How hard a question is taken to be until people have answered it."""
SKILL_AT_FIRST: Final = 1400.0
SCALE: Final = 400.0
_MOST: Final = 120.0
"""How far the first answer moves a rating; later ones move it less."""
_LEAST_SKILL: Final = 24.0
"""A person learns, so their rating never settles."""
_LEAST_ITEM: Final = 4.0
SETTLING: Final = 0.18
"""How much smaller the steps of a rating become with each answer."""
LATELY: Final = 10
"""So many of somebody's answers about a topic are its latest ones."""
HALF: Final = 0.5
GROWING: Final = 0.35
"""What answers say at least of whom most of them were right: neither weak nor strong."""
MADE_OF: Final = 4
"""Of so many questions about a topic with made ones, one is made."""
ANY: Final = frozenset(("any", "anything", "alles", "beliebig", "egal"))
"""Words that say after ``/quiz`` that it may be about whatever suits."""
ASKED: Final = CHOICES | {Kind.NUMERIC, Kind.SEVERAL, Kind.ORDER}


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating and how many answers stand behind it."""

    value: float
    answers: int = 0


def first_rating(question: Question) -> Rating:
    """Return what a question's difficulty is taken to be before anybody answered."""
    return Rating(STARTS[Level(question.level)])


def by_chance(question: Question) -> float:
    """Return how likely somebody is right who knows nothing."""
    match question.how:
        case Kind.NUMERIC:
            return 0.0
        case Kind.SEVERAL | Kind.ORDER:
            return 0.05
        case _:
            return 1 / len(question.options)


def chance(skill: float, difficulty: float, guess: float) -> float:
    """Return the chance of a right answer, from ``guess`` to 1."""
    known = 1 / (1 + 10 ** ((difficulty - skill) / SCALE))
    return guess + (1 - guess) * known


def mastered(rating: Rating, lately: float = 0.0) -> float:
    """Return from 0 to 1 how well a topic is known: the chance of knowing, not guessing, a medium question.

    With few answers little is believed; without any it is 0. ``lately`` is the share of the latest answers that were
    right: more than half of them are no weakness, however easy the questions were; they show that somebody grows.
    """
    known = chance(rating.value, STARTS[Level.MEDIUM], 0.0)
    if lately > HALF:
        known = max(known, GROWING)
    return known * rating.answers / (rating.answers + UNSURE)


def extremes(mastery: Mapping[str, Mastered], most: int = 3) -> tuple[list[str], list[str]]:
    """Return the topics known best and worst, at most ``most`` of each; those of which too little is known are none."""
    known = sorted(mastery, key=lambda topic: (-mastery[topic].share, topic))
    strong = [topic for topic in known if mastery[topic].is_strong]
    weak = [topic for topic in reversed(known) if mastery[topic].is_weak]
    return strong[:most], weak[:most]


def learned(skill: Rating, item: Rating, guess: float, *, correct: bool) -> tuple[Rating, Rating]:
    """Return both ratings after an answer."""
    surprise = float(correct) - chance(skill.value, item.value, guess)
    person = _step(skill.answers)
    thing = max(_LEAST_ITEM, _MOST / (1 + SETTLING * item.answers))
    return (
        Rating(skill.value + person * surprise, skill.answers + 1),
        Rating(item.value - thing * surprise, item.answers + 1),
    )


def _step(answers: int) -> float:
    """Return how far an answer moves a person's rating after so many others."""
    return max(_LEAST_SKILL, _MOST / (1 + SETTLING * answers))


def judged_otherwise(answers: int, *, correct: bool) -> float:
    """Return by how much a rating changes if an answer turns out to be right, or wrong, after all.

    ``answers`` is how many came before it. Judging it back gives the same with the other sign.
    """
    return _step(answers) if correct else -_step(answers)


LEVELS: Final = {str(level): str(level) for level in Level} | {
    "leicht": "easy", "einfach": "easy", "mittel": "medium", "schwer": "hard", "schwierig": "hard",
}  # fmt: skip
"""What people call levels, in every language there is a catalogue for."""


def wanted(words: str) -> tuple[str, str, int | None]:
    """Return (topic, level, how many) of what was typed after ``/quiz``; empty, and None, where nothing was said.

    The level may stand anywhere. A number that comes last is how many; one that comes first, or stands alone, is a part
    of the roadmap, such as 2 or 1.2.
    """
    listed = words.split()
    level = next((LEVELS[word.lower()] for word in listed if word.lower() in LEVELS), "")
    listed = [word for word in listed if not level or LEVELS.get(word.lower()) != level]
    count = int(listed.pop()) if len(listed) > 1 and listed[-1].isdecimal() else None
    return " ".join(listed), level, count


def letters_of(text: str, count: int) -> tuple[int, ...] | None:
    """Return positions (from 0) of the letters somebody typed, such as ``ac`` or ``C, A, B``; None: not readable."""
    letters = [letter for letter in text.upper() if letter.isalnum()]
    places = [ord(letter) - ord("A") for letter in letters]
    if not places or any(not 0 <= place < count for place in places) or len(set(places)) != len(places):
        return None
    return tuple(places)


def share(correct: int, count: int) -> int:
    """Return percent, rounded; 0 of 0 is 0."""
    return round(100 * correct / count) if count else 0


def weakest(results: Sequence[tuple[str, bool]]) -> str | None:
    """Return the topic with the most wrong answers among (topic, right) pairs; None if all were right."""
    wrong: dict[str, int] = {}
    for topic, correct in results:
        if not correct:
            wrong[topic] = wrong.get(topic, 0) + 1
    return max(wrong, key=lambda topic: wrong[topic]) if wrong else None


POINTS: Final = {Level.EASY: 1, Level.MEDIUM: 2, Level.HARD: 3}
"""For a right answer in time to the question of the day."""
MIX: Final = (Level.EASY, Level.MEDIUM, Level.EASY, Level.MEDIUM, Level.HARD)
"""Levels of five rounds in a row, in an order of chance."""
BEGINNING: Final = 2
"""The stages in which everybody begins: from the first to this one."""
AT_FIRST: Final = 1.0
"""How much a community has to do with each topic of the beginning while it has studied none."""
ALWAYS: Final = 0.05
"""The same once it has studied some; for the others within its reach it is half of that."""
STUDIED_MOST: Final = 20
"""Deeds after which more of them make no difference."""
MISSED: Final = 2.0
"""What it adds if every answer about a topic was wrong."""
FEW: Final = 3
"""So many answers about a topic say half as much as ever so many."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a community did about a topic lately.

    ``deeds`` its members chose to do; ``answers`` they gave, also to questions everybody was asked; how many of these
    were ``right``.
    """

    deeds: int = 0
    answers: int = 0
    right: float = 0.0


@dataclass(frozen=True, slots=True)
class Leaning:
    """What a community may be asked about: how much it has to do with each topic, and which may be hard already."""

    topics: Mapping[str, float]
    hard: Collection[str]


def leaning(past: Mapping[str, Past], stages: Mapping[str, int]) -> Leaning:
    """Return what a community may be asked about, from what it studies and gets wrong.

    One stage beyond those it studies is within reach, and hard questions come only from those. What it studies is what
    its members chose: a question of the day says nothing of that, else quizzes would follow themselves.

    Args:
        past: by topic.
        stages: the number of the stage of every topic on the roadmap.
    """
    highest = max((stages[topic] for topic, one in past.items() if one.deeds and topic in stages), default=0)
    topics: dict[str, float] = {}
    for topic, stage in stages.items():
        if stage > max(highest + 1, BEGINNING):
            continue
        one = past.get(topic, Past())
        interest = (ALWAYS if highest else AT_FIRST) if stage <= BEGINNING else ALWAYS / 2
        if one.deeds:
            interest += 1 + min(one.deeds, STUDIED_MOST) / 10
        topics[topic] = interest + MISSED * (one.answers - one.right) / (one.answers + FEW)
    return Leaning(topics, {topic for topic in topics if stages[topic] <= highest})


def level_of_round(community: int, number: int) -> Level:
    """Return how hard the question of a community's round is to be; ``number`` is how many it has had."""
    turn, place = divmod(number, len(MIX))
    return Draws(f"{community}:{turn}:level").shuffled(MIX)[place]


def of_the_day(
    questions: Sequence[Question], leans: Leaning, asked: Collection[str], level: Level, seed: str
) -> Question | None:
    """Return the question of a day.

    Args:
        questions: to choose from; those with one right choice.
        leans: what the community may be asked about. Others come only if nothing else is left.
        asked: ids of questions asked lately; they come only if nothing else is left at all.
        level: how hard it is to be, if there are such questions.
        seed: names the community and the day.
    """
    left = [question for question in questions if question.id not in asked] or questions
    suits = [
        question for question in left
        if question.topic in leans.topics and (Level(question.level) is not Level.HARD or question.topic in leans.hard)
    ] or left  # fmt: skip
    pool = [question for question in suits if Level(question.level) is level] or suits

    def drawn(question: Question) -> float:
        """Return a number of chance, higher for what matters: a weighted draw without replacement."""
        draw = (weight(seed, question.id) + 1) / 2**64
        return float(draw ** (1 / leans.topics.get(question.topic, ALWAYS / 2)))

    return max(pool, key=drawn, default=None)


NIGHT: Final = (22, 8)
"""From and to which hour of the wall nobody is told anything."""


def closing(opened: datetime, hours: int, following: datetime | None) -> datetime:
    """Return when a round ends that opens at ``opened`` (aware, in the community's zone).

    After so many hours; an end in the night waits for the morning, unless the next round comes before that.
    """
    until = (opened.astimezone(UTC) + timedelta(hours=hours)).astimezone(opened.tzinfo)
    begins, ends = NIGHT
    if ends <= until.hour < begins:
        return until
    day = until.date() + timedelta(days=until.hour >= begins)
    morning = datetime.combine(day, time(ends), opened.tzinfo)
    return until if following is not None and morning >= following else morning


def placed(points: Sequence[int]) -> list[int]:
    """Return the place of each, for points from high to low: equal points share a place (1, 2, 2, 4)."""
    places: list[int] = []
    for number, mine in enumerate(points):
        places.append(places[-1] if number and points[number - 1] == mine else number + 1)
    return places


def periods(day: date) -> dict[str, str]:
    """Return the name of the day, week (from Monday), month and whole that a day on a wall belongs to, by span."""
    week = (day.toordinal() - _EPOCH + 3) // 7  # counted from that of 1970-01-01, a Thursday
    return {"day": f"d{day.isoformat()}", "week": f"w{week}", "month": f"m{day.isoformat()[:7]}", "all": "all"}


_EPOCH: Final = date(1970, 1, 1).toordinal()


def goal(active: int) -> int:
    """Return how many right answers a community aims at in a week, from how many answered in the last one."""
    return max(10, 4 * active)


@dataclass(frozen=True, slots=True)
class QuizDay:
    """A day on which a community had a quiz, and whether somebody answered in time, or still may."""

    community: int
    day: str
    is_answered: bool
    is_open: bool


TOLD: Final = (3, 7, 14, 30, 50)
"""Days in a row that are worth a word; then every fifty."""
FORGIVEN_EVERY: Final = 7
"""Among so many quiz days in a row, one may be missed."""


def streak(days: Sequence[QuizDay]) -> int:
    """Return on how many days in a row somebody answered, right or wrong.

    Args:
        days: the quiz days of one community, latest first; days without a quiz are not among them and break nothing.
    """
    answered: dict[str, bool] = {}
    for day in days:
        if day.is_answered or not day.is_open:  # what may still be answered is not missed
            answered[day.day] = answered.get(day.day, False) or day.is_answered
    count, since_missed = 0, FORGIVEN_EVERY
    for is_answered in answered.values():
        if not is_answered:
            if since_missed < FORGIVEN_EVERY:
                break
            since_missed = 0
        since_missed += 1
        count += is_answered
    return count


def is_worth_telling(streak: int) -> bool:
    """Whether so many days in a row get a word."""
    return streak in TOLD or (streak > TOLD[-1] and streak % 50 == 0)


def discrimination(answers: Sequence[tuple[bool, float]]) -> float | None:
    """Return the correlation (-1 to 1) of being right with a rating; None under ten answers or if either never varies.

    Near 1: who knows the topic is right and who does not is wrong. Around 0: the question tells nothing of that.
    """
    count = len(answers)
    if count < FEWEST:
        return None
    mean_right = sum(right for right, _rating in answers) / count
    mean = sum(rating for _right, rating in answers) / count
    both = sum((right - mean_right) * (rating - mean) for right, rating in answers)
    spread = sum((right - mean_right) ** 2 for right, _rating in answers) * sum(
        (rating - mean) ** 2 for _right, rating in answers
    )
    return max(-1.0, min(1.0, both / spread**0.5)) if spread > 1e-9 else None


FEWEST: Final = 10
"""Answers under which nothing is said of how well a question tells who knows its topic."""
