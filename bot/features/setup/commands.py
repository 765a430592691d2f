"""``/setup``: one question after another, each of which some feature declared.

Every card carries what it asks in its buttons, so that it goes on after a restart, and two moderators who set up at
once only see the latest of what either chose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.domain.community import posting_place
from bot.domain.community.kinds import Zone, local_time
from bot.domain.community.zones import zones
from bot.domain.speech import answering_with
from bot.domain.tools import Tools
from bot.features.setup import actions, replies
from bot.features.setup.replies import LOOK, ROOM, Changed
from bot.kit.command import Area, BadArgumentError, command
from bot.kit.database import Transaction
from bot.kit.degrade import called
from bot.kit.feature import Arrival, handles
from bot.kit.platform import Room
from bot.kit.posting import Doubt, GoneError, Post
from bot.kit.preference import NOTHING, OneOf, Preference, Scope, TimeOfDay
from bot.kit.reply import Reply
from bot.kit.request import Request, Role, Setting
from bot.kit.schedule import Owner
from bot.kit.text import Spans
from bot.kit.wording import N_, _, say

PLACE_OF_ROOM: Final = 30
PLACE_OF_LOOK: Final = 45
QUIZ: Final = "quiz-at"
RECENT: Final = timedelta(hours=1)
MOST_SHOWN: Final = 8
_DONE: Final = "done"
FINISHED: Final = Preference(
    "set-up", N_("Set-up"), N_("Whether the last question of the set-up was answered once."),
    OneOf({_DONE: N_("done"), NOTHING: N_("not yet")}), NOTHING, Scope.COMMUNITY, is_listed=False,
)  # fmt: skip


class SetupCommands:
    """Leads moderators through the steps."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._preferences = tools.preferences

    async def greet(self, arrival: Arrival) -> None:
        """Post the first message where the bot was let in."""

        async def work(tx: Transaction) -> None:
            key = f"setup:hello:{arrival.here.platform}:{arrival.here.chat}:{arrival.event}"
            await self._tools.outbox.post(
                tx, Post(arrival.here, replies.hello(), key, arrival.community, doubt=Doubt.REPEAT)
            )

        await self._tools.database.write(work)

    @command(
        "setup",
        N_("Set me up here, in a few taps"),
        example="/setup",
        area=Area.RUN,
        private=True,
        needs=Role.MODERATOR,
    )
    async def setup(self, request: Request) -> Reply:
        """Ask the first question."""
        return await self._ask(request, "")

    @handles(actions.BEGIN, needs=Role.MODERATOR)
    async def begin(self, request: Request) -> Reply:
        """Ask the first question, from a button."""
        return await self._ask(request, "")

    @handles(actions.STEP, needs=Role.MODERATOR)
    async def step(self, request: Request, name: str) -> Reply:
        """Ask a certain question; an unknown one leads to the first."""
        return await self._ask(request, name)

    @handles(actions.SET, needs=Role.MODERATOR)
    async def set(self, request: Request, name: str, value: str) -> Reply:
        """Take an answer and ask the next question."""
        preference = self._preferences.declared.get(name)
        if preference is None or request.community is None:
            return await self._ask(request, name)
        try:
            value = preference.kind.read(value)
        except BadArgumentError as error:
            return replies.refused(error.sentence, preference)
        return await self._save(request, preference, value)

    @handles(actions.TYPE, needs=Role.MODERATOR)
    async def type(self, request: Request, name: str) -> Reply:
        """Let an answer be typed."""
        preference = self._preferences.declared.get(name)
        if preference is None or not preference.kind.is_open:
            return await self._ask(request, name)
        return replies.ask(preference, next(iter(preference.kind.choices), ""))

    @handles(actions.TYPED, needs=Role.MODERATOR)
    async def typed(self, request: Request, name: str) -> Reply:
        """Take what was typed and ask the next question."""
        return await self.set(request, name, request.values.get("value", ""))

    @handles(actions.ROOM, needs=Role.MODERATOR)
    async def room(self, request: Request, thread: str) -> Reply:
        """Post in a place from now on, if that is possible there; ask the next question."""
        if request.community is None or request.here is None:
            return replies.only_in_communities()
        community = request.community
        offered, _told = await posting_place.rooms_near(self._tools, request, request.here)
        chosen = next((room for room in offered if room.to.thread == thread), None)
        if chosen is None:
            return replies.gone(_("it is not there any more"))
        try:
            lacking = await posting_place.lacking_in(self._tools, chosen.to)
        except GoneError as error:
            return replies.gone(str(error))
        changed = None
        if not any(one.vital for one in lacking):

            async def work(tx: Transaction) -> Changed | None:
                before = await self._preferences.rooms.room(tx, community, chosen.to.platform)
                values = await self._preferences.of(tx, Scope.COMMUNITY, community)
                if not await self._preferences.use_room(tx, community, chosen, by=request.asker.person, at=request.at):
                    return None
                if not _is_finished(values):
                    return None
                number = (await self._own_changes(tx, community, request.asker.person, request.at))[0]
                was = before.title if before is not None else _("none chosen yet")
                return Changed(_("Place"), was, chosen.title, number)

            changed = await self._tools.database.write(work)
        following = _after(ROOM, self._steps(request, request.settings))
        if lacking:
            return replies.with_change(replies.lacks(chosen, lacking, following), changed)
        return replies.with_change(await self._ask(request, following), changed)

    @handles(actions.DONE, needs=Role.MODERATOR)
    async def done(self, request: Request) -> Reply:
        """Show what happens when."""
        return await self._finish(request)

    @handles(actions.UNDO, needs=Role.MODERATOR)
    async def undo(self, request: Request) -> Reply:
        """Take back what the asker changed here within the last hour."""
        if (community := request.community) is None:
            return replies.only_in_communities()
        person = request.asker.person

        async def work(tx: Transaction) -> int:
            own = await self._own_changes(tx, community, person, request.at)
            outcomes = [await self._preferences.undo(tx, community, change, by=person, at=request.at) for change in own]
            return sum(outcome.change is not None for outcome in outcomes)

        return replies.undone(await self._tools.database.write(work))

    @handles(actions.REVERT, needs=Role.MODERATOR)
    async def revert(self, request: Request, change: int) -> Reply:
        """Take back one of what the asker changed here within the last hour."""
        if (community := request.community) is None:
            return replies.only_in_communities()
        person = request.asker.person

        async def work(tx: Transaction) -> str | None:
            if change not in await self._own_changes(tx, community, person, request.at):
                return None
            outcome = await self._preferences.undo(tx, community, change, by=person, at=request.at)
            if outcome.change is None:
                return None
            preference = self._preferences.declared.get(outcome.change.name)
            return _(preference.label) if preference is not None else _("Place")

        return replies.reverted(await self._tools.database.write(work))

    def _steps(self, request: Request, values: Mapping[str, str]) -> list[str]:
        """Return the names of all questions that are asked in a place, in their order."""
        asked = [(one.setup, one.name) for one in self._preferences.declared.values() if one.setup is not None]
        if self._has_looks(request, values):
            asked.append((PLACE_OF_LOOK, LOOK))
        return [name for _place, name in sorted([*asked, (PLACE_OF_ROOM, ROOM)])]

    def _has_looks(self, request: Request, values: Mapping[str, str]) -> bool:
        """Whether there is a quiz, and it matters here whether it is a poll."""
        declared = self._preferences.declared
        if LOOK not in declared or QUIZ not in declared or declared[QUIZ].of(values) == NOTHING:
            return False
        surroundings = self._tools.surroundings(request.here.platform) if request.here is not None else None
        return surroundings is not None and surroundings.marks_polls and request.setting is Setting.GROUP

    async def _ask(self, request: Request, name: str) -> Reply:
        if request.community is None or request.here is None:
            return replies.only_in_communities()
        if name == "done":
            return await self._finish(request)
        community, platform = request.community, request.here.platform

        async def look(tx: Transaction) -> tuple[Room | None, Mapping[str, str]]:
            room = await self._preferences.rooms.room(tx, community, platform)
            return room, await self._preferences.of(tx, Scope.COMMUNITY, community)

        current, values = await self._tools.database.read(look)
        steps = self._steps(request, values)
        number = steps.index(name) + 1 if name in steps else 1
        name, back = steps[number - 1], steps[number - 2] if number > 1 else ""
        if name == ROOM:
            offered, told = await posting_place.rooms_near(self._tools, request, request.here)
            asked = replies.where(offered, current, number, len(steps), back=back, told=told)
        elif name == LOOK:
            preference = self._preferences.declared[LOOK]
            asked = replies.look(preference, preference.of(values), number, len(steps), back=back)
        else:
            preference = self._preferences.declared[name]
            value, guessed, hint = self._guess(request, preference, values.get(name))
            asked = replies.step(preference, value, number, len(steps), back=back, guessed=guessed, hint=hint)
        return replies.again(asked) if _is_finished(values) else asked

    def _guess(self, request: Request, preference: Preference, known: str | None) -> tuple[str, bool, Spans]:
        """Return the value to offer first, whether it is a guess, and a line to check it by."""
        value, guessed = known or preference.default, False
        if isinstance(preference.kind, Zone):
            own, spoken = request.asker.zone, zones().guess(request.asker.language)
            if value == preference.default and (guess := own if own != "UTC" else spoken) is not None:
                value, guessed = guess, True
            clock = local_time(value, request.at)
            return value, guessed, say(_("It is {time} there now."), time=clock)
        if known is None and request.asker.language.partition("-")[0] in preference.kind.choices:
            value = request.asker.language.partition("-")[0]
        return value, guessed, ()

    async def _save(self, request: Request, preference: Preference, value: str) -> Reply:
        assert request.community is not None  # noqa: S101 - looked at before
        community = request.community

        async def work(tx: Transaction) -> tuple[str, tuple[str, int] | None]:
            """Return what is asked next; also the value before and the change's number, if it is one of a set-up."""
            by, at = request.asker.person, request.at
            values = await self._preferences.of(tx, Scope.COMMUNITY, community)
            following = _after(preference.name, self._steps(request, {**values, preference.name: value}))
            before = await self._preferences.change(tx, preference, community, value, by=by, at=at)
            own = await self._own_changes(tx, community, by, at)
            if following == "done":
                await self._preferences.change(tx, FINISHED, community, _DONE, by=by, at=at)
            return following, ((before, own[0]) if before is not None and _is_finished(values) else None)

        following, changed = await self._tools.database.write(work)
        with answering_with(self._tools, request, preference, value):
            asked = await self._ask(request, following)
            if changed is None:
                return asked
            show = preference.kind.show
            return replies.with_change(asked, Changed(_(preference.label), show(changed[0]), show(value), changed[1]))

    async def _finish(self, request: Request) -> Reply:
        if (community := request.community) is None:
            return replies.only_in_communities()

        async def work(tx: Transaction) -> tuple[list[tuple[str, str]], list[tuple[datetime, str]], str, bool]:
            values = await self._preferences.of(tx, Scope.COMMUNITY, community)
            declared = self._preferences.declared
            zone = declared["our-zone"].of(values)
            facts: list[tuple[str, str]] = []
            for name in self._steps(request, values):
                if name == ROOM:
                    rooms = await self._preferences.rooms.rooms(tx, community)
                    facts.append((_("Place"), ", ".join(room.title for room in rooms) or _("none chosen yet")))
                elif name == LOOK:
                    facts.append((_(declared[name].label), replies.look_of(declared[name].of(values))))
                else:
                    facts.append((_(declared[name].label), _in_zone(declared[name], values, zone)))
            coming: list[tuple[datetime, str]] = []
            jobs = self._tools.jobs()
            for planned in await self._tools.schedules.of(tx, Owner(community=community)):
                job = jobs.get(planned.plan.job)
                if planned.due is not None and job is not None and job.title:
                    coming.append((planned.due, _(job.title)))
            own = await self._own_changes(tx, community, request.asker.person, request.at)
            return facts, sorted(coming)[:MOST_SHOWN], zone, bool(own)

        facts, coming, zone, may_undo = await self._tools.database.read(work)
        return replies.finished(facts, coming, zone, may_undo=may_undo)

    async def _own_changes(self, tx: Transaction, community: int, person: int, now: datetime) -> list[int]:
        """Return the changes somebody made within the last hour, the latest first."""
        since = (now - RECENT).timestamp()
        found = await self._preferences.changes_by(tx, community, person, int(since))
        return [change.id for change in found if not change.undone]


def _after(name: str, steps: Sequence[str]) -> str:
    """Return the question after one; “done” after the last."""
    following = steps.index(name) + 1 if name in steps else 0
    return steps[following] if following < len(steps) else "done"


def _is_finished(values: Mapping[str, str]) -> bool:
    """Whether a community answered every question before."""
    return FINISHED.of(values) == _DONE


def _in_zone(preference: Preference, values: Mapping[str, str], zone: str) -> str:
    """Return a value in words; an hour with the clock it is on, since the moments below may be on the reader's."""
    words = preference.words(values)
    is_hour = isinstance(preference.kind, TimeOfDay) and preference.of(values) != NOTHING
    return _("{time} ({zone})").format(time=words, zone=called(zone)) if is_hour else words
