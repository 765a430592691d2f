"""What Telegram tells of the places the bot is in: which rights it lacks there, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.kit.errors import StorageError
from bot.kit.platform import Lacking, Room
from bot.kit.posting import Address, DeliveryError, MovedAwayError, NotSentError, WaitFirstError
from bot.kit.wording import _
from bot.platforms.telegram.api import Api, ForbiddenError, MovedError, TelegramTroubleError, WaitError
from bot.platforms.telegram.incoming import PLATFORM
from bot.platforms.telegram.store import TelegramStore

Json = Mapping[str, Any]


class TelegramSurroundings:
    """Implements ``kit.platform.Surroundings`` by asking what the bot may do in a chat. ``me`` is the bot's id."""

    ranks = None
    marks_polls = True
    """Titles of administrators would be the only roles, and they come with rights."""

    def __init__(self, api: Api, store: TelegramStore, me: int) -> None:
        self._api = api
        self._store = store
        self._me = me

    async def lacking(self, to: Address) -> Sequence[Lacking]:
        """Return the rights that posting needs and the bot lacks; a private chat needs none."""
        if not to.chat.startswith("-"):
            return ()
        try:
            chat = await self._ask("getChat", to)
            me = await self._ask("getChatMember", to, user_id=self._me)
        except ForbiddenError:
            return (_outside(),)
        try:
            return self._lacking(chat, me, is_closed=await self._is_closed(to))
        except (KeyError, TypeError, AttributeError) as odd:
            raise NotSentError(f"Telegram tells nothing that can be read of chat {to.chat} ({odd!r})") from odd

    def _lacking(self, chat: Json, me: Json, *, is_closed: bool) -> Sequence[Lacking]:
        status = me["status"]
        if status in ("left", "kicked") or (status == "restricted" and not me.get("is_member", True)):
            return (_outside(),)
        if chat["type"] == "channel":
            return () if status == "administrator" and me.get("can_post_messages") else (_post_in_channel(),)
        if status in ("creator", "administrator"):
            return (_closed_topic(),) if is_closed and status != "creator" and not me.get("can_manage_topics") else ()
        granted = me if status == "restricted" else chat.get("permissions") or {}
        own = status == "restricted"
        found = [] if granted.get("can_send_messages", True) else [_write(own=own)]
        if is_closed:
            found.append(_closed_topic())
        if not granted.get("can_send_polls", True):
            found.append(_polls(own=own))
        if not granted.get("can_send_photos", True):
            found.append(_photos(own=own))
        return found

    async def rooms(self, here: Address) -> Sequence[Room]:
        """Return the place alone, with its title: Telegram tells a bot no list of topics."""
        try:
            chat = await self._ask("getChat", here)
        except ForbiddenError as gone:
            raise NotSentError(str(gone)) from None
        title = str(chat.get("title") or chat.get("first_name") or "")
        if here.thread:
            try:
                topic = await self._store.topic(here.chat, here.thread)
            except StorageError as trouble:
                raise NotSentError(str(trouble)) from trouble
            title = f"{title} › {topic.name}" if topic is not None and topic.name else title
        return (Room(here, title),)

    async def has(self, here: Address, account: str) -> bool:
        """Return whether somebody is in a chat; nobody is where the bot is not."""
        try:
            member = await self._ask("getChatMember", here, user_id=int(account))
        except (ForbiddenError, ValueError):
            return False
        status = member.get("status")
        if not isinstance(status, str):
            raise NotSentError(f"Telegram tells nothing that can be read of somebody in chat {here.chat}")
        return status not in ("left", "kicked") and not (status == "restricted" and not member.get("is_member", True))

    async def _is_closed(self, to: Address) -> bool:
        if not to.thread:
            return False
        try:
            topic = await self._store.topic(to.chat, to.thread)
        except StorageError as trouble:
            raise NotSentError(str(trouble)) from trouble
        return topic is not None and bool(topic.is_closed)

    async def _ask(self, method: str, to: Address, **more: Any) -> Json:
        """Ask about a chat. Raises ``ForbiddenError`` if the bot is not in it, ``DeliveryError`` if nothing is told."""
        try:
            told = await self._api.once(method, chat_id=int(to.chat), **more)
        except ForbiddenError:
            raise
        except TelegramTroubleError as trouble:
            raise _untold(trouble, to) from None
        if not isinstance(told, dict):
            raise NotSentError(f"Telegram tells nothing of chat {to.chat}")
        return told


def _untold(trouble: TelegramTroubleError, to: Address) -> DeliveryError:
    if isinstance(trouble, WaitError):
        return WaitFirstError(trouble.pause)
    if isinstance(trouble, MovedError):
        return MovedAwayError(Address(PLATFORM, str(trouble.new), to.thread))
    return NotSentError(str(trouble))


def _outside() -> Lacking:
    return Lacking(
        _("Member"),
        _("Add me to the group, or make me an administrator of the channel."),
        _("I am not in this chat, so I can post nothing here."),
        vital=True,
    )


def _post_in_channel() -> Lacking:
    return Lacking(
        _("Post Messages"),
        _("Open the channel's settings → Administrators → Roadmate and allow “Post Messages”."),
        _("I can post nothing in this channel."),
        vital=True,
    )


def _write(*, own: bool) -> Lacking:
    return Lacking(_("Send Text Messages"), _grant(own=own), _("I can post nothing in this group."), vital=True)


def _closed_topic() -> Lacking:
    return Lacking(
        _("Manage Topics"),
        _("Open the topic again, or make me an administrator who may “Manage Topics”."),
        _("The topic is closed, so I can post nothing in it."),
        vital=True,
    )


def _polls(*, own: bool) -> Lacking:
    cost = _("Questions come with buttons in place of Telegram's own quizzes.")
    return Lacking(_("Polls"), _grant(own=own), cost)


def _photos(*, own: bool) -> Lacking:
    cost = _("Pictures are left out; the words beside them say the same.")
    return Lacking(_("Photos"), _grant(own=own), cost)


def _grant(*, own: bool) -> str:
    if own:
        return _("Open the group's settings → Permissions → Exceptions → Roadmate and allow it.")
    return _("Open the group's settings → Permissions and allow it, or make me an administrator.")
