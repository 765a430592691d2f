"""Where a run meets people: builds the platforms that are set up, and none that is not.

A platform without a token is never imported, so its library costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.app import App
from bot.domain.community.store.people import People
from bot.infra.catalogues import Catalogues, catalogue, languages
from bot.infra.clock import FASTEST, MovableClock, SystemDice, local_zone, rehearsal_clock
from bot.infra.http_library import load_http
from bot.infra.pictures import PictureMaker
from bot.kit.clock import TravelClock
from bot.kit.database import Database, Transaction
from bot.kit.errors import SettingsError
from bot.kit.naming import Names
from bot.kit.personal import Owned
from bot.kit.platform import Platform
from bot.kit.shared import Shared
from bot.kit.watch import Watched
from bot.platforms import discord, telegram, terminal, web
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.platforms.discord.adapter import DiscordPlatform
    from bot.platforms.telegram.adapter import TelegramPlatform
    from bot.platforms.web.adapter import WebPlatform

DISCORD_LANGUAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("en-GB", "en-US"),
    "es": ("es-ES", "es-419"),
    "pt": ("pt-BR",),
    "sv": ("sv-SE",),
    "zh": ("zh-CN", "zh-TW"),
}
"""Discord's names of languages where they are not simply ours."""


def migrations() -> tuple[tuple[str, Traversable], ...]:
    """Return the tables of every platform as (owner, folder), whether it is set up or not: a file fits every run."""
    platforms = (("web", web), ("terminal", terminal), ("telegram", telegram), ("discord", discord))
    return tuple((name, platform.migrations()) for name, platform in platforms)


def personal() -> tuple[Owned, ...]:
    """Return what the tables of every platform hold about people, whether it is set up or not."""
    return (web.PERSONAL, terminal.PERSONAL, telegram.PERSONAL, discord.PERSONAL)


def uses_server(settings: Settings) -> bool:
    """Return whether the data is kept by a PostgreSQL server instead of in a file."""
    return "://" in settings.database


def without_password(url: str) -> str:
    """Return a database address that may be shown."""
    parts = urlsplit(url)
    login, at, place = parts.netloc.rpartition("@")
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if "password" not in name.lower()])
    return urlunsplit(parts._replace(netloc=f"{login.partition(':')[0]}{at}{place}", query=query))


def rehearsal(text: str) -> MovableClock:
    """Return the clock of a rehearsal, which begins to go now; raises ``SettingsError`` for a text that makes none."""
    try:
        return rehearsal_clock(text)
    except (ValueError, OverflowError):
        raise SettingsError(
            f"ROADMATE_CLOCK is “{text}”; it must be a moment and a speed (at most {FASTEST:g}) such as "
            "2026-11-20T08:58Z*60. Leave it out for the real time."
        ) from None


def refuse_what_cannot_run(settings: Settings) -> None:
    """Raise ``SettingsError``, with all problems at once, for settings that cannot work, before anything is opened."""
    problems = list(_problems(settings))
    if problems:
        raise SettingsError("\n".join(problems))


def _problems(settings: Settings) -> Iterator[str]:
    """Yield a sentence for each setting that cannot work, alone or beside another."""
    if settings.clock:
        yield from _refused(lambda: rehearsal(settings.clock))
    if settings.telegram_token:
        yield from _refused(lambda: telegram.check_token(settings.telegram_token))
    if settings.discord_token:
        options = discord.DiscordOptions(settings.discord_token, settings.discord_api, settings.discord_gateway)
        yield from _refused(options.check)
    if bool(settings.telegram_webhook_url) != bool(settings.telegram_webhook_listen):
        missing = "LISTEN" if settings.telegram_webhook_url else "URL"
        yield (
            f"ROADMATE_TELEGRAM_WEBHOOK_{missing} is missing: a webhook needs the address Telegram calls (…_URL) and "
            "the host and port to listen on (…_LISTEN). Set both, or neither to fetch messages instead."
        )
    if settings.has_token:
        return
    if settings.public_url and not settings.web_secret:
        yield (
            f"ROADMATE_PUBLIC_URL is {settings.public_url}, so others can come in. "
            "Set ROADMATE_WEB_SECRET to a password for the web chat."
        )
    elif not settings.offers_web_chat:
        yield (
            f"ROADMATE_WEB is {settings.web}, which others can reach. Set ROADMATE_WEB_SECRET to a password "
            "for the web chat, or leave ROADMATE_WEB out to use it on this computer only."
        )


