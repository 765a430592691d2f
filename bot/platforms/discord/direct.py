"""What somebody writes to the bot in private, in plain words: read as a command, and answered by ordinary messages.

Discord gives a bot the words of its private chats without the privileged intent. An answer is no answer to an
interaction here, so nothing has to come within three seconds, but a message sent twice would stand there twice:
each goes out under a nonce made of the message it answers, which Discord knows again for some minutes.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bot.kit.clock import Clock
from bot.kit.naming import Names
from bot.kit.reply import Reply, notice
from bot.kit.request import Incoming, Role, Setting, Trigger, Where
from bot.kit.request import Sender as Person
from bot.kit.text import code
from bot.kit.wording import _, say
from bot.platforms.discord.exchange import Payload, RefusedError, UnreachableError, Upload
from bot.platforms.discord.incoming import PLATFORM, Asked, Kind
from bot.platforms.discord.limits import DIRECT_SECONDS, TYPING_SECONDS
from bot.platforms.discord.sender import Sender

log = logging.getLogger("roadmate.discord")

UNKNOWN_MESSAGE: Final = 10008
REFUSES: Final = 50007
"""Discord's code for somebody who takes no private messages from the bot."""
GREETING: Final = "/start"
"""What somebody means who only mentions the bot."""
_WRITTEN: Final = (0, 19)
"""The kinds of messages that people write: plain ones and replies to others (Message resource)."""
_PRIVATE: Final = 1
_COMMAND: Final = re.compile(r"</([^\s:<>]{1,32})(?: [^:<>]{0,66})?:\d{1,20}>")
"""A command as Discord's own apps put it into a text."""
_ID: Final = re.compile(r"\d{1,20}")


@dataclass(frozen=True, slots=True)
class Written:
    """A message that somebody wrote to the bot alone.

    Attributes:
        id, chat: Discord's ids of the message and of the private chat.
        account, name: who wrote it.
        text: what it says; empty if it has no words, such as a sticker.
    """

    id: str
    chat: str
    account: str
    name: str
    text: str = field(repr=False)

    def asked(self, at: datetime, names: Names, language: str) -> Asked:
        """Return what is asked by it; ``language`` is that of the writer's app as far as anybody knows, or empty."""
        incoming = Incoming(
            platform=PLATFORM,
            event=self.id,
            trigger=Trigger.COMMAND,
            sender=Person(self.account, self.name, Role.MEMBER, language),
            where=Where(self.chat, Setting.PRIVATE),
            text=names.translated(self.text, language),
            at=at,
        )
        return Asked(self.id, "", "", Kind.COMMAND, at, locale=language, alone=True, incoming=incoming)


def read_written(message: Mapping[str, Any], me: str) -> Written | None:
    """Return what a person wrote to the bot, whose account is ``me``, in private; None for every other message.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: the message is not as Discord describes it. The error never
            tells what the message says.
    """
    if message.get("guild_id") or message.get("type") not in _WRITTEN or message.get("webhook_id"):
        return None
    author = message["author"]
    if author.get("bot") or str(author["id"]) == me or message.get("channel_type", _PRIVATE) != _PRIVATE:
        return None
    event, chat, account = str(message["id"]), str(message["channel_id"]), str(author["id"])
    if not all(map(_ID.fullmatch, (event, chat, account))):
        raise ValueError("an id is no number")
    name = str(author.get("global_name") or author["username"])
    said = str(message.get("content") or "").strip()
    words = re.sub(rf" ?<@!?{re.escape(me)}> ?", " ", said).strip() if me else said
    if (command := _COMMAND.match(words)) is not None:
        words = f"/{command[1]}{words[command.end() :]}"
    return Written(event, chat, account, name, words or (GREETING if said else ""))


