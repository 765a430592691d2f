"""How search results and definitions read. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.curriculum.names import slug
from bot.domain.curriculum.shapes import Term, Topic
from bot.features.lookup import actions
from bot.features.lookup.smalltalk import Talk
from bot.kit.markup import marked
from bot.kit.reply import Button, Field, Form, Reply
from bot.kit.text import Block, Spans, bold, join, link, para, small, spans
from bot.kit.wording import N_, _, quoted, say

KINDS = {
    "stage": N_("stage"),
    "subtopic": N_("sub-topic"),
    "topic": N_("topic"),
    "term": N_("glossary"),
    "resource": N_("resource"),
    "tip": N_("study tip"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """One search result: what it is, its name, a line of its text, its address if it is a resource, its button.

    ``links`` are (name, address) pairs it recommends.
    """

    kind: str
    title: str
    line: str
    url: str = ""
    open: Button | None = None
    links: tuple[tuple[str, str], ...] = ()


def results(text: str, found: Sequence[Result]) -> Reply:
    """Show what was found, the best first."""
    blocks: list[Block] = []
    for number, result in enumerate(found, 1):
        title = link(result.title, result.url) if result.url else bold(result.title)
        blocks.append(para(f"{number}. ", title, f" · {_(KINDS[result.kind])}\n", marked(result.line)))
        if result.links:
            blocks.append(small(join([link(name, url) for name, url in result.links], " · ")))
    buttons = tuple((result.open,) for result in found if result.open is not None)
    return Reply(tuple(blocks), title=_("Found for “{text}”").format(text=_short(text)), buttons=buttons)


def nothing_found(text: str) -> Reply:
    """Say that nothing fits, and what to try."""
    return Reply(
        (
            para(say(_("I found nothing for {text}."), text=quoted(_short(text)))),
            small(_("Try one or two plain words, such as gradient or clustering. /roadmap shows everything in order.")),
        ),
        buttons=((Button(_("Search again"), actions.ASK.data()),),),
    )


def small_talk(talk: Talk) -> Reply:
    """Answer somebody kindly who asks nothing, and say what to do next."""
    match talk:
        case Talk.THANKS:
            words = _("You are welcome. {next} has your next step.")
        case Talk.BYE:
            words = _("See you soon. {next} knows how you go on.")
        case Talk.HELLO:
            words = _("Hello! {next} has one thing to do now, and {help} shows what you can ask.")
        case Talk.FINE:
            words = _("All right. {next} has one thing to do now.")
    return Reply((para(say(words, next="/next", help="/help")),))


def ask_what() -> Reply:
    """Ask what to look for."""
    return Reply(
        (para(_("What are you looking for?")),),
        form=Form(
            _("Search"),
            (Field("text", _("Words to look for"), longest=200, hint=_("overfitting, decision tree, pandas")),),
            actions.ASK.data(),
            _("Search"),
        ),
        only_you=True,
    )


def definition(term: Term, topic: Topic, open_topic: Button | None) -> Reply:
    """Explain one term."""
    blocks: list[Block] = [para(marked(term.definition))]
    if term.example:
        blocks.append(para(bold(_("Example: ")), marked(term.example)))
    blocks.append(small(say(_("Belongs to {topic}."), topic=topic.title)))
    near = tuple(Button(other, actions.DEFINE.data(term=slug(other))) for other in term.see)
    rows = tuple(row for row in (near, (open_topic,) if open_topic else ()) if row)
    return Reply(tuple(blocks), title=term.term, buttons=rows, look="lookup.definition")


def no_definition(text: str, near: Sequence[tuple[str, str]]) -> Reply:
    """Say that a term is not in the glossary; ``near`` are (name, id) of terms that sound alike."""
    shown: Spans = spans(quoted(_short(text)))
    if near:
        return Reply(
            (para(say(_("{text} is not in the glossary. Did you mean one of these?"), text=shown)),),
            buttons=tuple((Button(name, actions.DEFINE.data(term=term)),) for name, term in near),
        )
    return Reply(
        (
            para(say(_("{text} is not in the glossary, and nothing there comes near."), text=shown)),
            small(_("/search looks through everything else.")),
        ),
        buttons=((Button(_("Search"), actions.ASK.data()),),),
    )


def which_term(count: int, examples: Sequence[tuple[str, str]]) -> Reply:
    """Ask which term to explain."""
    return Reply(
        (
            para(say(_("Which term? The glossary has {count}, for example these."), count=count)),
            small(_("Type it like this: /define overfitting")),
        ),
        buttons=(tuple(Button(name, actions.DEFINE.data(term=term)) for name, term in examples),),
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
