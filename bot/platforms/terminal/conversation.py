"""What happens with each line: a command is asked, a choice pressed, a form filled in, and the answer kept."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.domain.commons.cast import HALL
from bot.domain.commons.travel import NextEvent, Rests, travel
from bot.kit.clock import Clock, TravelClock
from bot.kit.command import Command
from bot.kit.errors import StorageError
from bot.kit.naming import Names
from bot.kit.platform import Answer, Delivery, Respond
from bot.kit.reply import Document, Tone
from bot.kit.request import Incoming, Trigger
from bot.kit.text import CodeBlock
from bot.kit.wording import _
from bot.platforms.terminal import keys
from bot.platforms.terminal.dialogue import Dialogue
from bot.platforms.terminal.files import keep
from bot.platforms.terminal.forms import LONGEST_NUMBER
from bot.platforms.terminal.keyboard import Keyboard
from bot.platforms.terminal.keys import Key, Pressed
from bot.platforms.terminal.paper import Paper
from bot.platforms.terminal.render import choices_of, draw, render
from bot.platforms.terminal.rooms import ALONE, PLATFORM
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
        travel_clock: TravelClock | None,
        next_event: NextEvent,
        rests: Rests,
        real: Clock,
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
        self._rests = rests
        self._real = real
        self._commands = commands
        self._names = names
        self._language = language
        self._session = session
        self._files = files
        self._events = 0

    async def hold(self, respond: Respond, keyboard: Keyboard) -> None:
        """Greet, then answer line after line until the end of the input or the word that ends it."""
        tell = self._paper.tell
        tell(_("Roadmate in your terminal. Type a command, words to look up, or the number of a choice."))
        tell(_("/start greets you, /help shows everything, “keys” what else you can type, “quit” ends."))
        now = self._clock.now()
        if now - self._real.now() > timedelta(minutes=1):
            words = _("The clock goes on where you left it: {moment}. For the real time, start with an empty folder "
                      "(ROADMATE_HOME).")  # fmt: skip
            tell(words.format(moment=self._paper.moment(now)))
        await self._view.remind()
        self._paper.say("")
        while (line := await keyboard.next_line()) is not None:
            line = line.strip()
            try:
                if line and not await self._heed(respond, keyboard, line):
                    break
            except StorageError as trouble:
                tell(str(trouble))
        tell(_("See you."))

    async def _heed(self, respond: Respond, keyboard: Keyboard, line: str) -> bool:
        """Do what a line says; return whether the conversation goes on."""
        pressed = keys.read(line)
        if pressed is None:
            return await self._answer(respond, keyboard, line)
        if pressed.key is Key.QUIT:
            return False
        card = await self._press_key(pressed)
        if card is not None and card.reply.form is not None:
            return await self._fill_in(respond, keyboard, card)
        return True

    async def _press_key(self, pressed: Pressed) -> Card | None:
        """Do what a word of the terminal's own says; return the card that was opened by it."""
        view = self._view
        match pressed.key:
            case Key.AGAIN | Key.SHOW:
                card = await view.card() or await view.newest()
                if card is None:
                    self._paper.tell(_("Nothing was said here yet."))
                else:
                    view.show(card, reveal=pressed.key is Key.SHOW)
                return card
            case Key.CARD:
                return await view.open_card(int(pressed.rest))
            case Key.KEYS:
                self._paper.say("\n" + render(keys.listed(view.names), self._paper.screen()))
            case Key.AS:
                await view.become(pressed.rest)
            case Key.HALL:
                await view.enter(HALL)
            case Key.ALONE:
                await view.enter(ALONE)
            case Key.CARDS:
                await view.list_cards()
            case Key.LATER:
                await self._move_clock(pressed.rest)
        return None

    async def _move_clock(self, typed: str) -> None:
        by = keys.span(typed)
        if typed and by is None:
            self._paper.tell(_("Say how far, such as: later 30m, later 2h, later 3d"))
            return
        if self._travel_clock is None:
            words = _(
                "People elsewhere go by this clock, so it stays. Try things out in a folder of its own (ROADMATE_HOME)."
            )
            self._paper.tell(words)
            return
        begun = self._clock.now()
        remark = await travel(self._travel_clock, self._next_event, self._rests, by)
        if remark is not None:
            self._paper.say(render(remark, self._paper.screen()))
        now = self._clock.now()
        self._paper.tell(_("It is {moment} now.").format(moment=self._paper.moment(now)))
        if by is not None and begun < now < begun + by:
            self._paper.tell(_("The clock stopped there. Type “later” again to go on."))

    async def _answer(self, respond: Respond, keyboard: Keyboard, line: str) -> bool:
        """Answer one line; return whether the conversation goes on."""
        card = await self._view.card()
        listed = choices_of(card.reply) if card is not None else []
        data = _named(listed, line) or _lettered(card, line)
        if data is None and line.isdecimal() and listed:
            if len(line) > LONGEST_NUMBER or not 1 <= int(line) <= len(listed):
                self._paper.tell(_out_of_range(len(listed)))
                return True
            data = listed[int(line) - 1][2]
        if data is not None and data.startswith("url:"):
            self._paper.say(data.removeprefix("url:"))
            return True
        if data is not None:
            return await self._ask(respond, keyboard, Trigger.PRESS, data, card)
        if self._view.is_hall and not line.startswith("/"):
            self._paper.tell(self._not_understood(line, len(listed)))
            return True
        command = self._names.translated(line, self._language)
        return await self._ask(respond, keyboard, Trigger.COMMAND, command, None)

    def _not_understood(self, line: str, choices: int) -> str:
        """Return what to say about words in the hall, where words alone are not looked up."""
        known = [*keys.WORDS, *(f"/{command.name}" for command in self._commands())]
        near = get_close_matches(line.split(maxsplit=1)[0].lower(), known, n=1, cutoff=0.75)
        if near:
            return _("Did you mean {word}?").format(word=near[0])
        if choices:
            words = _("No choice is called that. Type its number, from 1 to {most}, or a command such as /quiz.")
            return words.format(most=choices)
        return _("In the hall I answer commands, such as /quiz. Words to look up are for when you are alone.")

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
            if trigger is Trigger.FORM and card is not None and answer.reply.tone is not Tone.WARNING:
                await view.answered(card)
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
            return await self._fill_in(respond, keyboard, kept)
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

    async def _fill_in(self, respond: Respond, keyboard: Keyboard, card: Card) -> bool:
        """Have a form filled in and sent; return whether the conversation goes on."""
        if card.reply.form is None:
            return True
        with self._view.asking():
            dialogue = Dialogue(self._paper, keyboard, self._commands(), lambda name: bool(self._view.called(name)))
            filled = await dialogue.ask(card.reply.form)
        if filled.values is not None:
            return await self._ask(respond, keyboard, Trigger.FORM, card.reply.form.data, card, filled.values)
        if filled.left_with is None:
            return False
        return not filled.left_with or await self._heed(respond, keyboard, filled.left_with)


def _out_of_range(most: int) -> str:
    if most == 1:
        return _("Only 1 can be pressed on this card. “cards” lists the others.")
    return _("Please type a number from 1 to {most}.").format(most=most)


def _named(listed: Sequence[tuple[str, str, str]], line: str) -> str | None:
    """Return the data of the one choice that is called what was typed, such as ``B`` under a question."""
    found = [data for label, _more, data in listed if label.casefold() == line.casefold()]
    return found[0] if len(found) == 1 and not found[0].startswith("url:") else None


def _lettered(card: Card | None, line: str) -> str | None:
    """Return the data of an option of a poll by its letter: people count options so, whatever stands before them."""
    choices = card.reply.poll.choices if card is not None and card.reply.poll is not None else ()
    place = string.ascii_lowercase.find(line.lower()) if len(line) == 1 else -1
    return choices[place].data if 0 <= place < len(choices) else None
