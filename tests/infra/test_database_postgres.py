from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest

from bot.app import all_migrations, build_app
from bot.engine.alarm import Alarm
from bot.engine.migrate import Migrations, migrate
from bot.infra import database_postgres, postgres_session, postgres_turns
from bot.infra.database_postgres import PostgresDatabase, open_postgres
from bot.kit.database import Database, Transaction, Value
from bot.kit.errors import ConstraintError, StorageError
from bot.kit.shared import Shared
from bot.platforms import discord, telegram, web
from tests.fakes.clock import FakeClock
from tests.fakes.core import shipped_shelf
from tests.fakes.postgres import Server
from tests.infra.suite_database import DatabaseSuite, Driver, adding, make_table, numbers

KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()"
PROCESS = """
import asyncio, sys
from bot.infra.database_postgres import open_postgres

async def main():
    database = await open_postgres(sys.argv[1])
    async with database.turn("poller"):
        print("ours", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


LONGEST_SECONDS = 60  # of a test with all that is set up for it; then it fails instead of keeping the run waiting


@pytest.fixture(autouse=True)
async def bounded() -> AsyncIterator[None]:
    """Ends whatever a test still waits for after a while: no wait here may last for ever."""
    loop = asyncio.get_running_loop()

    def end() -> None:
        for task in asyncio.all_tasks(loop):
            task.cancel(f"it took longer than {LONGEST_SECONDS} s")

    ending = loop.call_later(LONGEST_SECONDS, end)
    yield
    ending.cancel()


class TestPostgres(DatabaseSuite):
    """The contract."""

    @pytest.fixture
    def driver(self, postgres_url: str) -> Driver:
        async def open_one(folder: Path) -> Database:
            return await open_postgres(postgres_url)

        return Driver(open_one)


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    opened = await open_postgres(postgres_url)
    await opened.write(make_table)
    yield opened
    await opened.close()


@pytest.fixture
async def other(database: PostgresDatabase, postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    """The same database, as another process has it."""
    opened = await open_postgres(postgres_url, application="other")
    yield opened
    await opened.close()


@asynccontextmanager
async def raw(url: str) -> AsyncIterator[Any]:
    """Somebody else's connection."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def kill(url: str, application: str) -> None:
    """Break every connection of a name."""
    async with raw(url) as connection:
        assert await connection.fetch(KILL, application)


async def owners(database: Database) -> list[Migrations]:
    features = build_app(database, shipped_shelf(), FakeClock()).features
    platforms = (("web", web), ("telegram", telegram), ("discord", discord))
    return all_migrations(features, [(name, platform.migrations()) for name, platform in platforms])


def doing(sql: str, **values: Value) -> Callable[[Transaction], Awaitable[int]]:
    async def work(tx: Transaction) -> int:
        return await tx.execute(sql, **values)

    return work


def asking(sql: str, **values: Value) -> Callable[[Transaction], Awaitable[list[object]]]:
    async def work(tx: Transaction) -> list[object]:
        return [tuple(row) for row in await tx.all(sql, **values)]  # type: ignore[arg-type]

    return work


class Gate:
    """Somebody else's open transaction over all words."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def hold(self, sql: str) -> None:
        await self._connection.execute("BEGIN")
        await self._connection.execute(sql)

    async def open(self) -> None:
        await self._connection.execute("COMMIT")


async def until_waiting(url: str, application: str) -> None:
    """Return when a connection of this name waits for somebody's lock."""
    async with raw(url) as connection:
        while not await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'",
            application,
        ):
            pass


