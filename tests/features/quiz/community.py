"""A community with a daily quiz: what its tests share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from bot.domain.contributions import Rescore, Rescored
from bot.domain.questions.body import load
from bot.domain.questions.shapes import Question
from bot.kit import codec
from bot.kit.database import Transaction
from bot.kit.reply import Reply
from bot.kit.request import Role
from tests.fakes.bell import FakeBell
from tests.fakes.core import ROOM, CoreWorld, Message, Person


@dataclass
class Quiz:
    """A community with a daily quiz at 18:00."""

    core: CoreWorld
    mo: Person

    @classmethod
    async def open(cls, world: CoreWorld) -> Quiz:
        """Set the community of the room up, with a quiz at 18:00."""
        mo = world.person("Mo", Role.MODERATOR)
        card = await mo.says("/setup", ROOM)
        await mo.sends("setup.room:", card)
        await mo.sends("setup.set:quiz-at:18,00", card)
        return cls(world, mo)

    async def due(self) -> None:
        """Do what is due."""
        jobs = self.core.app.jobs(self.core.database, FakeBell(self.core.clock.now()))
        await jobs.run_due()
        await jobs.run_due()

    async def pass_time(self, **span: float) -> None:
        self.core.clock.travel(timedelta(**span))
        await self.due()

    async def posts(self) -> list[Reply]:
        async def work(tx: Transaction) -> list[Reply]:
            rows = await tx.all("SELECT reply FROM engine_post WHERE key LIKE 'quiz:%' ORDER BY id")
            return [codec.load(row["reply"]) for row in rows]

        return await self.core.database.read(work)

    async def told(self, part: str = "closed") -> Reply:
        """Return the latest post that tells an answer, or asks a question (``asked``)."""
        posts = await self.posts()
        return [post for post in posts if (post.look == "quiz.closed") is (part == "closed")][-1]

    async def question(self, number: int = 0) -> Question:
        stem = (await self.posts())[number]
        bank = await self.core.app.tools.shelf.bank()
        return next(question for question in bank if stem.poll and question.stem == stem.poll.question)

    async def asked(self) -> Question:
        """Return the question of the latest round as it was asked."""
        row = await self.core.database.read(lambda tx: tx.one("SELECT body FROM quiz_round ORDER BY id DESC LIMIT 1"))
        assert row is not None
        return load(row["body"])

    async def correct(self, question: Question) -> Rescored:
        """Have everything that depends on a question reckoned anew, as correcting it does."""
        return await self.correct_in(1, question)

    async def correct_in(self, community: int, question: Question) -> Rescored:
        """Do the same in another community."""
        (offer,) = self.core.app.tools.contributions.of(Rescore)
        now = self.core.clock.now()
        return await self.core.database.write(lambda tx: offer.apply(tx, community, question, now))

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return rows as tuples."""
        found = await self.core.database.read(lambda tx: tx.all(sql))
        return [tuple(cast("Any", row)) for row in found]

    async def use_buttons(self) -> None:
        """Ask with buttons from now on."""
        await self.mo.sends("settings.our.set:quiz-style:buttons", await self.mo.says("/settings community", ROOM))

    async def vote(self, who: Person, choice: int, number: int = 1) -> str:
        """Vote for a choice of the question's own order (0 is right); return what the voter alone is told."""
        seen = len(who.notices)
        message = await who.sends(f"quiz.vote:{number}:{choice}", Message(Reply(), public=True, where=ROOM))
        return who.notices[-1] if len(who.notices) > seen else message.text
