"""Telegram from its start to its stop, as the engine sees every platform: fetches updates and outlives all trouble."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from bot.kit.clock import Clock, Dice
from bot.kit.command import Command
from bot.kit.database import Database
from bot.kit.errors import SettingsError, StorageError
from bot.kit.platform import Respond
from bot.kit.wording import Catalogue
from bot.platforms.telegram.api import Api, ConflictError, RefusedError, RejectedError, TelegramTroubleError, WaitError
from bot.platforms.telegram.commands import set_commands
from bot.platforms.telegram.conversation import Conversation
from bot.platforms.telegram.incoming import ALLOWED_UPDATES, PLATFORM, Moved, hear
from bot.platforms.telegram.lanes import Lanes
from bot.platforms.telegram.limits import (
    FINISH_SECONDS,
    FIRST_ATTEMPT_SECONDS,
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    WAITING_UPDATES,
)
from bot.platforms.telegram.roles import Needs, Roles, needs_of
from bot.platforms.telegram.speaker import Speaker
from bot.platforms.telegram.store import TelegramStore, bodies

log = logging.getLogger("roadmate.telegram")
Update = dict[str, Any]


class TelegramPlatform:
    """Implements ``kit.platform.Platform`` with the Bot API and long polling."""

    name = PLATFORM

    def __init__(
        self,
        token: str,
        *,
        root: str,
        database: Database,
        clock: Clock,
        dice: Dice,
        commands: Callable[[], Sequence[Command]],
        catalogue: Callable[[str], Catalogue],
        languages: Sequence[str],
        needs: Needs | None,
        moved: Callable[[str, str], Awaitable[None]] | None,
    ) -> None:
        self._api = Api(token, root, clock)
        self._root = root
        self._store = TelegramStore(database)
        self._clock = clock
        self._dice = dice
        self._commands = commands
        self._catalogue = catalogue
        self._languages = languages
        self._moved = moved
        self._speaker = Speaker(self._api, self._follow)
        self._roles = Roles(self._api, clock, needs or needs_of(commands))
        self._lanes: Lanes[Update] = Lanes(self._handle, WAITING_UPDATES)
        self._conversation: Conversation | None = None
        self._username = ""
        self._tasks: list[asyncio.Task[None]] = []
        self._told = asyncio.Event()
        self._ended: asyncio.Future[None] | None = None

    @property
    def username(self) -> str:
        """The bot's own name without ``@``; known once Telegram was reached."""
        return self._username

    async def start(self, respond: Respond) -> None:
        """Connect and begin to fetch updates.

        Returns once people are answered, or once it is clear that Telegram cannot be reached at the moment: then it
        goes on trying by itself.

        Raises:
            SettingsError: Telegram does not know the token.
        """
        self._ended = asyncio.get_running_loop().create_future()
        self._tasks.append(asyncio.create_task(self._run(respond)))
        told = asyncio.ensure_future(self._told.wait())
        try:
            await asyncio.wait((told, self._ended), timeout=FIRST_ATTEMPT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            told.cancel()
        if self._ended.done():
            await self.stop()
            self._ended.result()

    async def wait(self) -> None:
        """Never return while all is well; raise ``SettingsError`` once Telegram no longer knows the token."""
        ended = self._ended or asyncio.get_running_loop().create_future()
        await asyncio.shield(ended)

    async def stop(self) -> None:
        """Fetch no more updates, finish those in hand, let go of every connection; ends within five seconds.

        What cannot be finished was kept before and is answered after the next start.
        """
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._lanes.finish(FINISH_SECONDS)
        await self._api.close()

    async def _run(self, respond: Respond) -> None:
        try:
            me = await self._until_reached()
            self._username = str(me["username"])
            self._conversation = Conversation(
                respond=respond,
                store=self._store,
                speaker=self._speaker,
                roles=self._roles,
                clock=self._clock,
                dice=self._dice,
                commands=self._commands,
                catalogue=self._catalogue,
                username=self._username,
            )
            await self._take_up_what_was_left()
            self._told.set()
            log.info("connected to Telegram as @%s", self._username)
            self._tasks.append(
                asyncio.create_task(self._list_commands()),
            )
            await self._listen()
        except RejectedError as rejected:
            self._end(SettingsError(_rejected(self._root, rejected)))
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.exception("the connection to Telegram ended by a mistake of ours")
            self._end(error)

    async def _list_commands(self) -> None:
        await set_commands(self._api, self._commands(), self._catalogue, self._languages)

    def _end(self, error: Exception) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.set_exception(error)
            self._ended.exception()  # seen: a task that nobody waits for must not warn about it

    async def _until_reached(self) -> Any:
        """Return what Telegram says about the bot, however long that takes; updates are no longer sent elsewhere."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                me = await self._api.once("getMe")
                await self._api.once("deleteWebhook")
            except RejectedError:
                raise
            except TelegramTroubleError as trouble:
                log.warning("Telegram cannot be reached yet (%s); trying again in %g s", trouble, pause)
                self._told.set()
                pause = await self._pause(pause, trouble)
            else:
                return me

    async def _listen(self) -> None:
        """Fetch updates for ever; each is kept before the next ones are asked for."""
        offset: int | None = None
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                updates = _readable(await self._api.poll(offset, ALLOWED_UPDATES))
                fresh = await self._keep(updates)
            except RejectedError as rejected:
                await self._api.once("getMe")  # raises the same if the token is really gone
                log.warning("Telegram refused to hand out updates (%s); trying again in %g s", rejected, pause)
                pause = await self._pause(pause)
            except ConflictError:
                log.warning(
                    "another program fetches this bot's updates, maybe an older Roadmate that is still stopping;"
                    " trying again in %g s",
                    pause,
                )
                pause = await self._pause(pause)
            except (TelegramTroubleError, StorageError) as trouble:
                log.warning("no updates from Telegram (%s); trying again in %g s", trouble, pause)
                pause = await self._pause(pause, trouble)
            else:
                pause = FIRST_PAUSE_SECONDS
                if updates:
                    offset = updates[-1]["update_id"] + 1
                for update in fresh:
                    self._lanes.put(_lane(update), update)
                await self._lanes.room()

    async def _pause(self, seconds: float, trouble: Exception | None = None) -> float:
        """Wait and return how long to wait the next time."""
        wait = trouble.pause if isinstance(trouble, WaitError) else timedelta(seconds=seconds)
        await self._clock.sleep_until(self._clock.now() + wait)
        return min(seconds * 2, LONGEST_PAUSE_SECONDS)

    async def _keep(self, updates: list[Update]) -> list[Update]:
        if not updates:
            return []
        known = await self._store.keep(bodies(updates), self._now)
        return [update for update in updates if update["update_id"] in known]

    async def _take_up_what_was_left(self) -> None:
        try:
            left = await self._store.left_over(self._now)
        except StorageError as trouble:
            log.warning("updates of the last run cannot be read: %s", trouble)
            return
        for _number, body in left:
            update = json.loads(body)
            self._lanes.put(_lane(update), update)

    async def _handle(self, update: Update) -> None:
        """Answer one update; whatever is wrong with it is logged and ends with it."""
        try:
            heard = hear(update, self._username)
            if isinstance(heard, Moved):
                await self._follow(heard.old, heard.new)
            elif heard is not None and self._conversation is not None:
                await self._conversation.take(heard)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            log.warning("update %s cannot be read: %r", update.get("update_id"), error)
            log.debug("where it could not", exc_info=True)
        except Exception:
            log.exception("update %s was not answered", update.get("update_id"))
        try:
            await self._store.handled(update["update_id"])
        except StorageError as trouble:
            log.warning("update %s may be answered once more: %s", update.get("update_id"), trouble)

    async def _follow(self, old: int, new: int) -> None:
        log.info("group %s is %s now", old, new)
        if self._moved is not None:
            await self._moved(str(old), str(new))

    @property
    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def _readable(updates: Any) -> list[Update]:
    """Return the updates that carry an id, in order; anything else could never be confirmed."""
    if not isinstance(updates, list):
        raise RefusedError("the answer holds no updates")
    found = [one for one in updates if isinstance(one, dict) and type(one.get("update_id")) is int]
    if updates and not found:
        raise RefusedError("no update carries an id")
    return sorted(found, key=lambda one: int(one["update_id"]))


def _lane(update: Update) -> str:
    """Return the chat an update belongs to."""
    for part in (update.get("message"), (update.get("callback_query") or {})):
        if isinstance(part, dict):
            message = part.get("message", part)
            chat = message.get("chat") if isinstance(message, dict) else None
            if isinstance(chat, dict):
                return str(chat.get("id"))
    return ""


def _rejected(root: str, rejected: RejectedError) -> str:
    if "unauthorized" in str(rejected).lower():
        return "Telegram does not know the token in ROADMATE_TELEGRAM_TOKEN. Copy it once more from @BotFather."
    return (
        f"There is no bot with the token in ROADMATE_TELEGRAM_TOKEN at {root} ({rejected}). Copy the token once more "
        "from @BotFather; if ROADMATE_TELEGRAM_API is set, check that address."
    )
