from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.infra.backup_names import DAILY, Copy, copies, expired, folder_of, fresh_name, parse, superfluous

NOW = datetime(2026, 11, 21, 6, 58, 40, tzinfo=UTC)
DATABASE = Path("data/roadmate.db")


def daily(moment: datetime) -> Copy:
    return Copy(moment, DAILY, Path(f"{moment:%Y%m%d%H%M}"))


moments = some.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=some.just(UTC))


def test_a_copy_is_named_by_its_minute(tmp_path: Path) -> None:
    assert fresh_name(tmp_path, DATABASE, NOW).name == "roadmate-2026-11-21T0658.db"
    (tmp_path / "roadmate-2026-11-21T0658.db").touch()
    assert fresh_name(tmp_path, DATABASE, NOW).name == "roadmate-2026-11-21T0658-2.db"
    assert fresh_name(tmp_path, DATABASE, NOW, "before-0.2.0").name == "roadmate-2026-11-21T0658-before-0.2.0.db"


@pytest.mark.parametrize("kind", ["", DAILY, "replaced", "before-0.2.0", "before-1.0.dev3+local"])
@pytest.mark.parametrize("others", [0, 1, 12])
def test_every_name_given_is_read_back(tmp_path: Path, kind: str, others: int) -> None:
    for _other in range(others):
        fresh_name(tmp_path, DATABASE, NOW, kind).touch()
    path = fresh_name(tmp_path, DATABASE, NOW, kind)
    assert parse(path, DATABASE) == Copy(NOW.replace(second=0), kind, path)


@pytest.mark.parametrize(
    "name",
    [
        "roadmate.db", "other-2026-11-21T0658.db", "roadmate-2026-11-21.db", "roadmate-2026-13-41T9999.db",
        "roadmate-2026-11-21T0658.db.part", "roadmate-2026-11-21T0658-mine.db", "my-roadmate-2026-11-21T0658.db",
        "roadmate-2026-11-21T0658-daily.db-wal",
    ],
)  # fmt: skip
def test_other_files_are_not_taken_for_copies(name: str) -> None:
    assert parse(Path(name), DATABASE) is None


def test_copies_are_listed_newest_first_and_others_left_out(tmp_path: Path) -> None:
    database = tmp_path / "roadmate.db"
    assert copies(database) == []
    folder = folder_of(database)
    folder.mkdir()
    for name in (
        "roadmate-2026-11-20T0000.db",
        "roadmate-2026-11-21T0000-daily.db",
        "notes.txt",
        "x-2026-11-20T0000.db",
    ):
        (folder / name).touch()
    assert [copy.path.name for copy in copies(database)] == [
        "roadmate-2026-11-21T0000-daily.db", "roadmate-2026-11-20T0000.db"
    ]  # fmt: skip


def test_after_a_year_of_days_seven_days_and_four_weeks_are_left() -> None:
    kept: list[Copy] = []
    for day in range(365):
        kept.append(daily(datetime(2026, 1, 1, 3, tzinfo=UTC) + timedelta(days=day)))
        gone = superfluous(kept)
        kept = [copy for copy in kept if copy not in gone]
    newest = kept[-1].made
    assert {newest - timedelta(days=back) for back in range(7)} <= {copy.made for copy in kept}
    assert len(kept) == 11
    gaps = [later.made - earlier.made for earlier, later in pairwise(kept)]
    assert max(gaps) <= timedelta(days=7)
    assert timedelta(days=21) <= newest - kept[0].made <= timedelta(days=35)


@given(some.lists(moments, max_size=60))
def test_whatever_there_is_the_newest_stays_and_little_is_kept(made: list[datetime]) -> None:
    found = [daily(moment) for moment in made]
    gone = superfluous(found)
    kept = [copy for copy in found if copy not in gone]
    assert not found or max(found) in kept
    assert len({copy.made for copy in kept}) <= 11
    assert superfluous(kept) == []


@given(some.lists(moments, max_size=30), some.sampled_from(["", "replaced", "before-0.2.0"]))
def test_copies_made_by_hand_or_before_a_change_are_never_named(made: list[datetime], kind: str) -> None:
    others = [Copy(moment, kind, Path("x")) for moment in made]
    assert superfluous([*others, *(daily(moment) for moment in made)]) == superfluous(map(daily, made))


def test_copies_made_by_themselves_expire_and_those_made_by_hand_do_not(tmp_path: Path) -> None:
    database = tmp_path / "roadmate.db"
    folder = folder_of(database)
    folder.mkdir()
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    for old in (timedelta(days=39), timedelta(days=41)):
        for kind in ("", "daily", "before-0.2.0"):
            fresh_name(folder, database, now - old, kind).touch()
        fresh_name(tmp_path, database, now - old, "replaced").touch()
    gone = {copy.path.name for copy in expired(database, now)}
    stem = "roadmate-2026-10-11T1200"
    assert gone == {f"{stem}-daily.db", f"{stem}-before-0.2.0.db", f"{stem}-replaced.db"}
