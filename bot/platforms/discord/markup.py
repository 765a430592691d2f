"""Text as Discord markdown: whatever people typed or feeds brought can neither ping, format, link nor break anything.

Discord's markdown is read by regular expressions from left to right, so two markers that touch may be read as one. A
zero-width space is put between such neighbours; it is the only character that is ever added to what people read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from bot.kit.text import (
    Block,
    Blocks,
    Bold,
    Bullets,
    Code,
    CodeBlock,
    Divider,
    Facts,
    Formula,
    Heading,
    Italic,
    Link,
    Mention,
    Moment,
    Paragraph,
    Plain,
    Progress,
    Quote,
    Span,
    Spans,
    Spoiler,
    Steps,
    Strike,
    Table,
    When,
    plain,
)

GAP: Final = "\u200b"
_STYLES: Final = {Moment.DATE: "D", Moment.TIME: "t", Moment.DATE_TIME: "f", Moment.RELATIVE: "R"}
_LINE_ENDS: Final = re.compile("\r\n?|[\u0085\u2028\u2029]")
_STEERING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MARKUP: Final = re.compile(
    r"[\\`*_~|<>\[\]@#]"  # what may open or close anything
    r"|:(?=\S)"  # addresses and names of emoji
    r"|(?<![^\n])(?P<indent>[^\S\n]*)(?:(?P<bullet>[-+])|(?P<number>\d+)(?P<dot>[.)]))"  # lists and small print
)
_NO_WORDS: Final = re.compile(r"[\[\]]|:/|discord\.", re.IGNORECASE)


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units, which is never less than any way Discord may count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Return text without characters that steer instead of being read; line ends become one kind."""
    if text.isprintable():  # nothing that steers, and no line ends
        return text
    return _STEERING.sub("\ufffd", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """Return cleaned text as one line without outer spaces."""
    return " ".join(clean(text).split())


def cut(text: str, limit: int) -> str:
    """Return a text of at most ``limit`` UTF-16 units, with an ellipsis where something was left out."""
    if units(text) <= limit:
        return text
    kept = text[: limit - 1]
    while units(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip("\u200d") + "…"


@lru_cache(maxsize=4096)  # what is taught is said again and again
def escape(text: str) -> str:
    """Return text that Discord shows exactly as it is."""

    def shield(found: re.Match[str]) -> str:
        if found["bullet"]:
            return f"{found['indent']}\\{found['bullet']}"
        if found["number"]:
            return f"{found['indent']}{found['number']}\\{found['dot']}"
        return "\\" + found[0]

    return _MARKUP.sub(shield, clean(text))


def words(body: Spans, inside: str = "") -> str:
    """Return a sentence as markdown; ``inside`` holds the markers that are open around it."""
    out = ""
    for span in body:
        out = _next_to(out, _span(span, inside))
    return out


def _next_to(left: str, right: str) -> str:
    return left + GAP + right if left and right and _clash(left[-1], right[0]) else left + right


def _clash(left: str, right: str) -> bool:
    """Whether two characters that touch could be read as one marker, or as none."""
    if left in "*_~|`" and (left == right or (left == "~" and right == "_")):
        return True
    return (left == "_" and right.isalnum()) or (right == "_" and left.isalnum())


def _span(span: Span, inside: str) -> str:
    match span:
        case Plain(text):
            return escape(text)
        case Bold(body):
            return _marked("**", body, inside)
        case Italic(body):
            return _marked("_", body, inside)
        case Strike(body):
            return _marked("~~", body, inside)
        case Spoiler(body):
            return _marked("||", body, inside)
        case Code(text) | Formula(text):
            return _code(text, inside)
        case Link(body, url):
            return _link(body, url, inside) if span.is_safe else words(body, inside)
        case When(at, style):
            return f"<t:{int(at.timestamp())}:{_STYLES[style]}>"
        case Mention(_person, name):
            return escape(name)


def _marked(mark: str, body: Spans, inside: str) -> str:
    """Put markers around a sentence, its outer spaces left outside; the same marker is never put twice."""
    kind = mark[0]
    inner = words(body, inside + kind)
    core = inner.strip()
    if kind in inside or not core:
        return inner
    before, _core, after = inner.partition(core)
    ends = GAP if core[-1] == kind else ""  # an escaped marker at the end must not lengthen the closing one
    return f"{before}{mark}{core}{ends}{mark}{after}"


def _code(text: str, inside: str) -> str:
    """Fixed width, unless a character in it would end it or what stands around it; then plain words."""
    text = clean(text).replace("\n", " ")
    if not text.strip() or any(mark in text for mark in inside + "`"):
        return escape(text)
    return f"`{text}`"


def _link(body: Spans, url: str, inside: str) -> str:
    shown = words(_without_links(body), inside).replace("\n", " ").strip()
    address = quote(clean(url), safe="!#$%&'*+,/:;=?@_~-.")
    for mark in inside:
        address = address.replace(mark, f"%{ord(mark):02X}")
    if not shown or plain(body) == url:
        return f"<{address}>"
    if _NO_WORDS.search(plain(body)):  # Discord links no words that look like an address themselves
        return f"{shown} (<{address}>)"
    return f"[{shown}]({address})"


def _without_links(body: Spans) -> Spans:
    out: list[Span] = []
    for span in body:
        if isinstance(span, Link):
            out.extend(_without_links(span.body))
        elif isinstance(span, Bold | Italic | Strike | Spoiler):
            out.append(type(span)(_without_links(span.body)))
        else:
            out.append(span)
    return tuple(out)


def draw(blocks: Blocks) -> str:
    """Return blocks as one text; a divider is a blank line here."""
    text = ""
    before: Block | None = None
    for block in blocks:
        drawn = draw_block(block)
        if not drawn.strip():
            continue
        text = f"{text}{_between(before, block)}{drawn}" if text else drawn
        before = block
    return text


def _between(before: Block | None, block: Block) -> str:
    """Return what parts two blocks; two lists would become one, so a line that shows nothing stands between them."""
    if isinstance(before, Bullets | Steps):
        return f"\n\n{GAP}\n" if isinstance(block, Bullets | Steps) else "\n\n"
    if isinstance(before, Heading) or (isinstance(before, Progress) and isinstance(block, Progress)):
        return "\n"
    if isinstance(before, Paragraph) and isinstance(block, Heading | Bullets | Steps):
        return "\n"
    if isinstance(block, Paragraph) and block.small and not isinstance(before, Quote):
        return "\n"
    return "\n\n"


def draw_block(block: Block) -> str:
    """Return one block as markdown; tables were rewritten before."""
    match block:
        case Paragraph(body, small):
            return "\n".join(f"-# {line}" for line in _lines(body) if line) if small else words(body).strip()
        case Heading(body, level):
            if level >= 3:
                return words((Bold(body),)).replace("\n", " ").strip()
            line = words(body).replace("\n", " ").strip()
            return f"{'#' * (level + 1)} {line}" if line else ""
        case Bullets(items):
            return "\n".join("- " + _item(item, "  ") for item in items)
        case Steps(items, start):
            return "\n".join(f"{number}. " + _item(item, "   ") for number, item in enumerate(items, start))
        case Quote(body):
            lines = _lines(body)
            return "\n".join(f"> {line}" for line in lines) if any(lines) else ""
        case CodeBlock(text, language):
            return _code_block(text, language)
        case Facts(pairs):
            return "\n".join(_fact(label, value) for label, value in pairs)
        case Progress(label, note=note):
            bar = (Plain("  "), Code(block.bar()), Plain(f" {block.percent} %"))
            tail = (Plain(" — "), *note) if note else ()
            return words((*label, *bar, *tail)).strip()
        case Divider():
            return GAP
        case Table():
            return _code_block(plain(block), "")


def _item(body: Spans, indent: str) -> str:
    return f"\n{indent}".join(filter(None, _lines(body))) or GAP


def _lines(body: Spans) -> list[str]:
    """Return each line of a sentence drawn by itself, so that no emphasis reaches over the start of a line."""
    return [words(line).strip() for line in _parted(body)]


def _parted(body: Spans) -> list[Spans]:
    lines: list[list[Span]] = [[]]
    for span in body:
        parts: list[Spans] = [(span,)]
        if isinstance(span, Plain):
            parts = [(Plain(line),) for line in clean(span.text).split("\n")]
        elif isinstance(span, Bold | Italic | Strike | Spoiler | Link):
            parts = [(replace(span, body=line),) for line in _parted(span.body)]
        lines[-1].extend(parts[0])
        lines.extend(list(part) for part in parts[1:])
    return [tuple(line) for line in lines]


def _fact(label: str, value: Spans) -> str:
    named = (Bold((Plain(f"{label}:"),)), Plain(" ")) if label.strip() else ()
    return words((*named, *value)).strip()


def _code_block(text: str, language: str) -> str:
    text = re.sub("`(?=`)", "`" + GAP, clean(text)).strip("\n")
    if not text.strip():
        return ""
    kind = language if re.fullmatch(r"[A-Za-z0-9_+.#-]+", language) else ""
    return f"```{kind}\n{text}\n```"
