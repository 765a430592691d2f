"""What may be in a file that people send, and forms that take one."""

from __future__ import annotations

import pytest

from bot.kit.reply import Field, FieldKind, Form
from bot.kit.uploads import MOST_BYTES, UploadError, text_of

FILE = Field("file", "A file", FieldKind.FILE, required=False)
TYPED = Field("text", "Or its text", FieldKind.TEXT, required=False, instead_of="file")
NOTE = Field("note", "A note", required=False)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a: 1\n", "a: 1\n"),
        ("größer 😀".encode(), "größer 😀"),
        ("\ufeffa: 1".encode(), "a: 1"),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
        (b"  - indented\t\f", "  - indented\t\f"),
        (b"x" * MOST_BYTES, "x" * MOST_BYTES),
    ],
)
def test_text_is_taken_as_it_stands(data: bytes, text: str) -> None:
    assert text_of(data) == text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x" * (MOST_BYTES + 1), "larger than 256 KiB"),
        ("é".encode() * (MOST_BYTES // 2 + 1), "larger than 256 KiB"),
        (b"\x89PNG\r\n\x1a\n", "not a text file"),
        ("text".encode("utf-16"), "not a text file"),
        (b"PK\x03\x04plain", "not a text file"),
        (b"nul \x00 inside", "not a text file"),
        (b"caf\xe9", "not a text file"),
        (b"", "is empty"),
        (b"\n \t\r\n", "is empty"),
        ("\ufeff".encode(), "is empty"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(UploadError, match=said) as refused:
        text_of(data)
    assert str(refused.value).endswith(".")


def test_one_by_one_a_file_or_its_text_is_a_single_question_that_has_to_be_answered() -> None:
    form = Form("Import", (NOTE, FILE, TYPED), "a.b", "Send")
    fields = form.one_by_one.fields
    assert [(field.name, field.required) for field in fields] == [("note", False), ("file", True)]


def test_a_form_in_which_nothing_stands_in_for_a_file_stays_as_it_is() -> None:
    form = Form("Import", (NOTE, FILE), "a.b", "Send")
    assert form.one_by_one is form


def test_a_field_cannot_stand_in_for_a_file_that_is_not_asked_for() -> None:
    with pytest.raises(ValueError, match="stand in for files"):
        Form("Import", (NOTE, TYPED), "a.b", "Send")
