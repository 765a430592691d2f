"""What moderators do about questions. Each use case changes everything in one unit of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.community.preferences import QUESTION
from bot.domain.community.store import Change as Noted
from bot.domain.contributions import Answers, Rescore
from bot.domain.questions.bank import Bank
from bot.domain.questions.body import dump, load
from bot.domain.questions.shapes import Question
from bot.domain.questions.store import Change, Changes, Flags, Kind
from bot.domain.tools import Tools
from bot.features.questions import rules
from bot.features.questions.card import FAMILY, HISTORY, Correction, Line, Outcome, Refusal, View
from bot.features.questions.news import News
from bot.kit.database import Transaction
from bot.kit.request import Request

Planned = tuple[Kind, str] | Refusal | None
"""What becomes of a question: its kind and body; why nothing does; or None if somebody looked and all is well."""


class QuestionService:
    """Shows and changes the questions of one community: the one a request comes from."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._changes = Changes()
        self._flags = Flags()
        self._news = News(tools)
        tools.preferences.undoes(QUESTION, self._undo)

    async def flagged(self, community: int) -> list[Line]:
        """Return the questions that wait for a moderator: flagged or hidden."""
        bank = await self._tools.shelf.bank()

        async def work(tx: Transaction) -> list[Line]:
            changed = {change.question: change for change in await self._changes.all(tx, community)}
            waiting = await self._flags.waiting(tx, community)
            reasons = {one.question: one.reasons for one in waiting}
            hidden = [name for name, change in changed.items() if change.kind is Kind.HIDDEN]
            lines = []
            for name in dict.fromkeys([*hidden, *reasons]):
                question = _worded(bank, name, changed.get(name))
                kind = changed[name].kind if name in changed else Kind.PLAIN
                if question is not None and kind is not Kind.RETIRED:
                    lines.append(Line(name, question.stem, kind, reasons.get(name, {})))
            return sorted(lines, key=lambda line: (line.kind is not Kind.HIDDEN, -sum(line.reasons.values())))

        return await self._tools.database.read(work)

    async def find(self, community: int, text: str) -> View | list[Question]:
        """Return the question of an id, or of words that only one has; else those that somebody may mean."""
        bank = await self._tools.shelf.bank()

        async def work(tx: Transaction) -> View | list[Question]:
            exact = await self._view(tx, bank, community, text.strip().lower())
            if exact is not None:
                return exact
            changed = {change.question: change for change in await self._changes.all(tx, community)}
            pool = {question.id: question for question in bank}
            pool |= {name: load(change.body) for name, change in changed.items() if change.body}
            guesses = rules.nearest(text, pool.values())
            only = await self._view(tx, bank, community, guesses[0].id) if len(guesses) == 1 else None
            return only or guesses

        return await self._tools.database.read(work)

    async def view(self, community: int, name: str) -> View | None:
        """Return a question of a community."""
        bank = await self._tools.shelf.bank()
        return await self._tools.database.read(lambda tx: self._view(tx, bank, community, name))

    async def again(self, request: Request, name: str, seen: int | None = None) -> Outcome:
        """Let a hidden or retired question be asked again, and take its flags as looked at."""

        def plan(view: View) -> Planned:
            return None if view.kind.is_asked else _asked(view)

        return await self._change(request, name, seen, plan)

    async def retire(self, request: Request, name: str, seen: int | None = None) -> Outcome:
        """Let a question never be asked again."""

        def plan(view: View) -> Planned:
            return Refusal.RETIRED_ALREADY if view.kind is Kind.RETIRED else (Kind.RETIRED, _body(view))

        return await self._change(request, name, seen, plan)

    async def restore(self, request: Request, name: str, seen: int | None = None) -> Outcome:
        """Undo retiring or hiding, or else let a question read as it did at first."""

        def plan(view: View) -> Planned:
            if not view.kind.is_asked:
                return _asked(view)
            if _body(view) == view.original:
                return Refusal.NOTHING_TO_RESTORE
            return (Kind.PLAIN if view.is_shipped else Kind.ADDED), view.original

        return await self._change(request, name, seen, plan)

    async def fix(self, request: Request, name: str, seen: int, fixed: Question) -> Outcome:
        """Let a question read otherwise from now on."""

        def plan(view: View) -> Planned:
            if (refused := _cannot_reword(view)) is not None:
                return refused
            body = dump(fixed)
            if body == dump(view.question):
                return None if view.kind.is_asked else _asked(view)
            return (Kind.FIXED if view.is_shipped else Kind.ADDED), body

        return await self._change(request, name, seen, plan)

    async def key(self, request: Request, name: str, seen: int, place: int) -> Outcome:
        """Call another option right."""
        from bot.domain.questions.loading import faults  # what checks questions is loaded by who brings one

        def plan(view: View) -> Planned:
            if (refused := _cannot_reword(view)) is not None:
                return refused
            if place in view.question.right:
                return Refusal.RIGHT_ALREADY
            fixed = rules.swapped(view.question, place)
            if fixed is None:
                return Refusal.UNFIT
            before = {sentence for _spot, sentence in faults(view.question)}
            if any(sentence not in before for _spot, sentence in faults(fixed)):
                return Refusal.UNFIT
            return (Kind.FIXED if view.is_shipped else Kind.ADDED), dump(fixed)

        return await self._change(request, name, seen, plan)

    async def undo(self, request: Request, change: int) -> Outcome:
        """Take a change back by its number in the audit list."""
        community = _place(request)
        bank = await self._tools.shelf.bank()

        async def work(tx: Transaction) -> Outcome:
            undone = await self._tools.preferences.undo(tx, community, change, by=request.asker.person, at=request.at)
            if undone.change is None:
                return Outcome(None, Refusal.CHANGED_SINCE)
            name, _more = _named(undone.change.name)
            return Outcome(await self._view(tx, bank, community, name))

        return await self._tools.database.write(work)

    async def add(self, request: Request, questions: list[Question]) -> tuple[list[str], int]:
        """Add questions, all in one change; return the ids they got, and the number to undo it by."""
        community, person = _place(request), request.asker.person

        async def work(tx: Transaction) -> tuple[list[str], int]:
            revision = await self._changes.begin(tx, community)
            start = await self._changes.added(tx, community) + 1
            names = [f"q-c{community}-{start + number}" for number in range(len(questions))]
            bodies = {name: dump(replace(question, id=name)) for name, question in zip(names, questions, strict=True)}
            at = int(request.at.timestamp())
            await self._changes.write(tx, community, revision, bodies, Kind.ADDED, person, at)
            what = f"{QUESTION} {names[0]}" + (f" +{len(names) - 1}" if len(names) > 1 else "")
            after = f"{Kind.ADDED} {revision}"
            change = await self._tools.preferences.note(tx, community, what, "", after, by=person, at=request.at)
            return names, change

        return await self._tools.database.write(work)

    async def _change(self, request: Request, name: str, seen: int | None, plan: Callable[[View], Planned]) -> Outcome:
        """Do what ``plan`` says to a question, unless somebody did something to it since it was ``seen``."""
        community, person = _place(request), request.asker.person
        bank = await self._tools.shelf.bank()

        async def work(tx: Transaction) -> Outcome:
            revision = await self._changes.begin(tx, community)  # from here on nobody else changes anything
            view = await self._view(tx, bank, community, name)
            if view is None:
                return Outcome(None, Refusal.UNKNOWN)
            if seen is not None and seen != view.seen:
                return Outcome(view, Refusal.CHANGED_SINCE)
            planned = plan(view)
            if isinstance(planned, Refusal):
                return Outcome(view, planned)
            at = int(request.at.timestamp())
            if planned is None:
                await self._flags.settle(tx, community, name, at)
                return Outcome(await self._view(tx, bank, community, name))
            kind, body = planned
            before = view.history[0] if view.history else None
            await self._changes.write(tx, community, revision, {name: body}, kind, person, at)
            was = f"{before.kind} {before.revision}" if before is not None else f"{Kind.PLAIN} 0"
            change = await self._tools.preferences.note(
                tx, community, f"{QUESTION} {name}", was, f"{kind} {revision}", by=person, at=request.at
            )
            people, is_told = 0, False
            if body != _body(view):
                is_back = body == view.original
                people, is_told = await self._reckon(tx, bank, community, name, revision, request.at, is_back=is_back)
            await self._flags.settle(tx, community, name, at, revision)
            return Outcome(await self._view(tx, bank, community, name), change=change, people=people, is_told=is_told)

        return await self._tools.database.write(work)

    async def _undo(self, tx: Transaction, community: int, noted: Noted, by: int, at: datetime) -> bool:
        """Take a change of a question back that still holds; runs in the unit of the audit list."""
        first, more = _named(noted.name)
        bank = self._tools.shelf.indexes.bank
        revision = await self._changes.begin(tx, community)
        was_kind, _gap, was = noted.before.partition(" ")
        now = int(noted.after.partition(" ")[2] or 0)
        bodies: dict[str, str] = {}
        reworded = False
        kind = Kind(was_kind) if was_kind else Kind.RETIRED  # what was added is not forgotten, only not asked
        for name in _counted(first, more):
            done = await self._changes.history(tx, community, name, most=HISTORY)
            holds = next((one for one in done if one.kind is not Kind.HIDDEN), None)
            if bank is None or holds is None or holds.revision != now:
                return False
            before = await self._changes.at(tx, community, name, int(was or 0))
            bodies[name] = holds.body if not was_kind else "" if before is None else before.body
            if kind.is_asked and done[0].kind is Kind.HIDDEN:
                kind = Kind.HIDDEN  # flags hid it since, and still do
            reworded = reworded or (bool(was_kind) and bodies[name] != holds.body)
        await self._changes.write(tx, community, revision, bodies, kind, by, int(at.timestamp()), undoes=now)
        if reworded:
            await self._reckon(tx, bank, community, first, revision, at, is_back=True)
        for name in bodies:  # after the news, which thanks whoever waits to be heard
            await self._flags.reopen(tx, community, name, now)
        return True

    async def _reckon(
        self, tx: Transaction, bank: Bank | None, community: int, name: str, revision: int, at: datetime, *,
        is_back: bool,
    ) -> tuple[int, bool]:  # fmt: skip
        """Reckon anew what depends on a question; return how many people's points changed, and whether it was told.

        It is told if points changed. While the question is asked, it is told if another option is right now, whoever
        has answered: else the news alone would say that somebody chose one of the two.
        """
        question = _worded(bank, name, await self._changes.latest(tx, community, name)) if bank is not None else None
        if question is None:
            return 0, False
        points: dict[int, int] = {}
        is_open = is_turned = marks_old = False
        for offer in self._tools.contributions.of(Rescore):
            rescored = await offer.apply(tx, community, question, at)
            is_open = is_open or rescored.is_open
            is_turned, marks_old = is_turned or rescored.is_turned, marks_old or rescored.marks_old
            for person, difference in rescored.points.items():
                points[person] = points.get(person, 0) + difference
        people = sum(1 for difference in points.values() if difference)
        if is_turned or (people and not is_open):
            told = Correction(question, None if is_open else people, is_back=is_back, marks_old=marks_old)
            await self._news.corrected(tx, community, told, revision)
            return people, True
        return people, False

    async def _view(self, tx: Transaction, bank: Bank, community: int, name: str) -> View | None:
        history = await self._changes.history(tx, community, name, most=HISTORY)
        question = _worded(bank, name, history[0] if history else None)
        if question is None:
            return None
        is_shipped = bank.get(name) is not None or name.startswith(FAMILY)
        written = None if is_shipped else await self._changes.first(tx, community, name)
        offer = next(iter(self._tools.contributions.of(Answers)), None)
        return View(
            question=question,
            kind=history[0].kind if history else Kind.PLAIN,
            is_shipped=is_shipped,
            written=written,
            history=history,
            flags=await self._flags.open(tx, community, name),
            figures=await offer.figures(tx, community, question) if offer is not None else None,
        )


