"""What the doctor asks Telegram: does the token work, how do messages come, what may the bot read, what does it list.

Plain requests, so that nothing is changed and no library is loaded. No address is ever shown: it holds the token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from bot.kit.checkup import Check, Finding, ok, problem, said, warning
from bot.kit.command import Command
from bot.kit.errors import SettingsError
from bot.kit.request import Role
from bot.kit.wording import ENGLISH
from bot.platforms.telegram import check_token
from bot.platforms.telegram.commands import listed

SECONDS: Final = 5.0
_MANY_WAIT: Final = 100


class Line:
    """Asks the Bot API."""

    def __init__(self, token: str, root: str) -> None:
        self._address = f"{root.rstrip('/')}/bot{token}"
        self.host = urlsplit(root).netloc

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the whole answer; raises ``UnreachableError``."""
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS), trust_env=True) as session,
                session.post(f"{self._address}/{method}", json=parameters, allow_redirects=False) as response,
            ):
                answer = await response.json(content_type=None)
        except TimeoutError:
            raise UnreachableError(f"{self.host} does not answer within {SECONDS:g} s") from None
        except (aiohttp.ClientError, OSError) as error:  # its text may hold the address, and so the token
            raise UnreachableError(f"{self.host} cannot be reached ({type(error).__name__})") from None
        except ValueError:
            raise UnreachableError(f"{self.host} answers with something that is no Bot API") from None
        if not isinstance(answer, dict) or "ok" not in answer:
            raise UnreachableError(f"{self.host} answers with something that is no Bot API")
        return answer


class UnreachableError(Exception):
    """Telegram could not be asked; the text says why, without any secret."""


def checks(token: str, root: str, webhook_url: str, commands: Sequence[Command]) -> list[Check]:
    """Return what to look at when a token for Telegram is set."""
    line = Line(token, root)

    async def look_at_token() -> Finding:
        return await _look_at_token(token, line)

    async def look_at_delivery() -> Finding:
        return await _look_at_delivery(line, webhook_url)

    async def look_at_commands() -> Finding:
        return await _look_at_commands(line, commands)

    return [
        Check("Telegram token", look_at_token),
        Check("Telegram messages", look_at_delivery),
        Check("Telegram commands", look_at_commands),
    ]


async def _look_at_token(token: str, line: Line) -> Finding:
    try:
        check_token(token)
    except SettingsError as error:
        return said("no token of Telegram", error, "Copy it again from @BotFather.")
    try:
        answer = await line.ask("getMe")
    except UnreachableError as error:
        return problem("not tried", str(error), "Check the network, a proxy, and ROADMATE_TELEGRAM_API.")
    if not answer.get("ok"):
        return problem("rejected", _why(answer), "Make a new token with /token at @BotFather and set it.")
    me = answer.get("result") or {}
    what = f"works: @{me.get('username', '?')}"
    if me.get("can_read_all_group_messages"):
        return warning(
            what,
            "privacy mode is off, so Telegram sends it all that is said in groups",
            "Turn it on: /setprivacy at @BotFather.",
        )
    if me.get("can_join_groups") is False:
        return warning(what, "it may not be added to groups", "Allow it: /setjoingroups at @BotFather.")
    return ok(f"{what}, privacy mode on")


async def _look_at_delivery(line: Line, webhook_url: str) -> Finding:
    try:
        answer = await line.ask("getWebhookInfo")
    except UnreachableError as error:
        return warning("not known", str(error), "Check the network.")
    if not answer.get("ok"):
        return warning("not known", _why(answer), "See the line about the token.")
    info = answer.get("result") or {}
    theirs, waiting = str(info.get("url", "")), int(info.get("pending_update_count", 0))
    how = "sent to a webhook" if theirs else "fetched by Roadmate"
    what = f"{how}, {waiting} wait"
    if theirs and not webhook_url:
        return warning(
            what,
            f"Telegram sends them to {urlsplit(theirs).netloc}, while Roadmate is set to fetch them",
            "Roadmate removes that webhook when it starts. If another program set it, give each a token of its own.",
        )
    if webhook_url and not theirs:
        return warning(
            what, "ROADMATE_TELEGRAM_WEBHOOK_URL is set, but Telegram knows of no webhook", "Start Roadmate."
        )
    if webhook_url and theirs.rstrip("/") != webhook_url.rstrip("/"):
        return warning(
            what, f"Telegram sends them to {urlsplit(theirs).netloc}", "Start Roadmate; it sets its own address."
        )
    if info.get("last_error_message") and theirs:
        cause = f"Telegram's last delivery failed: {_one_line(str(info['last_error_message']))}"
        return warning(what, cause, "Check the proxy and its certificate.")
    if waiting >= _MANY_WAIT:
        return warning(what, "nobody fetches them fast enough", "Is Roadmate running?")
    return ok(what)


async def _look_at_commands(line: Line, commands: Sequence[Command]) -> Finding:
    try:
        answer = await line.ask("getMyCommands", scope={"type": "default"})
    except UnreachableError as error:
        return warning("not known", str(error), "Check the network.")
    if not answer.get("ok"):
        return warning("not known", _why(answer), "See the line about the token.")
    theirs = {str(one.get("command")): str(one.get("description")) for one in answer.get("result") or []}
    ours = {one["command"]: one["description"] for one in listed(commands, Role.MEMBER, ENGLISH)}
    if theirs != ours:
        return warning(
            f"{len(theirs)} listed, {len(ours)} known here",
            "the lists differ",
            "Start Roadmate; it sends its own.",
        )
    return ok(f"all {len(ours)} listed")


def _why(answer: dict[str, Any]) -> str:
    return f"Telegram says {answer.get('error_code', '?')} {_one_line(str(answer.get('description', '')))}".strip()


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:200]
