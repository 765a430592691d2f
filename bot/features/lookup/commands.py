"""``/search`` and ``/define``, and the buttons under what they find."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.contributions import EntryButton
from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.curriculum.lookup import EVERYTHING, Kind
from bot.domain.tools import Tools
from bot.features.lookup import actions, replies
from bot.features.lookup.smalltalk import talk_of
from bot.kit.command import Area, Param, command
from bot.kit.feature import handles
from bot.kit.markup import marked
from bot.kit.reply import Button, Reply
from bot.kit.request import Request, Role, Setting, Trigger
from bot.kit.text import plain
from bot.kit.wording import N_, _

MOST_RESULTS = 5
LINE = 140
TERMS = frozenset((Kind.TERM,))
EXAMPLES = ("overfitting", "gradient descent", "precision")


class LookupCommands:
    """Finds words in everything Roadmate teaches."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @property
    def _curriculum(self) -> Curriculum:
        return self._tools.shelf.curriculum

    @command(
        "search",
        N_("Look through the roadmap, the glossary and all resources"),
        params=(Param("text", N_("Words to look for"), longest=4000),),
        example="/search overfitting",
        area=Area.LOOK_UP,
        private=True,
        needs=Role.STRANGER,
    )
    async def search(self, request: Request, text: str = "") -> Reply:
        """Show the entries that fit best."""
        if not text:
            return replies.ask_what()
        named = self._tools.shelf.indexes.lookup.find(text, EVERYTHING)
        if request.setting is Setting.PRIVATE and not named.exact and (talk := talk_of(text)) is not None:
            return replies.small_talk(talk)
        keys = [hit.document.key for hit in self._tools.shelf.indexes.search.find(text, MOST_RESULTS)]
        meant = named.entry
        if meant is not None:  # a name beats words: it comes first, also where it is spelled apart
            keys = [(meant.kind.value, meant.id), *keys]
        found = list(dict.fromkeys((str(kind), entry) for kind, entry in keys))[:MOST_RESULTS]
        if not found:
            return replies.nothing_found(text)
        return replies.results(text, [self._result(kind, entry) for kind, entry in found])

    @command(
        "define",
        N_("Explain a term in plain words"),
        params=(Param("term", N_("The term"), suggests="term"),),
        example="/define overfitting",
        area=Area.LOOK_UP,
        needs=Role.STRANGER,
    )
    async def define(self, request: Request, term: str = "") -> Reply:
        """Explain a term of the glossary."""
        terms = self._curriculum.term_ids
        lookup = self._tools.shelf.indexes.lookup
        if not term:
            found = [lookup.find(name, TERMS).entry for name in EXAMPLES]
            return replies.which_term(len(terms), [(entry.label, entry.id) for entry in found if entry])
        match = lookup.find(term, TERMS)
        if match.entry is not None:
            return self._definition(match.entry.id)
        return replies.no_definition(term, [(guess.label, guess.id) for guess in match.guesses])

    @handles(actions.DEFINE, needs=Role.STRANGER)
    async def define_again(self, request: Request, term: str) -> Reply:
        """Explain another term in place of the pressed card."""
        if term not in self._curriculum.term_ids:
            return replace(replies.no_definition(term.replace("-", " "), []), only_you=not request.public)
        return replace(self._definition(term), edits=True, only_you=not request.public)

    @handles(actions.ASK, needs=Role.STRANGER)
    async def ask(self, request: Request) -> Reply:
        """Ask what to look for, or look for what the form says."""
        if request.trigger is Trigger.FORM:
            return replace(await self.search(request, request.values.get("text", "").strip()), only_you=True)
        return replies.ask_what()

    def _definition(self, term: str) -> Reply:
        entry = self._curriculum.term_ids[term]
        topic = self._curriculum.places[entry.topic].topic
        return replies.definition(entry, topic, self._open(Kind.TOPIC, topic.id, topic.title))

    def _open(self, kind: str, entry: str, label: str) -> Button | None:
        """Return the button that opens an entry, if any feature has a card for it."""
        if kind == Kind.TERM:
            return Button(label, actions.DEFINE.data(term=entry))
        for offer in self._tools.contributions.of(EntryButton):
            if (data := offer.data(kind, entry)) is not None:
                return Button(label, data)
        return None

    def _result(self, kind: str, entry: str) -> replies.Result:
        title, line, url = self._shown(kind, entry)
        label = title if len(title) <= 60 else title[:59] + "…"
        return replies.Result(kind, title, _first(line), url, self._open(kind, entry, label), self._links(kind, entry))

    def _links(self, kind: str, entry: str) -> tuple[tuple[str, str], ...]:
        """Return the resources that a study tip recommends; other kinds have cards that list theirs."""
        tip = next((tip for tip in self._curriculum.tips if kind == "tip" and tip.id == entry), None)
        if tip is None:
            return ()
        listed = (self._curriculum.resources[resource] for resource in tip.resources)
        return tuple((resource.name, resource.url) for resource in listed)

    def _shown(self, kind: str, entry: str) -> tuple[str, str, str]:
        """Return an entry's title, a line about it, and its address."""
        curriculum = self._curriculum
        match kind:
            case Kind.STAGE:
                stage = curriculum.stage_ids[entry]
                return _("Stage {number} · {title}").format(number=stage.number, title=stage.title), stage.why, ""
            case Kind.SUBTOPIC:
                subtopic = curriculum.subtopics[entry]
                return f"{subtopic.number} · {subtopic.title}", subtopic.why, ""
            case Kind.TOPIC:
                topic = curriculum.places[entry].topic
                return topic.title, topic.why, ""
            case Kind.TERM:
                term = curriculum.term_ids[entry]
                return term.term, term.definition, ""
            case Kind.RESOURCE:
                resource = curriculum.resources[entry]
                return resource.name, resource.note, resource.url
            case _:
                tip = next(tip for tip in curriculum.tips if tip.id == entry)
                return tip.title, tip.text, ""


def _first(line: str) -> str:
    """Return the first sentences of a text that fit a line of a result."""
    if len(line) <= LINE:
        return line
    cut = line[:LINE]
    end = max(cut.rfind(". "), cut.rfind("? "))
    if end > LINE // 2:
        return line[: end + 1]
    return plain(marked(cut[: cut.rfind(" ")])) + " …"