class TestValues:
    """What is stored comes back as on SQLite."""

    async def test_every_type_comes_back(self, database: PostgresDatabase) -> None:
        await database.write(doing("CREATE TABLE v (i INTEGER, r REAL, t TEXT, b BLOB) STRICT"))
        rows: list[dict[str, Value]] = [
            {"i": -(2**63), "r": 0.1, "t": "ü🙂", "b": b"\0\xff"},
            {"i": 2**63 - 1, "r": 3, "t": "", "b": b""},
            {"i": True, "r": None, "t": None, "b": None},
        ]
        await database.write(lambda tx: tx.many("INSERT INTO v VALUES (:i, :r, :t, :b)", rows))
        assert await database.read(asking("SELECT i, r, t, b FROM v ORDER BY i DESC")) == [
            (2**63 - 1, 3.0, "", b""),
            (1, None, None, None),
            (-(2**63), 0.1, "ü🙂", b"\0\xff"),
        ]

    async def test_rows_of_any_mixture_are_stored(self, database: PostgresDatabase) -> None:
        await database.write(doing("CREATE TABLE v (t TEXT)"))
        await database.write(lambda tx: tx.many("INSERT INTO v VALUES (:t)", [{"t": 1}, {"t": "x"}, {"t": None}]))
        assert await database.read(asking("SELECT t FROM v ORDER BY t IS NULL, t")) == [("1",), ("x",), (None,)]

    @pytest.mark.parametrize(
        ("sql", "values", "answer"),
        [
            ("SELECT :a IS NULL, :b IS NULL", {"a": None, "b": 1}, (True, False)),
            ("SELECT COALESCE(:a, :b)", {"a": None, "b": "x"}, ("x",)),
            ("SELECT :a + 1, :b || 'x'", {"a": 1, "b": "y"}, (2, "yx")),
            ("SELECT CASE WHEN :a = '' THEN :b ELSE :c END", {"a": "", "b": None, "c": 1}, (None,)),
            ("SELECT sum(x), avg(x) FROM (SELECT 2 AS x UNION ALL SELECT 3) AS y", {}, (5, 2.5)),
            ("SELECT CAST(:a AS INTEGER), CAST(:b AS REAL)", {"a": 2**40, "b": 1}, (2**40, 1.0)),
            ("SELECT :a", {"a": 2**62}, (2**62,)),
            ("SELECT 7 / 2, 'a' LIKE 'A'", {}, (3, True)),
        ],
    )
    async def test_postgresql_is_never_left_to_guess(
        self, database: PostgresDatabase, sql: str, values: dict[str, Value], answer: tuple[object, ...]
    ) -> None:
        assert await database.read(asking(sql, **values)) == [answer]
        whole = {type(value) for value in answer if isinstance(value, int)}
        assert whole <= {int, bool}

    async def test_a_limit_may_be_a_value(self, database: PostgresDatabase) -> None:
        await database.write(adding(1))
        await database.write(adding(2))
        assert await database.read(asking("SELECT id FROM word ORDER BY id DESC LIMIT :n OFFSET :o", n=1, o=1)) == [
            (1,)
        ]

    async def test_text_sorts_by_its_bytes(self, database: PostgresDatabase) -> None:
        rows = await database.read(
            asking(
                "SELECT collation_name FROM information_schema.columns WHERE table_name = 'word' AND data_type = 'text'"
            )
        )
        assert rows == [("C",)]

    async def test_a_value_of_the_wrong_type_is_refused_and_not_shown(self, database: PostgresDatabase) -> None:
        for sql in ("SELECT id FROM word WHERE id = :a", "SELECT CAST(:a AS INTEGER)"):
            with pytest.raises(StorageError) as caught:
                await database.read(asking(sql, a="secret"))
            assert "secret" not in str(caught.value)

    async def test_neither_error_nor_log_shows_a_value_that_broke_a_rule(
        self, database: PostgresDatabase, caplog: pytest.LogCaptureFixture
    ) -> None:
        await database.write(adding(1, "secret"))
        try:
            await database.write(adding(2, "secret"))
        except ConstraintError:
            logging.getLogger("test").exception("refused")
        assert "word_text_key" in caplog.text
        assert "secret" not in caplog.text.replace('adding(2, "secret")', "")


