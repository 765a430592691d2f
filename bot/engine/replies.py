"""What the engine itself says: mistyped commands, buttons that expired, rights, and trouble. Pure wording."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta

from bot.kit import action
from bot.kit.command import Command
from bot.kit.reply import Button, Reply, Tone, notice, reply
from bot.kit.request import Role
from bot.kit.text import Spans, code, join, small
from bot.kit.wording import _, ngettext, say

RUN = action.RUN


def unknown_command(name: str, similar: Sequence[Command]) -> Reply:
    """Meet a mistyped command half-way."""
    shown = code("/" + name[:32]) if name else code("/")
    if similar:
        names = join([code("/" + command.name) for command in similar], _(" or "))
        return reply(
            say(_("There is no {command}. Did you mean {names}?"), command=shown, names=names),
            buttons=(tuple(_run(command.name) for command in similar),),
            only_you=True,
        )
    return reply(
        say(_("There is no {command}. {help} shows what you can ask."), command=shown, help=code("/help")),
        buttons=((_run("help"),),),
        only_you=True,
    )


def _run(command: str) -> Button:
    return Button("/" + command, RUN.data(command=command))


def bad_argument(sentence: Spans, command: Command) -> Reply:
    """Say what was wrong with what followed a command, with an example that works."""
    blocks = [small(say(_("Example: {example}"), example=code(command.example)))] if command.example else []
    return reply(sentence, *blocks, only_you=True, tone=Tone.WARNING)


def not_allowed(needed: Role) -> Reply:
    """Say who may do this."""
    if needed.may(Role.OWNER):
        return notice(_("Only the owner of this community can do that."))
    if needed.may(Role.MODERATOR):
        return notice(_("Only moderators of this community can do that."))
    return notice(_("Only members of this community can do that."))


def too_fast(pause: timedelta) -> Reply:
    """Say that this is more than one person may ask at once, and when to go on."""
    seconds = max(1, math.ceil(pause.total_seconds()))
    words = ngettext(
        "That is a bit fast for me. Please wait {count} second.",
        "That is a bit fast for me. Please wait {count} seconds.",
        seconds,
    )
    return notice(say(words, count=seconds))


def expired(fresh: str) -> Reply:
    """Say that a button can no longer be read, and offer the present state."""
    return reply(
        say(
            _("This button is from an older version and no longer works. Type {command} to see how things are now."),
            command=code("/" + fresh),
        ),
        buttons=((_run(fresh),),),
        only_you=True,
    )


def already_handled() -> Reply:
    """Say that nothing happened twice."""
    return notice(_("That is already saved."))


def storage_trouble(reference: str) -> Reply:
    """Say that nothing was saved and who can mend it."""
    return reply(
        _("I can't save anything at the moment, so nothing was changed. Please try again in a few minutes."),
        small(say(_("If it stays like this, tell whoever runs this bot: reference {reference}."), reference=reference)),
        only_you=True,
        tone=Tone.WARNING,
    )


def our_mistake(reference: str) -> Reply:
    """Say that something broke on our side."""
    return reply(
        _("Something went wrong on my side. Please look whether it was saved, and try once more if not."),
        small(say(_("If it happens again, tell whoever runs this bot: reference {reference}."), reference=reference)),
        only_you=True,
        tone=Tone.WARNING,
    )
