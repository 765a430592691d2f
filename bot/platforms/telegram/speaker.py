"""Saying things on Telegram: sending, changing what was said, answering presses; every refusal has a next best way."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from bot.platforms.telegram.api import (
    ATTACHED,
    Api,
    File,
    ForbiddenError,
    MovedError,
    RefusedError,
    TelegramTroubleError,
)
from bot.platforms.telegram.limits import PATIENCE_SECONDS
from bot.platforms.telegram.pictures import Draw, drawn
from bot.platforms.telegram.polls import Question
from bot.platforms.telegram.render import Message

log = logging.getLogger("roadmate.telegram")
Follow = Callable[[int, int], Awaitable[None]]
"""Called with a group's old and new id when it became a supergroup."""
Count = Callable[[str, int, Question], Awaitable[None]]
"""Called with Telegram's id of a poll, its chat and what it asks, so that its votes are understood later."""

_NOBODY_THERE: Final = (
    "initiate conversation",
    "blocked by the user",
    "user is deactivated",
    "can't send messages to bots",
)
_LOST_TOPIC: Final = ("message thread not found", "topic_deleted")


class Speaker:
    """Says messages where they belong."""

    def __init__(self, api: Api, follow: Follow, draw: Draw | None = None) -> None:
        self._api = api
        self._follow = follow
        self._draw = draw

    @property
    def draws(self) -> bool:
        """Whether pictures can become photos."""
        return self._draw is not None

    async def say(
        self,
        chat: int,
        messages: Sequence[Message],
        *,
        thread: int | None = None,
        answers: int | None = None,
        count: Count | None = None,
        quiet: bool = False,
    ) -> int:
        """Send messages in order; returns the id of the last one, 0 if there was none.

        Args:
            chat: where to.
            messages: what.
            thread: the forum topic, if any.
            answers: id of the message the first one is shown as an answer to.
            count: told of each poll; without it polls are sent as text with buttons.
            quiet: without a sound.

        Raises:
            TelegramTroubleError: one of them could not be sent.
        """
        last = 0
        place: dict[str, Any] = {"chat_id": chat}
        if thread is not None:
            place["message_thread_id"] = thread
        if quiet:
            place["disable_notification"] = True
        if answers is not None:
            place["reply_parameters"] = {"message_id": answers, "allow_sending_without_reply": True}
        for message in messages:
            last = await self._say(place, message, count) or last
            place.pop("reply_parameters", None)
        return last

    async def _say(self, place: dict[str, Any], message: Message, count: Count | None) -> int:
        """Send one message, or those that say the same; ``place`` is corrected where it turns out to be another."""
        try:
            if message.question is not None and count is not None:
                sent = await self._placed("sendPoll", place, message.parameters)
                if isinstance(poll := sent.get("poll"), dict):
                    await count(str(poll["id"]), place["chat_id"], message.question)
                return int(sent["message_id"])
            if message.picture is not None and self._draw is not None:
                png = await drawn(message.picture, self._draw)
                if png is not None:
                    taken = {"photo": ATTACHED, **message.parameters}
                    return int((await self._placed("sendPhoto", place, taken, png))["message_id"])
            if message.document is not None:
                taken = {"document": ATTACHED, **message.parameters}
                return int((await self._placed("sendDocument", place, taken, message.document))["message_id"])
        except (RefusedError, ForbiddenError) as trouble:
            if isinstance(trouble, ForbiddenError) and never_spoken(trouble):
                raise  # nothing at all can be said to them, so there is nothing else to try
            log.warning("a photo, file or poll was refused, so its words are sent (%s)", trouble)
        if any(extra is not None for extra in (message.question, message.picture, message.document)):
            last = 0
            for other in message.instead:
                last = await self._say(place, other, None)
            return last
        return int((await self._placed("sendMessage", place, message.parameters))["message_id"])

    async def _placed(
        self, method: str, place: dict[str, Any], parameters: dict[str, Any], file: File | None = None
    ) -> Any:
        """Send to a place, or to where it has moved."""
        while True:
            try:
                return await self._simplified(method, place, parameters, file)
            except MovedError as moved:
                if moved.new == place["chat_id"]:
                    raise
                await self._follow(place["chat_id"], moved.new)
                place["chat_id"] = moved.new
                place.pop("reply_parameters", None)
            except RefusedError as refused:
                if "message_thread_id" not in place or not _says(refused, *_LOST_TOPIC):
                    raise
                log.info("the topic is gone, so the answer goes to the group: %s", refused)
                del place["message_thread_id"]

    async def _simplified(
        self, method: str, place: dict[str, Any], parameters: dict[str, Any], file: File | None = None
    ) -> Any:
        """Call a method; what Telegram refuses of formatting or buttons is left out, since the words matter most."""
        while True:
            try:
                return await self._api.call(method, file=file, **place, **parameters)
            except RefusedError as refused:
                formatting = {"entities", "caption_entities"} & parameters.keys()
                if formatting and _says(refused, "entit"):
                    parameters = {name: value for name, value in parameters.items() if name not in formatting}
                elif "reply_markup" in parameters and _says(refused, "button", "reply_markup", "keyboard"):
                    parameters = {name: value for name, value in parameters.items() if name != "reply_markup"}
                else:
                    raise
                log.warning("%s was refused and is tried once more without what was wrong: %s", method, refused)

    async def change(self, chat: int, number: int, message: Message, *, is_photo: bool = False) -> bool:
        """Put a message in the place of an earlier one; returns False if that one cannot be changed into it.

        ``is_photo``: whether the earlier one is a photo, which never becomes a mere text again.
        """
        if message.question is not None or message.document is not None:
            return False
        png = None
        if message.picture is not None:
            png = await drawn(message.picture, self._draw) if self._draw is not None else None
            if png is None:
                return bool(message.instead) and await self.change(chat, number, message.instead[0], is_photo=is_photo)
        elif is_photo:
            return False
        parameters = message.parameters
        if "inline_keyboard" not in parameters.get("reply_markup", {}):
            parameters.pop("reply_markup", None)
        if png is not None:
            for name in message.caption:
                del parameters[name]
            parameters["media"] = {"type": "photo", "media": ATTACHED, **message.caption}
        place = {"chat_id": chat, "message_id": number}
        method = "editMessageText" if png is None else "editMessageMedia"
        try:
            await self._simplified(method, place, parameters, png)
        except RefusedError as refused:
            if _says(refused, "not modified"):
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
            await self._api.call("answerCallbackQuery", patience=PATIENCE_SECONDS, **parameters)
        except TelegramTroubleError as trouble:
            log.info("a press was not answered: %s", trouble)


def never_spoken(forbidden: ForbiddenError) -> bool:
    """Whether Telegram refuses because this person never opened the chat, blocked the bot, or is gone."""
    words = str(forbidden).lower()
    return any(sign in words for sign in _NOBODY_THERE)


def _says(refused: RefusedError, *signs: str) -> bool:
    words = str(refused).lower()
    return any(sign in words for sign in signs)
