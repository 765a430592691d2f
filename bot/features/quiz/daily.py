"""The daily quiz: one question a day for a community, closed with the reasons, and the boards made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.questions.draw import shown_order
from bot.domain.questions.shapes import CHOICES, Level, Question
from bot.domain.tools import Tools
from bot.features.quiz import boards, rules
from bot.features.quiz.learning import Learning
from bot.features.quiz.store import Line, RoundStore, Vote
from bot.kit.database import Transaction
from bot.kit.posting import Doubt, Post
from bot.kit.preference import NOTHING, OneOf, Preference, Scope, TimeOfDay, as_time
from bot.kit.reply import Reply
from bot.kit.request import Request
from bot.kit.schedule import Daily, Due, Job, Once, Owner, Plan, Planned, Weekly
from bot.kit.text import Blocks
from bot.kit.wording import N_

NO_REPEAT: Final = timedelta(days=60)
LATELY: Final = timedelta(days=60)
"""How far back a community's studies say what it is interested in."""
DAILY: Final = "quiz.daily"
CLOSE: Final = "quiz.close"
WAY: Final = "daily"
SPANS: Final = {"day": 1, "week": 7, "month": 30, "all": 36_500}
STYLES: Final = OneOf({"poll": N_("a poll, where the platform has quizzes of its own"), "buttons": N_("buttons")})
DAYS: Final = OneOf(
    {"daily": N_("every day"), "weekdays": N_("Monday to Friday"), "weekend": N_("Saturday and Sunday")}
)
_WEEK: Final = {"weekdays": frozenset(range(1, 6)), "weekend": frozenset((6, 7))}
OPEN_HOURS: Final = OneOf({"3": N_("3 hours"), "6": N_("6 hours"), "12": N_("12 hours"), "20": N_("20 hours")})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of somebody's vote; ``is_new`` is False if an earlier one counts."""

    question: Question
    vote: Vote
    is_new: bool
    is_closed: bool = False


