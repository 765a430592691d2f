"""What happens when somebody types, presses, chooses or fills in: the engine answers, Discord is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from bot.kit.clock import Clock
from bot.kit.command import Command
from bot.kit.errors import StorageError
from bot.kit.naming import Names
from bot.kit.platform import Respond, Suggest
from bot.kit.reply import notice
from bot.kit.request import Incoming, Trigger
from bot.kit.uploads import UploadError
from bot.kit.wording import Catalogue, _, speaking
from bot.platforms.discord import commands as told
from bot.platforms.discord.attachments import Attachments
from bot.platforms.discord.deadlines import Deadlines
from bot.platforms.discord.direct import (
    REFUSES,
    DirectExchange,
    DirectLine,
    Sparingly,
    Written,
    not_words,
    read_written,
)
from bot.platforms.discord.exchange import TOO_LATE, Exchange, Line, RefusedError, Talk, UnreachableError
from bot.platforms.discord.incoming import Asked, Kind, Server, UnreadableError, read, server_id, sketch
from bot.platforms.discord.lanes import Lanes
from bot.platforms.discord.languages import Languages
from bot.platforms.discord.limits import (
    DEFER_SECONDS,
    EVENTS_REMEMBERED,
    PEOPLE_REMEMBERED,
    REMARK_SECONDS,
    WAITING_MESSAGES,
)
from bot.platforms.discord.pictures import Draw
from bot.platforms.discord.render import render_notice
from bot.platforms.discord.speaker import FORM, Speaker
from bot.platforms.discord.store import DiscordStore

log = logging.getLogger("roadmate.discord")


class Conversation:
    """Carries what people do and write to the engine and its answers back.

    No answer needs what is kept in memory.
    """

    def __init__(
        self,
        *,
        store: DiscordStore,
        clock: Clock,
        commands: Callable[[], Sequence[Command]],
        suggest: Suggest,
        catalogue: Callable[[str], Catalogue],
        respond: Respond,
        files: Attachments,
        names: Names,
        draw: Draw | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._commands = commands
        self._suggest = suggest
        self._catalogue = catalogue
        self._respond = respond
        self._files = files
        self._names = names
        self._speaker = Speaker(store, clock, draw)
        self._deadlines = Deadlines(clock, DEFER_SECONDS)
        self._in_hand: set[asyncio.Task[None]] = set()
        self._seen: dict[str, None] = {}
        self._lanes = Lanes(self._begin, WAITING_MESSAGES)
        self._remarks = Sparingly(clock, REMARK_SECONDS, PEOPLE_REMEMBERED)
        self._spills = Sparingly(clock, REMARK_SECONDS, PEOPLE_REMEMBERED)
        self._languages = Languages(store, clock)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._listening = True

    def take(self, raw: Any, line: Line, server: Callable[[str], Server]) -> None:
        """Begin to answer an interaction, as JSON told it; returns at once. One delivered again is left alone."""
        event = str(raw.get("id")) if isinstance(raw, dict) else str(raw)
        if self._is_new(event):
            self._begin(self._handle(raw, self._clock.now(), line, server))

    def hear(self, message: Mapping[str, Any], line: DirectLine, me: str) -> None:
        """Begin to answer what somebody wrote to the bot, whose account is ``me``, in private; returns at once.

        Everybody is answered in the order in which they wrote. Whatever is no such message, or is delivered again, is
        left alone. Raises as ``read_written`` does.
        """
        written = read_written(message, me)
        if (
            written is not None
            and self._is_new(written.id)
            and not self._lanes.put(written.chat, partial(self._heard, written, line))
            and self._spills.may_say(written.account)
        ):
            log.warning("somebody writes more in private than can be answered; what is too much is left unanswered")

    def meet(self, somebody: Incoming) -> None:
        """Begin to let the engine know who arrived; returns at once. What there is to say about it comes as a post."""
        if self._is_new(somebody.event):
            self._begin(self._met(somebody))

    def _is_new(self, event: str) -> bool:
        if not self._listening or event in self._seen:
            return False
        self._seen[event] = None
        if len(self._seen) > EVENTS_REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return True

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)
        return task

    async def _met(self, somebody: Incoming) -> None:
        try:
            if somebody.trigger is Trigger.ADDED and await self._store.has_arrived(somebody.event):
                return
            with speaking(self._catalogue(somebody.sender.language)):
                await self._respond(somebody)
            if somebody.trigger is Trigger.ADDED:
                await self._store.arrived(somebody.event, int(self._clock.now().timestamp()))
        except StorageError as error:
            log.error("an arrival could not be noted: %s", error)  # noqa: TRY400 - the sentence says it all
        except Exception:
            log.exception("an arrival could not be told")

    async def finish(self, seconds: float) -> None:
        """Take nothing more, wait for what is in hand, at most so long; then let it go."""
        self._listening = False
        if self._in_hand:
            _done, late = await asyncio.wait(self._in_hand, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._deadlines.close()

    async def _handle(self, raw: Any, at: datetime, line: Line, server: Callable[[str], Server]) -> None:
        with _told_to_the_log():
            known = {command.name: command for command in self._commands()}
            try:
                asked = read(raw, at, server(server_id(raw)), known)
            except UnreadableError as error:
                log.warning("an interaction could not be read and was left alone: %s", error)
                if (unread := sketch(raw, at)) is not None:
                    await Exchange(line, unread).say([_not_understood()], hidden=True)
                return
            exchange = Exchange(line, asked)
            with speaking(self._catalogue(asked.locale)):
                if asked.kind is Kind.COMPLETE:
                    await exchange.choices(
                        told.complete(self._commands, self._suggest, asked.command, asked.option, asked.text)
                    )
                else:
                    await self._note_language(asked)
                    await self._answer(asked, exchange, known)

    async def _heard(self, written: Written, line: DirectLine) -> None:
        with _told_to_the_log():
            language = await self._languages.of(written.account)
            asked = written.asked(self._clock.now(), self._names, language)
            with (
                speaking(self._catalogue(language)),
                closing(DirectExchange(line, asked, written.chat, self._clock)) as exchange,
            ):
                if written.text:
                    await self._answer(asked, exchange, {})
                elif self._remarks.may_say(written.account):
                    await exchange.say([render_notice(not_words())], hidden=False)

    async def _note_language(self, asked: Asked) -> None:
        """Remember the language of somebody's app, and begin to keep it if it is new; no answer waits for that.

        Whether it is new or not, the loop goes round once: what is to be kept is handed to the database before the
        answer, so that erasing finds it, and no later event of the same person overtakes this one.
        """
        if asked.incoming is None:
            return
        account = asked.incoming.sender.account
        if asked.locale and self._languages.note(account, asked.locale):
            self._begin(self._languages.keep(account, asked.locale))
        gone_round = asyncio.Event()
        asyncio.get_running_loop().call_soon(gone_round.set)
        await gone_round.wait()

    async def _answer(self, asked: Asked, exchange: Talk, known: dict[str, Command]) -> None:
        incoming = asked.incoming
        if incoming is None:
            return
        ticket = self._deadlines.watch(asked.at, partial(_defer, asked, exchange, known))
        try:
            if (
                asked.kind is Kind.PRESS
                and incoming.text.startswith(FORM)
                and await self._speaker.open(incoming.text, exchange)
            ):
                return
            try:
                incoming = await self._with_files(asked, incoming)
            except UploadError as refused:
                await exchange.say([render_notice(notice(str(refused)))], hidden=True)
                return
            async with self._turn_of(incoming.sender.account):  # of two presses the first counts, however busy it is
                answer = await self._respond(incoming)  # what was asked for is done even if nobody can be told
            await self._speaker.deliver(asked, exchange, answer)
        finally:
            ticket.is_done = True

    def _turn_of(self, account: str) -> asyncio.Lock:
        """Return what lets the events of one person through in the order in which they came."""
        turn = self._turns.get(account)
        if turn is None:
            turn = self._turns[account] = asyncio.Lock()
        return turn

    async def _with_files(self, asked: Asked, incoming: Incoming) -> Incoming:
        """Return a filled-in form with the text of its files. Raises ``UploadError``."""
        if not asked.files:
            return incoming
        texts = {name: await self._files.read(sent) for name, sent in asked.files.items()}
        return replace(incoming, values={**incoming.values, **texts})


@contextmanager
def _told_to_the_log() -> Iterator[None]:
    """Write to the log why somebody could not be answered, without what they said; nothing is raised for it."""
    try:
        yield
    except RefusedError as error:
        if error.code in TOO_LATE:
            log.warning("an answer came too late for Discord: %s", error)
        elif error.code == REFUSES:
            log.info("somebody takes no private messages: %s", error)
        else:
            log.error("Discord refused an answer: %s", error)  # noqa: TRY400 - the sentence says it all
    except UnreachableError as error:
        log.warning("an answer could not be sent: %s", error)
    except Exception:
        log.exception("somebody could not be answered")


async def _defer(asked: Asked, exchange: Talk, known: dict[str, Command]) -> None:
    """Show that an answer will come. Who sees that is decided before the answer is known: a command declares it."""
    command = known.get(asked.incoming.text.removeprefix("/")) if asked.incoming is not None else None
    hidden = asked.only_them or asked.kind is Kind.FORM or (command is not None and command.private)
    try:
        await exchange.defer(hidden=hidden)
    except (RefusedError, UnreachableError) as error:
        log.warning("a sign of waiting could not be shown: %s", error)


def _not_understood() -> dict[str, Any]:
    return render_notice(notice(_("I could not read that. Please try once more, or type /help.")))
