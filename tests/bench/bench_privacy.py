"""How long it takes to export and to erase somebody: ``python -m tests.bench.bench_privacy``.

A database file with 300 people beside them; the one it is about has three years of activity: each day they marked topics,
wrote to the ledger, pressed undo, and got a post of their own. Afterwards no byte of them may be in the file or its log.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from bot.kit.database import Transaction, Value
from tests.fakes.privacy_world import ACCOUNTS, NAME, WORD, found_in_files, open_world, plant

DAYS = 3 * 365
OTHERS = 300
OTHERS_DAYS = 60
MARKS_A_DAY = 5
TARGETS = {"privacy_export_s": 2.0, "privacy_erase_s": 5.0, "privacy_traces": 0.0}


async def measure() -> dict[str, float]:
    """Return seconds for the export and for erasing with the files scrubbed, and how many traces were left."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        world, database = await open_world(path)
        try:
            now = world.clock.now()
            at = int(now.timestamp())
            person = await database.write(lambda tx: plant(tx, at))
            await database.write(lambda tx: _fill(tx, person, at))
            records = world.app.tools.personal

            async def export(tx: Transaction) -> str:
                whose = await records.subject(tx, person)
                assert whose is not None
                return await records.export(tx, whose, now)

            async def erase(tx: Transaction) -> int:
                whose = await records.subject(tx, person)
                assert whose is not None
                return await records.erase(tx, whose, now)

            start = time.perf_counter()
            text = await database.read(export)
            exported = time.perf_counter() - start
            start = time.perf_counter()
            count = await database.write(erase)
            assert await records.scrub()
            erased = time.perf_counter() - start
            assert count > DAYS * MARKS_A_DAY * 3
            return {
                "privacy_export_s": exported,
                "privacy_export_mib": len(text) / 2**20,
                "privacy_erase_s": erased,
                "privacy_rows": float(count),
                "privacy_file_mib": path.stat().st_size / 2**20,
                "privacy_traces": float(len(found_in_files(path))),
            }
        finally:
            await database.close()


async def _fill(tx: Transaction, canary: int, at: int) -> None:
    """Write everybody's days in the order they were lived, so that rows of one person lie between those of others."""
    people = [canary]
    for number in range(OTHERS):
        row = await tx.one(
            "INSERT INTO community_person (created_at, name, zone) VALUES (:at, :name, 'UTC') RETURNING id",
            at=at,
            name=f"Person {number}",
        )
        assert row is not None
        people.append(int(row["id"]))
    for day in range(DAYS):
        moment = at - (DAYS - day) * 86_400
        active = people if day >= DAYS - OTHERS_DAYS else people[:1]
        await _live(tx, active, day, moment)


async def _live(tx: Transaction, people: list[int], day: int, at: int) -> None:
    marks: list[dict[str, Value]] = [
        {
            "id": 10_000 + (day * MARKS_A_DAY + mark) * (OTHERS + 2) + place,
            "person": person,
            "at": at,
            "topic": f"{WORD if place == 0 else 'topic'}-{day}-{mark}",
        }
        for mark in range(MARKS_A_DAY)
        for place, person in enumerate(people)
    ]
    await tx.many(
        "INSERT INTO learning_record (id, person_id, topic, deed, at, day, source)"
        " VALUES (:id, :person, :topic, 'studied', :at, '2026-01-01', 'roadmap')",
        marks,
    )
    for sql in (
        "INSERT INTO roadmap_status VALUES (:person, :topic, 'done', :at)",
        "INSERT INTO roadmap_change VALUES (:id, :person, :at, NULL)",
    ):
        await tx.many(sql, [{name: one[name] for name in one if f":{name}" in sql} for one in marks])
    await tx.many(
        "INSERT INTO roadmap_change_topic VALUES (:id, :topic, '', NULL, 'done', :id)",
        [{"id": one["id"], "topic": one["topic"]} for one in marks],
    )
    for number, (chat, words) in enumerate(((ACCOUNTS[0][1], WORD), ("-100500", f"Welcome, {NAME}, day {day}"))):
        post = 1_000_000 + day * 2 + number
        await tx.execute(
            """
            INSERT INTO engine_post (id, key, platform, chat, thread, title, reply, revision, drawn, withdrawn, doubt,
                report_platform, report_chat, report_thread, state, why, turn, expires_at, attempts, fence, sent_at)
            VALUES (:id, :key, 'telegram', :chat, '', :words, :reply, 1, 1, 0, 'repeat', '', '', '', 'sent', '', :at,
                :at, 0, 0, :at)
            """,
            id=post,
            key=f"bench:{post}",
            chat=chat,
            words=words,
            reply=f'{{"~":"Reply","title":"{words}"}}',
            at=at * 1_000_000,
        )
        await tx.execute(
            "INSERT INTO engine_message VALUES (:post, 0, :part, NULL, 'n', '', 0, :at, 'r')",
            post=post,
            part=f'{{"text":"{words}"}}',
            at=at * 1_000_000,
        )


if __name__ == "__main__":
    for name, value in asyncio.run(measure()).items():
        print(f"{name:24} {value:10.3f}")
