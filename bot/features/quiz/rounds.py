"""Answers to the quiz of the day: the first one in time counts, whatever comes later is for learning alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import Final

from bot.domain.questions.shapes import Question
from bot.domain.tools import Tools
from bot.features.quiz import rules
from bot.features.quiz.learning import Learning
from bot.features.quiz.store import (
    ANEW,
    ASKED,
    CLOSED,
    FIRST,
    TAKEN_BACK,
    Earlier,
    Round,
    RoundStore,
    StandingsStore,
    Vote,
)
from bot.features.quiz.wordings import GONE, Wordings, wordings
from bot.kit.database import Transaction
from bot.kit.request import Request
from bot.kit.schedule import Once, Owner, Plan

COUNT: Final = "quiz.count"
COUNT_AFTER: Final = timedelta(seconds=20)
"""How long votes are gathered before the cards tell how many there are."""
STREAK_ROUNDS: Final = 400
"""Latest rounds of a community in which days in a row are looked for."""
STREAK_LOOK: Final = 12
"""Rounds that show whether there are enough days in a row to look at more."""
WAY: Final = "daily"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of somebody's vote.

    Attributes:
        question: as it reads now.
        chosen: positions of their choice in it; none if the option was dropped since.
        vote: the one that counts.
        is_new: False if an earlier one counts.
        is_closed: whether the round was closed when it came.
        streak: days in a row, where that is worth telling; else 0.
    """

    question: Question
    chosen: tuple[int, ...]
    vote: Vote
    is_new: bool
    is_closed: bool = False
    streak: int = 0


class Rounds:
    """Takes votes and gives them back."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._rounds = RoundStore()
        self._standings = StandingsStore()
        self._learning = Learning(tools)

    async def vote(self, request: Request, number: int, choice: int) -> Verdict | None:
        """Take somebody's answer to a round; None: there is no such round or choice here.

        A vote counts as coming at ``request.at``: a platform that knows it was given before the end says so there.
        """
        bank = await self._tools.shelf.bank()
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Verdict | None:
            kept = await self._rounds.get(tx, number)
            if kept is None or kept.community != request.community:
                return None
            words = wordings(kept, bank.get(kept.question))
            if words is None or not words.is_choice(choice):
                return None
            before = await self._rounds.vote_of(tx, number, person)
            if before is not None and before.again != TAKEN_BACK:
                is_closed = kept.closed_at is not None
                return Verdict(words.now, words.chosen(before.choice), before, is_new=False, is_closed=is_closed)
            vote = _judged(kept, words, choice, now, again=FIRST if before is None else ANEW)
            await self._rounds.vote(tx, number, person, vote, now)
            if before is None:  # after the verdict nobody learns from pressing another option
                await self._learning.keep(
                    tx, request, words.now, WAY, chosen_text(words, choice), correct=vote.correct,
                    community=kept.community,
                )  # fmt: skip
            if vote.is_late:
                return Verdict(words.now, words.chosen(choice), vote, is_new=True)
            await self._expect_count(tx, kept)
            streak = await self._streak_to_tell(tx, kept.community, person, now) if vote.again == FIRST else 0
            return Verdict(words.now, words.chosen(choice), vote, is_new=True, streak=streak)

        return await self._tools.database.write(work)

    async def retract(self, request: Request, number: int) -> bool:
        """Take a vote back, where a platform lets people; return whether there was one.

        Its points go, and an answer given after that brings none: the verdict was seen.
        """
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> bool:
            kept = await self._rounds.get(tx, number)
            if kept is None or kept.community != request.community:
                return False
            if kept.closed_at is not None or now >= kept.closes_at:
                return False
            if not await self._rounds.retract(tx, number, person):
                return False
            await self._expect_count(tx, kept)
            return True

        return await self._tools.database.write(work)

    async def _expect_count(self, tx: Transaction, kept: Round) -> None:
        """See to it that a round's posts tell how many answered, soon and not too often."""
        part = ASKED if kept.closed_at is None else CLOSED
        if kept.count_at is not None or not await self._rounds.shown(tx, kept.id, part):
            return
        at = (self._tools.clock.now() + COUNT_AFTER).astimezone(UTC)
        await self._rounds.expect_count(tx, kept.id, int(at.timestamp()))
        await self._tools.schedules.plan(
            tx,
            Plan(COUNT, Owner(community=kept.community), Once(at.replace(tzinfo=None, microsecond=0)), "UTC",
                 tag=str(kept.id), data={"round": kept.id}, grace=timedelta(hours=20)),
        )  # fmt: skip

    async def _streak_to_tell(self, tx: Transaction, community: int, person: int, now: int) -> int:
        for most in (STREAK_LOOK, STREAK_ROUNDS):
            days = await self._standings.days(tx, person, now, most=most, community=community)
            if (streak := rules.streak(days)) < rules.TOLD[0]:
                return 0
        return streak if rules.is_worth_telling(streak) else 0


def _judged(kept: Round, words: Wordings, choice: int, now: int, *, again: int) -> Vote:
    correct = words.is_right(choice)
    is_late = now >= kept.closes_at
    return Vote(choice, correct, points(kept, correct=correct, is_late=is_late, again=again), is_late, again)


def points(kept: Round, *, correct: bool, is_late: bool, again: int) -> int:
    """Return what a vote brings: the first answer of somebody, right and in time."""
    return kept.points if correct and not is_late and again == FIRST else 0


def judged_anew(kept: Round, words: Wordings, vote: Vote) -> Vote:
    """Return a vote as the question reads now."""
    correct = words.is_choice(vote.choice) and words.is_right(vote.choice)
    worth = points(kept, correct=correct, is_late=vote.is_late, again=vote.again)
    return replace(vote, correct=correct, points=worth)


def first_choice(words: Wordings, vote: Vote, answer: Earlier) -> int | None:
    """Return which option, as asked, somebody chose before they took it back, if they did; None: nobody knows any more.

    ``words`` are those in which ``answer`` was kept; a later vote has another choice.
    """
    if vote.again != ANEW:
        return vote.choice
    place = int(answer.chosen) if answer.chosen.isdecimal() else GONE  # what was dropped since has no position
    if answer.edition == words.now.edition and place in words.places and place != GONE:
        return words.places.index(place)
    return place if answer.edition == words.asked.edition and words.is_choice(place) else None


def chosen_text(words: Wordings, choice: int) -> str:
    """Return a choice as ``quiz_answer`` keeps it, by the question as it reads now."""
    return ",".join(map(str, words.chosen(choice)))
