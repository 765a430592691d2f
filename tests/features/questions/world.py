"""A community with a moderator and people who press, and questions to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.contributions import Answers, Figures, Rescore, Rescored
from bot.domain.questions.bank import Bank
from bot.domain.questions.shapes import Kind, Question
from bot.kit import codec
from bot.kit.database import Transaction
from bot.kit.reply import Reply
from bot.kit.request import Role
from tests.fakes.core import ROOM, CoreWorld, Message, Person

YAML = """\
- id: q-mine-1
  topic: alg-knn
  level: easy
  stem: Which part of the data does k-nearest neighbors keep for later?
  answer:
    - text: All of its rows
      why: Neighbors are looked for among them.
  wrong:
    - text: The mean of each class
      why: That is what a centroid method keeps.
    - text: A line between classes
      why: That is what a linear model keeps.
  explanation: The rows themselves are the model, so they all stay.
  source: google-mlcc
"""


def yaml_of(count: int) -> str:
    """That many different questions."""
    return "".join(
        YAML.replace("q-mine-1", f"q-mine-{number}").replace("which part", "").replace("later?", f"round {number}?")
        for number in range(count)
    )


def pressed(where: str = ROOM, *, public: bool = True) -> Message:
    """A message somewhere, to press a button on."""
    return Message(Reply(), public, where)


@dataclass
class Hall:
    """A room whose moderator is Mo; ``rescored`` is what corrections change in points, told to ``told``."""

    core: CoreWorld
    mo: Person
    rescored: dict[int, int] = field(default_factory=dict)
    told: list[tuple[int, Question]] = field(default_factory=list)

    async def shipped(self) -> Bank:
        return await self.core.app.tools.shelf.bank()

    async def question(self, kind: Kind = Kind.SINGLE, number: int = 0) -> Question:
        """A shipped question of a kind."""
        found = [one for one in await self.shipped() if one.how is kind]
        return found[number]

    async def bank(self, where: str = ROOM) -> Bank:
        """The questions as the community of a room has them."""
        base = await self.shipped()

        async def work(tx: Transaction) -> Bank:
            row = await tx.one("SELECT community_id AS id FROM community_place WHERE chat = :chat", chat=where)
            assert row is not None
            return await self.core.app.tools.corrections.bank(tx, base, [row["id"]])

        return await self.core.database.read(work)

    async def now(self, name: str, where: str = ROOM) -> Question:
        """A question as it reads in a room."""
        found = (await self.bank(where)).get(name)
        assert found is not None
        return found

    async def flag(self, who: str, name: str, reason: str = "answer", where: str = ROOM) -> Message:
        """Have somebody of a room say what is wrong."""
        person = self.core.person(who)
        await person.says("/start", where)
        return await person.sends(f"questions.why:{name}:{reason}", pressed(where))

    async def asked(self, what: str) -> Message:
        """Have the moderator type something in the room."""
        return await self.mo.says(what, ROOM)

    async def fills(self, values: dict[str, str], on: Message | None = None) -> Message:
        """Have the moderator send a form: the one on a message, or the latest."""
        return await self.mo.fills(on or self.mo.seen[-1], "", **values)

    async def posts(self) -> list[Reply]:
        """What was posted about questions."""

        async def work(tx: Transaction) -> Sequence[object]:
            return [row["reply"] for row in await tx.all(
                "SELECT reply FROM engine_post WHERE key LIKE 'questions:%' ORDER BY id")]  # fmt: skip

        return [codec.load(str(reply)) for reply in await self.core.database.read(work)]

    async def _apply(self, tx: Transaction, community: int, question: Question, now: datetime) -> Rescored:
        self.told.append((community, question))
        return Rescored(dict(self.rescored), 1 if self.rescored else 0)

    def reckons(self, **points: int) -> None:
        """Let corrections change points, by person (p1=…)."""
        self.rescored = {int(name[1:]): difference for name, difference in points.items()}


async def hall_of(core: CoreWorld, *, figures: Figures | None = None) -> Hall:
    """A hall whose quiz is pretended: what it tells of answers and points is what a test says."""
    hall = Hall(core, core.person("Mo", Role.MODERATOR))

    async def tell(_tx: Transaction, _community: int, _question: Question) -> Figures:
        return figures or Figures(0, 0, {}, None, None)

    offers = core.app.tools.contributions
    offers._offers = [one for one in offers._offers if not isinstance(one, Rescore | Answers)]
    offers.fill([Rescore(hall._apply), Answers(tell)])
    card = await hall.mo.says("/setup", ROOM)
    await hall.mo.sends("setup.room:", card)
    return hall
