"""Posts on Discord: sent under a nonce that Discord remembers for minutes, found again afterwards by what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.kit.posting import Address, GoneError, Pace, Part, RefusedPostError, VanishedError
from bot.kit.reply import Picture, Reply, notice
from bot.kit.wording import N_, _
from bot.platforms.discord.exchange import RefusedError, Upload
from bot.platforms.discord.limits import THREAD_NAME
from bot.platforms.discord.markup import cut, one_line
from bot.platforms.discord.pictures import Draw, drawn
from bot.platforms.discord.render import render, render_file, render_notice
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.rights import CANNOT_DO

PLATFORM: Final = "discord"
PACE: Final = Pace(chat=(5, timedelta(seconds=5.1)), group=None, bot=(50, timedelta(seconds=1.01)))
"""Five messages in five seconds is what channels allow as a rule; Discord tells when a channel allows less."""
NONCE_REMEMBERED: Final = timedelta(minutes=2)
"""Discord says "the past few minutes"; we rely on two."""
PICTURE: Final = "roadmate.png"
_EPOCH: Final = datetime(2015, 1, 1, tzinfo=UTC)
_UNKNOWN_MESSAGE: Final = 10008
_GONE: Final[Mapping[int, str]] = {
    10003: N_("the channel was deleted"),
    10004: N_("the bot is no longer in the server"),
    50001: N_("the bot may not see the channel"),
    50007: N_("this person takes no private messages from the bot"),
    50013: N_("the bot may not write in the channel"),
    50083: N_("the thread is archived and may not be opened again"),
    160005: N_("the thread is locked"),
}


class DiscordCourier:
    """Implements ``kit.posting.Courier``. An address is a server and a channel of it, or a private channel alone."""

    platform = PLATFORM
    pace = PACE

    def __init__(self, rest: Rest, is_connected: Callable[[], bool], me: Callable[[], str], draw: Draw | None) -> None:
        self._rest = rest
        self._is_connected = is_connected
        self._me = me
        self._draw = draw

    @property
    def is_ready(self) -> bool:
        """Whether Discord took the bot in."""
        return self._is_connected()

    def is_group(self, to: Address) -> bool:
        """Return False: Discord has no limit of its own for servers."""
        return False

    def draw(self, to: Address, reply: Reply, title: str) -> Sequence[Part]:
        """Return the messages of a reply; an entry of a forum is one message, so more than a card is left out there."""
        picture = reply.picture if self._draw is not None else None
        bodies = render(reply, picture=PICTURE if picture is not None else "")
        parts: list[dict[str, Any]] = [{"body": body} for body in bodies]
        if picture is not None:
            parts[0]["picture"] = {
                "svg": picture.svg, "alt": picture.alt, "width": picture.width, "height": picture.height
            }  # fmt: skip
        if reply.document is not None:
            kept = reply.document
            file = {"name": kept.name, "text": kept.text, "media_type": kept.media_type}
            parts.append({"body": render_file(kept), "document": file})
        if title:
            del parts[1:]
            parts[0]["title"] = cut(one_line(title), THREAD_NAME) or "…"
        return parts

    def remembers_nonce(self, to: Address, part: Part) -> timedelta | None:
        """Return for how long Discord knows a message by its nonce; entries of forums have none."""
        return None if "title" in part else NONCE_REMEMBERED

    async def send(self, to: Address, part: Part, nonce: str) -> str:
        """Send a message, or open an entry in a forum; return its id."""
        upload = await self._upload(part)
        try:
            return await self._send(to, part, upload, nonce)
        except RefusedError as error:
            if upload is None or error.code != CANNOT_DO:
                raise _explained(error, to) from error
        try:  # files need a right of their own, without which words are welcome all the same
            return await self._send(to, part, None, nonce)
        except RefusedError as error:
            raise _explained(error, to) from error

    async def _send(self, to: Address, part: Part, upload: Upload | None, nonce: str) -> str:
        body = _body(part, upload)
        try:
            if "title" in part:
                opened = await self._rest.once(
                    "POST", f"/channels/{_channel(to)}/threads", {"name": part["title"], "message": body}, upload
                )
                return str(opened["id"])
            sent = await self._rest.once(
                "POST", f"/channels/{_channel(to)}/messages", {**body, "nonce": nonce, "enforce_nonce": True}, upload
            )
        except RefusedError as error:
            if error.code == _UNKNOWN_MESSAGE:  # sent under this nonce before, and deleted since
                return ""
            raise
        return str(sent["id"])

    async def find(self, to: Address, part: Part, nonce: str, since: datetime) -> str | None:
        """Look for a message among the newest of its channel, or for an entry among the open threads."""
        after = _snowflake(since - timedelta(minutes=1))
        try:
            if "title" in part:
                return await self._find_entry(to, str(part["title"]), after)
            read = await self._rest.once("GET", f"/channels/{_channel(to)}/messages?limit=100&after={after}")
        except RefusedError as error:
            raise _explained(error, to) from error
        wanted = _touched(part["body"])
        for message in read:
            if str(message["author"]["id"]) == self._me() and (
                message.get("nonce") == nonce or _touched(message) == wanted
            ):
                return str(message["id"])
        return None

    async def _find_entry(self, to: Address, title: str, after: int) -> str | None:
        read = await self._rest.once("GET", f"/guilds/{to.chat}/threads/active")
        for thread in read["threads"]:
            is_ours = str(thread.get("owner_id")) == self._me() and str(thread.get("parent_id")) == _channel(to)
            if is_ours and thread["name"] == title and int(thread["id"]) > after:
                return str(thread["id"])
        return None

    async def edit(self, to: Address, receipt: str, part: Part) -> None:
        """Put something else in the place of a message."""
        upload = await self._upload(part)
        channel = receipt if "title" in part else _channel(to)  # an entry's first message has the entry's own id
        try:
            await self._rest.once("PATCH", f"/channels/{channel}/messages/{receipt}", _body(part, upload), upload)
        except RefusedError as error:
            if error.code == _UNKNOWN_MESSAGE:
                raise VanishedError("the message was deleted") from error
            raise _explained(error, to) from error

    async def delete(self, to: Address, receipt: str) -> None:
        """Delete a message."""
        try:
            await self._rest.once("DELETE", f"/channels/{_channel(to)}/messages/{receipt}")
        except RefusedError as error:
            if error.code == _UNKNOWN_MESSAGE:
                raise VanishedError("the message was deleted") from error
            raise _explained(error, to) from error

    async def _upload(self, part: Part) -> Upload | None:
        if "document" in part:
            kept = part["document"]
            return Upload(kept["name"], kept["text"].encode("utf-8", "replace"), kept["media_type"])
        if "picture" not in part:
            return None
        upload = await drawn(Reply(picture=Picture(**part["picture"])), self._draw)
        return Upload(PICTURE, upload.data) if upload is not None else None


def _channel(to: Address) -> str:
    return to.thread or to.chat


def _body(part: Part, upload: Upload | None) -> dict[str, Any]:
    """Return a message's body, without its picture if there is none to go with it."""
    body = dict(part["body"])
    if "document" in part and upload is None:
        lost = _("The file {name} could not be attached here.").format(name=part["document"]["name"])
        return render_notice(notice(lost))
    if "picture" in part and upload is None:
        body.pop("attachments", None)
        body["components"] = [_without_gallery(component) for component in body["components"]]
    return body


def _without_gallery(component: Mapping[str, Any]) -> dict[str, Any]:
    kept = [child for child in component.get("components", ()) if child["type"] != 12]
    return {**component, "components": kept} if "components" in component else dict(component)


def _explained(error: RefusedError, to: Address) -> Exception:
    if error.code in _GONE:
        return GoneError(_GONE[error.code], thread_only=bool(to.thread))
    if error.status in (401, 403, 404):
        return GoneError(f"Discord does not let the bot write there ({error.code})", thread_only=bool(to.thread))
    return RefusedPostError(f"Discord refuses this message (code {error.code})")


def _snowflake(moment: datetime) -> int:
    """Return the smallest id Discord gives at a moment (Reference, Snowflakes)."""
    return int((moment - _EPOCH).total_seconds() * 1000) << 22


def _touched(message: Mapping[str, Any]) -> list[str]:
    """Return what a message says and what its buttons do: by that it is known again."""
    return [str(message.get("content") or ""), *_parts(message.get("components") or ())]


def _parts(components: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for component in components:
        for name in ("content", "custom_id", "url", "label"):
            if isinstance(component.get(name), str):
                yield f"{name}={component[name]}"
        yield from _parts(component.get("components") or ())