class DirectLine:
    """The way into private chats: over the same connections as other answers, with the bot's token."""

    def __init__(self, sender: Sender, token: str, clock: Clock) -> None:
        self._sender = sender
        self._authorization = f"Bot {token}"
        self._clock = clock

    async def send(self, chat: str, body: Payload, upload: Upload | None = None) -> None:
        """Send a message, again and again as long as Discord knows its nonce.

        Raises:
            RefusedError: Discord will not send it.
            UnreachableError: it could not be sent in time; whether Discord did is not known.
        """
        await self._post(f"/channels/{chat}/messages", body, DIRECT_SECONDS, upload)

    async def show_typing(self, chat: str) -> None:
        """Show for ten seconds that something is being written; tried once. Raises as ``send`` does."""
        await self._post(f"/channels/{chat}/typing", None, 0.0, None)

    async def _post(self, path: str, body: Payload | None, seconds: float, upload: Upload | None) -> None:
        until = self._clock.now() + timedelta(seconds=seconds)
        await self._sender.send(
            "POST", path, body, token=path, until=until, upload=upload, authorization=self._authorization
        )


class DirectExchange:
    """Implements ``exchange.Talk`` for one message that somebody wrote."""

    def __init__(self, line: DirectLine, asked: Asked, chat: str, clock: Clock) -> None:
        self._line = line
        self._asked = asked
        self._chat = chat
        self._clock = clock
        self._count = 0
        self._is_closed = False
        self._sign: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        """Return False: no modal can be shown, so a form waits behind a button."""
        return False

    async def defer(self, *, hidden: bool) -> None:
        """Show that something is being written, until something is said; returns at once."""
        if not self._is_closed:
            self._sign = asyncio.get_running_loop().create_task(self._show_typing())

    async def modal(self, modal: Payload) -> bool:
        """Return False: only an interaction can show a form."""
        return False

    async def say(self, messages: list[Payload], *, hidden: bool, upload: Upload | None = None) -> None:
        """Say something; here nobody else is who could see it."""
        self.close()
        for message in messages:
            self._count += 1
            body = {**message, "nonce": f"{self._asked.id}.{self._count}", "enforce_nonce": True}
            try:
                await self._line.send(self._chat, body, upload)
            except RefusedError as error:
                if error.code != UNKNOWN_MESSAGE:
                    raise
                log.info("an answer to message %s was sent before, and deleted since", self._asked.id)
            upload = None

    async def edit(self, messages: list[Payload], *, upload: Upload | None = None) -> None:
        """Say something: nothing was pressed whose place it could take."""
        await self.say(messages, hidden=False, upload=upload)

    async def nothing(self) -> None:
        """Leave everything as it is."""
        self.close()

    def close(self) -> None:
        """Show no longer that something is being written. May be called again."""
        self._is_closed = True
        sign, self._sign = self._sign, None
        if sign is not None:
            sign.cancel()

    async def _show_typing(self) -> None:
        try:
            while True:
                await self._line.show_typing(self._chat)
                await self._clock.sleep_until(self._clock.now() + timedelta(seconds=TYPING_SECONDS))
        except (RefusedError, UnreachableError) as error:
            log.info("that something is being written could not be shown: %s", error)


def not_words() -> Reply:
    """Say what can be sent to the bot, to somebody who sent something else."""
    return notice(
        say(
            _("I only read words and commands. Type what you want to look up, or {help} to see what you can ask."),
            help=code("/help"),
        )
    )


class Sparingly:
    """Tells whether something may be said to somebody once more: not within ``seconds`` of the last time."""

    def __init__(self, clock: Clock, seconds: float, most: int) -> None:
        self._clock = clock
        self._pause = timedelta(seconds=seconds)
        self._most = most
        self._said: dict[str, datetime] = {}

    def may_say(self, whom: str) -> bool:
        """Return whether it may be said now, and count it as said then; of those remembered the oldest are dropped."""
        now = self._clock.now()
        last = self._said.get(whom)
        if last is not None and timedelta() <= now - last < self._pause:
            return False
        self._said.pop(whom, None)
        self._said[whom] = now
        if len(self._said) > self._most:
            del self._said[next(iter(self._said))]
        return True
