"""What is said while a community has not chosen where its posts go, and once it has. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.community.posting_place import Chosen
from bot.kit.action import RUN
from bot.kit.reply import Button, Reply, Style, Tone
from bot.kit.text import Block, Blocks, bold, bullets, code, para, spans
from bot.kit.wording import _, say


def no_place() -> Block:
    """Say that something has no place to be posted in."""
    return para(_("I do not know yet where to post it."))


def nothing_comes() -> Block:
    """Say to everybody that what is listed has no place to be posted in, and who can change that."""
    words = _("I do not know yet where to post this, so nothing comes. A moderator can choose the place: {command}")
    return para(say(words, command=code("/setup")))


def ways_on(here: str) -> tuple[Button, ...]:
    """Return buttons that choose this place (``here`` is the data of that one) and that lead through the set-up."""
    return (
        Button(_("Here"), here, style=Style.PRIMARY),
        Button(_("Set up"), RUN.data(command="setup")),
    )


def asking(reply: Reply, here: str) -> Reply:
    """Return a reply that also says, below its words, that a place is missing, and offers ways on."""
    blocks, buttons = (*reply.blocks, no_place()), (ways_on(here), *reply.buttons)
    return replace(reply, blocks=blocks, buttons=buttons, tone=Tone.WARNING)


def refusing(title: str, here: str, back: Button) -> Reply:
    """Say that nothing can be posted now because a place is missing, with ways on."""
    return Reply(
        (no_place(),), title=title, tone=Tone.WARNING, buttons=(ways_on(here), (back,)), only_you=True, in_place=True,
        edits=True,
    )  # fmt: skip


def taken(chosen: Chosen) -> Blocks:
    """Say where posts go from now on, and what is missing there."""
    told = para(say(_("From now on I post in {place}."), place=bold(chosen.room.title)))
    return (told, *_lacking(chosen)) if chosen.lacking else (told,)


def not_taken(chosen: Chosen, here: str, back: Button) -> Reply:
    """Say why nothing can be posted in a place, and offer to try again."""
    if chosen.gone:
        blocks: Sequence[Block] = (
            para(say(_("I cannot post there ({why}). Please choose another place."), why=_(chosen.gone))),
        )
    else:
        blocks = _lacking(chosen)
    again = Button(_("Check again"), here, style=Style.PRIMARY)
    return Reply(
        tuple(blocks), title="" if chosen.gone else _("Missing rights"), tone=Tone.WARNING,
        buttons=((again, Button(_("Set up"), RUN.data(command="setup"))), (back,)), only_you=True, in_place=True,
        edits=True,
    )  # fmt: skip


def _lacking(chosen: Chosen) -> Blocks:
    return (
        para(say(_("In {place} I am missing:"), place=bold(chosen.room.title))),
        bullets(spans(bold(one.right), ": ", one.cost, " ", one.grant) for one in chosen.lacking),
    )