def _refused(check: Callable[[], object]) -> Iterator[str]:
    try:
        check()
    except SettingsError as error:
        yield str(error)


async def has_others(database: Database) -> bool:
    """Return whether people of other platforms live by what is planned in this file."""

    async def work(tx: Transaction) -> bool:
        return await People().is_elsewhere(tx, terminal.PERSONAL.owner, web.PERSONAL.owner)

    return await database.read(work)


async def last_said(database: Database) -> datetime | None:
    """Return when something was said last on a surface of our own, whose clock may have been moved on; None: never."""
    from bot.platforms.terminal.store import CardStore
    from bot.platforms.web.store import MessageStore

    said = [await store.latest() for store in (CardStore(database), MessageStore(database))]
    return max((at for at in said if at is not None), default=None)


def names(app: App) -> Names:
    """Return what commands are called in every language there is a catalogue for."""
    return Names(lambda: app.commands, Catalogues())


def build_telegram(settings: Settings, app: App, database: Database, shared: Shared | None = None) -> TelegramPlatform:
    """Return Telegram, not yet connected; raises ``SettingsError`` for what cannot work."""
    webhook = None
    if settings.telegram_webhook_listen:
        listen = settings.telegram_webhook_listen
        webhook = telegram.WebhookOptions(settings.telegram_webhook_url, listen.host, listen.port)

    async def moved(old: str, new: str) -> None:
        await app.move_place("telegram", old, new)

    return telegram.build(
        settings.telegram_token,
        database=database,
        clock=app.tools.clock,
        dice=app.tools.dice,
        commands=lambda: app.commands,
        root=settings.telegram_api,
        catalogue=catalogue,
        languages=languages(),
        needs=app.needs,
        moved=moved,
        webhook=webhook,
        draw=PictureMaker().draw,
        shared=shared,
    )


def build_discord(settings: Settings, app: App, database: Database, shared: Shared | None = None) -> DiscordPlatform:
    """Return Discord, not yet connected; raises ``SettingsError`` for what cannot work."""
    return discord.build(
        discord.DiscordOptions(settings.discord_token, settings.discord_api, settings.discord_gateway),
        database=database,
        clock=app.tools.clock,
        commands=lambda: app.commands,
        suggest=app.suggest,
        catalogue=catalogue,
        languages={theirs: catalogue(ours) for ours in languages() for theirs in DISCORD_LANGUAGES.get(ours, (ours,))},
        draw=PictureMaker().draw,
        shared=shared,
    )


def build_web(
    settings: Settings, app: App, database: Database, clock: TravelClock, watched: Watched | None = None,
    *, may_travel: bool = True,
) -> WebPlatform:  # fmt: skip
    """Return the web chat, not yet listening; with ``watched`` it also answers whoever watches over the bot.

    ``may_travel``: whether its people may move the clock on, which they may not where others go by it.
    """
    load_http(calls_others=settings.has_token)
    host = urlsplit(settings.public_url).hostname if settings.public_url else None
    return web.build(
        web.WebOptions(
            host=settings.web.host,
            port=settings.web.port,
            secret=settings.web_secret or None,
            zone=local_zone(),
            public_hosts=(host,) if host else (),
        ),
        database=database,
        clock=clock,
        dice=SystemDice(),
        travel=clock if may_travel and not settings.has_token else None,
        commands=lambda: app.commands,
        suggest=app.suggest,
        next_event=app.next_event,
        rests=app.rests,
        watched=watched,
        names=names(app),
    )


Builder = Callable[[Settings, App, Database, Shared | None], Platform]


def build_platforms(settings: Settings, app: App, database: Database, shared: Shared | None = None) -> list[Platform]:
    """Return every platform that has a token; raises ``SettingsError`` for what cannot work.

    ``shared`` is what processes over the same database leave to each other; None: there is no other.
    """
    wanted: list[tuple[str, Builder]] = [
        (settings.telegram_token, build_telegram),
        (settings.discord_token, build_discord),
    ]
    if settings.has_token:
        load_http(calls_others=True)
    return [build(settings, app, database, shared) for token, build in wanted if token]
