"""Commands: declared once beside the method that answers, typed the same way on every platform.

Platforms with typed options (Discord) read ``Param`` for their own forms; everywhere else ``Command.parse`` reads what
was typed. Both end in the same values.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeVar

from bot.kit.reply import Reply
from bot.kit.request import Role
from bot.kit.text import Spans, code
from bot.kit.wording import N_, _, quoted, say

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")  # what both platforms accept
SUMMARY_LIMIT: Final = 100  # Discord's description; Telegram allows 256


class BadArgumentError(ValueError):
    """What was typed after a command cannot be read; ``sentence`` says why and what to type instead."""

    def __init__(self, sentence: Spans) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Area(StrEnum):
    """What people want to do; ``/help`` is grouped by it. The value is the heading, to be translated."""

    LEARN = N_("Find your way and learn")
    PROGRESS = N_("See how far you are")
    LOOK_UP = N_("Look things up")
    RUN = N_("Run the community")
    ABOUT = N_("About Roadmate")


@dataclass(frozen=True, slots=True)
class Param:
    """One thing that may follow a command.

    Attributes:
        name: the option's name on platforms with typed options, and the method's argument.
        summary: what it is, at most 100 characters, marked with ``N_``.
        required: whether the command is refused without it.
        choices: if given, only these words are accepted, in any case.
        longest: most characters taken; more is refused with a sentence.
        aliases: other words people type for a choice, with the choice each stands for.
        suggests: names the completion a platform may offer while typing, such as ``topic``.
    """

    name: str
    summary: str
    required: bool = False
    choices: tuple[str, ...] = ()
    longest: int = 200
    suggests: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[..., Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command and the method that answers it. The last parameter takes the rest of the line.

    ``private`` answers go to the asker alone wherever others could read them; it is declared here because a platform
    may have to decide before the answer is known. ``needs`` has no default: each command says whom it is for;
    ``stricter`` names words of the first parameter that need more. ``role_matters``: the answer depends on the asker's
    role, so that a platform which has to ask for it does so.
    """

    name: str
    summary: str
    handler: Handler
    params: tuple[Param, ...] = ()
    area: Area = Area.LEARN
    example: str = ""
    private: bool = False
    needs: Role = field(kw_only=True)
    stricter: Mapping[str, Role] = field(default_factory=dict)
    role_matters: bool = False

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"/{self.name} is not a name both platforms accept")
        for text in (self.summary, *(param.summary for param in self.params)):
            if not 1 <= len(text) <= SUMMARY_LIMIT:
                raise ValueError(f"/{self.name}: a summary has 1 to {SUMMARY_LIMIT} characters: {text!r}")

    def needs_for(self, first: str) -> Role:
        """Return the role needed if ``first`` is what the first parameter begins with."""
        word = next(iter(first.split()), "").lower()
        return self.stricter.get(word, self.needs)

    def parse(self, text: str) -> dict[str, str]:
        """Read what was typed after the command's name.

        Raises:
            BadArgumentError: something is missing, too long, or not one of the choices.
        """
        values: dict[str, str] = {}
        rest = text.strip()
        for position, param in enumerate(self.params):
            if position == len(self.params) - 1:
                word, rest = rest, ""
            else:
                word, _gap, rest = rest.partition(" ")
                if param.choices and word.lower() not in param.choices and not param.required:
                    word, rest = "", f"{word} {rest}"  # an optional word that was left out
            if word := word.strip():
                values[param.name] = word
        return self.check(values)

    def check(self, values: Mapping[str, str]) -> dict[str, str]:
        """Check values that a platform already told apart; returns them with defaults filled in."""
        checked: dict[str, str] = {}
        for param in self.params:
            value = values.get(param.name, "").strip()
            if not value and param.required:
                raise BadArgumentError(
                    say(_("Please add {what}, for example {example}"), what=param.name, example=code(self.example))
                )
            if len(value) > param.longest:
                raise BadArgumentError(
                    say(
                        _("That is {count} characters long; {command} takes at most {most}. Please shorten it."),
                        count=len(value),
                        command=code("/" + self.name),
                        most=param.longest,
                    )
                )
            if value and param.choices:
                value = param.aliases.get(value.lower(), value)
                if value.lower() not in param.choices:
                    raise BadArgumentError(
                        say(
                            _("{word} is not one of {choices}."),
                            word=quoted(value),
                            choices=", ".join(param.choices),
                        )
                    )
                value = value.lower()
            checked[param.name] = value
        return checked


Method = TypeVar("Method", bound=Callable[..., Awaitable[Reply]])


def command(name: str, summary: str, **declared: Any) -> Callable[[Method], Method]:
    """Declare the decorated method as the answer to ``/name``; ``collect_commands`` finds it."""

    def declare(method: Method) -> Method:
        method.__dict__["command"] = {"name": name, "summary": summary, **declared}
        return method

    return declare


def collect_commands(owner: object) -> tuple[Command, ...]:
    """Return the commands declared on the methods of ``owner``, in the order they are written."""
    found: list[Command] = []
    for name in type(owner).__dict__:
        method = getattr(owner, name)
        declared = getattr(method, "command", None)
        if declared is not None:
            found.append(Command(handler=method, **declared))
    return tuple(found)
