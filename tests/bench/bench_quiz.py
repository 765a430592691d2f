"""The quiz: the question of the day for ten thousand communities, a thousand cards, large boards, and a whole crowd."""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from statistics import median

from bot.app import App, all_migrations, build_app, open_shelf
from bot.domain.questions.shapes import CHOICES, Question
from bot.engine.migrate import migrate
from bot.features.quiz.daily import DailyQuiz
from bot.infra.clock import MovableClock, use_own_zone_data
from bot.infra.database_sqlite import open_database
from bot.kit.database import Transaction
from bot.kit.reply import Reply
from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from tests.fakes.bell import FakeBell

CARDS = 1000
CROWD = 10_000
AT_ONCE = 200
HISTORY = 60
COMMUNITIES = 10_000
LARGEST = 10_000
BOARD = 5_000
DAY = 86_400
WEEK = 7 * DAY


async def measure() -> dict[str, float]:
    """Return the figures; the crowd presses through the app, each person new to it, 200 at a time."""
    use_own_zone_data()
    shelf = open_shelf()
    shelf.reload(is_thorough=True).refuse()
    questions = [question for question in await shelf.bank() if question.how in CHOICES]
    results: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, part in (("crowd", crowd), ("board", standings), ("choose", choosing)):  # the crowd's memory first
            database = await open_database(Path(folder) / f"{name}.db")
            clock = MovableClock()
            app = build_app(database, shelf, clock)
            await migrate(database, all_migrations(app.features), before_change=None, now=0)
            results |= await part(Asker(app, clock), questions)
            await database.close()
    return results


async def crowd(asker: Asker, questions: list[Question]) -> dict[str, float]:
    """Return the figures of one person with many cards, and of many who answer at once."""
    return await reviewing(asker, questions) | await storm(asker)


async def choosing(asker: Asker, questions: list[Question]) -> dict[str, float]:
    """Return milliseconds of CPU for the question of one community, chosen as the bot does it: the median, the largest.

    Ten thousand communities, the first with ten thousand members, the second with half as many, and so on; each with 60
    rounds behind it. Members of the first have answered every day; what they study is counted for each community.
    """
    app, now = asker.app, int(asker.clock.now().timestamp())
    await populate(app, questions, now)
    daily = DailyQuiz(app.tools, lambda _topic: Reply())
    base = await app.tools.shelf.bank()

    async def lasts(community: int) -> float:
        async def work(tx: Transaction) -> Question | None:
            return await daily._choose(tx, base, community, "2026-11-21")

        began = time.process_time()
        assert await app.tools.database.read(work) is not None
        return (time.process_time() - began) * 1000

    lasted = [await lasts(community) for community in range(1, COMMUNITIES + 1)]
    largest = [await lasts(1) for _ in range(50)]
    lasted.sort()
    return {
        "quiz_choose_cpu_ms": median(lasted),
        "quiz_choose_p99_cpu_ms": lasted[int(0.99 * len(lasted))],
        "quiz_choose_largest_cpu_ms": median(largest),
    }