def _place(request: Request) -> int:
    assert request.community is not None  # noqa: S101 - commands refuse what comes from elsewhere
    return request.community


def _worded(bank: Bank, name: str, change: Change | None) -> Question | None:
    """Return a question as a community has it, whether or not it is asked; None: there is none."""
    if change is not None and change.body:
        return load(change.body)
    if name.startswith(FAMILY):
        from bot.domain.questions.families import FAMILIES  # not needed to start

        return FAMILIES[name].make("") if name in FAMILIES else None
    return bank.get(name)


def _body(view: View) -> str:
    return view.history[0].body if view.history else ""


def _asked(view: View) -> tuple[Kind, str]:
    """Return what a question becomes that is asked again."""
    body = _body(view)
    return (Kind.ADDED if not view.is_shipped else Kind.FIXED if body else Kind.PLAIN), body


def _cannot_reword(view: View) -> Refusal | None:
    if view.is_family:
        return Refusal.IS_FAMILY
    return Refusal.IS_RETIRED if view.kind is Kind.RETIRED else None


def _named(name: str) -> tuple[str, int]:
    """Return the first question of a line of the audit list, and how many more were changed with it."""
    question, _gap, more = name.partition(" ")[2].partition(" +")
    return question, int(more or 0)


def _counted(first: str, more: int) -> Iterator[str]:
    """Yield the ids of questions that were added together: they are numbered one after another."""
    yield first
    stem, _dash, number = first.rpartition("-")
    for step in range(1, more + 1):
        yield f"{stem}-{int(number) + step}"
