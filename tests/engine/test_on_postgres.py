"""The outbox, and jobs side by side, on PostgreSQL in every run; ``TEST_DATABASE=postgres`` runs everything there."""

from __future__ import annotations

import pytest

from bot.kit.database import Transaction
from tests.engine.test_errands import test_two_senders_share_pace_and_work_without_doubling
from tests.engine.test_jobs import TestSideBySide, world
from tests.engine.test_outbox import *  # noqa: F403 - each of its tests
from tests.fakes import databases
from tests.fakes.postgres import Server
from tests.fakes.posting_world import PostingWorld

__all__ = ["TestSideBySide", "test_two_senders_share_pace_and_work_without_doubling", "world"]

pytestmark = pytest.mark.skipif(databases.ON_POSTGRES, reason="everything runs there already")


@pytest.fixture(autouse=True)
def on_postgres(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "ON_POSTGRES", True)


async def test_it_is_postgresql(posting: PostingWorld) -> None:
    async def ask(tx: Transaction) -> str:
        row = await tx.one("SELECT version()")
        return "" if row is None else str(row[0])

    assert (await posting.do(ask)).startswith("PostgreSQL ")
