"""Posts on Telegram, which knows no message again: whether one arrived can be told only by the answer to sending it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from bot.kit.posting import (
    Address,
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
from bot.kit.reply import Reply
from bot.platforms.telegram.api import (
    Api,
    ForbiddenError,
    LostError,
    MovedError,
    RefusedError,
    TelegramTroubleError,
    WaitError,
)
from bot.platforms.telegram.render import render

PLATFORM: Final = "telegram"
PACE: Final = Pace(
    chat=(1, timedelta(seconds=1.03)),
    group=(20, timedelta(seconds=61)),
    bot=(30, timedelta(seconds=1.01)),
    at_once=30,
)
"""One message a second to a chat, twenty a minute to a group, thirty a second in all (Bots FAQ), with a little room:
what leaves here a second apart may arrive closer together."""
_LOST_CHATS: Final = (
    "chat not found",
    "user is deactivated",
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
)
_LOST_TOPICS: Final = ("thread not found", "topic_closed", "topic_deleted")
_VANISHED: Final = (
    "message to edit not found",
    "message to delete not found",
    "message can't be",
    "message_id_invalid",
)


class TelegramCourier:
    """Implements ``kit.posting.Courier``. An address is a chat and, in a group with topics, one of them."""

    platform = PLATFORM
    pace = PACE

    def __init__(self, api: Api, is_connected: Callable[[], bool]) -> None:
        self._api = api
        self._is_connected = is_connected

    @property
    def is_ready(self) -> bool:
        """Whether Telegram knows the bot."""
        return self._is_connected()

    def is_group(self, to: Address) -> bool:
        """Whether it is a group or channel: their ids are below zero."""
        return to.chat.startswith("-")

    def draw(self, to: Address, reply: Reply, title: str) -> Sequence[Part]:
        """Return the messages of a reply. Topics are opened elsewhere, so ``title`` makes no difference."""
        return [message.parameters for message in render(reply)]

    def remembers_nonce(self, to: Address, part: Part) -> timedelta | None:
        """Return None: Telegram takes no key by which it would know a message again."""
        return None

    async def send(self, to: Address, part: Part, nonce: str) -> str:
        """Send a message and return its id. ``nonce`` is of no use to Telegram."""
        sent = await self._ask(to, self._api.once("sendMessage", **_place(to), **part))
        return str(sent["message_id"])

    async def find(self, to: Address, part: Part, nonce: str, since: datetime) -> str | None:
        """Raise ``UnknownFateError``: a bot cannot read what it said."""
        raise UnknownFateError("Telegram cannot be asked whether a message arrived")

    async def edit(self, to: Address, receipt: str, part: Part) -> None:
        """Put something else in the place of a message; the same once more is fine."""
        body = {name: value for name, value in part.items() if name != "reply_markup" or "inline_keyboard" in value}
        await self._ask(
            to, self._api.once("editMessageText", chat_id=int(to.chat), message_id=int(receipt), **body), unchanged=True
        )

    async def delete(self, to: Address, receipt: str) -> None:
        """Delete a message, which Telegram allows for 48 hours."""
        await self._ask(to, self._api.once("deleteMessage", chat_id=int(to.chat), message_id=int(receipt)))

    @staticmethod
    async def _ask(to: Address, request: Awaitable[Any], *, unchanged: bool = False) -> Any:
        try:
            return await request
        except WaitError as trouble:
            raise WaitFirstError(trouble.pause) from None
        except MovedError as trouble:
            raise MovedAwayError(Address(PLATFORM, str(trouble.new), to.thread)) from None
        except ForbiddenError as trouble:
            raise GoneError(str(trouble)) from None
        except RefusedError as trouble:
            words = str(trouble).lower()
            if unchanged and "not modified" in words:
                return None
            if any(sign in words for sign in _LOST_TOPICS):
                raise GoneError("the topic was closed or deleted", thread_only=True) from None
            if any(sign in words for sign in _LOST_CHATS):
                raise GoneError(str(trouble)) from None
            if any(sign in words for sign in _VANISHED):
                raise VanishedError(str(trouble)) from None
            raise RefusedPostError(f"Telegram refuses this message: {str(trouble)[:200]}") from None
        except LostError as trouble:
            if trouble.heard:
                raise UnknownFateError(str(trouble)) from None
            raise NotSentError(str(trouble)) from None
        except TelegramTroubleError as trouble:  # the token is being changed, or another program has the address
            raise NotSentError(str(trouble)) from None


def _place(to: Address) -> dict[str, Any]:
    place: dict[str, Any] = {"chat_id": int(to.chat)}
    if to.thread:
        place["message_thread_id"] = int(to.thread)
    return place
