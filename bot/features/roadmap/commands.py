"""What people type and press to find their way on the roadmap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.contributions import EntryButton
from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.curriculum.lookup import EVERYTHING, Entry, Kind
from bot.domain.curriculum.names import normal
from bot.domain.curriculum.shapes import Topic
from bot.domain.tools import Tools
from bot.features.roadmap import actions, rules
from bot.features.roadmap.replies import cards, map, marks  # noqa: A004 - a roadmap's map
from bot.features.roadmap.replies.progress import progress
from bot.features.roadmap.rules import Standing, Status
from bot.features.roadmap.service import RoadmapService
from bot.kit.command import Area, Param, command
from bot.kit.feature import handles
from bot.kit.reply import Button, Reply, notice
from bot.kit.request import Request, Role, Setting
from bot.kit.text import Divider
from bot.kit.wording import N_, _

SHARED_FOR_DAYS = 1
"""A button to share works today and tomorrow, so that nobody who left shares for years."""
NAMED = 3
"""So many of the topics marked at once are named."""
TO_MARK = frozenset((Kind.SUBTOPIC, Kind.TOPIC))


class RoadmapCommands:
    """``/roadmap``, ``/next``, ``/done`` and ``/progress``, and the buttons on their cards."""

    def __init__(self, tools: Tools, service: RoadmapService) -> None:
        self._tools = tools
        self._service = service

    @property
    def _curriculum(self) -> Curriculum:
        return self._tools.shelf.curriculum

    @command(
        "roadmap",
        N_("The road from first steps to research: six stages, every topic"),
        params=(Param("what", N_("A stage, a number such as 1.2, or a topic"), suggests="entry"),),
        example="/roadmap 1.2",
        area=Area.LEARN,
        needs=Role.STRANGER,
    )
    async def roadmap(self, request: Request, what: str = "") -> Reply:
        """Show the whole roadmap, or the entry that was named."""
        standing = await self._standing(request)
        if not what:
            return map.overview(self._curriculum, standing)
        found = self._tools.shelf.indexes.lookup.find(what, EVERYTHING)
        if found.entry is not None:
            return self._show(found.entry, standing)
        return map.not_found(what, [self._open(guess) for guess in found.guesses])

    @command(
        "next", N_("One thing to do now, and why"), example="/next", area=Area.LEARN, private=True, needs=Role.STRANGER
    )
    async def next(self, request: Request) -> Reply:
        """Offer one thing to do now."""
        return await self._next(request, 0)

    @command(
        "done",
        N_("Mark something as learned"),
        params=(Param("topic", N_("What you finished, in words or as a number"), suggests="topic"),),
        example="/done linear algebra",
        area=Area.PROGRESS,
        private=True,
        needs=Role.STRANGER,
    )
    async def done(self, request: Request, topic: str = "") -> Reply:
        """Mark a topic or sub-topic as done."""
        if not topic:
            standing = await self._service.standing(request.asker.person)
            steps = await self._service.steps(request.asker, request.at)
            return marks.what_is_done(self._curriculum, standing, steps)
        found = self._tools.shelf.indexes.lookup.find(topic, EVERYTHING)
        if found.entry is None:
            found = self._tools.shelf.indexes.lookup.find(topic, TO_MARK)
        if found.entry is None:
            guesses = [self._mark_button(guess) for guess in found.guesses]
            return map.not_found(topic, [guess for guess in guesses if guess is not None])
        entry = self._on_roadmap(found.entry)
        if entry.kind is Kind.STAGE:
            return marks.too_big(self._curriculum.stage_ids[entry.id].number)
        if entry.kind in TO_MARK and not (found.exact and self._is_its_name(topic, entry.id)):
            if (spotted := self._curriculum.places.get(entry.id)) is not None:
                data = actions.TOPIC.data(topic=entry.id)
                return marks.really(topic, spotted.topic.title, entry.id, spotted.topic.hours, data)
            subtopic = self._curriculum.subtopics[entry.id]
            length = sum(part.hours for part in rules.to_mark(subtopic, Status.DONE))
            data = actions.SUBTOPIC.data(subtopic=entry.id)
            return marks.really(topic, f"{subtopic.number} {subtopic.title}", entry.id, length, data)
        return await self._mark(request, entry.id, Status.DONE)

    @command(
        "progress", N_("How far you are"), example="/progress", area=Area.PROGRESS, private=True, needs=Role.STRANGER
    )
    async def progress(self, request: Request) -> Reply:
        """Show how far the asker is."""
        return await self._progress(request, shared=False)

    @handles(actions.HOME, needs=Role.STRANGER)
    async def home(self, request: Request) -> Reply:
        """Show the whole roadmap in place of the pressed card."""
        return self._in_place(request, map.overview(self._curriculum, await self._standing(request)))

    @handles(actions.STAGE, needs=Role.STRANGER)
    async def stage(self, request: Request, stage: int) -> Reply:
        """Show a stage in place of the pressed card."""
        found = self._curriculum.stage(stage)
        if found is None:
            return await self.home(request)
        return self._in_place(request, self._show(Entry(Kind.STAGE, found.id, ""), await self._standing(request)))

    @handles(actions.SUBTOPIC, needs=Role.STRANGER)
    async def subtopic(self, request: Request, subtopic: str) -> Reply:
        """Show a sub-topic in place of the pressed card."""
        return await self._open_in_place(request, Kind.SUBTOPIC, subtopic)

    @handles(actions.TOPIC, needs=Role.STRANGER)
    async def topic(self, request: Request, topic: str) -> Reply:
        """Show a topic in place of the pressed card."""
        return await self._open_in_place(request, Kind.TOPIC, topic)

    @handles(actions.RESOURCE, needs=Role.STRANGER)
    async def resource(self, request: Request, resource: str) -> Reply:
        """Show a resource in place of the pressed card."""
        return await self._open_in_place(request, Kind.RESOURCE, resource)

    @handles(actions.RESOURCES, needs=Role.STRANGER)
    async def resources(self, request: Request, entry: str) -> Reply:
        """Show all resources of a sub-topic in place of the pressed card."""
        subtopic = self._curriculum.subtopics.get(entry)
        if subtopic is None:
            return self._gone()
        return self._in_place(request, cards.resource_list(self._curriculum, subtopic))

    @handles(actions.MARK, needs=Role.STRANGER)
    async def mark(self, request: Request, status: str, entry: str) -> Reply:
        """Mark a topic or sub-topic, or take its mark away.

        What was asked about one topic has its answer then, and the answer takes its place; a sub-topic's card stays.
        """
        told = await self._mark(request, entry, None if status == "none" else Status(status))
        return replace(told, edits=True) if entry in self._curriculum.places and not told.notice else told

    @handles(actions.SET, needs=Role.STRANGER)
    async def set_on_card(self, request: Request, status: str, topic: str) -> Reply:
        """Mark the topic whose card was pressed; the card stays, with what happened above it."""
        spotted = self._curriculum.places.get(topic)
        if spotted is None:
            return self._gone()
        wanted = None if status == "none" else Status(status)
        marked = await self._service.mark(request, (spotted.topic,), wanted)
        told = marks.marked_as(
            self._curriculum,
            spotted.topic.title,
            (spotted.topic,),
            wanted,
            marked.standing,
            marked.opened,
            marked.change,
        )
        card = cards.topic_card(self._curriculum, spotted, marked.standing, self._extra(Kind.TOPIC, topic))
        return replace(
            card,
            blocks=(*told.blocks, Divider(), *card.blocks),
            buttons=(*told.buttons, *card.buttons),
            tone=told.tone,
            edits=True,
            only_you=True,
        )

    @handles(actions.UNDO, needs=Role.STRANGER)
    async def undo(self, request: Request, change: int) -> Reply:
        """Take back what a press did."""
        try:
            restored = await self._service.undo(request, change)
        except PermissionError:
            return marks.not_yours()
        standing = await self._service.standing(request.asker.person)
        topics = None if restored is None else [topic.topic for topic in restored]
        return marks.undone(self._curriculum, topics, standing)

    @handles(actions.NEXT, needs=Role.STRANGER)
    async def another(self, request: Request, skip: int) -> Reply:
        """Offer the next thing to do, or the one after it."""
        return replace(await self._next(request, skip), edits=skip > 0)

    @handles(actions.LATER, needs=Role.STRANGER)
    async def later(self, request: Request, topic: str) -> Reply:
        """Put a topic off until tomorrow."""
        spotted = self._curriculum.places.get(topic)
        if spotted is None:
            return self._gone()
        await self._service.put_off(request, topic)
        return marks.put_off(spotted.topic)

    @handles(actions.PROGRESS, needs=Role.STRANGER)
    async def my_progress(self, request: Request) -> Reply:
        """Show the presser how far they are."""
        return await self._progress(request, shared=False)

    @handles(actions.SHARE, needs=Role.STRANGER)
    async def share(self, request: Request, community: int, thread: str, day: int) -> Reply:
        """Show everybody in the place where it was asked how far the presser is; the same once only."""
        card = await self._progress(request, shared=True)
        age = rules.day_number(request.at) - day
        if 0 <= age <= SHARED_FOR_DAYS and await self._service.share(request, community, thread, card):
            return notice(_("Your progress stands in the group."))
        return notice(_("I cannot share it from here. Ask for /progress in your group and share it there."))

    async def _standing(self, request: Request) -> Standing | None:
        """Return the asker's standing, or None where others would see it."""
        return None if request.public else await self._service.standing(request.asker.person)

    async def _next(self, request: Request, skip: int) -> Reply:
        steps = await self._service.steps(request.asker, request.at)
        if steps:
            step = steps[skip % len(steps)]
            offers = self._extra(Kind.TOPIC, step.topic.id) if step.is_done else await self._beginners(request)
            return marks.next_step(step, offers)
        standing = await self._service.standing(request.asker.person)
        done, total = self._curriculum.hours(self._curriculum.core, standing.done)
        return marks.everything_done() if done >= total else marks.nothing_left_today()

    async def _beginners(self, request: Request) -> list[Button]:
        """Return what other features offer to somebody of whom nothing is known yet, such as to find their level."""
        if not await self._service.is_new(request.asker.person):
            return []
        offers = self._tools.contributions.of(EntryButton)
        return [Button(_(offer.label), data) for offer in offers if (data := offer.data("start", "")) is not None]

    async def mark_known(self, request: Request, known: Sequence[str]) -> Reply:
        """Mark topics as done that another feature found to be known; ids that are not on the roadmap are left out."""
        places = self._curriculum.places
        topics = tuple(places[topic].topic for topic in known if topic in places)
        named = ", ".join(topic.title for topic in topics[:NAMED])
        name = _("{topics} and more").format(topics=named) if len(topics) > NAMED else named
        marked = await self._service.mark(request, topics, Status.DONE)
        return marks.marked_as(
            self._curriculum, name, topics, Status.DONE, marked.standing, marked.opened, marked.change
        )

    async def _mark(self, request: Request, entry: str, status: Status | None) -> Reply:
        topics: tuple[Topic, ...]
        if (spotted := self._curriculum.places.get(entry)) is not None:
            topics, name = (spotted.topic,), spotted.topic.title
        elif (subtopic := self._curriculum.subtopics.get(entry)) is not None:
            topics, name = rules.to_mark(subtopic, status), f"{subtopic.number} {subtopic.title}"
        else:
            return self._gone()
        marked = await self._service.mark(request, topics, status)
        return marks.marked_as(self._curriculum, name, topics, status, marked.standing, marked.opened, marked.change)

    async def _progress(self, request: Request, *, shared: bool) -> Reply:
        overall = await self._service.overall(request.asker, request.at)
        return progress(
            self._curriculum,
            request.asker.name,
            overall.standing,
            days=overall.pace.days,
            minutes=overall.pace.minutes,
            hours_a_day=overall.hours_a_day,
            lines=overall.lines,
            shared=shared,
            share=self._share(request),
        )

    def _share(self, request: Request) -> str:
        if request.setting is Setting.PRIVATE or request.community is None:
            return ""
        thread = request.here.thread if request.here is not None else ""
        return actions.SHARE.data(community=request.community, thread=thread, day=rules.day_number(request.at))

    @handles(actions.OPEN, needs=Role.STRANGER)
    async def open_apart(self, request: Request, topic: str) -> Reply:
        """Show a topic to the presser alone, and leave the pressed message as it is."""
        if topic not in self._curriculum.places:
            return self._gone()
        standing = await self._service.standing(request.asker.person)
        return replace(self._show(Entry(Kind.TOPIC, topic, ""), standing), only_you=True, edits=False)

    async def _open_in_place(self, request: Request, kind: Kind, entry: str) -> Reply:
        known = {
            Kind.SUBTOPIC: self._curriculum.subtopics,
            Kind.TOPIC: self._curriculum.places,
            Kind.RESOURCE: self._curriculum.resources,
        }[kind]
        if entry not in known:
            return self._gone()
        return self._in_place(request, self._show(Entry(kind, entry, ""), await self._standing(request)))

    def _in_place(self, request: Request, card: Reply) -> Reply:
        return replace(card, edits=True, only_you=not request.public)

    def _gone(self) -> Reply:
        return notice(_("This entry is no longer on the roadmap. Type /roadmap to see it as it is now."))

    def _on_roadmap(self, entry: Entry) -> Entry:
        """Return the topic that a term of the glossary, or the first that a resource, belongs to."""
        if entry.kind is Kind.TERM:
            topic = self._curriculum.term_ids[entry.id].topic
            return Entry(Kind.TOPIC, topic, self._curriculum.places[topic].topic.title)
        if entry.kind is Kind.RESOURCE:
            for spotted in self._curriculum.of_resource(entry.id):
                return Entry(Kind.TOPIC, spotted.topic.id, spotted.topic.title)
        return entry

    def _show(self, entry: Entry, standing: Standing | None) -> Reply:
        curriculum = self._curriculum
        if entry.kind is Kind.TERM:
            entry = self._on_roadmap(entry)
        if entry.kind is Kind.STAGE:
            return map.stage_card(
                curriculum, curriculum.stage_ids[entry.id], standing, self._extra(entry.kind, entry.id)
            )
        if entry.kind is Kind.SUBTOPIC:
            subtopic = curriculum.subtopics[entry.id]
            stage = next(stage for stage in curriculum.stages if subtopic in stage.subtopics)
            return cards.subtopic_card(curriculum, stage, subtopic, standing, self._extra(entry.kind, entry.id))
        if entry.kind is Kind.RESOURCE:
            return cards.resource_card(curriculum, curriculum.resources[entry.id])
        return cards.topic_card(curriculum, curriculum.places[entry.id], standing, self._extra(entry.kind, entry.id))

    def _extra(self, kind: Kind, entry: str) -> list[Button]:
        """Return what other features offer for an entry."""
        return [
            Button(_(offer.label), data)
            for offer in self._tools.contributions.of(EntryButton)
            if offer.host != "roadmap" and (data := offer.data(kind.value, entry)) is not None
        ]

    def _is_its_name(self, typed: str, entry: str) -> bool:
        """Whether what was typed names a topic or sub-topic itself, and not only something inside it."""
        spotted = self._curriculum.places.get(entry)
        title = spotted.topic.title if spotted else self._curriculum.subtopics[entry].title
        inside = set(normal(typed).split()) <= set(normal(title).split())
        return inside or typed.strip().lower() == entry or re.fullmatch(r"[\d.]+", typed.strip()) is not None

    def _open(self, guess: Entry) -> Button:
        entry = self._on_roadmap(guess) if guess.kind is Kind.TERM else guess
        data = entry_data(self._curriculum, entry.kind.value, entry.id)
        return Button(guess.label[:60], data or actions.HOME.data())

    def _mark_button(self, guess: Entry) -> Button | None:
        entry = self._on_roadmap(guess)
        if entry.kind not in (Kind.TOPIC, Kind.SUBTOPIC):
            return None
        return Button(guess.label[:60], actions.MARK.data(status="done", entry=entry.id))


def entry_data(curriculum: Curriculum, kind: str, entry: str) -> str | None:
    """Return the data of a button that opens an entry on the roadmap, or None if it has no card there."""
    match kind:
        case Kind.STAGE:
            stage = curriculum.stage_ids.get(entry)
            return actions.STAGE.data(stage=stage.number) if stage else None
        case Kind.SUBTOPIC:
            return actions.SUBTOPIC.data(subtopic=entry)
        case Kind.TOPIC:
            return actions.TOPIC.data(topic=entry)
        case Kind.RESOURCE:
            return actions.RESOURCE.data(resource=entry)
        case Kind.TERM:
            term = curriculum.term_ids.get(entry)
            return actions.TOPIC.data(topic=term.topic) if term else None
    return None
