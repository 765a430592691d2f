"""Files for forms in a terminal: named by their path, refused kindly, asked for until there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.kit.platform import Answer, Delivery
from bot.kit.reply import Field, FieldKind, Form, reply
from bot.kit.request import Incoming, Trigger
from bot.kit.uploads import MOST_BYTES
from tests.platforms.terminal.talking import talk

FORM = Form(
    "Import",
    (
        Field("file", "File with questions", FieldKind.FILE, required=False),
        Field("text", "Or their text", FieldKind.TEXT, required=False, instead_of="file"),
        Field("note", "Why?"),
    ),
    "a.import",
    "Send",
)
TEXT = "- id: q-1\n  stem: Größer?\n"


async def import_by(*paths: str) -> tuple[str, list[dict[str, str]]]:
    """Open a form and type these paths, then a note; returns all that was shown and the forms that were sent."""

    def answer(incoming: Incoming) -> Answer:
        said = reply("Taken.") if incoming.trigger is Trigger.FORM else reply("x", form=FORM)
        return Answer(said, Delivery.NEW, only_you=False)

    typed = "".join(f"{line}\n" for line in ("/roadmap", *paths, "because"))
    shown, heard = await talk(typed, answer)
    return shown, [dict(one.values) for one in heard if one.trigger is Trigger.FORM]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of questions with a name that has a blank."""
    path = tmp_path / "my questions.yaml"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    return path


async def test_a_file_is_named_by_its_path(file: Path) -> None:
    shown, sent = await import_by(str(file))
    assert "File with questions" in shown
    assert "Type the path of the file." in shown
    assert "Or their text" not in shown
    assert sent == [{"file": TEXT, "note": "because"}]


@pytest.mark.parametrize("mark", ["'", '"'])
async def test_a_path_may_stand_in_quotes_as_windows_drop_it(file: Path, mark: str) -> None:
    _shown, sent = await import_by(f" {mark}{file}{mark} ")
    assert sent == [{"file": TEXT, "note": "because"}]


async def test_a_path_may_begin_at_home(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(file.parent))
    _shown, sent = await import_by(f"~/{file.name}")
    assert sent == [{"file": TEXT, "note": "because"}]


async def test_what_cannot_be_read_is_said_and_asked_for_again(file: Path) -> None:
    folder = file.parent
    (folder / "large.yaml").write_bytes(b"x" * (MOST_BYTES + 1))
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "empty.yaml").touch()
    os.mkfifo(folder / "pipe")
    names = ("none.yaml", "large.yaml", "picture.png", "empty.yaml", "pipe", "x" * 300)
    hopeless = ("", str(folder), "/dev/zero", "~nobody-of-this-name/x", "nul\0inside")
    shown, sent = await import_by(*(str(folder / name) for name in names), *hopeless, str(file))
    for said in (
        "none.yaml (No such file or directory). Please check the path.",
        "larger than 256 KiB",
        "not a text file",
        "That file is empty",
        "pipe is no ordinary file",
        "(File name too long)",
        "Please type something",
        "(Is a directory)",
        "/dev/zero is no ordinary file",
        "There is no file ~nobody-of-this-name/x",
        "There is no file nul",
    ):
        assert said in " ".join(shown.split()), said
    assert sent == [{"file": TEXT, "note": "because"}]


async def test_a_form_with_a_file_can_be_left() -> None:
    shown, sent = await import_by("cancel")
    assert "Left without sending." in shown
    assert sent == []
