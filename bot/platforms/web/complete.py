"""What the composer offers while somebody types a command: command names, then what its parameters suggest."""

from __future__ import annotations

from collections.abc import Sequence

from bot.kit.command import Command
from bot.kit.platform import Suggest, Suggestion
from bot.kit.request import Role
from bot.kit.wording import _
from bot.platforms.web.limits import SUGGESTIONS


def complete(text: str, commands: Sequence[Command], suggest: Suggest, role: Role) -> list[Suggestion]:
    """Return whole lines that ``text`` may become, the best first; nothing unless it begins a command."""
    if not text.startswith("/") or "\n" in text:
        return []
    name, gap, rest = text[1:].partition(" ")
    known = [command for command in commands if role.may(command.needs)]
    if not gap:
        found = [command for command in known if command.name.startswith(name.lower())]
        return [
            Suggestion(_(command.summary), f"/{command.name}" + (" " if command.params else ""))
            for command in found[:SUGGESTIONS]
        ]
    command = next((command for command in known if command.name == name.lower()), None)
    return _arguments(command, text, rest, suggest)[:SUGGESTIONS] if command else []


def _arguments(command: Command, text: str, rest: str, suggest: Suggest) -> list[Suggestion]:
    """Offer values for the parameter being typed, read from left to right as ``Command.parse`` does."""
    offers: list[Suggestion] = []
    for position, param in enumerate(command.params):
        is_last = position == len(command.params) - 1
        word, gap, after = rest.partition(" ")
        if gap and not is_last:
            if not param.choices or word.lower() in param.choices:
                rest = after
                continue
            if param.required:
                return []
            continue  # an optional word that was left out
        typed = text[: len(text) - len(rest)]
        if param.choices:
            found = [choice for choice in param.choices if choice.startswith(rest.lower())]
            offers += [Suggestion(_(param.summary), typed + choice) for choice in found]
            if not is_last and not param.required:
                continue
        elif param.suggests:
            offers += [Suggestion(offer.label, typed + offer.value) for offer in suggest(param.suggests, rest)]
        break
    return [offer for offer in offers if offer.value != text]
