"""What the doctor asks Discord: whether the token works, which privileged intents are on, which commands it has.

Plain requests, so that nothing is changed and no library is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from bot.kit.checkup import Check, Finding, ok, problem, said, warning
from bot.kit.command import Command
from bot.kit.errors import SettingsError
from bot.platforms.discord.commands import declarations
from bot.platforms.discord.options import DiscordOptions, rejected

API: Final = "https://discord.com/api/v10"
SECONDS: Final = 5.0
_USER_AGENT: Final = "DiscordBot (https://github.com/roadmate, 1)"
_PRIVILEGED: Final = {
    "Presence": 1 << 12 | 1 << 13,
    "Server Members": 1 << 14 | 1 << 15,
    "Message Content": 1 << 18 | 1 << 19,
}
"""Flags of an application, full and limited, by the names the developers' portal shows."""


class UnreachableError(Exception):
    """Discord could not be asked; the text says why, without any secret."""


class Line:
    """Asks Discord's REST API."""

    def __init__(self, token: str, api: str) -> None:
        self._root = (api or API).rstrip("/")
        self._headers = {"Authorization": f"Bot {token}", "User-Agent": _USER_AGENT}
        self.host = urlsplit(self._root).netloc

    async def ask(self, path: str) -> tuple[int, Any]:
        """Return the status and the body of an answer; raises ``UnreachableError``."""
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
                session.get(self._root + path, headers=self._headers, allow_redirects=False) as response,
            ):
                status, body = response.status, await response.json(content_type=None)
        except TimeoutError:
            raise UnreachableError(f"{self.host} does not answer within {SECONDS:g} s") from None
        except (aiohttp.ClientError, OSError) as error:
            raise UnreachableError(f"{self.host} cannot be reached ({type(error).__name__})") from None
        except ValueError:
            raise UnreachableError(f"{self.host} answers with something that is no Discord") from None
        if status == 429 or status >= 500:
            raise UnreachableError(f"{self.host} answers {status} at the moment")
        return status, body


def checks(token: str, api: str, commands: Sequence[Command]) -> list[Check]:
    """Return what to look at when a token for Discord is set."""
    line = Line(token, api)

    async def look_at_token() -> Finding:
        return await _look_at_token(token, line)

    async def look_at_intents() -> Finding:
        return await _look_at_intents(line)

    async def look_at_commands() -> Finding:
        return await _look_at_commands(line, commands)

    return [
        Check("Discord token", look_at_token),
        Check("Discord intents", look_at_intents),
        Check("Discord commands", look_at_commands),
    ]


async def _look_at_token(token: str, line: Line) -> Finding:
    try:
        DiscordOptions(token).check()
    except SettingsError as error:
        return said("no token of Discord", error, "Copy it again from discord.com/developers.")
    try:
        status, me = await line.ask("/users/@me")
    except UnreachableError as error:
        return problem("not tried", str(error), "Check the network, a proxy, and ROADMATE_DISCORD_API.")
    if status != 200 or not isinstance(me, dict):
        return said(f"rejected ({status})", rejected(), "Make a new one.")
    if not me.get("bot"):
        return problem("works", "it belongs to a person, not to a bot", "Use the token of the page “Bot”.")
    return ok(f"works: {me.get('username', '?')}")


async def _look_at_intents(line: Line) -> Finding:
    try:
        status, application = await line.ask("/applications/@me")
    except UnreachableError as error:
        return warning("not known", str(error), "Check the network.")
    if status != 200 or not isinstance(application, dict):
        return warning("not known", f"Discord answers {status}", "See the line about the token.")
    flags = int(application.get("flags") or 0)
    on = [name for name, bits in _PRIVILEGED.items() if flags & bits]
    if endpoint := application.get("interactions_endpoint_url"):
        cause = f"the application has an interactions endpoint ({urlsplit(str(endpoint)).netloc})"
        step = "Empty “Interactions Endpoint URL” on the page “General Information” of the application."
        return problem("commands are sent elsewhere", cause, step)
    if on:
        cause = "Roadmate needs none, and Discord reviews bots that have them"
        return warning(f"on: {', '.join(on)}", cause, "Switch them off on the page “Bot”.")
    return ok("no privileged intent is on, and none is needed")


async def _look_at_commands(line: Line, commands: Sequence[Command]) -> Finding:
    try:
        status, application = await line.ask("/applications/@me")
        if status != 200 or not isinstance(application, dict):
            return warning("not known", f"Discord answers {status}", "See the line about the token.")
        status, known = await line.ask(f"/applications/{application.get('id')}/commands")
    except UnreachableError as error:
        return warning("not known", str(error), "Check the network.")
    if status != 200 or not isinstance(known, list):
        return warning("not known", f"Discord answers {status}", "See the line about the token.")
    theirs = {_shape(one) for one in known if isinstance(one, dict)}
    ours = {_shape(one) for one in declarations(commands)}
    if theirs == ours:
        return ok(f"all {len(ours)} registered")
    differing = {name for _type, name, *_ in ours - theirs}
    unknown = {name for _type, name, *_ in theirs - ours} - differing
    causes = [f"other or not there: {', '.join(sorted(differing))}"] if differing else []
    causes += [f"unknown here: {', '.join(sorted(unknown))}"] if unknown else []
    what = f"{len(theirs)} registered, {len(ours)} known here"
    return warning(what, "; ".join(causes), "Start Roadmate; it registers its own.")


def _shape(command: dict[str, Any]) -> tuple[Any, ...]:
    """Return what tells commands apart, without what Discord adds by itself."""
    options = tuple(
        (option.get("name"), option.get("type"), bool(option.get("required")), option.get("description"))
        for option in command.get("options") or ()
    )
    return command.get("type", 1), str(command.get("name")), str(command.get("description") or ""), options
