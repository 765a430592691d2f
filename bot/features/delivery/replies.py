"""How the answers to a report's buttons read. Pure wording."""

from __future__ import annotations

from bot.kit.posting import State
from bot.kit.reply import Reply, Tone, notice, reply
from bot.kit.wording import _


def sent_again() -> Reply:
    """Say that a post is being sent again, in place of the question."""
    return reply(_("I'm sending it again."), tone=Tone.GOOD, edits=True)


def left() -> Reply:
    """Say that a post stays as it is, in place of the question."""
    return reply(_("I leave it as it is."), tone=Tone.GOOD, edits=True)


def settled(state: State | None) -> Reply:
    """Say that there is nothing to decide any more."""
    if state is None:
        return notice(_("I know of no such post here."))
    if state is State.SENT:
        return notice(_("That is settled: the post was delivered."))
    return notice(_("That is settled already."))