class TestMigrations:
    async def test_all_of_them_apply_once(self, database: PostgresDatabase) -> None:
        ours = await owners(database)
        applied = await migrate(database, ours, before_change=None, now=1)
        assert {row.owner for row in applied} >= {"engine", "community", "learning", "roadmap", "web", "telegram"}
        assert await migrate(database, ours, before_change=None, now=2) == []

    async def test_two_processes_that_start_at_once_do_not_collide(
        self, database: PostgresDatabase, other: PostgresDatabase
    ) -> None:
        ours = await owners(database)

        async def start(shared: PostgresDatabase) -> int:
            async with shared.turn("migrations"):
                return len(await migrate(shared, ours, before_change=None, now=1))

        counts = await asyncio.gather(start(database), start(other))
        assert min(counts) == 0
        assert max(counts) >= len(ours)

    async def test_a_migration_that_fails_leaves_nothing(self, database: PostgresDatabase, tmp_path: Path) -> None:
        (tmp_path / "0001_good.sql").write_text("CREATE TABLE kept (id INTEGER PRIMARY KEY);", "utf-8")
        (tmp_path / "0002_bad.sql").write_text(
            "CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1);", "utf-8"
        )
        with pytest.raises(StorageError, match=r"0002_bad\.sql could not be applied; nothing of it was kept.*nowhere"):
            await migrate(database, [Migrations("a", tmp_path)], before_change=None, now=1)
        assert await database.read(asking("SELECT count(*) FROM kept")) == [(0,)]
        with pytest.raises(StorageError):
            await database.read(asking("SELECT count(*) FROM half"))

    async def test_numbers_go_on_behind_the_highest_after_a_table_was_rebuilt(self, database: PostgresDatabase) -> None:
        async def rebuild(tx: Transaction) -> None:
            await tx.execute(
                "CREATE TABLE fresh (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, note TEXT NOT NULL)"
            )
            await tx.execute("INSERT INTO fresh SELECT id, text, '' FROM word")
            await tx.execute("DROP TABLE letter")
            await tx.execute("DROP TABLE word")
            await tx.execute("ALTER TABLE fresh RENAME TO word")

        insert = "INSERT INTO word (text, note) VALUES (:text, '') RETURNING id"
        await database.write(adding(7))
        await database.write(rebuild)
        assert await database.write(asking(insert, text="new")) == [(8,)]
        await database.write(doing("CREATE TABLE later (id INTEGER PRIMARY KEY, n INTEGER)"))
        assert await database.write(asking(insert, text="newer")) == [(9,)]
        assert await database.write(asking("INSERT INTO later (n) VALUES (1) RETURNING id")) == [(1,)]

    async def test_a_table_changed_by_another_process_is_used_as_it_is_now(
        self, database: PostgresDatabase, other: PostgresDatabase
    ) -> None:
        await database.write(adding(1))
        for run in (database.read, database.write):
            assert await run(asking("SELECT * FROM word")) == [(1, "word 1")]
        await other.write(doing("ALTER TABLE word ADD COLUMN note TEXT NOT NULL DEFAULT '-'"))
        for run in (database.read, database.write):
            assert await run(asking("SELECT * FROM word")) == [(1, "word 1", "-")]


