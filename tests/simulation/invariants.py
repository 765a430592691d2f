"""What must hold at the end of every simulation, whatever went wrong on the way. Each finding is one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.kit import codec
from bot.kit.database import Transaction
from bot.kit.schedule import Daily, Every, Rule, Weekly
from bot.kit.text import plain
from tests.simulation.diary import RULES
from tests.simulation.service import LOST, Service
from tests.simulation.world import World


@dataclass(frozen=True, slots=True)
class Kept:
    """A post as the database has it in the end; ``nonces`` are those of its messages, in order."""

    id: int
    key: str
    platform: str
    state: str
    why: str
    doubt: str
    lines: tuple[str, ...]
    nonces: tuple[str, ...]


async def kept_posts(world: World) -> list[Kept]:
    """Every post the database knows."""

    async def work(tx: Transaction) -> list[Kept]:
        nonces: dict[int, list[str]] = {}
        for row in await tx.all("SELECT post, nonce FROM engine_message ORDER BY post, number"):
            nonces.setdefault(row["post"], []).append(row["nonce"])
        return [
            Kept(
                row["id"],
                row["key"],
                row["platform"],
                row["state"],
                row["why"],
                row["doubt"],
                tuple(plain(codec.load(row["reply"]).blocks).strip().split("¶")),
                tuple(nonces.get(row["id"], ())),
            )
            for row in await tx.all("SELECT * FROM engine_post ORDER BY id")
        ]

    return await world.database.read(work)


def post_troubles(posts: list[Kept], services: Mapping[str, Service]) -> Iterator[str]:
    """Yield what is wrong with posts and the messages people saw."""
    reported = " ".join(line for post in posts if post.key.startswith("engine.report:") for line in post.lines)
    known = {nonce for post in posts for nonce in post.nonces}
    for post in posts:
        service = services[post.platform]
        shown = [one for one in service.messages if one.nonce in post.nonces and not one.deleted]
        seen = [one.text for one in shown]
        twice = sorted({text for text in seen if seen.count(text) > 1})
        name = f"post {post.id} ({post.key}, {post.state}, {post.why!r})"
        is_told = post.key in reported or post.key.startswith("engine.report:")
        can_tell = service.remembers is not None
        is_left = any(one.is_left for one in shown)  # said in a group before it moved: nobody can change it there
        if post.state in ("planned", "sending"):
            yield f"{name} never came to rest"
        lost = sum(not one.is_known for one in shown)  # nobody told the bot that these arrived
        if twice and (can_tell or post.doubt != "repeat" or lost == 0):
            yield f"{name} can be read twice: {twice}"
        sure = seen if can_tell else [one.text for one in shown if one.is_known]
        if post.state == "sent" and set(sure) != set(post.lines) and not post.why and not is_left:
            yield f"{name} says it was sent, but {seen} can be read instead of {post.lines}"
        if post.state == "cancelled" and len(seen) > (0 if can_tell else lost) and not is_left and post.why != LOST:
            yield f"{name} was taken back, and {seen} can still be read"
        if post.state in ("unknown", "failed") and not is_told and not (service.lost and post.why == LOST):
            yield f"{name} was reported to nobody"
        if post.state == "failed" and not post.why:
            yield f"{name} does not say why"
        if post.state == "unknown" and can_tell:
            yield f"{name} is unknown where one can ask"
    for service in services.values():
        for place in service.lost:
            if f"{place} any more" not in reported:
                yield f"{service.name} took the bot's rights in {place}, and nobody was told"
        for one in service.messages:
            may_stay = service.remembers is None and not one.is_known
            if one.nonce not in known and not one.deleted and not may_stay:
                yield f"{service.name} shows “{one.text}”, which nobody asked for"


async def plan_troubles(world: World, began: datetime, ended: datetime) -> list[str]:
    """Return what is wrong with occurrences: each that fell between two moments was done once, or is on record as missed."""

    async def work(tx: Transaction) -> tuple[dict[tuple[int, str], str], list[str]]:
        rows = await tx.all(
            "SELECT p.tag, o.key, o.state FROM engine_occurrence AS o JOIN engine_plan AS p ON p.id = o.plan"
        )
        posts = await tx.all("SELECT key FROM engine_post WHERE key LIKE 'day-%'")
        return {(int(row["tag"]), row["key"]): row["state"] for row in rows}, [
            row["key"].partition("~")[0] for row in posts
        ]

    states, posts = await world.database.read(work)
    found = []
    for number, (rule, zone) in enumerate(RULES):
        for key, at in _expected(rule, ZoneInfo(zone), began, ended):
            state = states.pop((number, key), "nothing")
            times = posts.count(f"day-{number}-{key}")
            if state not in ("done", "missed") or times != (state == "done"):
                found.append(f"plan {number} on {key} (due {at:%m-%d %H:%M}): {state}, posted {times} times")
    found += [
        f"plan {number} has an occurrence {key} that was not expected ({state})"
        for (number, key), state in states.items()
    ]
    return found


def _expected(rule: Rule, zone: ZoneInfo, began: datetime, ended: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield key and moment of every occurrence between two moments, found minute by minute."""
    if isinstance(rule, Every):
        at = began + timedelta(minutes=1)
        while at < ended:
            if int(at.timestamp()) // 60 % rule.minutes == 0:
                yield f"{at:%Y-%m-%dT%H:%MZ}", at
            at += timedelta(minutes=1)
        return
    assert isinstance(rule, Daily | Weekly)
    day = began.astimezone(zone).date() - timedelta(days=1)
    while day <= ended.astimezone(zone).date():  # the first minute at which the wall shows that time, or a later one
        at = datetime.combine(day, rule.at, UTC) - timedelta(hours=15)
        while (left := datetime.combine(day, rule.at) - at.astimezone(zone).replace(tzinfo=None)) > timedelta():
            at += timedelta(minutes=30 if left > timedelta(hours=3) else 1)
        if began < at < ended and (isinstance(rule, Daily) or day.isoweekday() in rule.days):
            yield day.isoformat(), at
        day += timedelta(days=1)
