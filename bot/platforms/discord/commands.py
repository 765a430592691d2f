"""Commands as Discord is told about them, and completions while somebody types. Plain data, no SDK."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from bot.kit.command import Command, Param
from bot.kit.naming import called
from bot.kit.platform import Suggest, Suggestion
from bot.kit.request import Role
from bot.kit.wording import N_, Catalogue, _
from bot.platforms.discord import limits
from bot.platforms.discord.markup import clean, cut, one_line, units

log = logging.getLogger("roadmate.discord")

Payload = dict[str, Any]  # JSON
Catalogues = Mapping[str, Catalogue]  # by Discord's own names of languages, such as "de" or "pt-BR"
NO_CATALOGUES: Final[Catalogues] = MappingProxyType({})

EXPLAIN: Final = N_("Explain this term")
"""The entry of a message's menu; asks ``EXPLAINS`` with the message's words."""
EXPLAINS: Final = "define"

NAME: Final = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")
"""What Discord takes as a command's name in any language (Application commands, Naming), in lower case."""
_CHAT, _MESSAGE = 1, 3
_STRING = 3
_MANAGE_SERVER = 1 << 5
_SERVER, _PRIVATE = 0, 1
_FOR_SERVERS = 0


def declarations(commands: Iterable[Command], languages: Catalogues = NO_CATALOGUES) -> list[Payload]:
    """Return what Discord is told: every command with its options, and the entry of a message's menu."""
    listed = list(commands)
    english = [command.name for command in listed]
    theirs = {language: called(english, catalogue, NAME) for language, catalogue in languages.items()}
    told = [_command(command, languages, theirs) for command in listed]
    if any(command.name == EXPLAINS and command.params for command in listed):
        names = {language: cut(catalogue.gettext(EXPLAIN), 32) for language, catalogue in languages.items()}
        told.append({"type": _MESSAGE, "name": EXPLAIN, **_localized("name", names, EXPLAIN), **_anywhere()})
    return told


def fingerprint(told: Sequence[Payload]) -> str:
    """Return a text that changes whenever what Discord is told changes."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _anywhere() -> Payload:
    return {"contexts": [_SERVER, _PRIVATE], "integration_types": [_FOR_SERVERS]}


def _command(command: Command, languages: Catalogues, names: Mapping[str, Mapping[str, str]]) -> Payload:
    own = {language: found.get(command.name, command.name) for language, found in names.items()}
    params = sorted(command.params, key=lambda param: not param.required)  # Discord wants required ones first
    told: Payload = {
        "type": _CHAT,
        "name": command.name,
        **_localized("name", own, command.name),
        **_described(command.summary, languages),
        "options": [_option(param, languages) for param in params],
        **_anywhere(),
    }
    if command.needs.may(Role.OWNER):
        told["default_member_permissions"] = "0"
    elif command.needs.may(Role.MODERATOR):  # a hint only: servers may change it, so rights are checked again
        told["default_member_permissions"] = str(_MANAGE_SERVER)
    return told


def _option(param: Param, languages: Catalogues) -> Payload:
    option: Payload = {
        "type": _STRING,
        "name": param.name,
        **_described(param.summary, languages),
        "required": param.required,
    }
    if 0 < len(param.choices) <= limits.COMMAND_CHOICES:
        option["choices"] = [{"name": choice, "value": choice} for choice in param.choices]
        return option
    option["max_length"] = min(param.longest, limits.OPTION_LENGTH)
    if param.suggests or param.choices:
        option["autocomplete"] = True
    return option


def _described(summary: str, languages: Catalogues) -> Payload:
    translated = {language: cut(catalogue.gettext(summary), 100) for language, catalogue in languages.items()}
    return {"description": summary, **_localized("description", translated, summary)}


def _localized(what: str, words: Mapping[str, str], default: str) -> Payload:
    kept = {
        language: text
        for language, text in words.items()
        if language in limits.LOCALES and text.strip() and text != default
    }
    if kept:  # without English of its own, Americans would be shown British words and the other way round
        kept.setdefault("en-US", default)
    return {f"{what}_localizations": kept} if kept else {}


def complete(commands: Callable[[], Sequence[Command]], suggest: Suggest, name: str, option: str, text: str) -> Payload:
    """Return the choices for an option somebody is typing in; none if anything is unknown."""
    found = next((param for command in commands() if command.name == name
                  for param in command.params if param.name == option), None)  # fmt: skip
    if found is None:
        return {"choices": []}
    try:
        offered = _offered(found, suggest, text)
    except Exception:
        log.exception("completing /%s failed", name)
        offered = []
    choices = [
        {"name": shown, "value": suggestion.value}
        for suggestion in offered
        if 1 <= units(suggestion.value) <= limits.SUGGESTION_TEXT
        and suggestion.value == clean(suggestion.value)
        and (shown := cut(one_line(suggestion.label), limits.SUGGESTION_TEXT))
    ]
    return {"choices": choices[: limits.SUGGESTIONS]}


def _offered(param: Param, suggest: Suggest, text: str) -> list[Suggestion]:
    if param.choices:
        begun = text.strip().lower()
        return [Suggestion(_(choice), choice) for choice in param.choices if begun in choice.lower()]
    return suggest(param.suggests, text)
