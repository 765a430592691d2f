"""Who may do what: the whole matrix of commands and buttons, people and places, made from ``table.tsv``.

The table is written by hand and says once more, apart from the code, what each route needs. A route that is not in it
fails; so does one whose declaration differs.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.community.preferences import Preferences
from bot.engine import replies
from bot.kit.action import Action, OneOf, Slug, WholeNumber, Word
from bot.kit.database import Transaction
from bot.kit.platform import Answer
from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from tests.fakes.core import CoreWorld

TABLE = Path(__file__).with_name("table.tsv")
HALL, ELSEWHERE = "hall", "elsewhere"
"""Two communities; everybody has the role under test in the first, and is a plain member of the second."""


@dataclass(frozen=True)
class Who:
    """Somebody, with what a platform says of them and what the community gave them before."""

    name: str
    platform_role: Role
    given: Role = Role.MEMBER
    account: str = ""

    @property
    def role(self) -> Role:
        """What they count as."""
        if self.platform_role is Role.STRANGER:
            return Role.STRANGER
        return max(self.platform_role, self.given, key=lambda role: role.rank)


PEOPLE = (
    Who("owner", Role.OWNER),
    Who("moderator", Role.MODERATOR),
    Who("host", Role.MEMBER, Role.HOST),
    Who("moderator by the community", Role.MEMBER, Role.MODERATOR),
    Who("member", Role.MEMBER),
    Who("stranger", Role.STRANGER),
    Who("moderator who left", Role.STRANGER, Role.MODERATOR),
    Who("host who was banned", Role.STRANGER, Role.HOST),
    Who("anonymous administrator", Role.MODERATOR, account="-1001"),
)
PLACES = ("same chat", "other community", "private", "other platform")


def table() -> dict[str, Role]:
    """What each route needs, by hand."""
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return {route: Role(needs) for route, needs in rows}


def sample(action: Action) -> str:
    """Return data that could be in a button of this action."""
    values: dict[str, object] = {}
    for name, codec in action.codecs.items():
        match codec:
            case WholeNumber():
                values[name] = 1
            case Slug():
                values[name] = "zone"
            case OneOf(words=words):
                values[name] = words[0]
            case Word():
                values[name] = "UTC"
    return action.data(**values)


@pytest.fixture
async def matrix() -> AsyncIterator[CoreWorld]:
    """A bot that has met everybody in both communities and given the roles."""
    world = await CoreWorld.open()
    for who in PEOPLE:
        for place in (HALL, ELSEWHERE):
            await ask(world, who, Trigger.COMMAND, "/start", "same chat", chat=place, role=Role.MEMBER)

    async def give(tx: Transaction) -> None:
        community = await tx.one("SELECT community_id FROM community_place WHERE chat = :chat", chat=HALL)
        assert community is not None
        for who in PEOPLE:
            person = await tx.one(
                "SELECT person_id FROM community_identity WHERE account = :account", account=who.account or who.name
            )
            assert person is not None
            await Preferences().rooms.give(tx, community[0], person[0], who.given)

    await world.database.write(give)
    yield world
    await world.close()


async def ask(
    world: CoreWorld, who: Who, trigger: Trigger, text: str, place: str, *, chat: str = "", role: Role | None = None
) -> Answer:
    """Ask as somebody somewhere; what a platform says of them holds in the hall alone."""
    alone = place == "private"
    chat = chat or {"same chat": HALL, "other platform": HALL, "other community": ELSEWHERE}.get(place, who.name)
    said = role or (who.platform_role if place == "same chat" else Role.MEMBER)
    return await world.app.router.respond(
        Incoming(
            platform="other" if place == "other platform" else "core",
            event=world.next_event(),
            trigger=trigger,
            sender=Sender(who.account or who.name, who.name, said),
            where=Where(chat, Setting.PRIVATE if alone else Setting.GROUP, chat),
            text=text,
            at=world.clock.now(),
        )
    )


def test_every_route_is_in_the_table_and_needs_what_it_says(world: CoreWorld) -> None:
    registry = world.app.registry
    declared = {f"/{name}": command.needs for name, command in registry.commands.items()}
    for name, command in registry.commands.items():
        declared |= {f"/{name} {word}": needs for word, needs in command.stricter.items()}
    declared |= {name: handler.needs for name, handler in registry.actions.items()}
    assert declared == table()


@pytest.mark.parametrize("place", PLACES)
async def test_nobody_gets_further_than_the_table_says(
    matrix: CoreWorld, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Each route, tried by each kind of person: answered where the table allows it, refused everywhere else."""
    caplog.set_level(logging.ERROR)
    actions = matrix.app.registry.actions
    wrong: list[str] = []
    for route, needs in table().items():
        trigger = Trigger.COMMAND if route.startswith("/") else Trigger.PRESS
        text = route if route.startswith("/") else sample(actions[route].action)
        refused = replies.not_allowed(needs)
        for who in PEOPLE:
            has = who.role if place == "same chat" else Role.MEMBER
            before = await written(matrix)
            answer = await ask(matrix, who, trigger, text, place)
            is_refused = answer.reply.blocks == refused.blocks
            if is_refused == has.may(needs):
                wrong.append(f"{who.name} in the {place}, {text}: {'refused' if is_refused else 'let in'}")
            if is_refused and await written(matrix) != before:
                wrong.append(f"{who.name} in the {place}, {text}: refused, but something was changed")
    assert wrong == []
    assert [record.getMessage() for record in caplog.records] == []


async def written(world: CoreWorld) -> list[tuple[object, ...]]:
    """Everything a refused request must leave alone."""

    async def work(tx: Transaction) -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = []
        for table_ in ("community_setting", "community_change", "community_room", "engine_plan", "engine_post"):
            found += [tuple(row) for row in await tx.all(f"SELECT * FROM {table_}")]  # type: ignore[arg-type]
        found += [tuple(row) for row in await tx.all("SELECT community_id, person_id, role FROM community_member")]  # type: ignore[arg-type]
        return found

    return await world.database.read(work)


async def test_a_role_given_in_one_community_is_worth_nothing_in_another(matrix: CoreWorld) -> None:
    host = next(who for who in PEOPLE if who.name == "moderator by the community")
    here = await ask(matrix, host, Trigger.COMMAND, "/setup", "same chat")
    there = await ask(matrix, host, Trigger.COMMAND, "/setup", "other community")
    assert here.reply.title
    assert there.reply.blocks == replies.not_allowed(Role.MODERATOR).blocks
