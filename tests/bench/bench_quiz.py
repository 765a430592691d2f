"""The quiz: choosing the question of the day, a review of a thousand cards, and a whole crowd answering one round."""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bot.app import App, all_migrations, build_app, open_shelf
from bot.domain.questions.shapes import CHOICES, Question
from bot.engine.migrate import migrate
from bot.features.quiz.rules import of_the_day
from bot.infra.clock import MovableClock, use_own_zone_data
from bot.infra.database_sqlite import open_database
from bot.kit.database import Transaction
from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from tests.fakes.bell import FakeBell

CARDS = 1000
CROWD = 10_000
AT_ONCE = 200
HISTORY = 60


async def measure() -> dict[str, float]:
    """Return the figures; the crowd presses through the app, each person new to it, 200 at a time."""
    use_own_zone_data()
    shelf = open_shelf()
    shelf.reload(is_thorough=True).refuse()
    questions = [question for question in await shelf.bank() if question.how in CHOICES]
    results = {"quiz_choose_cpu_ms": choosing(questions)}
    with tempfile.TemporaryDirectory() as folder:
        database = await open_database(Path(folder) / "bench.db")
        clock = MovableClock()
        app = build_app(database, shelf, clock)
        await migrate(database, all_migrations(app.features), before_change=None, now=0)
        asker = Asker(app, clock)
        results |= await reviewing(asker, questions)
        results |= await storm(asker)
        await database.close()
    return results


def choosing(questions: list[Question], communities: int = 200) -> float:
    """Return milliseconds of CPU for the question of one community, with 60 days of history."""
    asked = frozenset(question.id for question in questions[:HISTORY])
    interest = {question.topic: 1.0 for question in questions[::7]}
    began = time.process_time()
    for community in range(communities):
        assert of_the_day(questions, interest, asked, f"{community}:2026-11-21") is not None
    return (time.process_time() - began) / communities * 1000


class Asker:
    """Asks the app as people of a group do."""

    def __init__(self, app: App, clock: MovableClock) -> None:
        self.app = app
        self.clock = clock
        self.count = 0

    async def ask(
        self, who: str, trigger: Trigger, text: str, *, role: Role = Role.MEMBER, alone: bool = False
    ) -> None:
        """Send one event and wait for its answer."""
        self.count += 1
        where = Where(who, Setting.PRIVATE) if alone else Where("hall", Setting.GROUP, "Hall")
        await self.app.respond(
            Incoming("bench", str(self.count), trigger, Sender(who, who, role), where, text, self.clock.now())
        )


async def reviewing(asker: Asker, questions: list[Question]) -> dict[str, float]:
    """Return milliseconds of CPU for ``/review`` of somebody with a thousand cards."""
    await asker.ask("ana", Trigger.COMMAND, "/start", alone=True)

    async def fill(tx: Transaction) -> None:
        await tx.many(
            """
            INSERT INTO quiz_card (person_id, question, state, stability, difficulty, due, reviewed_at)
            VALUES (1, :question, 2, 5.0, 5.0, :due, 0)
            """,
            [{"question": question.id, "due": 1000 + place} for place, question in enumerate(questions[:CARDS])],
        )

    await asker.app.tools.database.write(fill)
    await asker.ask("ana", Trigger.COMMAND, "/review", alone=True)
    began = time.process_time()
    for _ in range(100):
        await asker.ask("ana", Trigger.COMMAND, "/review", alone=True)
    return {"quiz_review_cpu_ms": (time.process_time() - began) * 10}


async def storm(asker: Asker) -> dict[str, float]:
    """Return answers a second, the slowest per mille, lost answers and memory when a crowd answers one round."""
    await asker.ask("mo", Trigger.COMMAND, "/setup", role=Role.MODERATOR)
    await asker.ask("mo", Trigger.PRESS, "setup.room:", role=Role.MODERATOR)
    await asker.ask("mo", Trigger.PRESS, "setup.set:quiz-at:09,00", role=Role.MODERATOR)
    now = asker.clock.now()
    nine = (now + timedelta(days=1)).replace(hour=9, minute=1)
    asker.clock.travel(nine - now)
    await asker.app.jobs(asker.app.tools.database, FakeBell(asker.clock.now())).run_due()
    opened = await asker.app.tools.database.read(lambda tx: tx.one("SELECT id FROM quiz_round"))
    assert opened is not None, "no round was opened"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lasted: list[float] = []
    waiting = iter(range(CROWD))

    async def press() -> None:
        for number in waiting:
            began = time.perf_counter()
            await asker.ask(f"p{number}", Trigger.PRESS, f"quiz.vote:1:{number % 3}")
            lasted.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(press() for _ in range(AT_ONCE)))
    seconds = time.perf_counter() - began
    row = await asker.app.tools.database.read(lambda tx: tx.one("SELECT COUNT(*) FROM quiz_vote"))
    assert row is not None
    lasted.sort()
    return {
        "quiz_votes_per_s": CROWD / seconds,
        "quiz_vote_p99_s": lasted[int(0.99 * len(lasted))],
        "quiz_votes_lost": float(CROWD - row[0]),
        "quiz_storm_rss_mib": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
    }


if __name__ == "__main__":
    for name, value in asyncio.run(measure()).items():
        print(f"{name:28} {value:10.3f}")