class TestSeveralProcesses:
    async def test_no_update_is_lost(self, database: PostgresDatabase, other: PostgresDatabase) -> None:
        await database.write(adding(1, "0"))

        async def count(tx: Transaction) -> None:
            row = await tx.one("SELECT text FROM word WHERE id = 1")
            assert row is not None
            await tx.execute("UPDATE word SET text = :text WHERE id = 1", text=str(int(row["text"]) + 1))

        async def work(shared: Database) -> None:
            for _ in range(25):
                await shared.write(count)

        await asyncio.gather(*(work(shared) for shared in (database, other) for _ in range(3)))
        assert await other.read(asking("SELECT text FROM word")) == [("150",)]

    async def test_what_a_unit_read_is_still_so_when_it_writes(
        self, database: PostgresDatabase, other: PostgresDatabase
    ) -> None:
        """Each adds a word only if there are fewer than ten, and never touches another's row."""

        async def add_one(tx: Transaction, number: int) -> bool:
            row = await tx.one("SELECT count(*) FROM word")
            assert row is not None
            return row[0] < 10 and await adding(number)(tx) == 1

        def adding_one(number: int) -> Callable[[Transaction], Awaitable[bool]]:
            return lambda tx: add_one(tx, number)

        added = await asyncio.gather(*((database, other)[number % 2].write(adding_one(number)) for number in range(40)))
        assert sum(added) == 10
        assert len(await database.read(numbers)) == 10

    async def test_the_next_number_is_given_out_once(self, database: PostgresDatabase, other: PostgresDatabase) -> None:
        sql = "INSERT INTO word (id, text) SELECT COALESCE(max(id), 0) + 1, CAST(:text AS TEXT) FROM word"

        async def work(shared: Database, name: str) -> None:
            for number in range(25):
                assert await shared.write(doing(sql, text=f"{name}{number}")) == 1

        await asyncio.gather(work(database, "a"), work(other, "b"))
        assert await database.read(numbers) == list(range(1, 51))

    async def test_rows_in_other_hands_are_left_out(self, database: PostgresDatabase, postgres_url: str) -> None:
        for number in (1, 2, 3):
            await database.write(adding(number))
        async with raw(postgres_url) as connection:
            gate = Gate(connection)
            await gate.hold("SELECT 1 FROM word WHERE id = 1 FOR UPDATE")
            take = asking("SELECT id FROM word ORDER BY id LIMIT 1 /*skip locked*/")
            assert await database.write(take) == [(2,)]
            assert await database.read(take) == [(1,)]
            await gate.open()
        assert await database.write(take) == [(1,)]

    async def test_each_piece_of_work_is_claimed_once(
        self, database: PostgresDatabase, other: PostgresDatabase
    ) -> None:
        await database.write(doing("CREATE TABLE job (id INTEGER PRIMARY KEY, hand TEXT, times INTEGER NOT NULL)"))
        rows: list[dict[str, Value]] = [{"id": number} for number in range(100)]
        await database.write(lambda tx: tx.many("INSERT INTO job (id, times) VALUES (:id, 0)", rows))
        claimed: list[int] = []

        async def claim(tx: Transaction) -> list[int]:
            rows = await tx.all("SELECT id FROM job WHERE hand IS NULL ORDER BY id LIMIT 3 /*skip locked*/")
            for row in rows:
                await tx.execute("UPDATE job SET hand = 'x', times = times + 1 WHERE id = :id", id=row["id"])
            return [row["id"] for row in rows]

        async def work(shared: Database) -> None:
            while got := await shared.write(claim):
                claimed.extend(got)

        await asyncio.gather(*(work(shared) for shared in (database, other) for _ in range(3)))
        assert sorted(claimed) == list(range(100))
        assert await database.read(asking("SELECT DISTINCT times FROM job")) == [(1,)]

    async def test_a_deadlock_is_resolved(self, database: PostgresDatabase, postgres_url: str) -> None:
        await database.write(adding(1))
        await database.write(adding(2))

        async def both(tx: Transaction) -> None:
            await tx.execute("UPDATE word SET text = 'ours' WHERE id = 1")
            await tx.execute("UPDATE word SET text = 'ours too' WHERE id = 2")

        async with raw(postgres_url) as connection:
            gate = Gate(connection)
            await connection.execute("SET deadlock_timeout = '10s'")  # we are to be the one who gives way
            await gate.hold("UPDATE word SET text = 'theirs' WHERE id = 2")
            writing = asyncio.ensure_future(database.write(both))
            await until_waiting(postgres_url, "roadmate")
            await connection.execute("UPDATE word SET text = 'theirs too' WHERE id = 1")
            await gate.open()
            await writing
        assert await database.read(asking("SELECT text FROM word ORDER BY id")) == [("ours",), ("ours too",)]

    async def test_a_unit_is_not_given_up_to_one_that_always_comes_first(
        self, database: PostgresDatabase, postgres_url: str
    ) -> None:
        """After two attempts nobody else may write before it is done; only writers who keep to no rule still could."""
        attempts = 0

        async def work(tx: Transaction) -> int:
            nonlocal attempts
            attempts += 1
            row = await tx.one("SELECT text FROM word WHERE id = 1")
            assert row is not None
            await tx.execute("UPDATE word SET text = :text WHERE id = 1", text=row["text"] + "x")
            return attempts

        async def race() -> bool:
            """Let the unit lose twice; return False if it was quicker than one of the others."""
            nonlocal attempts
            attempts = 0
            async with raw(postgres_url) as connection, raw(postgres_url) as next_one:
                first, second = Gate(connection), Gate(next_one)
                await first.hold("UPDATE word SET text = text || 'y' WHERE id = 1")
                writing = asyncio.ensure_future(database.write(work))
                await until_waiting(postgres_url, "roadmate")
                await next_one.execute("SET application_name = 'next one'")
                queued = asyncio.ensure_future(second.hold("UPDATE word SET text = text || 'z' WHERE id = 1"))
                await until_waiting(postgres_url, "next one")
                await first.open()
                await queued
                if not writing.done():
                    await asyncio.wait(
                        [writing, waits := asyncio.ensure_future(until_waiting(postgres_url, "roadmate"))],
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                    waits.cancel()
                    await asyncio.gather(waits, return_exceptions=True)
                await second.open()
                return await writing == 3

        await database.write(adding(1, "0"))
        for _chance in range(20):
            await database.write(doing("UPDATE word SET text = '0' WHERE id = 1"))
            if await race():
                break
        assert attempts == 3
        assert await database.read(asking("SELECT text FROM word")) == [("0yzx",)]

    async def test_others_wait_while_one_that_lost_twice_has_the_database_for_itself(
        self, database: PostgresDatabase, postgres_url: str
    ) -> None:
        gate = database._key("writers")
        async with raw(postgres_url) as connection:
            await connection.execute(f"SELECT pg_advisory_lock({gate})")
            writing = asyncio.ensure_future(database.write(adding(1)))
            await until_waiting(postgres_url, "roadmate")
            assert await database.read(numbers) == []
            await connection.execute(f"SELECT pg_advisory_unlock({gate})")
            assert await writing == 1


class TestWaking:
    async def test_a_ring_in_a_unit_is_heard_everywhere_once_it_is_stored(
        self, database: PostgresDatabase, other: PostgresDatabase
    ) -> None:
        here, there = asyncio.Event(), asyncio.Event()
        await database.listen("posts", here.set)
        await other.listen("posts", there.set)

        async def work(tx: Transaction) -> None:
            await adding(1)(tx)
            database.ring("posts")
            await tx.one("SELECT 1")
            assert not there.is_set()

        await database.write(work)
        await asyncio.gather(here.wait(), there.wait())
        assert await other.read(numbers) == [1]

    async def test_a_ring_in_a_unit_that_failed_is_not_heard(
        self, database: PostgresDatabase, other: PostgresDatabase
    ) -> None:
        heard: list[str] = []
        end = asyncio.Event()
        await other.listen("posts", lambda: heard.append("posts"))
        await other.listen("end", end.set)

        async def bad(tx: Transaction) -> None:
            database.ring("posts")
            await tx.execute("SELECT nothing")

        async def good(tx: Transaction) -> None:
            database.ring("end")

        results = await asyncio.gather(
            database.write(bad), database.write(good), database.write(bad), return_exceptions=True
        )
        assert [type(result) for result in results] == [StorageError, type(None), StorageError]
        await end.wait()
        assert heard == []

    async def test_a_ring_outside_of_a_unit_is_heard(self, database: PostgresDatabase, other: PostgresDatabase) -> None:
        heard = asyncio.Event()
        await other.listen("posts", heard.set)
        database.ring("posts")
        await heard.wait()

    async def test_whoever_may_have_missed_a_ring_looks_again(
        self, database: PostgresDatabase, postgres_url: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        heard = asyncio.Event()
        await database.listen("posts", heard.set)
        await kill(postgres_url, "roadmate listener")
        await heard.wait()
        heard.clear()
        database.ring("posts")
        await heard.wait()

    async def test_an_alarm_rung_in_a_unit_wakes_every_process_once_it_is_stored(
        self, database: PostgresDatabase, other: PostgresDatabase
    ) -> None:
        clock = FakeClock()
        here, there = Alarm(), Alarm()
        for alarm, shared in ((here, database), (there, other)):
            alarm.bind()
            await alarm.share(shared, "posts")

        async def bad(tx: Transaction) -> None:
            here.ring()
            await tx.execute("SELECT nothing")

        async def good(tx: Transaction) -> None:
            await adding(1)(tx)
            here.ring()

        waiting = [asyncio.ensure_future(alarm.wait(clock, clock.now() + timedelta(days=1))) for alarm in (here, there)]
        with pytest.raises(StorageError):
            await database.write(bad)
        await database.read(numbers)
        assert [one.done() for one in waiting] == [False, False]
        await database.write(good)
        await asyncio.gather(*waiting)
        assert [here.was_rung_outside(), there.was_rung_outside()] == [True, True]

    async def test_an_alarm_rung_while_the_database_is_closed_is_no_trouble(self, postgres_url: str) -> None:
        opened, alarm = await open_postgres(postgres_url), Alarm()
        alarm.bind()
        await alarm.share(opened, "posts")
        await opened.close()
        alarm.ring()
        assert not alarm.was_rung_outside()

    async def test_a_channel_is_not_heard_in_another_schema(
        self, database: PostgresDatabase, postgres_url: str
    ) -> None:
        await database.write(doing("CREATE SCHEMA apart"))
        apart = await open_postgres(f"{postgres_url}&search_path=apart")
        heard: list[int] = []
        end = asyncio.Event()
        await apart.listen("posts", lambda: heard.append(1))
        await apart.listen("end", end.set)
        await database.listen("posts", lambda: apart.ring("end"))
        database.ring("posts")
        await end.wait()
        assert heard == []
        await apart.close()


class TestTurns:
    async def test_a_turn_is_held_by_one_and_left_to_the_next(
        self, database: PostgresDatabase, other: PostgresDatabase, postgres_url: str
    ) -> None:
        told: list[str] = []

        async def wait() -> None:
            async with other.turn("poller") as turn:
                told.append("taken")
                assert turn.is_ours

        async with database.turn("poller") as turn, database.turn("bell") as bell:
            waiting = asyncio.ensure_future(wait())
            await until_waiting(postgres_url, "other poller")
            assert [turn.is_ours, bell.is_ours] == [True, True]
            told.append("left")
        await waiting
        assert told == ["left", "taken"]
        assert [turn.is_ours, bell.is_ours] == [False, False]
        await turn.lost()

    async def test_whoever_waits_takes_over_when_the_holders_connection_dies(
        self, database: PostgresDatabase, other: PostgresDatabase, postgres_url: str
    ) -> None:
        async def take_over() -> bool:
            async with other.turn("poller") as taken:
                return taken.is_ours

        async with database.turn("poller") as turn:
            taking = asyncio.ensure_future(take_over())
            await until_waiting(postgres_url, "other poller")
            await kill(postgres_url, "roadmate poller")
            async with asyncio.timeout(10):
                assert await taking
                await turn.lost()
            assert not turn.is_ours

    async def test_whoever_waits_takes_over_when_the_holder_is_killed(
        self, database: PostgresDatabase, postgres_url: str
    ) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROCESS, postgres_url, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ours\n"
        process.kill()
        async with asyncio.timeout(10), database.turn("poller") as turn:
            assert turn.is_ours
        await process.wait()

    async def test_a_holder_that_is_frozen_is_cut_off_and_knows(
        self, database: PostgresDatabase, other: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgres_turns, "SILENT_SECONDS", 1.0)
        monkeypatch.setattr(postgres_turns, "PING_SECONDS", 60.0)
        async with database.turn("poller") as turn:
            monkeypatch.undo()
            async with asyncio.timeout(10), other.turn("poller") as taken:
                assert taken.is_ours
                await turn.lost()

    def test_the_seconds_add_up(self) -> None:
        assert postgres_turns.SURE_SECONDS < postgres_turns.SILENT_SECONDS
        assert postgres_turns.SILENT_SECONDS + postgres_turns.AGAIN_SECONDS < 15
        assert postgres_session.IDLE_SECONDS < postgres_session.LOCK_SECONDS

    async def test_a_turn_that_is_waited_for_can_be_given_up(
        self, database: PostgresDatabase, other: PostgresDatabase, postgres_url: str
    ) -> None:
        async with database.turn("poller"):
            waiting = asyncio.ensure_future(other.turn("poller").__aenter__())
            await until_waiting(postgres_url, "other poller")
            waiting.cancel()
            await asyncio.wait([waiting])
            assert waiting.cancelled()

    async def test_nobody_can_take_a_turn_inside_a_unit(self, database: PostgresDatabase) -> None:
        async def work(tx: Transaction) -> None:
            async with database.turn("poller"):
                pass

        with pytest.raises(Exception, match="awaited something other"):
            await database.write(work)


class TestConnections:
    async def test_whoever_waits_is_told_of_a_lost_connection_and_it_comes_back(
        self, database: PostgresDatabase, postgres_url: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        sleep = asking("SELECT 1 FROM pg_sleep(60)")
        for run in (database.read, database.write):
            waiting = asyncio.ensure_future(run(sleep))
            async with raw(postgres_url) as connection:
                while not await connection.fetchval("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"):
                    pass
                await connection.fetch(KILL, "roadmate")
            with pytest.raises(StorageError, match=r"lost in the middle.*undone"):
                await waiting
            assert "lost" in database.trouble
            assert await database.write(adding(len(await database.read(numbers)))) == 1
            assert database.trouble == ""
        # what broke while nobody used it is replaced without a word
        assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]

    async def test_a_connection_that_broke_while_idle_is_replaced_unnoticed(
        self, database: PostgresDatabase, postgres_url: str
    ) -> None:
        for number in range(3):
            assert await database.write(adding(number)) == 1
            assert len(await database.read(numbers)) == number + 1
            await kill(postgres_url, "roadmate")

    async def test_it_is_said_when_nobody_knows_whether_a_step_was_stored(self, database: PostgresDatabase) -> None:
        async def arm(tx: Transaction) -> None:
            await tx.execute(
                "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
            )
            await tx.execute(
                "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON letter DEFERRABLE INITIALLY DEFERRED "
                "FOR EACH ROW EXECUTE FUNCTION die()"
            )

        await database.write(arm)
        await database.write(adding(1))
        with pytest.raises(StorageError, match="not known"):
            await database.write(doing("INSERT INTO letter VALUES (1, 'x')"))
        assert await database.write(adding(2)) == 1

    async def test_a_database_that_cannot_be_reached_is_said_to_all_who_wait_and_used_again_later(
        self, database: PostgresDatabase, postgres: Server, postgres_url: str
    ) -> None:
        name = postgres_url.split("?", maxsplit=1)[0].rpartition("/")[2]
        connection = await postgres.connect()
        await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        outcomes = await asyncio.gather(
            *(database.write(adding(number)) for number in range(100)), return_exceptions=True
        )
        assert {type(outcome).__mro__[1] for outcome in outcomes} == {StorageError}
        with pytest.raises(StorageError, match=name):
            await database.read(numbers)
        assert name in database.trouble
        await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await connection.close()
        assert await database.write(adding(1)) == 1
        assert await database.read(numbers) == [1]
        assert database.trouble == ""

    async def test_trouble_that_several_readers_met_is_over_when_one_of_them_is_answered(
        self, database: PostgresDatabase, postgres_url: str
    ) -> None:
        sleeps = [asyncio.ensure_future(database.read(asking("SELECT 1 FROM pg_sleep(60)"))) for _ in range(4)]
        async with raw(postgres_url) as connection:
            while (await connection.fetchval("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")) < 4:
                pass
            await connection.fetch(KILL, "roadmate")
        for sleep in sleeps:
            with pytest.raises(StorageError):
                await sleep
        assert "lost" in database.trouble
        assert await database.read(numbers) == []
        assert database.trouble == ""

    async def test_a_statement_that_takes_too_long_is_undone(
        self, postgres_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgres_session, "STATEMENT_SECONDS", 1.0)
        database = await open_postgres(postgres_url)
        with pytest.raises(StorageError, match="too long"):
            await database.read(asking("SELECT 1 FROM pg_sleep(60)"))
        assert await database.read(asking("SELECT 1")) == [(1,)]
        await database.close()

    async def test_a_lock_held_too_long_is_said(
        self, database: PostgresDatabase, postgres_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await database.write(adding(1))
        monkeypatch.setattr(postgres_session, "LOCK_SECONDS", 1.0)
        impatient = await open_postgres(postgres_url)
        async with raw(postgres_url) as connection:
            await Gate(connection).hold("UPDATE word SET text = 'theirs'")
            with pytest.raises(StorageError, match="locked"):
                await impatient.write(doing("UPDATE word SET text = 'ours'"))
        await impatient.close()

    async def test_readers_do_not_wait_for_each_other(self, database: PostgresDatabase, postgres_url: str) -> None:
        sleeping = asyncio.ensure_future(database.read(asking("SELECT 1 FROM pg_sleep(60)")))
        assert await database.read(numbers) == []
        assert await database.write(adding(1)) == 1
        await kill(postgres_url, "roadmate")
        with pytest.raises(StorageError):
            await sleeping


class TestOpening:
    async def refusal(self, url: str, **options: Any) -> str:
        with pytest.raises(StorageError) as caught:
            await open_postgres(url, **options)
        assert str(caught.value).endswith(".")
        assert "hush" not in str(caught.value)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
        return str(caught.value)

    @pytest.mark.parametrize(
        ("url", "part"),
        [
            ("postgresql://me:hush@127.0.0.1:1/books", "“books” at 127.0.0.1:1 cannot be reached"),
            ("postgresql://me:hush@127.0.0.1:hush/books", "cannot be understood"),
            ("mysql://me:hush@127.0.0.1/books", "cannot be understood"),
            ("postgresql://me:hush@nowhere.invalid/books", "cannot be reached"),
            ("postgresql://me@127.0.0.1:1/books?password=hush", "cannot be reached"),
        ],
    )
    async def test_an_address_that_does_not_work_is_said_without_the_password(
        self, url: str, part: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert part in await self.refusal(url)
        assert "hush" not in caplog.text

    async def test_a_database_or_user_that_is_not_there(self, postgres: Server, postgres_url: str) -> None:
        assert "createdb" in await self.refusal(postgres.url("nowhere"))
        assert "user" in await self.refusal(postgres_url.replace("roadmate@", "nobody:hush@"))

    async def test_the_password_is_not_in_what_is_shown_of_it(self, postgres_url: str) -> None:
        database = await open_postgres(postgres_url.replace("roadmate@", "roadmate:hush@"))
        assert "hush" not in f"{database!r} {database.place} {vars(database)}"
        await database.close()

    async def test_an_old_server_is_refused(self, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(database_postgres, "OLDEST", 99)
        assert "needs PostgreSQL 99 or newer" in await self.refusal(postgres_url)

    async def test_the_schema_is_the_one_of_the_address(self, postgres_url: str) -> None:
        url = f"{postgres_url}&search_path=apart"
        assert "CREATE SCHEMA" in await self.refusal(url)
        async with raw(postgres_url) as connection:
            await connection.execute("CREATE SCHEMA apart")
            database = await open_postgres(url)
            await database.write(make_table)
            assert await connection.fetchval("SELECT count(*) FROM apart.word") == 0
            await database.close()

    async def test_rights_that_are_missing_are_named(self, postgres: Server, postgres_url: str) -> None:
        async with raw(postgres_url) as connection:
            await connection.execute(
                "DO $$ BEGIN CREATE ROLE guest LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
            )
            await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO guest")
        assert "GRANT USAGE, CREATE ON SCHEMA public TO guest." in await self.refusal(
            postgres_url.replace("roadmate@", "guest@")
        )

    async def test_text_that_cannot_hold_every_letter_is_refused(self, postgres: Server) -> None:
        connection = await postgres.connect()
        await connection.execute("CREATE DATABASE narrow ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        try:
            assert "UTF8" in await self.refusal(postgres.url("narrow"))
        finally:
            await connection.execute("DROP DATABASE narrow WITH (FORCE)")
            await connection.close()

    async def test_a_database_that_takes_no_changes_says_so(
        self, database: PostgresDatabase, postgres_url: str
    ) -> None:
        reading = await open_postgres(f"{postgres_url}&default_transaction_read_only=on")
        with pytest.raises(StorageError, match="takes no changes"):
            await reading.write(adding(1))
        await reading.close()

    async def test_one_connection_is_not_enough(self) -> None:
        with pytest.raises(ValueError, match="another"):
            await open_postgres("postgresql://nowhere/", pool=1)

    async def test_two_connections_are(self, postgres_url: str) -> None:
        database = await open_postgres(postgres_url, pool=2)
        await database.write(make_table)
        assert await asyncio.gather(*(database.write(adding(number)) for number in range(50))) == [1] * 50
        assert len(await database.read(numbers)) == 50
        await database.close()

    async def test_it_leaves_no_connection_behind(self, postgres_url: str) -> None:
        database = await open_postgres(postgres_url)
        await asyncio.gather(*(database.read(asking("SELECT 1")) for _ in range(50)))
        await database.listen("posts", lambda: None)
        async with database.turn("poller"):
            pass
        await database.close()
        async with raw(postgres_url) as connection:
            while await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ):
                pass


async def test_it_is_both_ports(database: PostgresDatabase) -> None:
    as_database: Database = database
    as_shared: Shared = database
    await as_database.read(numbers)
    as_shared.ring("posts")
