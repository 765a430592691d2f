"""The daily quiz: one question a day for a community, at its hour, about what it studies and misses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.contributions import Coming
from bot.domain.questions.bank import Bank
from bot.domain.questions.body import dump
from bot.domain.questions.draw import shown_order
from bot.domain.questions.shapes import CHOICES, Level, Question
from bot.domain.tools import Tools
from bot.features.quiz import boards, rules
from bot.features.quiz.closing import Closing
from bot.features.quiz.rounds import COUNT
from bot.features.quiz.store import ASKED, RoundStore
from bot.kit.database import Transaction
from bot.kit.posting import Post
from bot.kit.preference import NOTHING, OneOf, Preference, Scope, TimeOfDay, as_time
from bot.kit.reply import Reply
from bot.kit.schedule import Daily, Due, Job, Once, Owner, Plan, Planned, Weekly
from bot.kit.text import Blocks
from bot.kit.wording import N_, _

NO_REPEAT: Final = timedelta(days=60)
LATELY: Final = timedelta(days=60)
"""How far back a community's studies say what it is interested in."""
DAILY: Final = "quiz.daily"
CLOSE: Final = "quiz.close"
CLOSE_LATE: Final = timedelta(days=60)
"""A round is closed even if the bot was down for weeks; otherwise it would stay open for ever."""
STYLES: Final = OneOf({"poll": N_("a poll, where the platform has quizzes of its own"), "buttons": N_("buttons")})
DAYS: Final = OneOf(
    {"daily": N_("every day"), "weekdays": N_("Monday to Friday"), "weekend": N_("Saturday and Sunday")}
)
_WEEK: Final = {"weekdays": frozenset(range(1, 6)), "weekend": frozenset((6, 7))}
OPEN_HOURS: Final = OneOf({"3": N_("3 hours"), "6": N_("6 hours"), "12": N_("12 hours"), "20": N_("20 hours")})


class DailyQuiz:
    """Plans and opens rounds; ``closing`` ends them."""

    def __init__(self, tools: Tools, topic_button: Callable[[str], Reply]) -> None:
        self._tools = tools
        self._rounds = RoundStore()
        self._pool: tuple[Bank, list[Question]] | None = None
        self.closing = Closing(tools, DAILY, topic_button)
        self.jobs = (
            Job(DAILY, self.open, title=N_("Daily quiz"), preview=self.preview, setting="quiz-at"),
            Job(CLOSE, self.closing.close),  # no title: nobody may skip it or bring it forward
            Job(COUNT, self.closing.count),
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
                "quiz-open", N_("Quiz closes after"),
                N_("Then the answer is told, with the reasons; never at night, but at 8."), OPEN_HOURS, "12", ours,
            ),
        )  # fmt: skip

    async def ending(self, tx: Transaction, _now: datetime) -> Coming | None:
        """Return when the next answer is told, of whichever community."""
        planned = await self._tools.schedules.soonest(tx, CLOSE)
        if planned is None or planned.due is None:
            return None
        return Coming(planned.due, _("The answer to the quiz"))

    def _example(self, _value: str) -> Blocks:
        return boards.example()

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
        base = await self._tools.shelf.bank()
        due = planned.due or self._tools.clock.now()
        day = due.astimezone(ZoneInfo(planned.plan.zone)).date().isoformat()

        question = await self._chosen(base, community, day)
        return (
            boards.asked(question, 0, shown_order(question, "0"), as_poll=False) if question else boards.example_card()
        )

    async def open(self, due: Due) -> None:
        """Ask the question of the day in every room of the community."""
        community = due.plan.plan.owner.community
        if community is None:
            return
        base = await self._tools.shelf.bank()
        now = self._tools.clock.now()
        chosen = await self._chosen(base, community, due.key)  # it takes a while, so it is chosen before others wait

        async def work(tx: Transaction) -> None:
            question = chosen
            bank = await self._tools.corrections.bank(tx, base, [community])
            if chosen is not None and bank.get(chosen.id) != chosen:  # retired or corrected in the meantime
                question = await self._choose(tx, base, community, due.key)
            if due.plan.plan.tag and await self._rounds.is_open(tx, community, int(now.timestamp())):
                return  # somebody pressed “Run now” twice, or while one is open
            rooms = await self._tools.preferences.rooms.rooms(tx, community)
            if not rooms or question is None:
                return
            ours = await self._tools.preferences.of(tx, Scope.COMMUNITY, community)
            opens = now.astimezone(ZoneInfo(due.plan.plan.zone))
            until = rules.closing(opens, int(self._of("quiz-open", ours)), due.next)
            kept = await self._rounds.open(
                tx, community, due.key, question.id, question.edition, rules.POINTS[Level(question.level)],
                int(now.timestamp()), int(until.timestamp()), dump(question),
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
                post = await self._tools.outbox.post(tx, Post(room.to, card, key, community, report_to=room.to))
                await self._rounds.show(tx, kept.id, post, ASKED, is_poll=as_poll)
            zone = due.plan.plan.zone
            local = until.astimezone(ZoneInfo(zone))
            if local.fold:  # the second of two hours with the same name; a time on the wall would mean the first
                zone, local = "UTC", until.astimezone(UTC)
            await self._tools.schedules.plan(
                tx,
                Plan(CLOSE, Owner(community=community), Once(local.replace(tzinfo=None, microsecond=0)), zone,
                     tag=str(kept.id), data={"round": kept.id}, grace=CLOSE_LATE),
            )  # fmt: skip

        await self._tools.database.write(work)

    async def _chosen(self, base: Bank, community: int, day: str) -> Question | None:
        async def work(tx: Transaction) -> Question | None:
            return await self._choose(tx, base, community, day)

        return await self._tools.database.read(work)

    def _questions(self, bank: Bank, base: Bank) -> list[Question]:
        """Return what may be asked of a community's bank."""
        if self._pool is not None and self._pool[0] is bank:
            return self._pool[1]
        places = self._tools.shelf.curriculum.places
        found = [question for question in bank if question.how in CHOICES and question.topic in places]
        if bank is base:
            self._pool = (base, found)
        return found

    async def _choose(self, tx: Transaction, base: Bank, community: int, day: str) -> Question | None:
        """Choose from the questions as the community has corrected them, without what it hid or retired."""
        bank = await self._tools.corrections.bank(tx, base, [community])
        now = self._tools.clock.now()
        rounds = await self._rounds.lately(tx, community, int((now - NO_REPEAT).timestamp()))
        studied = await self._tools.ledger.studied(tx, community, int((now - LATELY).timestamp()))
        past = {topic: rules.Past(one.deeds, one.answers, one.right) for topic, one in studied.items()}
        for one in rounds:
            if one.answers and (question := bank.get(one.question) or base.get(one.question)) is not None:
                before = past.get(question.topic, rules.Past())
                past[question.topic] = rules.Past(
                    before.deeds, before.answers + one.answers, before.right + one.right
                )  # fmt: skip
        stages = {topic: place.stage.number for topic, place in self._tools.shelf.curriculum.places.items()}
        leans = rules.leaning(past, stages)
        level = rules.level_of_round(community, await self._rounds.count(tx, community))
        asked = {one.question for one in rounds}
        return rules.of_the_day(self._questions(bank, base), leans, asked, level, f"{community}:{day}")
