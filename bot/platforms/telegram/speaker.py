"""Saying things on Telegram: sending, changing what was said, answering presses; every refusal has a next best way."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.platforms.telegram.api import Api, ForbiddenError, MovedError, RefusedError, TelegramTroubleError
from bot.platforms.telegram.render import Message

log = logging.getLogger("roadmate.telegram")
Follow = Callable[[int, int], Awaitable[None]]
"""Called with a group's old and new id when it became a supergroup."""


class Speaker:
    """Says messages where they belong."""

    def __init__(self, api: Api, follow: Follow) -> None:
        self._api = api
        self._follow = follow

    async def say(
        self, chat: int, messages: Sequence[Message], *, thread: int | None = None, answers: int | None = None
    ) -> int:
        """Send messages in order; returns the id of the last one, 0 if there was none.

        Args:
            chat: where to.
            messages: what.
            thread: the forum topic, if any.
            answers: id of the message the first one is shown as an answer to.

        Raises:
            TelegramTroubleError: one of them could not be sent.
        """
        last = 0
        for message in messages:
            place: dict[str, Any] = {"chat_id": chat}
            if thread is not None:
                place["message_thread_id"] = thread
            if answers is not None:
                place["reply_parameters"] = {"message_id": answers, "allow_sending_without_reply": True}
                answers = None
            try:
                sent = await self._send(place, message)
            except MovedError as moved:
                await self._follow(chat, moved.new)
                chat = place["chat_id"] = moved.new
                place.pop("reply_parameters", None)
                sent = await self._send(place, message)
            last = int(sent["message_id"])
        return last

    async def _send(self, place: dict[str, Any], message: Message) -> Any:
        parameters = message.parameters
        try:
            return await self._api.call("sendMessage", **place, **parameters)
        except RefusedError as refused:
            if "entities" not in parameters or "entit" not in str(refused).lower():
                raise
            log.warning("formatting was refused and left out: %s", refused)
            del parameters["entities"]
            return await self._api.call("sendMessage", **place, **parameters)

    async def change(self, chat: int, number: int, message: Message) -> bool:
        """Put a message in the place of an earlier one; returns False if that one can no longer be changed."""
        parameters = message.parameters
        if "inline_keyboard" not in parameters.get("reply_markup", {}):
            parameters.pop("reply_markup", None)
        try:
            await self._api.call("editMessageText", chat_id=chat, message_id=number, **parameters)
        except RefusedError as refused:
            if "not modified" in str(refused).lower():
                return True
            log.info("message %s in %s was not changed: %s", number, chat, refused)
            return False
        except (ForbiddenError, MovedError) as trouble:
            log.info("message %s in %s was not changed: %s", number, chat, trouble)
            return False
        return True

    async def answer_press(self, query: str, text: str = "", *, alert: bool = False, url: str = "") -> None:
        """Answer a press: nothing, a remark, or an address to open. A press that is too old is let go."""
        parameters: dict[str, Any] = {"callback_query_id": query}
        if text:
            parameters["text"] = text
        if alert:
            parameters["show_alert"] = True
        if url:
            parameters["url"] = url
        try:
            await self._api.call("answerCallbackQuery", **parameters)
        except TelegramTroubleError as trouble:
            log.info("a press was not answered: %s", trouble)
