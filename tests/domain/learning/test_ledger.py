"""The ledger always says what marks say, whatever was marked, changed and undone."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.learning.ledger import Deed, Entry
from bot.domain.learning.store import Ledger
from bot.kit.database import Transaction
from bot.kit.text import plain
from tests.fakes.core import CoreWorld

STEPS = st.lists(
    st.tuples(st.sampled_from(["learning", "done", "none", "undo"]), st.sampled_from(["alg-knn", "alg-svm"])),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
@example([("done", "alg-knn"), ("learning", "alg-knn"), ("undo", "alg-knn"), ("undo", "alg-knn")])
async def test_what_is_marked_as_done_is_finished_in_the_ledger(steps: list[tuple[str, str]]) -> None:
    world = await CoreWorld.open()
    ana = world.person("Ana")
    card = await ana.says("/roadmap")
    undos: list[str] = []
    for what, topic in steps:
        if what == "undo":
            if undos:
                await ana.sends(undos.pop(), card)
            continue
        answer = await ana.sends(f"roadmap.mark:{what}:{topic}", card)
        undos += [
            button.data for row in answer.reply.buttons for button in row if button.data.startswith("roadmap.undo")
        ]

    async def finished(tx: Transaction) -> frozenset[str]:
        rows = await tx.all(
            "SELECT topic FROM learning_record AS r WHERE deed = 'finished'"
            " AND NOT EXISTS (SELECT 1 FROM learning_record AS u WHERE u.retracts = r.id)"
        )
        return frozenset(row["topic"] for row in rows)

    marked = set()
    for topic in ("alg-knn", "alg-svm"):
        shown = await ana.sends(f"roadmap.topic:{topic}", card)
        if "You have done this" in plain(shown.reply.blocks):
            marked.add(topic)
    assert await world.database.read(finished) == marked
    await world.close()


async def test_evidence_sums_up_what_was_not_taken_back(world: CoreWorld) -> None:
    ledger, at = Ledger(), datetime(2026, 11, 21, tzinfo=UTC)

    def entry(deed: Deed, minutes: int | None = None, score: float | None = None, person: int = 1) -> Entry:
        return Entry(person, "alg-knn", deed, at, date(2026, 11, 21), "test", minutes=minutes, score=score)

    async def work(tx: Transaction) -> None:
        await ledger.write(tx, entry(Deed.STUDIED, minutes=30))
        wrong = await ledger.write(tx, entry(Deed.ANSWERED, score=0.0))
        await ledger.write(tx, entry(Deed.ANSWERED, score=1.0))
        await ledger.write(tx, entry(Deed.REVIEWED, score=0.5))
        await ledger.write(tx, entry(Deed.STUDIED, minutes=99, person=2))
        assert await ledger.retract(tx, wrong, 2, 0) is False, "only its own person may take a deed back"
        assert await ledger.retract(tx, wrong, 1, 0) is True
        assert await ledger.retract(tx, wrong, 1, 0) is False, "and only once"
        known = (await ledger.evidence(tx, 1))["alg-knn"]
        assert (known.minutes, known.answers, known.score) == (30, 2, 0.75)
        pace = await ledger.pace(tx, 1, date(2026, 11, 15))
        assert (pace.days, pace.minutes, pace.since) == (1, 30, date(2026, 11, 21))
        assert (await ledger.pace(tx, 1, date(2026, 11, 22))).days == 0

    await world.database.write(work)
