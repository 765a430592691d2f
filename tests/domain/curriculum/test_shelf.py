"""The shelf reads questions when they are first asked for, once, and never lets bad content replace good."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.curriculum.shelf import Shelf
from bot.infra.content_files import read_folder
from bot.kit.content import Node
from bot.kit.errors import ContentError
from bot.kit.problems import Problems
from tests.domain.curriculum.test_loading import write
from tests.domain.questions.samples import GOOD


class Reader:
    """Reads a folder and notes which parts of it, and in which thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read: list[str] = []
        self.threads: set[int] = set()

    def __call__(self, under: str, problems: Problems) -> Iterator[tuple[str, Node]]:
        self.read.append(under)
        if under == "quiz":
            self.threads.add(threading.get_ident())
        return read_folder(self.folder, under, "content", problems)


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """A sound folder with one question."""
    write(tmp_path)
    (tmp_path / "quiz").mkdir()
    (tmp_path / "quiz" / "f.yaml").write_text(GOOD)
    return Reader(tmp_path)


async def test_questions_are_read_when_first_asked_for_and_once(reader: Reader) -> None:
    shelf = Shelf(reader)
    assert not shelf.reload()
    assert "quiz" not in reader.read
    assert shelf.indexes.bank is None
    banks = await asyncio.gather(*(shelf.bank() for _ in range(20)))
    assert len(banks[0]) == 1
    assert all(bank is banks[0] for bank in banks)
    assert reader.read.count("quiz") == 1
    assert threading.get_ident() not in reader.threads, "answers to others go on meanwhile"


async def test_an_empty_bank_is_not_read_again(reader: Reader) -> None:
    (reader.folder / "quiz" / "f.yaml").unlink()
    shelf = Shelf(reader)
    shelf.reload()
    assert len(await shelf.bank()) == 0
    await shelf.bank()
    assert reader.read.count("quiz") == 1


async def test_bad_questions_are_told_to_whoever_asks_and_may_be_mended(reader: Reader) -> None:
    (reader.folder / "quiz" / "f.yaml").write_text(GOOD.replace("easy", "light"))
    shelf = Shelf(reader)
    assert not shelf.reload()
    with pytest.raises(ContentError, match=r"f\.yaml:3"):
        await shelf.bank()
    (reader.folder / "quiz" / "f.yaml").write_text(GOOD)
    assert len(await shelf.bank()) == 1


@pytest.mark.parametrize("at", ["beginning", "reload"])
def test_a_thorough_shelf_reads_them_at_once(reader: Reader, at: str) -> None:
    (reader.folder / "quiz" / "f.yaml").write_text(GOOD.replace("easy", "light"))
    shelf = Shelf(reader, is_thorough=at == "beginning")
    problem = next(iter(shelf.reload(is_thorough=at == "reload")))
    assert str(problem).startswith("content/quiz/f.yaml:3")
    with pytest.raises(RuntimeError):
        shelf.indexes  # noqa: B018 - nothing half-read


async def test_bad_questions_leave_all_of_the_old_content_in_use(reader: Reader) -> None:
    shelf = Shelf(reader)
    shelf.reload()
    before, bank = shelf.curriculum, await shelf.bank()
    write(reader.folder, lambda stage, _resources, _terms: stage.update(title="Renamed"))
    (reader.folder / "quiz" / "f.yaml").write_text(GOOD.replace("topic: one", "topic: gone"))
    assert shelf.reload()
    assert shelf.curriculum is before
    assert await shelf.bank() is bank
    (reader.folder / "quiz" / "f.yaml").write_text(GOOD.replace("The first\n", "The very first\n"))
    assert not shelf.reload()
    assert shelf.curriculum.stages[0].title == "Renamed"
    assert (await shelf.bank()).topics["one"][0].answer[0].text == "The very first"
