"""A community whose people prove what they can do, with a test of each stage that is passed when a test says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.app import all_migrations, build_app
from bot.domain.contributions import Gate
from bot.domain.tools import Tools
from bot.features import guide, lookup, milestones, privacy, roadmap, schedule, settings, setup
from bot.kit import codec
from bot.kit.action import Action, Slug
from bot.kit.database import Transaction
from bot.kit.feature import Feature
from bot.kit.platform import Rank
from bot.kit.reply import Reply
from bot.kit.request import Role
from tests.fakes.bell import FakeBell
from tests.fakes.clock import FakeClock, FakeDice
from tests.fakes.core import ROOM, CoreWorld, Message, Person, shipped_shelf, words
from tests.fakes.databases import open_quick
from tests.fakes.migrated import migrate
from tests.fakes.surroundings import FakeRanks, FakeSurroundings

LINK = "https://github.com/ana/houses"
TEST = Action("sample.test", fresh="milestone", stage=Slug())


@dataclass
class Hall:
    """A bot, a community with a room, its moderator, and what is known of tests that were passed."""

    core: CoreWorld
    passed: dict[tuple[int, str], datetime]
    ranks: FakeRanks
    mo: Person

    def person(self, name: str, role: Role = Role.MEMBER) -> Person:
        return self.core.person(name, role)

    async def tested(self, who: Person, stage: int = 1) -> None:
        """Let somebody have passed the test of a stage."""

        async def number(tx: Transaction) -> int:
            row = await tx.one("SELECT id FROM community_person WHERE name = :name", name=who.name)
            assert row is not None
            return int(row["id"])

        person = await self.core.database.read(number)
        self.passed[person, shipped_shelf().curriculum.stages[stage - 1].id] = self.core.clock.now()

    async def ready(self, who: Person, where: str = ROOM, stage: int = 1) -> Message:
        """Let somebody have passed the test and given a project; return their card."""
        await who.says("/start", ROOM)
        await self.tested(who, stage)
        await (await self._project(who, where, stage)).fills(
            link=LINK, summary="Prices of houses in my town, cleaned and drawn."
        )
        return who.seen[-1]

    async def _project(self, who: Person, where: str, stage: int) -> Person:
        await who.says(f"/milestone {stage}", where)
        await who.presses("Give my project")
        return who

    async def asks(self, who: Person, stage: int = 1) -> Message:
        """Let somebody ask for a review in the room; return the card that stands there."""
        await self.ready(who, stage=stage)
        await who.presses("Ask for a review")
        return (await self.cards())[-1]

    async def reaches(self, who: Person, stage: int = 1) -> Message:
        """Let somebody reach a milestone; return the news of it."""
        card = await self.asks(who, stage)
        await self.mo.presses("Approve", card)
        await self.mo.presses("Yes, all of it")
        return (await self.posts("news"))[-1]

    async def takes_back(self, asked: Message, name: str = "Ana") -> Message:
        """Let the moderator choose in the form whose milestone goes."""
        assert asked.reply.form is not None
        (whose,) = (value for value, label in asked.reply.form.fields[0].choices if label.startswith(f"{name} · "))
        return await self.mo.fills(asked, whose=whose)

    async def cards(self) -> list[Message]:
        return await self.posts("card")

    async def posts(self, kind: str = "", chat: str = ROOM) -> list[Message]:
        """What stands in a chat, or is to stand there."""

        async def work(tx: Transaction) -> list[Reply]:
            rows = await tx.all(
                "SELECT reply FROM engine_post WHERE key LIKE :key AND chat = :chat AND withdrawn = 0 ORDER BY id",
                key=f"milestones:%:{kind}%",
                chat=chat,
            )
            return [codec.load(row["reply"]) for row in rows]

        return [Message(reply, public=True, where=ROOM) for reply in await self.core.database.read(work)]

    async def alone(self, who: Person) -> list[str]:
        """What somebody is told in their own chat."""
        return [words(post.reply) for post in await self.posts(chat=f"private-{who.name}")]

    async def due(self) -> None:
        """Do what is due."""
        await self.core.app.jobs(self.core.database, FakeBell(self.core.clock.now())).run_due()

    async def pass_time(self, **span: float) -> None:
        self.core.clock.travel(timedelta(**span))
        await self.due()

    def worn(self, who: Person) -> set[str]:
        return self.ranks.worn.get(who.name.lower(), set())


async def open_hall(*, has_test: bool = True) -> Hall:
    """A bot whose stages have a test, or none."""
    passed: dict[tuple[int, str], datetime] = {}

    async def when(_tx: Transaction, person: int, stage: str) -> datetime | None:
        return passed.get((person, stage))

    def tests(_tools: Tools) -> Feature:
        gate = Gate(lambda stage: TEST.data(stage=stage), when)
        return Feature("sample", contributions=(gate,) if has_test else ())

    database, clock = open_quick(), FakeClock()
    builders = (guide.build, roadmap.build, lookup.build, milestones.build, tests, setup.build, schedule.build,
                settings.build, privacy.build)  # fmt: skip
    app = build_app(database, shipped_shelf(), clock, FakeDice(), zone="Europe/Berlin", builders=builders)
    await migrate(database, all_migrations(app.features), before_change=None, now=int(clock.now().timestamp()))
    core = CoreWorld(app, database, clock)
    ranks = FakeRanks([Rank("71", "ML Basics"), Rank("72", "ML Masters"), Rank("79", "Admin", "It comes with rights.")])
    app.surroundings["core"] = FakeSurroundings(ranks=ranks)
    mo = core.person("Mo", Role.MODERATOR)
    card = await mo.says("/setup", ROOM)
    await mo.sends("setup.room:", card)
    return Hall(core, passed, ranks, mo)


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    hall = await open_hall()
    yield hall
    await hall.core.close()


@pytest.fixture
async def untested() -> AsyncIterator[Hall]:
    """A hall whose stages have no test."""
    hall = await open_hall(has_test=False)
    yield hall
    await hall.core.close()


@pytest.fixture
def ana(hall: Hall) -> Person:
    """A learner."""
    return hall.person("Ana")


@pytest.fixture
def ben(hall: Hall) -> Person:
    """Another learner."""
    return hall.person("Ben")
