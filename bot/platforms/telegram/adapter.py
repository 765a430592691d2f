"""Telegram from its start to its stop, as the engine sees every platform; it outlives all trouble on the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from bot.kit.clock import Clock, Dice
from bot.kit.command import Command
from bot.kit.database import Database
from bot.kit.errors import SettingsError, StorageError
from bot.kit.naming import Names
from bot.kit.platform import Respond
from bot.kit.shared import Shared, in_turns
from bot.kit.wording import Catalogue
from bot.platforms.telegram.api import Api, LostError, RefusedError, RejectedError, TelegramTroubleError
from bot.platforms.telegram.arrivals import arrivals
from bot.platforms.telegram.backoff import BackOff
from bot.platforms.telegram.commands import set_commands
from bot.platforms.telegram.conversation import Conversation
from bot.platforms.telegram.courier import TelegramCourier
from bot.platforms.telegram.incoming import ALLOWED_UPDATES, PLATFORM, Moved, hear
from bot.platforms.telegram.intake import Intake, Update
from bot.platforms.telegram.limits import FINISH_SECONDS, FIRST_ATTEMPT_SECONDS, TOPICS_REMEMBERED, WEBHOOK_CONNECTIONS
from bot.platforms.telegram.options import URL
from bot.platforms.telegram.pictures import Draw
from bot.platforms.telegram.polling import fetch_for_ever
from bot.platforms.telegram.roles import Needs, Roles, needs_of
from bot.platforms.telegram.speaker import Speaker
from bot.platforms.telegram.store import TelegramStore
from bot.platforms.telegram.surroundings import TelegramSurroundings
from bot.platforms.telegram.topics import Topic, topic_of
from bot.platforms.telegram.votes import Ballots
from bot.platforms.telegram.voting.store import BallotStore

if TYPE_CHECKING:
    from bot.platforms.telegram.webhook import Webhook

log = logging.getLogger("roadmate.telegram")


class TelegramPlatform:
    """Implements ``kit.platform.Platform`` with the Bot API, by long polling or by a webhook.

    ``courier`` sends posts through the same connections.
    """

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
        webhook: Webhook | None,
        draw: Draw | None,
        shared: Shared | None,
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
        self._speaker = Speaker(self._api, self._follow, draw)
        self._roles = Roles(self._api, clock, needs or needs_of(commands))
        self._shared = shared
        self._intake = Intake(self._store, clock, self._take, is_alone=shared is None or shared.is_alone)
        self._webhook = webhook
        self._conversation: Conversation | None = None
        self._username = ""
        self._tasks: list[asyncio.Task[None]] = []
        self._told = asyncio.Event()
        self._ended: asyncio.Future[None] | None = None
        self._topics: dict[tuple[str, str], Topic] = {}
        self.surroundings = TelegramSurroundings(self._api, self._store, int(token.partition(":")[0]))
        self._ballots = BallotStore(database)
        ballots = Ballots(self._ballots, clock, self._take_early_votes)
        self.courier = TelegramCourier(self._api, lambda: self._conversation is not None, ballots, draw)

    @property
    def username(self) -> str:
        """The bot's own name without ``@``; known once Telegram was reached."""
        return self._username

    async def start(self, respond: Respond) -> None:
        """Connect and begin to take updates.

        Returns once people are answered, or once it is clear that Telegram cannot be reached at the moment: then it
        goes on trying by itself.

        Raises:
            SettingsError: Telegram does not know the token, or the webhook cannot work.
        """
        if self._webhook is not None:
            await self._webhook.open()
        self._ended = asyncio.get_running_loop().create_future()
        self._begin(self._run(respond))
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
        """Take no more updates, finish those in hand, let go of every connection; ends within five seconds.

        What cannot be finished was kept before and is answered after the next start.
        """
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._webhook is not None:
            await self._webhook.close()
        await self._intake.finish(FINISH_SECONDS)
        self._conversation = None
        await self._api.close()

    def _begin(self, work: Awaitable[None]) -> None:
        self._tasks.append(asyncio.get_running_loop().create_task(self._guarded(work)))

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Let work go on; what ends it ends the platform."""
        try:
            await work
        except RejectedError as rejected:
            self._end(SettingsError(_rejected(self._root, rejected)))
        except SettingsError as wrong:
            self._end(wrong)
        except Exception as error:
            log.exception("the connection to Telegram ended by a mistake of ours")
            self._end(error)

    def _end(self, error: Exception) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.set_exception(error)
            self._ended.exception()  # seen: a task that nobody waits for must not warn about it

    async def _run(self, respond: Respond) -> None:
        self._username = await self._until_reached()
        self._conversation = Conversation(
            respond=respond,
            store=self._store,
            ballots=self._ballots,
            speaker=self._speaker,
            roles=self._roles,
            clock=self._clock,
            dice=self._dice,
            commands=self._commands,
            catalogue=self._catalogue,
            username=self._username,
            names=Names(self._commands, {language: self._catalogue(language) for language in self._languages}),
            fetch=self._api.fetch,
        )
        await self._intake.take_up_what_was_left()
        await self._take_early_votes()
        if self._webhook is not None:
            self._webhook.begin(self._intake)
        else:
            self._begin(in_turns(self._shared, PLATFORM, self._fetch))
        self._begin(self._intake.take_over_for_ever())
        self._told.set()
        log.info("connected to Telegram as @%s", self._username)
        self._begin(self._list_commands())
        await self._watch_token()

    async def _take_early_votes(self) -> None:
        """Count votes that came before the id of their poll was known."""
        if self._conversation is not None:
            await self._conversation.take_early_votes()

    async def _fetch(self) -> None:
        """Fetch updates; Telegram hands them out to one process at a time."""
        await fetch_for_ever(self._api, self._intake, BackOff(self._clock))

    async def _list_commands(self) -> None:
        try:
            await set_commands(self._api, self._commands(), self._catalogue, self._languages)
        except Exception:
            log.exception("the list of commands was not set; people can type them all the same")

    async def _until_reached(self) -> str:
        """Return the bot's username, however long that takes; Telegram knows then where updates go."""
        back_off = BackOff(self._clock)
        while True:
            try:
                username = _username(await self._api.once("getMe"))
                await self._say_where_updates_go()
            except RejectedError:
                raise
            except TelegramTroubleError as trouble:
                log.warning("Telegram cannot be reached yet (%s); trying again in %g s", trouble, back_off.seconds)
                self._told.set()
                await back_off.pause(trouble)
            else:
                self._api.doubted.clear()
                return username

    async def _say_where_updates_go(self) -> None:
        if self._webhook is None:
            await self._api.once("deleteWebhook")
            return
        try:
            await self._api.once(
                "setWebhook",
                url=self._webhook.url,
                secret_token=self._webhook.secret,
                allowed_updates=list(ALLOWED_UPDATES),
                max_connections=WEBHOOK_CONNECTIONS,
            )
        except RefusedError as refused:
            if "resolve" in str(refused).lower():  # names of hosts take a while to be known everywhere
                raise
            raise SettingsError(f"Telegram refuses the address in {URL}, {self._webhook.url}: {refused}.") from None

    async def _watch_token(self) -> None:
        """Look into it whenever Telegram seems not to know the token. Raises ``RejectedError`` if that is so."""
        back_off = BackOff(self._clock)
        while True:
            await self._api.doubted.wait()
            try:
                await self._api.once("getMe")
            except RejectedError:
                raise
            except TelegramTroubleError as trouble:
                log.warning("Telegram cannot be asked about the token (%s); again in %g s", trouble, back_off.seconds)
                await back_off.pause(trouble)
            else:
                self._api.doubted.clear()
                back_off.all_is_well()

    async def _take(self, update: Update) -> None:
        """Answer one update; whatever is wrong with it is logged and ends with it."""
        try:
            topic = topic_of(update)
            arrived = arrivals(update, self._clock.now())
            heard = None if arrived else hear(update, self._username)
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, LookupError) as error:
            log.warning("update %s cannot be read: %r", update.get("update_id"), error)
            return
        try:
            if topic is not None:
                await self._note(topic)
            if self._conversation is not None:
                for somebody in arrived:
                    await self._conversation.meet(somebody)
            if isinstance(heard, Moved):
                await self._follow(heard.old, heard.new)
            elif heard is not None and self._conversation is not None:
                await self._conversation.take(heard)
        except Exception:
            log.exception("update %s was not answered", update.get("update_id"))

    async def _note(self, topic: Topic) -> None:
        key = (topic.chat, topic.thread)
        if self._topics.get(key) == topic:
            return
        try:
            await self._store.note_topic(topic)
        except StorageError as trouble:
            log.warning("what a topic is called was not kept: %s", trouble)
            return
        while len(self._topics) >= TOPICS_REMEMBERED:
            del self._topics[next(iter(self._topics))]
        self._topics[key] = topic

    async def _follow(self, old: int, new: int) -> None:
        log.info("group %s is %s now", old, new)
        try:
            await self._store.moved(str(old), str(new))
        except StorageError as trouble:
            log.warning("nobody could note that group %s is %s now: %s", old, new, trouble)
        if self._moved is not None:
            await self._moved(str(old), str(new))


def _username(me: Any) -> str:
    if not isinstance(me, dict) or not isinstance(me.get("username"), str):
        raise LostError("an answer that tells nothing about the bot", heard=True)
    return str(me["username"])


def _rejected(root: str, rejected: RejectedError) -> str:
    if "unauthorized" in str(rejected).lower():
        return "Telegram does not know the token in ROADMATE_TELEGRAM_TOKEN. Copy it once more from @BotFather."
    return (
        f"There is no bot with the token in ROADMATE_TELEGRAM_TOKEN at {root} ({rejected}). Copy the token once more "
        "from @BotFather; if ROADMATE_TELEGRAM_API is set, check that address."
    )
