"""Says what the engine answers, in the ways Discord has; what Discord refuses is said again more simply."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Final

from bot.kit.clock import Clock
from bot.kit.errors import StorageError
from bot.kit.platform import Answer, Delivery
from bot.kit.reply import Document, Reply, notice
from bot.kit.wording import _
from bot.platforms.discord.controls import data_of
from bot.platforms.discord.exchange import TOO_LATE, Payload, RefusedError, Talk, Upload, is_edit_possible
from bot.platforms.discord.incoming import Asked, Kind
from bot.platforms.discord.limits import CARDS_REMEMBERED
from bot.platforms.discord.pictures import Draw, drawn
from bot.platforms.discord.render import render, render_bare, render_file, render_form, render_modal, render_notice
from bot.platforms.discord.rights import LACKS_A_RIGHT, Right, lacking, may_grant, missing_rights
from bot.platforms.discord.store import DiscordStore

log = logging.getLogger("roadmate.discord")

FORM: Final = "discord.form:"
"""Begins the data of a button that opens a kept form."""
_NEEDED: Final = Right.VIEW_CHANNEL | Right.SEND_MESSAGES | Right.SEND_MESSAGES_IN_THREADS
_TOO_BIG: Final = 413


class Speaker:
    """Brings answers to whoever asked. Nothing is kept in memory that a restart would lose."""

    def __init__(self, store: DiscordStore, clock: Clock, draw: Draw | None) -> None:
        self._store = store
        self._clock = clock
        self._draw = draw
        self._cards = lru_cache(maxsize=CARDS_REMEMBERED)(_cards)  # what everybody asks for is drawn once

    async def deliver(self, asked: Asked, exchange: Talk, answer: Answer) -> None:
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

    async def _show(self, asked: Asked, exchange: Talk, answer: Answer, upload: Upload | None) -> None:
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
            await _attach(reply.document, exchange, hidden=hidden, alone=asked.alone)

    async def _keep(self, reply: Reply) -> str:
        """Keep a form behind a button, so that it can be opened later, after a restart too."""
        assert reply.form is not None  # noqa: S101 - asked only for replies with one
        try:
            return FORM + await self._store.keep_form(reply.form, int(self._clock.now().timestamp()))
        except StorageError as error:
            log.error("a form could not be kept: %s", error)  # noqa: TRY400 - the sentence says it all
            return ""

    async def open(self, data: str, exchange: Talk) -> bool:
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


async def _attach(document: Document, exchange: Talk, *, hidden: bool, alone: bool) -> None:
    """Send a file after what was said; if Discord refuses it, say so, and leave standing what was said."""
    upload = Upload(document.name, document.text.encode("utf-8", "replace"), document.media_type)
    try:
        await exchange.say([render_file(document)], hidden=hidden, upload=upload)
    except RefusedError as error:
        if not _is_worth_another_try(error):
            raise
        log.error("Discord refused a file: %s", error)  # noqa: TRY400 - the sentence says it all
        lost = _("Discord does not take the file {name} here. Ask me for it in our private chat.")
        if alone:
            lost = _("The file {name} could not be attached here.")
        await exchange.say([render_notice(notice(lost.format(name=document.name)))], hidden=True)


def _is_worth_another_try(error: RefusedError) -> bool:
    return error.code not in TOO_LATE and (error.status in (400, _TOO_BIG) or error.code in LACKS_A_RIGHT)
