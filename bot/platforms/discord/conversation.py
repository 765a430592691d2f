"""What happens when somebody types a command, presses, chooses or fills in: the engine answers, Discord is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Final

from bot.kit.clock import Clock
from bot.kit.command import Command
from bot.kit.errors import StorageError
from bot.kit.platform import Answer, Delivery, Respond, Suggest
from bot.kit.reply import Document, Reply, notice
from bot.kit.request import Incoming, Trigger
from bot.kit.uploads import UploadError
from bot.kit.wording import Catalogue, _, speaking
from bot.platforms.discord import commands as told
from bot.platforms.discord.attachments import Attachments
from bot.platforms.discord.controls import data_of
from bot.platforms.discord.deadlines import Deadlines
from bot.platforms.discord.exchange import (
    TOO_LATE,
    Exchange,
    Line,
    Payload,
    RefusedError,
    UnreachableError,
    Upload,
    is_edit_possible,
)
from bot.platforms.discord.incoming import Asked, Kind, Server, UnreadableError, read, server_id, sketch
from bot.platforms.discord.limits import CARDS_REMEMBERED, DEFER_SECONDS, EVENTS_REMEMBERED
from bot.platforms.discord.pictures import Draw, drawn
from bot.platforms.discord.render import render, render_bare, render_file, render_form, render_modal, render_notice
from bot.platforms.discord.rights import LACKS_A_RIGHT, Right, lacking, may_grant, missing_rights
from bot.platforms.discord.store import DiscordStore

log = logging.getLogger("roadmate.discord")

FORM: Final = "discord.form:"
"""Begins the data of a button that opens a kept form."""
_NEEDED: Final = Right.VIEW_CHANNEL | Right.SEND_MESSAGES | Right.SEND_MESSAGES_IN_THREADS
_TOO_BIG: Final = 413


class Conversation:
    """Carries interactions to the engine and its answers back. Nothing is kept in memory that a restart would lose."""

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
        draw: Draw | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._commands = commands
        self._suggest = suggest
        self._catalogue = catalogue
        self._respond = respond
        self._files = files
        self._draw = draw
        self._deadlines = Deadlines(clock, DEFER_SECONDS)
        self._cards = lru_cache(maxsize=CARDS_REMEMBERED)(_cards)  # what everybody asks for is drawn once
        self._in_hand: set[asyncio.Task[None]] = set()
        self._seen: dict[str, None] = {}
        self._listening = True

    def take(self, raw: Any, line: Line, server: Callable[[str], Server]) -> None:
        """Begin to answer an interaction, as JSON told it; returns at once. One delivered again is left alone."""
        event = str(raw.get("id")) if isinstance(raw, dict) else str(raw)
        if self._is_new(event):
            self._begin(self._handle(raw, self._clock.now(), line, server))

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

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)

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
        try:
            known = {command.name: command for command in self._commands()}
            try:
                asked = read(raw, at, server(server_id(raw)), known)
            except UnreadableError as error:
                log.warning("an interaction could not be read and was left alone: %s", error)
                if (unread := sketch(raw, at)) is not None:
                    await Exchange(line, unread).say([_not_understood()], hidden=True)
                return
            with speaking(self._catalogue(asked.locale)):
                await self._answer(asked, Exchange(line, asked), known)
        except RefusedError as error:
            if error.code in TOO_LATE:
                log.warning("an answer came too late for Discord: %s", error)
            else:
                log.error("Discord refused an answer: %s", error)  # noqa: TRY400 - the sentence says it all
        except UnreachableError as error:
            log.warning("an answer could not be sent: %s", error)
        except Exception:
            log.exception("an interaction could not be answered")

    async def _answer(self, asked: Asked, exchange: Exchange, known: dict[str, Command]) -> None:
        if asked.kind is Kind.COMPLETE:
            await exchange.choices(
                told.complete(self._commands, self._suggest, asked.command, asked.option, asked.text)
            )
            return
        incoming = asked.incoming
        if incoming is None:
            return
        ticket = self._deadlines.watch(asked.at, partial(_defer, asked, exchange, known))
        try:
            if (
                asked.kind is Kind.PRESS
                and incoming.text.startswith(FORM)
                and await self._open(incoming.text, exchange)
            ):
                return
            try:
                incoming = await self._with_files(asked, incoming)
            except UploadError as refused:
                await exchange.say([render_notice(notice(str(refused)))], hidden=True)
                return
            answer = await self._respond(incoming)  # what was asked for is done even if nobody can be told
            await self._deliver(asked, exchange, answer)
        finally:
            ticket.is_done = True

    async def _with_files(self, asked: Asked, incoming: Incoming) -> Incoming:
        """Return a filled-in form with the text of its files. Raises ``UploadError``."""
        if not asked.files:
            return incoming
        texts = {name: await self._files.read(sent) for name, sent in asked.files.items()}
        return replace(incoming, values={**incoming.values, **texts})

    async def _deliver(self, asked: Asked, exchange: Exchange, answer: Answer) -> None:
        """Say an answer; what Discord refuses is said again more simply, or why it cannot be."""
        hidden = answer.only_you or asked.only_them
        upload: Upload | None = None
        try:
            if answer.delivery is not Delivery.NOTHING and answer.delivery is not Delivery.NOTICE:
                upload = await drawn(answer.reply, self._draw)
            try:
                await self._show(asked, exchange, answer, upload)
            except RefusedError as error:
                if upload is None or not _is_worth_another_try(error):
                    raise
                log.error("Discord refused a picture, whose words are sent alone now: %s", error)  # noqa: TRY400
                await self._show(asked, exchange, answer, None)
        except RefusedError as error:
            if not _is_worth_another_try(error):
                raise
            if error.code in LACKS_A_RIGHT:
                names = missing_rights(asked.app_permissions, _NEEDED)
                log.error("Discord refused an answer, for want of rights (%s): %s", ", ".join(names), error)  # noqa: TRY400
                lack = lacking(names, can_grant=may_grant(asked.permissions))
                await exchange.say([render_notice(lack)], hidden=True)
                return
            log.error("Discord refused a card, which is sent as plain text now: %s", error)  # noqa: TRY400
            await exchange.say([render_bare(answer.reply)], hidden=hidden)

    async def _show(self, asked: Asked, exchange: Exchange, answer: Answer, upload: Upload | None) -> None:
        reply = answer.reply
        hidden = answer.only_you or asked.only_them
        if answer.delivery is Delivery.NOTHING:
            await exchange.nothing()
            return
        if answer.delivery is Delivery.NOTICE and not reply.buttons:
            await exchange.say([render_notice(reply)], hidden=True)
            return
        form_button = ""
        if reply.form is not None:
            modal = render_modal(reply) if exchange.is_open and asked.kind is not Kind.FORM else None
            if modal is not None and await exchange.modal(modal):
                return
            form_button = await self._keep(reply)
        messages = list(self._cards(reply, form_button, upload.name if upload else "", asked.locale))
        if answer.delivery is Delivery.EDIT and is_edit_possible(asked, only_you=hidden):
            await exchange.edit(messages, upload=upload)
        else:
            await exchange.say(messages, hidden=hidden, upload=upload)
        if reply.document is not None:
            await _attach(reply.document, exchange, hidden=hidden)

    async def _keep(self, reply: Reply) -> str:
        """Keep a form behind a button, so that it can be opened later, after a restart too."""
        assert reply.form is not None  # noqa: S101 - asked only for replies with one
        try:
            return FORM + await self._store.keep_form(reply.form, int(self._clock.now().timestamp()))
        except StorageError as error:
            log.error("a form could not be kept: %s", error)  # noqa: TRY400 - the sentence says it all
            return ""

    async def _open(self, data: str, exchange: Exchange) -> bool:
        """Open a kept form; returns False if there is none any more, which the engine then says kindly."""
        try:
            form = await self._store.form(data_of(data).removeprefix(FORM))
        except StorageError:
            return False
        modal = render_form(form) if form is not None else None
        if modal is None:
            return False
        if not await exchange.modal(modal):  # found too late for a modal
            await exchange.say(
                [render_notice(notice(_("That took me a while. Please press it once more.")))], hidden=True
            )
        return True


def _cards(reply: Reply, form_button: str, picture: str, _locale: str) -> tuple[Payload, ...]:
    """Draw a reply in the language of ``_locale``, which is being spoken."""
    return tuple(render(reply, form_button, picture))


async def _defer(asked: Asked, exchange: Exchange, known: dict[str, Command]) -> None:
    """Show that an answer will come. Who sees that is decided before the answer is known: a command declares it."""
    command = known.get(asked.incoming.text.removeprefix("/")) if asked.incoming is not None else None
    hidden = asked.only_them or asked.kind is Kind.FORM or (command is not None and command.private)
    try:
        await exchange.defer(hidden=hidden)
    except (RefusedError, UnreachableError) as error:
        log.warning("a sign of waiting could not be shown: %s", error)


async def _attach(document: Document, exchange: Exchange, *, hidden: bool) -> None:
    """Send a file after what was said; if Discord refuses it, say so, and leave standing what was said."""
    upload = Upload(document.name, document.text.encode("utf-8", "replace"), document.media_type)
    try:
        await exchange.say([render_file(document)], hidden=hidden, upload=upload)
    except RefusedError as error:
        if not _is_worth_another_try(error):
            raise
        log.error("Discord refused a file: %s", error)  # noqa: TRY400 - the sentence says it all
        lost = _("Discord does not take the file {name} here. Ask me for it in our private chat.")
        await exchange.say([render_notice(notice(lost.format(name=document.name)))], hidden=True)


def _is_worth_another_try(error: RefusedError) -> bool:
    return error.code not in TOO_LATE and (error.status in (400, _TOO_BIG) or error.code in LACKS_A_RIGHT)


def _not_understood() -> dict[str, Any]:
    return render_notice(notice(_("I could not read that. Please try once more, or type /help.")))
