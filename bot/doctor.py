"""``roadmate doctor``: looks at everything that has ever kept a bot from working, and says what to do about it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bot import __version__, connections
from bot.app import App, all_migrations, build_app, open_shelf
from bot.engine.migrate import pending
from bot.infra import checkup
from bot.infra.clock import SystemClock, use_own_zone_data
from bot.infra.database_inline import open_inline
from bot.infra.secrets_hidden import Redactor
from bot.kit.checkup import Check, Finding, Mark, ok, problem, said, warning
from bot.kit.database import Database
from bot.kit.errors import RoadmateError, SettingsError, StorageError
from bot.kit.posting import State
from bot.platforms.discord import checkup as discord
from bot.platforms.telegram import checkup as telegram
from bot.settings import PREFIX, Settings, read_settings

Say = Callable[[str], None]
_LONGEST_SECONDS: Final = 60.0
_SERVER_SECONDS: Final = 10.0
_LINES: Final = 3


async def examine(environment: Mapping[str, str], folder: Path, say: Say, *, as_json: bool = False) -> int:
    """Look at everything, print what was found, and return the exit code: 1 if there is a problem, else 0."""
    use_own_zone_data()
    try:
        settings, trouble = read_settings(environment, folder), ""
        connections.refuse_what_cannot_run(settings)
    except SettingsError as error:
        settings, trouble = _readable(environment, folder), str(error)
    redact = Redactor([*settings.secrets, *_secrets_of(environment)])
    checks = _checks(settings, trouble)
    findings = await asyncio.gather(*(_run(check) for check in checks))
    named = list(zip((check.name for check in checks), findings, strict=True))
    for line in _as_json(named) if as_json else _as_lines(named):
        say(redact(line))
    return int(any(finding.mark is Mark.PROBLEM for finding in findings))


def _readable(environment: Mapping[str, str], folder: Path) -> Settings:
    """Return what can be read of settings that have problems, so that everything else is looked at all the same."""
    try:
        return read_settings(environment, folder)
    except SettingsError as error:
        wrong = set(re.findall(rf"{PREFIX}[A-Z_]+", str(error)))
        rest = {name: value for name, value in environment.items() if name not in wrong}
    try:
        return read_settings(rest, folder)
    except SettingsError:
        home = environment.get(f"{PREFIX}HOME", "").strip()
        return Settings(home=Path(home)) if home else Settings()


def _secrets_of(environment: Mapping[str, str]) -> list[str]:
    telling = ("TOKEN", "SECRET", "PASSWORD", "DATABASE")
    values = [value for name, value in environment.items() if name.startswith(PREFIX) and name.endswith(telling)]
    return [value for value in values if "/" not in value]  # a path or address is no secret as a whole


def _checks(settings: Settings, trouble: str) -> list[Check]:
    clock = SystemClock()
    path = settings.database_path.expanduser().resolve()
    is_server = connections.uses_server(settings)
    folder = settings.home.expanduser().resolve() if is_server else path.parent
    found = [
        Check("Settings", _told(_look_at_settings, settings, trouble)),
        Check("Versions", _told(checkup.look_at_versions)),
        Check("Zone data", _told(checkup.look_at_zones, clock.now())),
        Check("Disk", _told(checkup.look_at_disk, folder)),
        Check("Data folder", _told(checkup.look_at_folder, folder)),
        Check("Content", _told(_look_at_content, settings)),
        Check("Clock", lambda: checkup.look_at_clock(clock, _address(settings))),
    ]
    app = _app()
    if is_server:
        found += [Check("Database", lambda: _look_at_server(settings, app)), Check("Backups", _told(_look_at_dumps))]
    else:
        found += [
            Check("Database", _told(checkup.look_at_file, path)),
            Check("Tables", lambda: _look_inside(path, app, _look_at_tables)),
            Check("Posts", lambda: _look_inside(path, app, _look_at_posts)),
            Check("Backups", _told(checkup.look_at_backups, path, clock.now())),
        ]
    if settings.telegram_token:
        found += telegram.checks(
            settings.telegram_token, settings.telegram_api, settings.telegram_webhook_url, app.commands
        )
    if settings.discord_token:
        found += discord.checks(settings.discord_token, settings.discord_api, app.commands)
    return found


def _told(look: Callable[..., Finding], *values: object) -> Callable[[], Awaitable[Finding]]:
    """Return a look that is taken on a thread, so that a slow disk keeps no other waiting."""
    return lambda: asyncio.to_thread(look, *values)


async def _run(check: Check) -> Finding:
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            return await check.run()
    except TimeoutError:
        return problem("not known", f"no answer within {_LONGEST_SECONDS:.0f} s", "Try again.")
    except RoadmateError as error:
        return said("not known", error, "See the cause.")
    except Exception as error:  # noqa: BLE001 - whatever it is, the other lines are worth reading
        return problem("not known", f"{type(error).__name__}: {error}", "Please report this.")


def _app() -> App:
    """Return a bot that answers nobody: for its commands and tables."""
    shelf = open_shelf()
    shelf.reload().refuse()
    return build_app(open_inline(), shelf, SystemClock())


def _address(settings: Settings) -> str:
    """Return where to ask for the time."""
    if settings.telegram_token:
        return settings.telegram_api
    return settings.discord_api or discord.API if settings.discord_token else ""


def _look_at_settings(settings: Settings, trouble: str) -> Finding:
    if trouble:
        return problem("wrong", "; ".join(trouble.splitlines()), "deploy/README.md lists all settings.")
    if not settings.telegram_token and (settings.telegram_webhook_url or settings.telegram_webhook_listen):
        return warning(
            "Telegram's webhook without a token",
            f"a webhook is set, but {PREFIX}TELEGRAM_TOKEN is not, so Telegram does not run",
            f"Set {PREFIX}TELEGRAM_TOKEN, or remove the webhook's settings.",
        )
    names = [name.title() for name in ("telegram", "discord") if getattr(settings, f"{name}_token")]
    what = " and ".join(names) or "no token, so the web chat alone"
    if settings.clock:
        return warning(what, "ROADMATE_CLOCK is set: the clock is not the real one", "Remove it outside of rehearsals.")
    return ok(what)


def _look_at_content(settings: Settings) -> Finding:
    shelf = open_shelf(settings.content)
    problems = [str(one) for one in shelf.reload()]
    if problems:
        shown = "; ".join(problems[:_LINES])
        return problem(f"{len(problems)} problems", shown, "Run “roadmate check” for all of them.")
    curriculum = shelf.curriculum
    return ok(
        f"{len(curriculum.stages)} stages, {len(curriculum.places)} topics, {len(curriculum.resources)} resources, "
        f"{len(curriculum.terms)} terms"
    )


Look = Callable[[Database, App], Awaitable[Finding]]


async def _look_inside(path: Path, app: App, look: Look) -> Finding:
    """Look at the tables of a file without changing anything, whether the bot runs or not."""
    if not await asyncio.to_thread(path.exists):
        return ok("none yet")
    try:
        with checkup.reading(path) as database:
            return await look(database, app)
    except StorageError as error:
        return said("not known", error, "See the line about the database.")


async def _look_at_tables(database: Database, app: App) -> Finding:
    try:
        waiting = await pending(database, all_migrations(app.features, connections.migrations()))
    except StorageError as error:
        return said("do not fit this version", error, "See the line about the database.")
    if waiting:
        return ok(f"older than version {__version__}; its next start adds {', '.join(waiting)}")
    return ok(f"of version {__version__}")


async def _look_at_posts(database: Database, app: App) -> Finding:
    try:
        counts = await database.read(app.postbox.counts)
    except StorageError:
        return ok("none yet")
    what = ", ".join(f"{count} {state.value}" for state, count in counts.items() if count) or "none"
    if unknown := counts[State.UNKNOWN]:
        step = "Moderators were asked in the chat; they decide there."
        return warning(what, f"nobody knows whether {unknown} of them arrived", step)
    return ok(what)


async def _look_at_server(settings: Settings, app: App) -> Finding:
    from bot.infra.database_postgres import open_postgres

    place = connections.without_password(settings.database)
    try:
        async with asyncio.timeout(_SERVER_SECONDS):
            database = await open_postgres(settings.database, pool=2, application="roadmate doctor")
            try:
                version = database.version
                if await database.is_empty():
                    return ok(f"PostgreSQL {version}, {place}: nothing in it yet")
                tables, posts = await _look_at_tables(database, app), await _look_at_posts(database, app)
            finally:
                await database.close()
    except TimeoutError:
        return problem(
            place, f"no answer within {_SERVER_SECONDS:.0f} s", "Check the address, the network, the server."
        )
    except StorageError as error:
        return problem(place, str(error), "Check the address, the network, the server and the user's rights.")
    worst = max((tables, posts), key=lambda finding: list(Mark).index(finding.mark))
    return Finding(
        worst.mark, f"PostgreSQL {version}, {place}: tables {tables.what}; posts {posts.what}", worst.cause, worst.step
    )


def _look_at_dumps() -> Finding:
    return ok("PostgreSQL's own tools make them; “roadmate backup” names the command")


def _as_lines(found: Sequence[tuple[str, Finding]]) -> list[str]:
    wide = max(len(name) for name, _finding in found)
    lines = []
    for name, finding in found:
        line = f"{finding.mark.value:<8} {name:<{wide}}  {finding.what}"
        if finding.cause:
            line += f": {finding.cause.rstrip('.')}. {finding.step}"
        lines.append(line)
    marks = [finding.mark for _name, finding in found]
    problems, warnings = marks.count(Mark.PROBLEM), marks.count(Mark.WARNING)
    return [*lines, f"{_count(problems, 'problem')}, {_count(warnings, 'warning')}.".capitalize()]


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def _as_json(found: Sequence[tuple[str, Finding]]) -> list[str]:
    checks = [{"name": name, **asdict(finding)} for name, finding in found]
    is_well = all(finding.mark is not Mark.PROBLEM for _name, finding in found)
    return [json.dumps({"version": __version__, "ok": is_well, "checks": checks}, ensure_ascii=False, indent=1)]
