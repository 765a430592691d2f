"""A bot with every table of every owner, and somebody in each of them, so that one can look whether they are gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from bot.app import all_migrations, build_app
from bot.connections import migrations, personal
from bot.infra.database_sqlite import SqliteDatabase, open_database
from bot.kit.database import Transaction, Value
from tests.fakes.clock import FakeClock, FakeDice
from tests.fakes.core import CoreWorld, shipped_shelf
from tests.fakes.migrated import migrate

NAME: Final = "Zuleika Canary"
WORD: Final = "zq-canary-word"
ACCOUNTS: Final = (
    ("telegram", "7700112233"),
    ("discord", "880099887766554433"),
    ("web", "zuleika-web"),
    ("terminal", "zuleika-term"),
)
CHATS: Final = {"telegram": "7700112233", "web": "roadmate-zuleika-web", "terminal": "terminal-zuleika-term"}
TRACES: Final = (NAME, WORD, *(account for _platform, account in ACCOUNTS))
"""What must not be found anywhere once they are erased."""


async def open_world(path: Path, clock: FakeClock | None = None) -> tuple[CoreWorld, SqliteDatabase]:
    """Return a bot over a file, as ``serve`` joins it, and its database."""
    clock = clock or FakeClock()
    database = await open_database(path)
    app = build_app(
        database,
        shipped_shelf(),
        clock,
        FakeDice(),
        zone="Europe/Berlin",
        scrub=database.scrub,
        personal=personal(),
    )
    owners = all_migrations(app.features, migrations())
    await migrate(database, owners, before_change=None, now=int(clock.now().timestamp()))
    return CoreWorld(app, database, clock), database


async def columns(tx: Transaction) -> dict[str, list[str]]:
    """Return every table of the database with its columns."""
    tables = await tx.all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    found = {}
    for row in tables:
        about = await tx.all("SELECT name FROM pragma_table_info(:name)", name=row["name"])
        found[str(row["name"])] = [str(one["name"]) for one in about]
    return found


async def plant(tx: Transaction, at: int) -> int:
    """Put somebody into every table that can hold them; return their number. ``at`` is in Unix seconds."""
    row = await tx.one(
        "INSERT INTO community_person (created_at, name, zone) VALUES (:at, :name, 'Europe/Berlin') RETURNING id",
        at=at,
        name=NAME,
    )
    assert row is not None
    person = int(row["id"])
    for platform, account in ACCOUNTS:
        await tx.execute(
            "INSERT INTO community_identity VALUES (:platform, :account, :person)",
            platform=platform,
            account=account,
            person=person,
        )
    await tx.execute("INSERT INTO community_community VALUES (900, :at, 'Study hall', 'UTC', '', 0)", at=at)
    values: dict[str, Value] = {"person": person, "at": at, "word": WORD}
    for sql in (
        "INSERT INTO community_member VALUES (900, :person, :at, 'host', NULL)",
        "INSERT INTO community_preference VALUES (:person, 'goal', :word)",
        "INSERT INTO community_change VALUES (901, 900, :person, :at, 'role', :person, 'member', 'host', 0)",
        "INSERT INTO learning_record (id, person_id, topic, deed, at, day, source)"
        " VALUES (902, :person, :word, 'started', :at, '2026-11-21', 'roadmap')",
        "INSERT INTO roadmap_status VALUES (:person, :word, 'done', :at)",
        "INSERT INTO roadmap_change VALUES (903, :person, :at, NULL)",
        "INSERT INTO roadmap_change_topic VALUES (903, :word, '', NULL, 'done', 902)",
        "INSERT INTO roadmap_snooze VALUES (:person, :word, :at)",
        "INSERT INTO engine_plan (id, job, community, person, tag, rule, zone, data, grace, paused)"
        " VALUES (904, 'guide.nudge', 0, :person, :word, '{}', 'UTC', '{}', 60, 0)",
        "INSERT INTO engine_occurrence VALUES (904, :word, :at, 'done', NULL, 0, 0)",
    ):
        await tx.execute(sql, **{name: value for name, value in values.items() if f":{name}" in sql})
    for sql in (
        "INSERT INTO quiz_run (id, person_id, kind, about, level, length, began_at)"
        " VALUES (905, :person, 'practice', :word, '', 5, :at)",
        "INSERT INTO quiz_asked (run_id, number, question, asked_at, answered_at, correct, chosen)"
        " VALUES (905, 0, :word, :at, :at, 1, :word)",
        "INSERT INTO quiz_answer VALUES (906, :person, NULL, :word, 'e', :word, 'practice', :word, 1, 9, :at)",
        "INSERT INTO quiz_card VALUES (:person, :word, 0, 1.0, 1.0, :at, :at)",
        "INSERT INTO quiz_round (id, community_id, day, question, edition, points, opened_at, closes_at)"
        " VALUES (907, 900, 'd', 'q', 'e', 1, :at, :at)",
        "INSERT INTO quiz_vote VALUES (907, :person, 0, 1, 1, 0, :at, 0)",
        "INSERT INTO quiz_tally VALUES (900, 'all', :person, 1, 1, 0, 1)",
        "INSERT INTO quiz_skill VALUES (:person, :word, 1000.0, 1)",
        "INSERT INTO questions_flag VALUES (900, 'q', :person, 'other', :word, :at, NULL, NULL)",
        "INSERT INTO questions_change VALUES (908, 900, 'q', 1, 'hidden', '', :person, :at, NULL)",
    ):
        await tx.execute(sql, **{name: value for name, value in values.items() if f":{name}" in sql})
    for sql in (
        "INSERT INTO milestones_project VALUES (:person, 'stage-1', :word, :word, :at)",
        "INSERT INTO milestones_request VALUES"
        " (908, :person, 900, 'stage-1', :word, :word, 'telegram', '7700112233', :at, 'approved', :at)",
        "INSERT INTO milestones_review VALUES (909, 908, :person, :word, :at)",
        "INSERT INTO milestones_badge VALUES (909, :person, 900, 'stage-1', :word, 908, :at, NULL)",
        "INSERT INTO milestones_errand VALUES (909, 900, :person, 'stage-1', 'discord', '71', 1, :at, NULL, :word)",
    ):
        await tx.execute(sql, **{name: value for name, value in values.items() if f":{name}" in sql})
    for number, (platform, chat) in enumerate(CHATS.items(), 910):
        await _plant_post(tx, number, platform, chat, f"To you alone: {WORD}", at)
        await tx.execute(
            "INSERT INTO engine_place VALUES (:platform, :chat, '', :at, :why, 0, NULL)",
            platform=platform,
            chat=chat,
            at=at * 1_000_000,
            why=WORD,
        )
        await tx.execute(
            "INSERT INTO engine_pace VALUES (:platform, :chat, NULL, NULL, 0, 0)", platform=platform, chat=chat
        )
    await _plant_post(tx, 920, "telegram", "-100500", f"Welcome, {NAME}!", at)
    account = ACCOUNTS[0][1]
    body = json.dumps(
        {"update_id": 5, "message": {"from": {"id": int(account), "first_name": NAME}, "text": WORD}},
        separators=(",", ":"),
    )
    place = json.dumps({"chat": account, "setting": "private", "title": "", "thread": ""})
    values = {"at": at, "word": WORD, "body": body, "account": account, "place": place}
    for sql in (
        "INSERT INTO telegram_update VALUES (930, :at, :body)",
        "INSERT INTO telegram_dialogue VALUES (:account, 'e', :word, 0, :word, :place, :at)",
        "INSERT INTO telegram_waiting VALUES ('door', :account, 'e', :word, :place, :at)",
        "INSERT INTO telegram_poll VALUES ('poll', :place, :word, '', :at, NULL)",
        "INSERT INTO telegram_asking VALUES (931, :place, :word, '', NULL, :at)",
        "INSERT INTO telegram_vote VALUES ('v', 'poll', :account, :word, '', 0, :at)",
    ):
        await tx.execute(sql, **{name: value for name, value in values.items() if f":{name}" in sql})
    await tx.execute("INSERT INTO discord_language VALUES (:account, 'de', :at)", account=ACCOUNTS[1][1], at=at)
    for number, (chat, author, only_for, text) in enumerate(
        (
            ("roadmate-zuleika-web", "", "", f"An answer with {WORD}"),
            ("study-hall", "zuleika-web", "", WORD),
            ("study-hall", "", "zuleika-web", WORD),
            ("study-hall", "mo", "", f"Well done, {NAME}."),
        ),
        940,
    ):
        await tx.execute(
            "INSERT INTO web_message (id, chat, revision, event, author, only_for, at, text)"
            " VALUES (:id, :chat, :id, :event, :author, :only_for, :at, :text)",
            id=number,
            chat=chat,
            event=f"w{number}",
            author=author,
            only_for=only_for,
            at=at,
            text=text,
        )
    for number, (chat, only_for, text) in enumerate(
        (
            ("terminal-zuleika-term", "", f"An answer with {WORD}"),
            ("study-hall", "zuleika-term", WORD),
            ("study-hall", "", f"Well done, {NAME}."),
        ),
        950,
    ):
        await tx.execute(
            "INSERT INTO terminal_message (id, chat, event, only_for, at, reply)"
            " VALUES (:id, :chat, :event, :only_for, :at, :reply)",
            id=number,
            chat=chat,
            event=f"t{number}",
            only_for=only_for,
            at=at,
            reply=_said(text),
        )
    return person


def _said(words: str) -> str:
    return json.dumps({"~": "Reply", "blocks": [{"~": "Plain", "text": words}]}, separators=(",", ":"))


async def _plant_post(tx: Transaction, number: int, platform: str, chat: str, words: str, at: int) -> None:
    text = _said(words)
    await tx.execute(
        """
        INSERT INTO engine_post (id, key, platform, chat, thread, title, reply, revision, drawn, withdrawn, doubt,
            report_platform, report_chat, report_thread, state, why, turn, expires_at, attempts, fence, sent_at)
        VALUES (:id, :key, :platform, :chat, '', :words, :reply, 1, 1, 0, 'repeat', '', '', '', 'sent', '', :at, :at,
            0, 0, :at)
        """,
        id=number,
        key=f"test:{number}",
        platform=platform,
        chat=chat,
        words=words,
        reply=text,
        at=at * 1_000_000,
    )
    await tx.execute(
        "INSERT INTO engine_message VALUES (:post, 0, :part, NULL, 'n', '', 0, :at, 'r')",
        post=number,
        part=json.dumps({"text": words}, separators=(",", ":")),
        at=at * 1_000_000,
    )


def found_in_files(path: Path) -> list[str]:
    """Return which traces stand in the database file, its log or its memory map, and where."""
    hits = []
    for file in sorted(path.parent.glob(path.name + "*")):
        data = file.read_bytes()
        hits += [f"{trace} in {file.name}" for trace in TRACES if trace.encode() in data]
    return hits
