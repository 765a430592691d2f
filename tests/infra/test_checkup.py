from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiohttp import web

from bot.infra import checkup
from bot.infra.backup import back_up
from bot.infra.backup_names import folder_of
from bot.kit.checkup import Mark
from tests.fakes.clock import FakeClock
from tests.infra.test_backup import stopped
from tests.infra.test_database_sqlite import HOLDER, names, running

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


def test_a_version_of_sqlite_with_a_known_fault_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    for version, explained in (("3.40.1", True), ("3.51.2", True), ("3.51.3", False), ("3.54.0", False)):
        monkeypatch.setattr("bot.infra.checkup.sqlite3.sqlite_version", version)
        finding = checkup.look_at_versions()
        assert finding.mark is Mark.OK
        assert ("one connection only" in finding.what) is explained


def test_zone_data_are_named_and_old_ones_warned_of() -> None:
    assert checkup.look_at_zones(NOW).mark is Mark.OK
    assert "tzdata 20" in checkup.look_at_zones(NOW).what
    later = checkup.look_at_zones(NOW + timedelta(days=1200))
    assert later.mark is Mark.WARNING
    assert later.step == "Install a newer tzdata."


@pytest.mark.parametrize(("free", "mark"), [(10**12, Mark.OK), (10**8, Mark.WARNING), (10**6, Mark.PROBLEM)])
def test_little_room_is_said_before_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, mark: Mark
) -> None:
    monkeypatch.setattr("bot.infra.checkup.shutil.disk_usage", lambda _place: SimpleNamespace(free=free))
    assert checkup.look_at_disk(tmp_path / "not" / "yet").mark is mark


class TestFolder:
    def test_one_that_can_be_made_or_written_is_fine(self, tmp_path: Path) -> None:
        assert checkup.look_at_folder(tmp_path).mark is Mark.OK
        assert "can be made" in checkup.look_at_folder(tmp_path / "a" / "b").what
        assert list(tmp_path.iterdir()) == []

    def test_one_that_everybody_may_write_to_is_warned_of(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o777)
        assert checkup.look_at_folder(tmp_path).step == f"chmod o-w {tmp_path}"

    def test_a_file_in_its_place_is_a_problem(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        finding = checkup.look_at_folder(tmp_path / "file")
        assert finding.mark is Mark.PROBLEM
        assert "ROADMATE_HOME" in finding.step


class TestFile:
    async def test_a_sound_one_is_left_as_it_was(self, tmp_path: Path) -> None:
        path = await stopped(tmp_path / "roadmate.db")
        assert "not in use, sound" in checkup.look_at_file(path).what
        assert names(tmp_path) == ["roadmate.db"]

    async def test_one_in_use_is_looked_at_all_the_same(self, tmp_path: Path) -> None:
        path = await stopped(tmp_path / "roadmate.db")
        with running(HOLDER, path) as process:
            assert process.stdout is not None
            process.stdout.readline()
            finding = checkup.look_at_file(path)
        assert finding.mark is Mark.OK
        assert "in use by a running Roadmate, sound" in finding.what

    async def test_a_damaged_one_names_the_backup_that_mends_it(self, tmp_path: Path) -> None:
        path = await stopped(tmp_path / "roadmate.db", rows=2000)
        good = folder_of(path) / "roadmate-2026-11-20T0300-daily.db"
        back_up(path, good)
        data = bytearray(path.read_bytes())
        data[4096 * 10 : 4096 * 14] = b"\xa5" * 4096 * 4
        path.write_bytes(data)
        finding = checkup.look_at_file(path)
        assert finding.mark is Mark.PROBLEM
        assert "damaged" in finding.cause
        assert f"roadmate restore {good}" in finding.step
        path.unlink()
        lost = checkup.look_at_file(path)
        assert lost.mark is Mark.WARNING
        assert f"roadmate restore {good}" in lost.step

    @pytest.mark.parametrize("made", ["text", "foreign"])
    def test_what_is_no_database_of_ours_is_a_problem(self, tmp_path: Path, made: str) -> None:
        path = tmp_path / "roadmate.db"
        if made == "text":
            path.write_text("dear diary " * 1000)
        else:
            with closing(sqlite3.connect(path)) as raw:
                raw.execute("CREATE TABLE cookie (name)")
        assert checkup.look_at_file(path).mark is Mark.PROBLEM

    def test_none_yet_is_fine(self, tmp_path: Path) -> None:
        assert checkup.look_at_file(tmp_path / "roadmate.db").mark is Mark.OK


class TestBackups:
    @pytest.mark.parametrize(
        ("hours", "mark", "shown"),
        [(0, Mark.OK, "less than an hour old"), (30, Mark.OK, "30 h old"), (50, Mark.WARNING, "2 days old")],
    )
    def test_an_old_newest_one_is_warned_of(self, tmp_path: Path, hours: int, mark: Mark, shown: str) -> None:
        path = tmp_path / "roadmate.db"
        path.touch()
        folder_of(path).mkdir()
        made = NOW - timedelta(hours=hours)
        (folder_of(path) / f"roadmate-{made:%Y-%m-%dT%H%M}-daily.db").touch()
        finding = checkup.look_at_backups(path, NOW)
        assert finding.mark is mark
        assert shown in finding.what

    def test_none_is_fine_at_first_and_then_not(self, tmp_path: Path) -> None:
        path = tmp_path / "roadmate.db"
        assert checkup.look_at_backups(path, NOW).mark is Mark.OK
        path.touch()
        made = datetime.fromtimestamp(path.stat().st_ctime, UTC)
        assert checkup.look_at_backups(path, made + timedelta(hours=1)).mark is Mark.OK
        assert checkup.look_at_backups(path, made + timedelta(days=3)).mark is Mark.WARNING


@asynccontextmanager
async def telling(date: Callable[[], str]) -> AsyncIterator[str]:
    """A server that says what time it takes it to be."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(headers={"Date": date()} if date() else {}, status=404)

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


class TestClock:
    @pytest.mark.parametrize(
        ("seconds", "mark"),
        [(0, Mark.OK), (0.9, Mark.OK), (-2, Mark.OK), (5, Mark.WARNING), (-7, Mark.WARNING), (40, Mark.PROBLEM), (-3600, Mark.PROBLEM)],
    )  # fmt: skip
    async def test_a_clock_that_is_wrong_is_told_by_how_much(self, seconds: float, mark: Mark) -> None:
        clock = FakeClock(NOW + timedelta(seconds=seconds))
        async with telling(lambda: format_datetime(NOW, usegmt=True)) as address:
            finding = await checkup.look_at_clock(clock, address)
        assert finding.mark is mark
        assert mark is Mark.OK or "NTP" in finding.step

    async def test_a_server_without_a_date_or_none_at_all_is_no_fault_of_the_clock(self) -> None:
        async with telling(lambda: "yesterday") as address:
            assert (await checkup.look_at_clock(FakeClock(NOW), address)).mark is Mark.OK
        assert (await checkup.look_at_clock(FakeClock(NOW), address)).mark is Mark.WARNING
        assert (await checkup.look_at_clock(FakeClock(NOW), "")).mark is Mark.OK