async def populate(app: App, questions: list[Question], now: int) -> None:
    """Fill a database with communities of all sizes and their past."""
    topics = sorted({question.topic for question in questions})
    sizes = [max(3, LARGEST // number) for number in range(1, COMMUNITIES + 1)]
    people = sum(sizes)

    async def communities(tx: Transaction) -> None:
        await tx.many(
            "INSERT INTO community_community (id, created_at, title, zone) VALUES (:id, 0, 'Hall', 'UTC')",
            [{"id": number} for number in range(1, COMMUNITIES + 1)],
        )
        await tx.many(
            "INSERT INTO community_person (id, created_at, name, zone) VALUES (:id, 0, 'Ana', 'UTC')",
            [{"id": number} for number in range(1, people + 1)],
        )
        first = 1
        for number, size in enumerate(sizes, 1):
            await tx.many(
                "INSERT INTO community_member (community_id, person_id, joined_at) VALUES (:id, :person, 0)",
                [{"id": number, "person": person} for person in range(first, first + size)],
            )
            first += size

    async def day(tx: Transaction) -> None:
        (past,) = await tx.all("SELECT COUNT(*) / :all AS days FROM quiz_round", all=COMMUNITIES)
        number = int(past["days"])
        at = now - DAY * (HISTORY - number) + 100
        await tx.many(
            """
            INSERT INTO quiz_round (community_id, day, question, edition, points, opened_at, closes_at, closed_at,
                answers, correct) VALUES (:id, :day, :question, 'e', 1, :at, :at, :at, :answers, :right)
            """,
            [
                {
                    "id": one, "day": f"d{number}", "at": at, "answers": size, "right": size * (one % 5) // 5,
                    "question": questions[(one * 7 + number * 13) % len(questions)].id,
                }
                for one, size in enumerate(sizes, 1)
            ],
        )  # fmt: skip
        await tx.many(
            """
            INSERT INTO learning_record (person_id, community_id, topic, deed, at, day, source, score, is_chosen)
            VALUES (:person, 1, :topic, 'answered', :at, '2026-11-21', 'quiz', 1.0, 0)
            """,
            [{"person": person, "topic": topics[number], "at": at} for person in range(1, LARGEST + 1)],
        )

    async def studies(tx: Transaction) -> None:
        for one, size in enumerate(sizes, 1):
            await tx.many(
                """
                INSERT INTO learning_week (community_id, began, topic, deeds, answers, score)
                VALUES (:id, :began, :topic, :deeds, :deeds, :score)
                """,
                [
                    {
                        "id": one, "began": (now // WEEK - week) * WEEK, "topic": topic,
                        "deeds": size, "score": size / 2,
                    }
                    for week in range(9)
                    for topic in topics[: min(len(topics), 1 + size // 3)]
                ],
            )  # fmt: skip

    await app.tools.database.write(communities)
    for _ in range(HISTORY):
        await app.tools.database.write(day)
    await app.tools.database.write(studies)


async def standings(asker: Asker, _questions: list[Question]) -> dict[str, float]:
    """Return the milliseconds of the slowest board, and of one's own place, among 5,000 people with 60 rounds behind them."""
    await asker.ask("ana", Trigger.COMMAND, "/start")
    now = int(asker.clock.now().timestamp())
    text = files("bot.features.quiz").joinpath("migrations", "0005_tally.sql").read_text("utf-8")
    people = range(100, 100 + BOARD)

    async def fill(tx: Transaction) -> None:
        await tx.many(
            "INSERT INTO community_person (id, created_at, name, zone) VALUES (:id, 0, :name, 'UTC')",
            [{"id": number, "name": f"Person {number}"} for number in people],
        )
        await tx.many(
            "INSERT INTO community_member (community_id, person_id, joined_at) VALUES (1, :id, 0)",
            [{"id": number} for number in people],
        )
        for number in range(1, HISTORY + 1):
            at = now - DAY * (HISTORY - number)
            date = time.strftime("%Y-%m-%d", time.gmtime(at))
            await tx.execute(
                """
                INSERT INTO quiz_round (id, community_id, day, question, edition, points, opened_at, closes_at, closed_at)
                VALUES (:id, 1, :day, 'q', 'e', 1, :at, :at, :at)
                """,
                id=number, day=date, at=at,
            )  # fmt: skip
            await tx.many(
                """
                INSERT INTO quiz_vote (round_id, person_id, choice, correct, points, is_late, at)
                VALUES (:round, :person, 0, :right, :right, 0, :at)
                """,
                [
                    {"round": number, "person": one, "right": int(one * number % 7 < 3), "at": at}
                    for one in (1, *people)
                ],
            )
        for statement in text.split(";\n"):
            if "INSERT INTO quiz_tally" in statement:
                await tx.execute(statement)

    await asker.app.tools.database.write(fill)

    async def lasts(trigger: Trigger, text: str) -> float:
        await asker.ask("ana", trigger, text)
        began = time.perf_counter()
        for _ in range(10):
            await asker.ask("ana", trigger, text)
        return (time.perf_counter() - began) * 100

    spans = ("day", "week", "month", "all")
    return {
        "quiz_board_ms": max([await lasts(Trigger.COMMAND, f"/leaderboard {span}") for span in spans]),
        "quiz_place_ms": max([await lasts(Trigger.PRESS, f"quiz.place:{span}") for span in spans]),
    }


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
