"""Buttons as rows a thumb can hit: every label readable, every limit kept, no button lost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.kit.degrade import columns
from bot.kit.reply import Button, Style
from bot.platforms.telegram.limits import (
    BUTTON_DATA_BYTES,
    BUTTON_LABEL,
    KEYBOARD_BUTTONS,
    ROW_BUTTONS,
    ROW_COLUMNS,
)
from bot.platforms.telegram.markup import address, clean, is_address

Key = dict[str, Any]
"""One button as Telegram's InlineKeyboardButton."""
Keyboard = tuple[tuple[Key, ...], ...]


def can_be_pressed(button: Button) -> bool:
    """Whether Telegram takes a button; the words of any other one are shown in the text."""
    if button.url:
        return is_address(button.url)
    return len(button.data.encode("utf-8", "replace")) <= BUTTON_DATA_BYTES and button.data.isprintable()


def key(button: Button) -> Key:
    """Return a button as Telegram takes it."""
    shown: Key = {"text": label(button.label)}
    if button.url:
        return shown | {"url": address(button.url)}
    shown["callback_data"] = button.data
    if button.style is Style.PRIMARY:
        shown["style"] = "primary"
    elif button.style is Style.DANGER:
        shown["style"] = "danger"
    return shown


def label(words: str) -> str:
    """Return a button's words as one line that shows something."""
    line = " ".join(clean(words).split())
    if len(line) > BUTTON_LABEL:
        line = line[: BUTTON_LABEL - 1] + "…"
    return line or "…"


def keyboards(rows: Iterable[tuple[Button, ...]]) -> tuple[Keyboard, ...]:
    """Return as many keyboards as the buttons need, at least none."""
    wrapped = [part for row in rows for part in _wrapped([key(button) for button in row if can_be_pressed(button)])]
    boards: list[list[tuple[Key, ...]]] = []
    free = 0
    for row in wrapped:
        if len(row) > free:
            boards.append([])
            free = KEYBOARD_BUTTONS
        boards[-1].append(row)
        free -= len(row)
    return tuple(tuple(board) for board in boards)


def _wrapped(row: list[Key]) -> Iterable[tuple[Key, ...]]:
    """Cut a row into rows of equal buttons whose labels a phone shows whole, as few as possible."""
    start = 0
    while start < len(row):
        count = 1
        for more in range(2, min(ROW_BUTTONS, len(row) - start) + 1):
            widest = max(columns(one["text"]) for one in row[start : start + more])
            if more * (widest + 2) <= ROW_COLUMNS:
                count = more
        yield tuple(row[start : start + count])
        start += count
