"""Reads Discord's markdown the way its clients do, by the rules of their published parsers, and knows none of our code.

The inline rules are those of ``simple-markdown`` with Discord's changes (escape, autolink, url, link, strong, em,
underline, strikethrough, spoiler, inline code, mentions, timestamps, emoji); blocks are headings, small print, quotes,
lists and code blocks. ``read`` returns what a person sees, and what the text would do: ping, link, format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MENTION = re.compile(r"<(@[!&]?|#)(\d+)>|@(everyone|here)|<id:\w+>|</[-\w ]+:\d+>")
TIMESTAMP = re.compile(r"<t:(-?\d{1,17})(?::([tTdDfFsSR]))?>")
EMOJI = re.compile(r"<a?:\w+:\d+>|:[\w+-]{2,}:")
ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
CODE = re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")
AUTOLINK = re.compile(r"<([^: >]+:/[^ >]+)>")
URL = re.compile(r"(?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s]")
LINK = re.compile(r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?\s*\)")
STYLES = {
    "strong": re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"),
    "underline": re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"),
    "em": re.compile(
        r"_((?:__|\\[\s\S]|[^\\_])+?)_(?![0-9A-Za-z_])"
        r"|\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"
    ),
    "strike": re.compile(r"~~([\s\S]+?)~~(?!_)"),
    "spoiler": re.compile(r"\|\|([\s\S]+?)\|\|"),
}
TEXT = re.compile(r"[\s\S]+?(?=[^0-9A-Za-z\s\u00c0-\uffff-]|\n|\w+:\S|$)")

FENCE = re.compile(r"```(?:([A-Za-z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```")
HEADING = re.compile(r" *(#{1,3})\s+((?:\\.|[^\n\\])+?)#*\s*(?:\n|$)")
SMALL = re.compile(r" *-# +([^\n]+)(?:\n|$)")
QUOTE = re.compile(r"( *>>> +[\s\S]*)|((?: *> [^\n]*(?:\n|$))+)")
BULLET = re.compile(r"( *)([*-]|\d{1,9}\.) +(?=\S)")


@dataclass
class Seen:
    """What a person sees of a text, and everything in it that is not mere words."""

    text: str = ""
    mentions: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    styles: list[tuple[str, str]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    emoji: list[str] = field(default_factory=list)


def read(source: str, zone: str = "UTC") -> Seen:
    """Read a whole text."""
    seen = Seen()
    seen.text = _blocks(source.strip(), seen, zone)
    return seen


def _blocks(source: str, seen: Seen, zone: str) -> str:
    out, position, begins = "", 0, True
    while position < len(source):
        rest = source[position:]
        if found := FENCE.match(rest):
            seen.codes.append(found[2])
            out += f"\n{found[2]}\n"
            position += found.end()
            begins = True
            continue
        if begins:
            for kind, rule in (("heading", HEADING), ("small", SMALL)):
                if found := rule.match(rest):
                    body = found[2] if kind == "heading" else found[1]
                    words = _inline(body, seen, zone)
                    seen.styles.append((kind, words))
                    out += words + "\n"
                    position += found.end()
                    break
            else:
                found = None
            if found:
                continue
            if found := QUOTE.match(rest):
                body = re.sub(r"^ *>(?:>>)? ", "", found[0], flags=re.MULTILINE)
                words = _blocks(body, seen, zone)
                seen.styles.append(("quote", words))
                out += words + "\n"
                position += found.end()
                continue
            if (found := BULLET.match(rest)) and (end := _list_end(rest)):
                out += _list(rest[:end].rstrip("\n"), seen, zone) + "\n"
                position += end
                continue
        line, newline, _rest = _paragraph(rest)
        out += _inline(line, seen, zone) + newline
        position += len(line) + len(newline)
        begins = bool(newline)
    return out


def _paragraph(rest: str) -> tuple[str, str, str]:
    """Cut at the first line that begins another block, or at a fence; emphasis may run over plain lines."""
    end = len(rest)
    for found in re.finditer(r"\n", rest):
        following = rest[found.end() :]
        if any(rule.match(following) for rule in (HEADING, SMALL, QUOTE, BULLET, FENCE)):
            end = found.start()
            break
    fence = rest.find("```", 1)
    if fence != -1 and fence < end and FENCE.match(rest[fence:]):
        return rest[:fence], "", rest[fence:]
    return rest[:end], rest[end : end + 1], rest[end + 1 :]


def _list_end(rest: str) -> int:
    """A list ends at an empty line that neither a further item nor an indented line follows, or at the end."""
    for found in re.finditer(r"\n{2,}", rest):
        following = rest[found.end() :]
        if not BULLET.match(following) and not following.startswith(" "):
            return found.end()
    return len(rest)


def _list(source: str, seen: Seen, zone: str) -> str:
    """Items of one list; its first mark says whether and from where it counts."""
    first = BULLET.match(source)
    assert first
    counts = first[2][:-1].isdigit()
    number = int(first[2][:-1]) if counts else 0
    items: list[str] = []
    for line in source.split("\n"):
        if (found := BULLET.match(line)) and len(found[1]) <= len(first[1]):
            items.append(line[found.end() :])
        elif items:
            items[-1] += "\n" + line.strip()
    lines = []
    for item in items:
        mark = f"{number}. " if counts else "• "
        number += 1
        lines.append(mark + _blocks(item, seen, zone).strip("\n"))
    return "\n".join(lines)


def _inline(source: str, seen: Seen, zone: str) -> str:
    out, position = "", 0
    while position < len(source):
        size, shown = _next(source[position:], seen, zone)
        out += shown
        position += size
    return out


def _next(rest: str, seen: Seen, zone: str) -> tuple[int, str]:
    if found := ESCAPE.match(rest):
        return found.end(), found[1]
    if found := TIMESTAMP.match(rest):
        moment = datetime.fromtimestamp(int(found[1]), UTC).astimezone(ZoneInfo(zone))
        styles = {"t": "%H:%M", "D": "%d %B %Y", "R": "%d %B %Y %H:%M"}
        return found.end(), moment.strftime(styles.get(found[2] or "f", "%d %B %Y %H:%M"))
    if found := MENTION.match(rest):
        seen.mentions.append(found[0])
        return found.end(), f"[PING {found[0]}]"
    if found := EMOJI.match(rest):
        seen.emoji.append(found[0])
        return found.end(), "[EMOJI]"
    if found := AUTOLINK.match(rest):
        seen.links.append(found[1])
        return found.end(), found[1]
    if found := URL.match(rest):
        seen.links.append(found[0])
        return found.end(), found[0]
    if (found := LINK.match(rest)) and re.match(r"https?://", found[2]):
        seen.links.append(found[2])
        return found.end(), _inline(found[1], seen, zone)
    if found := CODE.match(rest):
        seen.codes.append(found[2])
        return found.end(), found[2]
    best = max(
        ((found.end(), kind, found) for kind, rule in STYLES.items() if (found := rule.match(rest))),
        default=None,
        key=lambda entry: (entry[0], entry[1] != "em"),
    )
    if best is not None:
        end, kind, found = best
        shown = _inline(next(group for group in found.groups() if group is not None), seen, zone)
        seen.styles.append((kind, shown))
        return end, shown
    found = TEXT.match(rest)
    size = found.end() if found and found.end() else 1
    return size, rest[:size]
