"""What happens with each line: a command is asked, a choice pressed, a form filled in, and the answer kept."""

from __future__ import annotations

import asyncio
import string
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.domain.commons.travel import NextEvent, travel
from bot.kit.clock import Clock, TravelClock
from bot.kit.command import Command
from bot.kit.naming import Names
from bot.kit.platform import Answer, Delivery, Respond
from bot.kit.reply import Document, Field, FieldKind, Form
from bot.kit.request import Incoming, Trigger
from bot.kit.text import CodeBlock
from bot.kit.wording import _
from bot.platforms.terminal import keys
from bot.platforms.terminal.files import keep
from bot.platforms.terminal.forms import check_answer
from bot.platforms.terminal.keyboard import Keyboard
from bot.platforms.terminal.keys import Key, Pressed
from bot.platforms.terminal.paper import Paper
from bot.platforms.terminal.render import choices_of, clean, draw, render, words
from bot.platforms.terminal.rooms import ALONE, HALL, PLATFORM
from bot.platforms.terminal.store import Card
from bot.platforms.terminal.view import View

NO_VALUES: Final[Mapping[str, str]] = MappingProxyType({})


class Conversation:
    """Carries what somebody types to the engine, and the answers to the screen.

    ``session`` sets this conversation's events apart from those of every other; ``files`` is the folder for files that
    come with answers, None: their text is shown.
    """

    def __init__(
        self,
        *,
        view: View,
        paper: Paper,
        clock: Clock,
        travel_clock: TravelClock,
        next_event: NextEvent,
        commands: Callable[[], Sequence[Command]],
        names: Names,
        language: str,
        session: str,
        files: Path | None,
    ) -> None:
        self._view = view
        self._paper = paper
        self._clock = clock
        self._travel_clock = travel_clock
        self._next_event = next_event
        self._commands = commands
        self._names = names
        self._language = language
        self._session = session
        self._files = files
        self._events = 0

    async def hold(self, respond: Respond, keyboard: Keyboard) -> None:
        """Greet, then answer line after line until the end of the input or the word that ends it."""
        self._paper.say(_("Roadmate in your terminal. Type a command, words to look up, or the number of a choice."))
        self._paper.say(_("/start greets you, /help shows everything, “keys” what else you can type, “quit” ends."))
        self._paper.say("")
        while (line := await keyboard.next_line()) is not None:
            line = line.strip()
            if line and not await self._heed(respond, keyboard, line):
                break
        self._paper.say(_("See you."))

    async def _heed(self, respond: Respond, keyboard: Keyboard, line: str) -> bool:
        """Do what a line says; return whether the conversation goes on."""
        pressed = keys.read(line)
        if pressed is None:
            return await self._answer(respond, keyboard, line)
        if pressed.key is Key.QUIT:
            return False
        await self._press_key(pressed)
        return True

    async def _press_key(self, pressed: Pressed) -> None:
        match pressed.key:
            case Key.AGAIN | Key.SHOW:
                if (card := await self._view.card()) is not None:
                    self._view.show(card, reveal=pressed.key is Key.SHOW)
            case Key.KEYS:
                self._paper.say("\n" + render(keys.listed(self._view.names), self._paper.screen()))
            case Key.AS:
                await self._view.become(pressed.rest)
            case Key.HALL:
                await self._view.enter(HALL)
            case Key.ALONE:
                await self._view.enter(ALONE)
            case Key.CARDS:
                await self._view.list_cards()
            case Key.CARD:
                await self._view.open_card(int(pressed.rest))
            case Key.LATER:
                await self._move_clock(pressed.rest)

    async def _move_clock(self, by: str) -> None:
        remark = await travel(self._travel_clock, self._next_event, keys.span(by))
        if remark is not None:
            self._paper.say(render(remark, self._paper.screen()))
        self._paper.say(_("It is {moment} now.").format(moment=self._paper.moment(self._clock.now())))

    async def _answer(self, respond: Respond, keyboard: Keyboard, line: str) -> bool:
        """Answer one line; return whether the conversation goes on."""
        card = await self._view.card()
        listed = choices_of(card.reply) if card is not None else []
        data = _named(listed, line) or _lettered(card, line)
        if data is None and line.isdecimal() and listed:
            if not 1 <= int(line) <= len(listed):
                self._paper.say(_("Please type a number from 1 to {most}.").format(most=len(listed)))
                return True
            data = listed[int(line) - 1][2]
        if data is not None and data.startswith("url:"):
            self._paper.say(data.removeprefix("url:"))
            return True
        if data is not None:
            return await self._ask(respond, keyboard, Trigger.PRESS, data, card)
        if self._view.is_hall and not line.startswith("/"):
            self._paper.say(
                _("In the hall I answer commands, such as /quiz. Words to look up are for when you are alone.")
            )
            return True
        command = self._names.translated(line, self._language)
        return await self._ask(respond, keyboard, Trigger.COMMAND, command, None)

    async def _ask(
        self, respond: Respond, keyboard: Keyboard, trigger: Trigger, text: str, card: Card | None,
        values: Mapping[str, str] = NO_VALUES,
    ) -> bool:  # fmt: skip
        """Have an event answered and show the answer; return whether the conversation goes on."""
        self._events += 1
        view = self._view
        incoming = Incoming(
            platform=PLATFORM,
            event=f"{self._session}-{self._events}",
            trigger=trigger,
            sender=view.me.sender(self._language),
            where=view.room.where(view.me),
            text=text,
            at=self._clock.now(),
            values=values,
            on_public=view.is_hall and card is not None and not card.only_for,
        )
        answer = await respond(incoming)
        if answer.delivery is Delivery.NOTHING:
            return True
        if answer.delivery is Delivery.NOTICE:
            self._paper.say("\n" + render(answer.reply, self._paper.screen()))
            return True
        return await self._show(respond, keyboard, incoming, answer, card)

    async def _show(
        self, respond: Respond, keyboard: Keyboard, incoming: Incoming, answer: Answer, pressed: Card | None
    ) -> bool:
        kept = await self._view.keep(
            answer.reply,
            incoming.event,
            incoming.at,
            only_me=answer.only_you,
            instead_of=pressed if answer.delivery is Delivery.EDIT else None,
        )
        self._view.show(kept)
        if answer.reply.document is not None:
            self._keep_file(answer.reply.document)
        if answer.reply.form is not None:
            return await self._fill_in(respond, keyboard, answer.reply.form, kept)
        return True

    def _keep_file(self, document: Document) -> None:
        """Write a file and say where, or show what is in it."""
        if self._files is not None:
            try:
                self._paper.say(_("Kept in {path}").format(path=keep(document, self._files)))
            except OSError as trouble:
                sentence = _("It cannot be kept in {folder}: {why}")
                self._paper.say(sentence.format(folder=self._files, why=trouble.strerror))
            else:
                return
        self._paper.say(draw(CodeBlock(document.text), self._paper.screen()))

    async def _fill_in(self, respond: Respond, keyboard: Keyboard, form: Form, card: Card) -> bool:
        """Ask a form's questions one after another, then send it."""
        values: dict[str, str] = {}
        for asked in form.one_by_one.fields:
            self._show_field(asked)
            while True:
                typed = await self._typed(keyboard, asked)
                if typed is None:
                    return False
                if typed.strip().lower() == "cancel":
                    self._paper.say(_("Left without sending."))
                    return True
                if self._is_command(typed):
                    return await self._answer(respond, keyboard, typed.strip())
                value, trouble = await asyncio.to_thread(check_answer, asked, typed)  # a file may take a while
                if trouble is None:
                    values[asked.name] = value
                    break
                self._paper.say(words(trouble, self._paper.screen()))
        return await self._ask(respond, keyboard, Trigger.FORM, form.data, card, values)

    def _show_field(self, asked: Field) -> None:
        hint = f" ({asked.hint})" if asked.hint else ""
        self._paper.say(f"{asked.label}{hint}")
        if asked.kind is FieldKind.FILE:
            self._paper.say(_("Type the path of the file."))
        if asked.kind is FieldKind.TEXT:
            self._paper.say(_("Several lines are fine; an empty line ends them."))
        if asked.value:
            held = dict(asked.choices).get(asked.value, asked.value)
            self._paper.say(_("So far: {value}").format(value=clean(held)))
            self._paper.say(_("An empty line keeps it."))
        for number, (_value, label) in enumerate(asked.choices, 1):
            self._paper.say(f"[{number}] {label}")

    async def _typed(self, keyboard: Keyboard, asked: Field) -> str | None:
        """Return what is typed into a field, until an empty line where several fit; None at the end of the input."""
        lines: list[str] = []
        while (line := await keyboard.next_line()) is not None:
            lines.append(line)
            leaves = len(lines) == 1 and (line.strip().lower() == "cancel" or self._is_command(line))
            if asked.kind is not FieldKind.TEXT or not line.strip() or leaves:
                return "\n".join(lines)
        return None

    def _is_command(self, line: str) -> bool:
        """Whether somebody goes on with a command instead of answering a form."""
        if not line.startswith("/"):
            return False
        return line.split(maxsplit=1)[0][1:].lower() in {command.name for command in self._commands()}


def _named(listed: Sequence[tuple[str, str, str]], line: str) -> str | None:
    """Return the data of the one choice that is called what was typed, such as ``B`` under a question."""
    found = [data for label, _more, data in listed if label.casefold() == line.casefold()]
    return found[0] if len(found) == 1 and not found[0].startswith("url:") else None


def _lettered(card: Card | None, line: str) -> str | None:
    """Return the data of an option of a poll by its letter: people count options so, whatever stands before them."""
    choices = card.reply.poll.choices if card is not None and card.reply.poll is not None else ()
    place = string.ascii_lowercase.find(line.lower()) if len(line) == 1 else -1
    return choices[place].data if 0 <= place < len(choices) else None
