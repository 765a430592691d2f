"""What people could send to the bot by accident or on purpose: command lines and what buttons carry; same seed, same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.kit.action import Action, OneOf, Slug, WholeNumber, Word
from bot.kit.command import Command
from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from tests.safety.inputs import texts

PLATFORMS = ("core", "telegram", "discord")
HELPFUL_WORDS = (
    "zone", "Mars", "mumbai", "community", "changes", "language", "de", "off", "on", "22:00", "25:99", "1", "1.2", "1.2.3",
    "9.9", "-1", "0", "99999999999999999999", "SVM", "k-nearest neighbours", "gradient", "export", "erase", "Ana", "@Ana",
)  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789:.,-_/@ é漢😀\u200b\u202e\x00"


@dataclass(slots=True)
class Crowd:
    """People in places of several platforms, who type and press what ``chance`` wants."""

    chance: random.Random
    now: datetime
    commands: Sequence[Command]
    actions: Mapping[str, Action]
    seen: list[str] = field(default_factory=list)
    """What buttons that were really shown carry."""
    _odd: Iterator[str] | None = None
    _events: int = 0

    def types(self) -> Incoming:
        """Somebody types something, often a command."""
        values: dict[str, str] = {}
        text = self._line()
        if self.chance.random() < 0.1:  # as on Discord, with options
            command = self.chance.choice(self.commands)
            names = [param.name for param in command.params] + ["nonsense"]
            text = f"/{command.name}"
            values = {name: self._word() for name in names if self.chance.random() < 0.6}
        return self._event(Trigger.COMMAND, text, values)

    def presses(self) -> Incoming:
        """Somebody presses a button or sends a form, which may be old, another's, or made up."""
        data = self._data()
        if self.chance.random() < 0.25:
            names = ("value", "at", "name", "text", "nonsense")
            values = {name: self._word() for name in names if self.chance.random() < 0.4}
            return self._event(Trigger.FORM, data, values)
        return self._event(Trigger.PRESS, data, {})

    def _event(self, trigger: Trigger, text: str, values: Mapping[str, str]) -> Incoming:
        chance = self.chance
        self._events += 1
        name = chance.choice(("Ana", "Ben", "Mo", "@everyone", "<b>x</b>", "\u202eeve", "\u200b"))
        setting = chance.choice((Setting.PRIVATE, Setting.GROUP, Setting.GROUP, Setting.CHANNEL))
        chat = f"alone-{name}" if setting is Setting.PRIVATE else chance.choice(("hall", "club", "-100"))
        role = chance.choice((Role.MEMBER, Role.MODERATOR, Role.OWNER, Role.STRANGER))
        return Incoming(
            platform=chance.choice(PLATFORMS),
            event=f"e{chance.randint(1, self._events) if chance.random() < 0.02 else self._events}",
            trigger=trigger,
            sender=Sender(name, name, role, chance.choice(("en", "de", "xx", "", "pt-BR"))),
            where=Where(chat, setting, chat, chance.choice(("", "7"))),
            text=text,
            at=self.now,
            values=values,
            on_public=trigger is not Trigger.COMMAND and chance.random() < 0.5,
        )

    def _line(self) -> str:
        chance = self.chance
        name = chance.choice(self.commands).name
        match chance.randrange(8):
            case 0:
                return self._word()
            case 1:
                name = self._altered(name)
            case 2:
                name = chance.choice((name.upper(), f"{name}@roadmate_bot", f" {name}", "", "/", name + "@" * 300))
        gap = chance.choice((" ", "  ", "\n", "\t", "\u00a0"))
        return f"/{name}" + "".join(gap + self._word() for _word in range(chance.randrange(4)))

    def _word(self) -> str:
        if self.chance.random() < 0.5:
            return self.chance.choice(HELPFUL_WORDS)
        if self._odd is None:
            self._odd = texts(self.chance.randrange(1 << 30), 1 << 30)
        return next(self._odd)

    def _data(self) -> str:
        chance = self.chance
        match chance.randrange(6):
            case 0 | 1 if self.seen:
                data = chance.choice(self.seen)
            case 5:
                return self._word()[:200]
            case _:
                data = self._made_up(chance.choice(list(self.actions.values())))
        return self._altered(data) if chance.random() < 0.3 else data

    def _made_up(self, action: Action) -> str:
        """Return data that fits an action, with values nobody offered."""
        chance = self.chance
        values: dict[str, object] = {}
        for name, codec in action.codecs.items():
            match codec:
                case WholeNumber():
                    values[name] = chance.choice((1, 2, 3, 17, 999_999))
                case Slug():
                    values[name] = chance.choice(("zone", "our-zone", "room", "test-post", "quiz-at", "alg-knn", "zzz"))
                case OneOf(words=words):
                    values[name] = chance.choice(words)
                case Word():
                    values[name] = chance.choice(("UTC", "en", "off", "soon", "Europe/Berlin", "a/b"))
        try:
            return action.data(**values)
        except ValueError:
            return action.name

    def _altered(self, text: str) -> str:
        chance = self.chance
        for _change in range(chance.randint(1, 3)):
            at = chance.randint(0, len(text))
            letter = chance.choice(_LETTERS)
            cut = chance.choice((0, 0, 1, 1, 5))
            text = text[:at] + chance.choice((letter, "")) + text[at + cut :]
        return text
