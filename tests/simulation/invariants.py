"""What must hold at the end of every simulation, whatever went wrong on the way. Each finding is one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.kit import codec
from bot.kit.database import Transaction
from bot.kit.text import plain
from tests.simulation.service import Service
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
        if post.state in ("planned", "sending"):
            yield f"{name} never came to rest"
        lost = sum(not one.is_known for one in shown)  # nobody told the bot that these arrived
        if twice and (can_tell or post.doubt != "repeat" or lost == 0):
            yield f"{name} can be read twice: {twice}"
        sure = seen if can_tell else [one.text for one in shown if one.is_known]
        if post.state == "sent" and set(sure) != set(post.lines) and not post.why:
            yield f"{name} says it was sent, but {seen} can be read instead of {post.lines}"
        if post.state == "cancelled" and len(seen) > (0 if can_tell else lost):
            yield f"{name} was taken back, and {seen} can still be read"
        if post.state in ("unknown", "failed") and not is_told:
            yield f"{name} was reported to nobody"
        if post.state == "failed" and not post.why:
            yield f"{name} does not say why"
        if post.state == "unknown" and can_tell:
            yield f"{name} is unknown where one can ask"
    for service in services.values():
        for one in service.messages:
            may_stay = service.remembers is None and not one.is_known
            if one.nonce not in known and not one.deleted and not may_stay:
                yield f"{service.name} shows “{one.text}”, which nobody asked for"
