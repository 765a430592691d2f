"""Reads what a Telegram client would show of a message; knows the format and none of our code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler"}
QUOTES = {"blockquote", "expandable_blockquote"}
FIXED = {"pre", "code"}
OTHERS = {"text_link", "date_time", "text_mention", "custom_emoji"}
MENTION = re.compile(r"(?<!\w)@([A-Za-z0-9_]{2,32})(?!\w)")
DROPPED = re.compile("[\r\u2028-\u202e\u030a\u0333\u033f]")
CONTROLS = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A formatted part as a reader sees it."""

    kind: str
    text: str
    more: str


@dataclass(frozen=True, slots=True)
class Read:
    """What arrives: the text after Telegram's own cleaning, its stretches, who is pinged, and what is wrong."""

    text: str
    stretches: tuple[Stretch, ...]
    pings: tuple[str, ...]
    problems: tuple[str, ...]

    def kinds(self, text: str) -> set[str]:
        """How a stretch of exactly this text is formatted."""
        return {stretch.kind for stretch in self.stretches if stretch.text == text}


def read(text: str, entities: list[dict[str, Any]]) -> Read:
    """Read a message as Telegram takes it."""
    problems: list[str] = []
    try:
        units = text.encode("utf-16-le")
    except UnicodeEncodeError:
        return Read("", (), (), ("the text holds half a character",))
    size = len(units) // 2
    stretches: list[Stretch] = []
    spans: list[tuple[int, int, str]] = []
    for entity in entities:
        start, length, kind = entity["offset"], entity["length"], entity["type"]
        if start < 0 or length <= 0 or start + length > size:
            problems.append(f"{kind} lies outside the text")
            continue
        try:
            words = units[2 * start : 2 * (start + length)].decode("utf-16-le")
        except UnicodeDecodeError:
            problems.append(f"{kind} cuts a character in two")
            continue
        if kind not in STYLES | QUOTES | FIXED | OTHERS:
            problems.append(f"{kind} is unknown")
        stretches.append(Stretch(kind, words, str(entity.get("url", entity.get("unix_time", "")))))
        spans.append((start, start + length, kind))
    problems += _badly_nested(spans)
    if len(entities) > 100:
        problems.append(f"{len(entities)} entities; those after the hundredth are dropped")
    pings = [stretch.text for stretch in stretches if stretch.kind == "text_mention" or "tg://user" in stretch.more]
    hidden = [(start, end) for start, end, kind in spans if kind in FIXED]
    for found in MENTION.finditer(text):
        at = len(text[: found.start()].encode("utf-16-le")) // 2
        if not any(start <= at < end for start, end in hidden):
            pings.append(found[0])
    shown = CONTROLS.sub(" ", DROPPED.sub("", text)).strip()
    return Read(shown, tuple(stretches), tuple(pings), tuple(problems))


def _badly_nested(spans: list[tuple[int, int, str]]) -> list[str]:
    found = []
    for number, (start, end, kind) in enumerate(spans):
        for other_start, other_end, other in spans[number + 1 :]:
            if end <= other_start or other_end <= start:
                continue
            inside = (start <= other_start and other_end <= end) or (other_start <= start and end <= other_end)
            if not inside and not (kind in STYLES | QUOTES and other in STYLES | QUOTES):
                found.append(f"{kind} and {other} overlap")
            if {kind, other} & FIXED and not {kind, other} & QUOTES:
                found.append(f"{kind} and {other} stand inside each other")
            if (kind in OTHERS and other in OTHERS) or (kind in QUOTES and other in QUOTES):
                found.append(f"{kind} and {other} stand inside each other")
    return found
