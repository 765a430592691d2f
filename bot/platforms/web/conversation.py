"""What happens when somebody types, presses or fills in: it is kept, the engine answers, the answer is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bot.domain.commons.cast import Persona, Room
from bot.kit.clock import Clock
from bot.kit.command import Command
from bot.kit.naming import Names
from bot.kit.platform import Delivery, Respond
from bot.kit.reply import Reply, notice
from bot.kit.request import Incoming, Trigger
from bot.kit.wording import _, say
from bot.platforms.web.cast import PLATFORM
from bot.platforms.web.forms import Draft, check
from bot.platforms.web.limits import EVENTS_REMEMBERED, TEXT_LONGEST
from bot.platforms.web.live import Windows
from bot.platforms.web.store import Message, MessageStore

NO_VALUES: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the one who typed or pressed is told beside the conversation itself.

    Attributes:
        remark: a passing remark for their eyes only.
        draft: what they filled in and what is missing, if the form has to be looked at again.
        refused: the text they typed, if it was not taken.
    """

    remark: Reply | None = None
    draft: Draft | None = None
    refused: str = ""


class Conversation:
    """Carries what people do to the engine and its answers back into the chat."""

    def __init__(
        self,
        store: MessageStore,
        windows: Windows,
        clock: Clock,
        commands: Callable[[], Sequence[Command]],
        language: str,
        names: Names,
    ) -> None:
        self._store = store
        self._windows = windows
        self._clock = clock
        self._commands = commands
        self._language = language
        self._names = names
        self._respond: Respond | None = None
        self._in_hand: dict[str, asyncio.Task[Outcome]] = {}
        self._told: dict[str, Outcome] = {}

    def begin(self, respond: Respond) -> None:
        """Take the engine that answers."""
        self._respond = respond

    async def finish(self, seconds: float) -> None:
        """Wait for what is in hand, at most so long; then let it go."""
        if not self._in_hand:
            return
        _done, late = await asyncio.wait(self._in_hand.values(), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def type(self, persona: Persona, room: Room, text: str, event: str) -> Outcome:
        """Keep a typed line and have it answered if it is meant for the bot."""
        text = readable(text)
        if not text.strip():
            return Outcome()
        if len(text) > TEXT_LONGEST:
            words = say(
                _("That is {count} characters long; a message takes at most {most}. Please shorten it."),
                count=len(text),
                most=TEXT_LONGEST,
            )
            return Outcome(notice(words), refused=text)
        return await self._once(f"{persona.account}:{event}", lambda own: self._type(persona, room, text, own))

    async def press(self, persona: Persona, room: Room, number: int, data: str, event: str) -> Outcome:
        """Have a press of a button, an entry of a menu or an answer of a poll answered."""
        return await self._once(
            f"{persona.account}:{event}:{number}:{data}", lambda own: self._press(persona, room, number, data, own)
        )

    async def fill_in(
        self, persona: Persona, room: Room, number: int, values: Mapping[str, str], files: Mapping[str, bytes],
        event: str,
    ) -> Outcome:  # fmt: skip
        """Have a filled-in form answered, or return what has to be mended first."""
        return await self._once(
            f"{persona.account}:{event}:{number}:form",
            lambda own: self._fill_in(persona, room, number, values, files, own),
        )

    async def _once(self, event: str, work: Callable[[str], Awaitable[Outcome]]) -> Outcome:
        """Do the work of an event; a second delivery waits for the first one's end and is told the same.

        The work goes on even if the browser hangs up, so that a kept line is always answered.
        """
        if event in self._told:
            return self._told[event]
        task = self._in_hand.get(event)
        if task is None:
            task = asyncio.ensure_future(self._remembered(event, work))
            self._in_hand[event] = task
            task.add_done_callback(lambda _task: self._in_hand.pop(event, None))
        return await asyncio.shield(task)

    async def _remembered(self, event: str, work: Callable[[str], Awaitable[Outcome]]) -> Outcome:
        outcome = await work(event)
        if outcome.draft is None:  # a form that has to be mended is sent again from the same page
            self._told[event] = outcome
            while len(self._told) > EVENTS_REMEMBERED:
                del self._told[next(iter(self._told))]
        return outcome

    async def _type(self, persona: Persona, room: Room, text: str, event: str) -> Outcome:
        is_command = text.lstrip().startswith("/")
        meant = self._names.translated(text.lstrip(), self._language) if is_command else text
        chat = room.chat(persona)
        kept = await self._store.add(
            chat=chat,
            event=event,
            at=self._clock.now(),
            author=persona.account,
            only_for=persona.account if is_command and not room.is_private and self._is_private(meant) else "",
            text=text,
        )
        if kept is None:
            return Outcome()
        self._windows.said(chat)
        if not (is_command or room.is_private):
            return Outcome()
        return await self._answer(self._incoming(persona, room, Trigger.COMMAND, meant, event), room, None)

    async def _press(self, persona: Persona, room: Room, number: int, data: str, event: str) -> Outcome:
        message = await self._store.message(number, chat=room.chat(persona), account=persona.account)
        if message is None or message.reply is None or data not in offered(message.reply):
            return Outcome(_gone())
        incoming = self._incoming(persona, room, Trigger.PRESS, data, event, on_public=_is_public(message, room))
        return await self._answer(incoming, room, message)

    async def _fill_in(
        self, persona: Persona, room: Room, number: int, values: Mapping[str, str], files: Mapping[str, bytes],
        event: str,
    ) -> Outcome:  # fmt: skip
        message = await self._store.message(number, chat=room.chat(persona), account=persona.account)
        if message is None or message.reply is None or message.reply.form is None:
            return Outcome(_gone())
        form = message.reply.form
        draft = check(form, number, {name: readable(value) for name, value in values.items()}, files)
        if draft.problems:
            return Outcome(draft=draft)
        incoming = self._incoming(
            persona, room, Trigger.FORM, form.data, event, values=draft.values, on_public=_is_public(message, room)
        )
        return await self._answer(incoming, room, message)

    def _incoming(
        self,
        persona: Persona,
        room: Room,
        trigger: Trigger,
        text: str,
        event: str,
        *,
        values: Mapping[str, str] = NO_VALUES,
        on_public: bool = False,
    ) -> Incoming:
        return Incoming(
            platform=PLATFORM,
            event=event,
            trigger=trigger,
            sender=persona.sender(self._language),
            where=room.where(persona),
            text=text,
            at=self._clock.now(),
            values=values,
            on_public=on_public,
        )

    def _is_private(self, text: str) -> bool:
        """Whether a typed command is answered to its asker alone; then others need not see the question either."""
        name = text.lstrip().removeprefix("/").split(maxsplit=1)[:1]
        return any(command.private for command in self._commands() if [command.name] == name)

    async def _answer(self, incoming: Incoming, room: Room, pressed: Message | None) -> Outcome:
        if self._respond is None:
            raise RuntimeError("the web chat was asked before it was started")
        answer = await self._respond(incoming)
        if answer.delivery is Delivery.NOTHING:
            return Outcome()
        if answer.delivery is Delivery.NOTICE and pressed is not None:
            return Outcome(answer.reply)  # what was typed is answered beneath it, where it can still be read later
        hides = answer.only_you and not room.is_private
        # A public message is never turned into a private answer: others would lose it, or see what is not theirs.
        fits = pressed is not None and not (hides and not pressed.only_for)
        if answer.delivery is Delivery.EDIT and pressed is not None and fits:
            kept = await self._store.replace(pressed.id, answer.reply)
        else:
            kept = False
        if not kept:
            await self._store.add(
                chat=incoming.where.chat,
                event=f"{incoming.event}>",
                at=self._clock.now(),
                only_for=incoming.sender.account if hides else "",
                reply=answer.reply,
            )
        self._windows.said(incoming.where.chat)
        return Outcome()


def _is_public(message: Message, room: Room) -> bool:
    """Whether everybody in the place sees a message."""
    return not room.is_private and not message.only_for


def offered(reply: Reply) -> frozenset[str]:
    """Return the data of everything in a reply that can be pressed or chosen."""
    found = {button.data for row in reply.buttons for button in row if button.data}
    for part in (reply.menu, reply.poll):
        if part is not None:
            found.update(choice.data for choice in part.choices)
    return frozenset(found)


def readable(text: str) -> str:
    """Return text as typed, with line ends made one kind and characters no page may carry replaced by ``�``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char if char in "\n\t" or _is_character(ord(char)) else "\ufffd" for char in text)


def _is_character(code: int) -> bool:
    """Whether HTML may carry a code point: no controls, surrogates or non-characters."""
    return not (
        code < 0x20
        or 0x7F <= code < 0xA0
        or 0xD800 <= code < 0xE000
        or 0xFDD0 <= code <= 0xFDEF
        or code & 0xFFFE == 0xFFFE
    )


def _gone() -> Reply:
    return notice(_("This is no longer there to press: the message has changed meanwhile. Look at its newest version."))