class DailyQuiz:
    """Opens rounds, takes votes, closes rounds, and keeps the standings."""

    def __init__(self, tools: Tools, topic_button: Callable[[str], Reply]) -> None:
        self._tools = tools
        self._rounds = RoundStore()
        self._learning = Learning(tools)
        self._with_topic = topic_button
        self.jobs = (
            Job(DAILY, self.open, title=N_("Daily quiz"), preview=self.preview, setting="quiz-at"),
            Job(CLOSE, self.close, title=N_("Answer to the quiz")),
        )
        ours = Scope.COMMUNITY
        self.preferences = (
            Preference(
                "quiz-at", N_("Daily quiz"), N_("One question a day, at this hour."), TimeOfDay(may_be_off=True),
                NOTHING, ours, setup=40, preview=self._example, obey=self._replan,
            ),
            Preference(
                "quiz-days", N_("Days of the quiz"), N_("On which days it comes."), DAYS, "daily", ours,
                obey=self._replan_days,
            ),
            Preference(
                "quiz-style", N_("Look of the quiz"),
                N_("A poll shows everybody who chose what; buttons keep it to oneself."), STYLES, "poll", ours,
            ),
            Preference(
                "quiz-open", N_("Quiz closes after"), N_("Then the answer is told, with the reasons."), OPEN_HOURS,
                "12", ours,
            ),
        )  # fmt: skip

    def _example(self, value: str) -> Blocks:
        return () if value == NOTHING else boards.example()

    async def _replan(self, tx: Transaction, community: int, value: str) -> None:
        ours = await self._tools.preferences.of(tx, Scope.COMMUNITY, community)
        await self._plan(tx, community, value, self._of("quiz-days", ours), self._of("our-zone", ours))

    async def _replan_days(self, tx: Transaction, community: int, value: str) -> None:
        ours = await self._tools.preferences.of(tx, Scope.COMMUNITY, community)
        await self._plan(tx, community, self._of("quiz-at", ours), value, self._of("our-zone", ours))

    async def _plan(self, tx: Transaction, community: int, at: str, days: str, zone: str) -> None:
        owner = Owner(community=community)
        if at == NOTHING:
            for planned in await self._tools.schedules.of(tx, owner):
                if planned.plan.job == DAILY:
                    await self._tools.schedules.forget(tx, planned.id)
            return
        rule = Weekly(_WEEK[days], as_time(at)) if days in _WEEK else Daily(as_time(at))
        await self._tools.schedules.plan(tx, Plan(DAILY, owner, rule, zone))

    def _of(self, name: str, ours: object) -> str:
        assert isinstance(ours, dict)  # noqa: S101 - what Preferences.of returns
        return self._tools.preferences.declared[name].of(ours)

    async def preview(self, planned: Planned) -> Reply:
        """Show the question that would come now."""
        community = planned.plan.owner.community or 0
        questions = await self._questions()
        due = planned.due or self._tools.clock.now()
        day = due.astimezone(ZoneInfo(planned.plan.zone)).date().isoformat()

        async def work(tx: Transaction) -> Question | None:
            return await self._choose(tx, questions, community, day)

        question = await self._tools.database.read(work)
        return (
            boards.asked(question, 0, shown_order(question, "0"), as_poll=False) if question else boards.example_card()
        )

    async def open(self, due: Due) -> None:
        """Ask the question of the day in every room of the community."""
        community = due.plan.plan.owner.community
        questions = await self._questions()
        if community is None or not questions:
            return
        now = self._tools.clock.now()

        async def work(tx: Transaction) -> None:
            if due.plan.plan.tag and await self._rounds.is_open(tx, community, int(now.timestamp())):
                return  # somebody pressed “Run now” twice, or while one is open
            rooms = await self._tools.preferences.rooms.rooms(tx, community)
            question = await self._choose(tx, questions, community, due.key)
            if not rooms or question is None:
                return
            ours = await self._tools.preferences.of(tx, Scope.COMMUNITY, community)
            until = now + timedelta(hours=int(self._of("quiz-open", ours)))
            kept = await self._rounds.open(
                tx, community, due.key, question.id, question.edition, rules.POINTS[Level(question.level)],
                int(now.timestamp()), int(until.timestamp()),
            )  # fmt: skip
            if kept is None:
                return
            order = shown_order(question, str(kept.id))
            for room in rooms:
                as_poll = self._of("quiz-style", ours) == "poll"
                if as_poll and await self._rounds.is_channel(tx, room.to.platform, room.to.chat):
                    as_poll = False  # polls in channels hide who votes
                card = boards.asked(question, kept.id, order, as_poll=as_poll, closes=until, following=due.next)
                key = f"quiz:{kept.id}:{room.to.platform}"
                await self._tools.outbox.post(tx, Post(room.to, card, key, community, report_to=room.to))
            zone = due.plan.plan.zone
            wall = until.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
            await self._tools.schedules.plan(
                tx,
                Plan(CLOSE, Owner(community=community), Once(wall), zone, tag=str(kept.id), data={"round": kept.id},
                     grace=timedelta(days=2)),
            )  # fmt: skip

        await self._tools.database.write(work)

    async def close(self, due: Due) -> None:
        """Tell the answer, the tally and the reasons."""
        number = int(due.plan.plan.data.get("round", 0))
        bank = await self._tools.shelf.bank()
        now = int(self._tools.clock.now().timestamp())

        async def work(tx: Transaction) -> None:
            kept = await self._rounds.get(tx, number)
            if kept is None or not await self._rounds.close(tx, number, now):
                return
            question = bank.get(kept.question)
            if question is None:
                return
            tally = await self._rounds.tally(tx, number)
            plans = await self._tools.schedules.of(tx, Owner(community=kept.community))
            following = next((one.due for one in plans if one.plan.job == DAILY and one.due is not None), None)
            told = boards.closed(question, shown_order(question, str(kept.id)), tally, following)
            told = self._add_topic(told, question.topic)
            for room in await self._tools.preferences.rooms.rooms(tx, kept.community):
                key = f"quiz:{kept.id}:{room.to.platform}:closed"
                await self._tools.outbox.post(tx, Post(room.to, told, key, kept.community, doubt=Doubt.REPEAT))

        await self._tools.database.write(work)

    def _add_topic(self, told: Reply, topic: str) -> Reply:
        return replace(told, buttons=(*told.buttons, *self._with_topic(topic).buttons))

    async def vote(self, request: Request, number: int, choice: int) -> Verdict | None:
        """Take somebody's answer to a round; None: there is no such round or choice here."""
        bank = await self._tools.shelf.bank()
        person, now = request.asker.person, int(request.at.timestamp())

        async def work(tx: Transaction) -> Verdict | None:
            kept = await self._rounds.get(tx, number)
            question = bank.get(kept.question) if kept is not None else None
            if kept is None or question is None or kept.community != request.community:
                return None
            if not 0 <= choice < len(question.options):
                return None
            before = await self._rounds.vote_of(tx, number, person)
            if before is not None:
                return Verdict(question, before, is_new=False, is_closed=kept.closed_at is not None)
            correct = choice in question.right
            is_late = kept.closed_at is not None or now >= kept.closes_at
            vote = Vote(choice, correct, kept.points if correct and not is_late else 0, is_late)
            await self._rounds.vote(tx, number, person, vote, now)
            await self._learning.keep(
                tx, request, question, WAY, str(choice), correct=correct, community=kept.community
            )
            return Verdict(question, vote, is_new=True)

        return await self._tools.database.write(work)

    async def retract(self, request: Request, number: int) -> bool:
        """Take a vote back, where a platform lets people; return whether there was one."""
        person = request.asker.person

        async def work(tx: Transaction) -> bool:
            kept = await self._rounds.get(tx, number)
            if kept is None or kept.community != request.community or kept.closed_at is not None:
                return False
            return await self._rounds.retract(tx, number, person)

        return await self._tools.database.write(work)

    async def board(self, community: int, span: str, now: datetime) -> tuple[list[Line], int, int]:
        """Return the lines of a board, and the right answers of this week with what is aimed at."""
        since = int((now - timedelta(days=SPANS[span])).timestamp())
        week, before = int((now - timedelta(days=7)).timestamp()), int((now - timedelta(days=14)).timestamp())

        async def work(tx: Transaction) -> tuple[list[Line], int, int]:
            lines = await self._rounds.board(tx, community, since)
            right, _people = await self._rounds.together(tx, community, week, int(now.timestamp()) + 1)
            _right, people = await self._rounds.together(tx, community, before, week)
            return lines, right, rules.goal(people)

        return await self._tools.database.read(work)

    async def own(self, request: Request, community: int, span: str) -> tuple[int, int, int | None]:
        """Return the asker's points, right answers and place on a board; None: not on it."""
        since = int((request.at - timedelta(days=SPANS[span])).timestamp())
        person = request.asker.person

        async def work(tx: Transaction) -> tuple[int, int, int | None]:
            points, right = await self._rounds.own(tx, community, person, since)
            lines = await self._rounds.board(tx, community, since)
            places = rules.placed([line.points for line in lines])
            mine = next((place for line, place in zip(lines, places, strict=True) if line.person == person), None)
            return points, right, mine

        return await self._tools.database.read(work)

    async def _questions(self) -> list[Question]:
        bank = await self._tools.shelf.bank()
        places = self._tools.shelf.curriculum.places
        return [question for question in bank if question.how in CHOICES and question.topic in places]

    async def _choose(self, tx: Transaction, questions: list[Question], community: int, day: str) -> Question | None:
        now = self._tools.clock.now()
        asked = await self._rounds.asked(tx, community, int((now - NO_REPEAT).timestamp()))
        studied = await self._tools.ledger.studied(tx, community, int((now - LATELY).timestamp()))
        interest = {
            topic: 1 + min(one.answers, 20) / 10 + (1 - one.score if one.score is not None else 0)
            for topic, one in studied.items()
        }
        if not interest:  # nobody did anything yet: begin where everybody begins
            stages = self._tools.shelf.curriculum.stages[:2]
            interest = {topic.id: 1.0 for stage in stages for sub in stage.subtopics for topic in sub.topics}
            easier = [one for one in questions if one.topic in interest and Level(one.level) is not Level.HARD]
            questions = [one for one in easier if one.id not in asked] or questions
        return rules.of_the_day(questions, interest, asked, f"{community}:{day}")
