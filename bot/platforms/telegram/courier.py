"""Posts on Telegram, which knows no message again: whether one arrived can be told only by the answer to sending it.

A message of a post is what ``sendMessage`` takes, or one of these, each with what to send where Telegram takes none:
``{"poll": ..., "does": [...], "retract": ..., "instead": ...}``, ``{"photo": ..., "below": ..., "instead": ...}``, or
the same with a ``document``. The id of a message tells which of them it was, since each is changed in its own way: a
poll never becomes a text, so putting one in its place, or a closed poll, closes it, which shows the result.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from bot.kit.posting import (
    Address,
    DeliveryError,
    GoneError,
    MovedAwayError,
    NotSentError,
    Pace,
    Part,
    RefusedPostError,
    UnknownFateError,
    VanishedError,
    WaitFirstError,
)
from bot.kit.reply import Document, Picture, Reply
from bot.kit.request import Setting, Where
from bot.kit.wording import N_
from bot.platforms.telegram.api import (
    ATTACHED,
    Api,
    File,
    ForbiddenError,
    LostError,
    MovedError,
    RefusedError,
    TelegramTroubleError,
    WaitError,
)
from bot.platforms.telegram.limits import CAPTION, POSTS_AT_ONCE
from bot.platforms.telegram.pictures import Draw, drawn
from bot.platforms.telegram.render import Message, render
from bot.platforms.telegram.votes import Ballots

PLATFORM: Final = "telegram"
PACE: Final = Pace(
    chat=(1, timedelta(seconds=1.03)),
    group=(20, timedelta(seconds=61)),
    bot=(30, timedelta(seconds=1.01)),
    at_once=30,
)
"""One message a second to a chat, twenty a minute to a group, thirty a second in all (Bots FAQ), with a little room:
what leaves here a second apart may arrive closer together."""
_LOST_TOPICS: Final = ("thread not found", "topic_closed", "topic_deleted")
_VANISHED: Final = (
    "message to edit not found",
    "message to delete not found",
    "message can't be",
    "poll to stop not found",
    "message_id_invalid",
)
_UNCHANGED: Final = ("not modified", "poll has already been closed")
_POLL, _PHOTO, _DOCUMENT = "poll", "photo", "document"


class TelegramCourier:
    """Implements ``kit.posting.Courier``. An address is a chat and, in a group with topics, one of them."""

    platform = PLATFORM
    pace = PACE

    def __init__(
        self, api: Api, is_connected: Callable[[], bool], ballots: Ballots | None = None, draw: Draw | None = None
    ) -> None:
        self._api = api
        self._is_connected = is_connected
        self._ballots = ballots
        self._draw = draw
        self._slots = asyncio.Semaphore(POSTS_AT_ONCE)

    @property
    def is_ready(self) -> bool:
        """Whether Telegram knows the bot."""
        return self._is_connected()

    def is_group(self, to: Address) -> bool:
        """Whether it is a group or channel: their ids are below zero."""
        return to.chat.startswith("-")

    def draw(self, to: Address, reply: Reply, title: str) -> Sequence[Part]:
        """Return the messages of a reply. Topics are opened elsewhere, so ``title`` makes no difference."""
        messages = render(reply, polls=self._ballots is not None, pictures=self._draw is not None)
        if any(message.question is not None and len(message.instead) != 1 for message in messages):
            messages = render(reply, pictures=self._draw is not None)
        return [_part(message) for message in messages]

    def remembers_nonce(self, to: Address, part: Part) -> timedelta | None:
        """Return None: Telegram takes no key by which it would know a message again."""
        return None

    async def send(self, to: Address, part: Part, nonce: str) -> str:
        """Send a message and return its id. ``nonce`` is of no use to Telegram."""
        try:
            if _POLL in part and self._ballots is not None:
                return await self._send_poll(to, part, self._ballots)
            if _DOCUMENT in part:
                file = Document(**part[_DOCUMENT])
                sent = await self._ask(to, "sendDocument", file, **_place(to), document=ATTACHED, **part["below"])
                return f"{sent['message_id']}:{_DOCUMENT}"
            if _PHOTO in part and (png := await self._drawn(part)) is not None:
                sent = await self._ask(to, "sendPhoto", png, **_place(to), photo=ATTACHED, **part["below"])
                return f"{sent['message_id']}:{_PHOTO}"
        except (RefusedPostError, GoneError):
            pass  # polls and photos may be forbidden or refused where words are not
        sent = await self._ask(to, "sendMessage", **_place(to), **part.get("instead", part))
        return str(sent["message_id"])

    async def find(self, to: Address, part: Part, nonce: str, since: datetime) -> str | None:
        """Raise ``UnknownFateError``: a bot cannot read what it said."""
        raise UnknownFateError("Telegram cannot be asked whether a message arrived")

    async def edit(self, to: Address, receipt: str, part: Part) -> None:
        """Put something else in the place of a message; the same once more is fine."""
        number, _colon, kind = receipt.partition(":")
        place: dict[str, Any] = {"chat_id": int(to.chat), "message_id": int(number)}
        text = part.get("instead", part)
        if kind == _POLL:
            if _POLL not in part or part[_POLL].get("is_closed"):
                await self._ask(to, "stopPoll", **place)
            return
        if _PHOTO in part and kind != _DOCUMENT and (png := await self._drawn(part)) is not None:
            below = dict(part["below"])
            markup = _buttons(below)
            media = {"type": "photo", "media": ATTACHED, **below}
            await self._ask(to, "editMessageMedia", png, **place, media=media, **markup)
        elif kind in (_PHOTO, _DOCUMENT):
            if len(text["text"]) > CAPTION:
                raise RefusedPostError("the text is too long to stand below the photo or file that is there")
            body = {"caption": text["text"], "caption_entities": text.get("entities", [])}
            await self._ask(to, "editMessageCaption", **place, **body, **_buttons(dict(text)))
        else:
            body = dict(text)
            markup = _buttons(body)
            await self._ask(to, "editMessageText", **place, **body, **markup)

    async def delete(self, to: Address, receipt: str) -> None:
        """Delete a message, which Telegram allows for 48 hours."""
        await self._ask(to, "deleteMessage", chat_id=int(to.chat), message_id=int(receipt.partition(":")[0]))

    async def _send_poll(self, to: Address, part: Part, ballots: Ballots) -> str:
        """Send a poll; what its votes mean is kept before, so that none is lost with the answer to sending it."""
        asked = dict(part[_POLL])
        while True:
            closes = asked.get("close_date")
            asking = await ballots.expect(_where(to), part["does"], part["retract"], closes)
            try:
                sent = await self._ask(to, "sendPoll", **_place(to), **asked)
            except UnknownFateError:
                raise  # it may stand there, and votes may come
            except RefusedPostError as refused:
                await ballots.drop(asking)
                if closes is None or "rights" in str(refused):
                    raise
                del asked["close_date"]  # too late for that, or not taken: it is stopped with its round
            except DeliveryError:
                await ballots.drop(asking)
                raise
            else:
                poll = str(sent["poll"]["id"])
                await ballots.save(_where(to), poll, part["does"], part["retract"], closes, asking=asking)
                return f"{sent['message_id']}:{_POLL}"

    async def _drawn(self, part: Part) -> bytes | None:
        return None if self._draw is None else await drawn(Picture(**part[_PHOTO]), self._draw)

    async def _ask(self, to: Address, method: str, file: File | None = None, **parameters: Any) -> Any:
        try:
            async with self._slots:
                return await self._api.once(method, file=file, **parameters)
        except WaitError as trouble:
            raise WaitFirstError(trouble.pause) from None
        except MovedError as trouble:
            raise MovedAwayError(Address(PLATFORM, str(trouble.new), to.thread)) from None
        except ForbiddenError as trouble:
            raise GoneError(str(trouble)) from None
        except RefusedError as trouble:
            words = str(trouble).lower()
            if any(sign in words for sign in _UNCHANGED):
                return None
            if any(sign in words for sign in _LOST_TOPICS):
                raise GoneError(N_("the topic was closed or deleted"), thread_only=True) from None
            if any(sign in words for sign in _VANISHED):
                raise VanishedError(str(trouble)) from None
            raise RefusedPostError(f"Telegram refuses this message: {str(trouble)[:200]}") from None
        except LostError as trouble:
            if trouble.heard:
                raise UnknownFateError(str(trouble)) from None
            raise NotSentError(str(trouble)) from None
        except TelegramTroubleError as trouble:  # the token is being changed, or another program has the address
            raise NotSentError(str(trouble)) from None


def _part(message: Message) -> Part:
    """Return a message as JSON values."""
    if message.question is not None:
        return {
            _POLL: message.parameters,
            "does": list(message.question.data),
            "retract": message.question.retract,
            "instead": message.instead[0].parameters,
        }
    if message.picture is not None:
        picture = message.picture
        instead = message.instead[0] if message.instead else Message(message.text, message.entities, message.keyboard)
        return {
            _PHOTO: {"svg": picture.svg, "alt": picture.alt, "width": picture.width, "height": picture.height},
            "below": message.parameters,
            "instead": instead.parameters,
        }
    if message.document is not None:
        kept = message.document
        return {
            _DOCUMENT: {"name": kept.name, "text": kept.text, "media_type": kept.media_type},
            "below": message.parameters,
            "instead": message.instead[-1].parameters,
        }
    return message.parameters


def _buttons(body: dict[str, Any]) -> dict[str, Any]:
    """Take the buttons out of a message; a question cannot be put in the place of one."""
    markup = body.pop("reply_markup", {})
    return {"reply_markup": markup} if "inline_keyboard" in markup else {}


def _where(to: Address) -> Where:
    return Where(to.chat, Setting.GROUP if to.chat.startswith("-") else Setting.PRIVATE, thread=to.thread)


def _place(to: Address) -> dict[str, Any]:
    place: dict[str, Any] = {"chat_id": int(to.chat)}
    if to.thread:
        place["message_thread_id"] = int(to.thread)
    return place
