"""``/question``: moderators look after the questions of their community."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.domain.questions.shapes import Question
from bot.domain.questions.store import Kind
from bot.domain.tools import Tools
from bot.features.questions import actions, rules
from bot.features.questions.card import Outcome, Refusal, View
from bot.features.questions.intake import Intake
from bot.features.questions.replies import cards, forms, outcomes
from bot.features.questions.service import QuestionService
from bot.kit.command import Area, Param, command
from bot.kit.feature import handles
from bot.kit.reply import Reply
from bot.kit.request import Request, Role, Setting, Trigger
from bot.kit.wording import N_

WORDS: Final = ("flagged", "show", "fix", "retire", "restore", "add", "import")
MODERATOR: Final = Role.MODERATOR
PLACES: Final = "0123456789"


class QuestionCommands:
    """Shows questions with what is known of them; moderators decide."""

    def __init__(self, tools: Tools, service: QuestionService, intake: Intake) -> None:
        self._tools = tools
        self._service = service
        self._intake = intake

    @command(
        "question",
        N_("See, fix, retire and add questions"),
        params=(
            Param("what", N_("What to do: flagged, show, fix, retire, restore, add or import"), choices=WORDS),
            Param("about", N_("The question's id or words of it; for a new one its topic"), longest=200),
        ),
        example="/question flagged",
        area=Area.RUN,
        private=True,
        needs=MODERATOR,
    )
    async def question(self, request: Request, what: str = "", about: str = "") -> Reply:
        """Do one of the words; without one show a question, and without a question list those that wait."""
        if request.community is None:
            return outcomes.only_in_communities()
        if what == "import":
            return forms.importing()
        if what == "add":
            return await self._add(about)
        if what == "flagged" or not (what or about):
            return await self._list(request)
        if not about:
            return outcomes.which(what)
        found = await self._service.find(request.community, about)
        if not isinstance(found, View):
            return outcomes.unknown(about, found)
        name = found.question.id
        is_exact = about.strip().lower() == name  # what was only guessed is shown first
        match what:
            case "fix":
                return self._ask_fix(request, found)
            case "retire" if is_exact:
                return self._told(request, name, await self._service.retire(request, name), outcomes.is_retired)
            case "restore" if is_exact:
                return self._told(request, name, await self._service.restore(request, name), outcomes.is_restored)
        return self._one(request, found)

    @handles(actions.LIST, needs=MODERATOR)
    async def back(self, request: Request) -> Reply:
        """Answer the way to the list."""
        return await self.question(request)

    @handles(actions.SHOW, needs=MODERATOR)
    async def show(self, request: Request, question: str) -> Reply:
        """Show one question."""
        return await self._with(request, question, lambda view: self._one(request, view))

    @handles(actions.LOOK, needs=MODERATOR)
    async def look(self, request: Request, question: str) -> Reply:
        """Show all of a question that is being asked to the moderator alone."""

        def draw(view: View) -> Reply:
            if _is_alone(request) or not view.is_open:
                return self._one(request, view)
            return cards.apart(self._whole(request, view, is_alone=True), request.place)

        return await self._with(request, question, draw)

    @handles(actions.AGAIN, needs=MODERATOR)
    async def again(self, request: Request, question: str, seen: int) -> Reply:
        """Settle flags, and let what was hidden or retired be asked again."""
        if request.community is None:
            return outcomes.only_in_communities()
        outcome = await self._service.again(request, question, seen)
        told = outcomes.is_fine if outcome.change is None else outcomes.hidden_no_more
        return self._told(request, question, outcome, told)

    @handles(actions.RETIRE, needs=MODERATOR)
    async def retire(self, request: Request, question: str, seen: int) -> Reply:
        """Let a question not be asked any more."""
        if request.community is None:
            return outcomes.only_in_communities()
        return self._told(request, question, await self._service.retire(request, question, seen), outcomes.is_retired)

    @handles(actions.RESTORE, needs=MODERATOR)
    async def restore(self, request: Request, question: str, seen: int) -> Reply:
        """Let a question be as it was at first."""
        if request.community is None:
            return outcomes.only_in_communities()
        return self._told(request, question, await self._service.restore(request, question, seen), outcomes.is_restored)

    @handles(actions.KEYS, needs=MODERATOR)
    async def keys(self, request: Request, question: str) -> Reply:
        """Ask which option is right."""

        def ask(view: View) -> Reply:
            if view.question.how not in rules.SWAPPED or view.is_family:
                return self._one(request, view, outcomes.refused(Refusal.UNFIT))
            if view.is_open and not _is_alone(request):
                return forms.key(view.question, view.seen, cards.order_of(view.question))
            return cards.keys(view, is_alone=_is_alone(request))

        return await self._with(request, question, ask)

    @handles(actions.KEY, needs=MODERATOR)
    async def key(self, request: Request, question: str, seen: int, place: int) -> Reply:
        """Call another option right."""
        if request.community is None:
            return outcomes.only_in_communities()
        outcome = await self._service.key(request, question, seen, place)
        if outcome.refused is Refusal.RIGHT_ALREADY:
            return outcomes.right_already()
        return self._told(request, question, outcome, outcomes.is_swapped)

    @handles(actions.CHOSEN, needs=MODERATOR)
    async def chosen(self, request: Request, question: str, seen: int) -> Reply:
        """Take the option that was chosen in a form."""
        place = request.values.get(forms.CHOSEN, "")
        is_place = len(place) == 1 and place in PLACES
        return await self.key(request, question, seen, int(place) if is_place else len(PLACES))

    @handles(actions.FIX, needs=MODERATOR)
    async def fix(self, request: Request, question: str) -> Reply:
        """Give the words of a question to be mended."""
        return await self._with(request, question, lambda view: self._ask_fix(request, view))

    @handles(actions.FIXED, needs=MODERATOR)
    async def fixed(self, request: Request, question: str, seen: int) -> Reply:
        """Take the mended words."""
        if request.community is None:
            return outcomes.only_in_communities()
        view = await self._service.view(request.community, question)
        if view is None:
            return outcomes.unknown(question, [])
        draft, faults = rules.draft(request.values, view.question, is_new=False)
        if view.seen != seen:
            return forms.changed_since(forms.fix(view.question, view.seen, request.values), view.question)
        if draft is None:
            return forms.mend(forms.fix(view.question, seen, request.values), faults)
        outcome = await self._service.fix(request, question, seen, draft)
        if outcome.refused is Refusal.CHANGED_SINCE and outcome.view is not None:
            now = outcome.view
            return forms.changed_since(forms.fix(now.question, now.seen, request.values), now.question)
        return self._told(request, question, outcome, outcomes.is_fixed)

    @handles(actions.UNDO, needs=MODERATOR)
    async def undo(self, request: Request, change: int) -> Reply:
        """Take a change back."""
        if request.community is None:
            return outcomes.only_in_communities()
        outcome = await self._service.undo(request, change)
        if outcome.view is None:
            return outcomes.not_undone()
        return self._one(request, outcome.view, outcomes.is_undone())

    @handles(actions.ADD, needs=MODERATOR)
    async def add(self, request: Request) -> Reply:
        """Give the form of a new question."""
        return outcomes.only_in_communities() if request.community is None else await self._add("")

    @handles(actions.ADDED, needs=MODERATOR)
    async def added(self, request: Request) -> Reply:
        """Take a new question."""
        if request.community is None:
            return outcomes.only_in_communities()
        typed = await self._intake.typed(request.values)
        if typed.question is None:
            return forms.mend(forms.add(request.values), typed.faults)
        return forms.added(*await self._service.add(request, [typed.question]))

    @handles(actions.IMPORT, needs=MODERATOR)
    async def bring(self, request: Request) -> Reply:
        """Give the form that takes many questions."""
        return outcomes.only_in_communities() if request.community is None else forms.importing()

    @handles(actions.IMPORTED, needs=MODERATOR)
    async def imported(self, request: Request) -> Reply:
        """Take many questions, or none of them."""
        if request.community is None:
            return outcomes.only_in_communities()
        file, text = request.values.get("file", ""), request.values.get("yaml", "")
        if bool(file.strip()) == bool(text.strip()):
            return forms.one_of_both(text)
        pasted = await self._intake.pasted(request, file if file.strip() else text)
        if pasted.bytes or pasted.count:
            return forms.too_much(pasted.count, pasted.bytes)
        if pasted.problems:
            return forms.not_imported(pasted.problems, text)
        names, change = await self._service.add(request, pasted.questions)
        return forms.added(names, change, [question.id for question in pasted.questions])

    async def _list(self, request: Request) -> Reply:
        return cards.listed(await self._service.flagged(request.community or 0))

    async def _add(self, about: str) -> Reply:
        name, level = rules.topic_and_level(about)
        if not name:
            return forms.ask(forms.add({}))
        topic = await self._intake.topic(about)
        form = forms.add({"topic": f"{topic.title or name}, {level}"})
        return forms.ask(form) if topic.fault is None else forms.mend(form, [topic.fault])

    async def _with(self, request: Request, name: str, draw: Callable[[View], Reply]) -> Reply:
        if request.community is None:
            return outcomes.only_in_communities()
        view = await self._service.view(request.community, name)
        return outcomes.unknown(name, []) if view is None else draw(view)

    def _ask_fix(self, request: Request, view: View) -> Reply:
        if view.is_family:
            return self._one(request, view, outcomes.refused(Refusal.IS_FAMILY))
        if view.kind is Kind.RETIRED:
            return self._one(request, view, outcomes.refused(Refusal.IS_RETIRED))
        return forms.ask(forms.fix(view.question, view.seen))

    def _told(self, request: Request, name: str, outcome: Outcome, say: Callable[[], str]) -> Reply:
        if outcome.view is None:
            return outcomes.unknown(name, [])
        if outcome.refused is not None:
            return self._one(request, outcome.view, outcomes.refused(outcome.refused))
        return self._one(request, outcome.view, outcomes.done(outcome, say()), outcome.change)

    def _one(self, request: Request, view: View, word: str = "", change: int | None = None) -> Reply:
        """Show a question, where others may read it as far as they may."""
        is_alone = _is_alone(request)
        if view.is_open and not is_alone:
            return cards.kept(view, zone=request.community_zone, word=word, change=change)
        return self._whole(request, view, word, change, is_alone=is_alone)

    def _whole(
        self, request: Request, view: View, word: str = "", change: int | None = None, *, is_alone: bool
    ) -> Reply:
        question = view.question
        return cards.one(
            view, topic=self._title(question), source=self._source(question), zone=request.community_zone, word=word,
            change=change, is_alone=is_alone,
        )  # fmt: skip

    def _title(self, question: Question) -> str:
        place = self._tools.shelf.curriculum.places.get(question.topic)
        if place is not None:
            return place.topic.title
        bank = self._tools.shelf.indexes.bank
        subject = bank.subjects.get(question.topic) if bank is not None else None
        return subject.title if subject is not None else question.topic

    def _source(self, question: Question) -> str:
        found = self._tools.shelf.curriculum.resources.get(question.source)
        return found.name if found is not None else ""


def _is_alone(request: Request) -> bool:
    """Whether it is sure that nobody else reads the answer.

    What is typed may be answered before all where a platform hides nothing, and so may a form that was sent.
    """
    return request.setting is Setting.PRIVATE or (request.trigger is Trigger.PRESS and not request.public)
