"""Text as Telegram takes it: bare characters, and beside them the stretches that are formatted.

Nothing is ever parsed on the way, so what people typed or feeds brought can neither format nor break anything.
Telegram finds ``@names`` in bare characters by itself and pings them; a word joiner after the ``@`` keeps it from that.
It is the only character that is ever added to what people read.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Any, Final
from urllib.parse import quote, urlsplit

from bot.kit.degrade import written_out
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
from bot.platforms.telegram.limits import BUTTON_URL, LANGUAGE, QUOTE_FOLDED_FROM

Entity = dict[str, Any]
"""One formatted stretch as Telegram's MessageEntity: offset and length count UTF-16 code units."""
Drawn = tuple[str, tuple[Entity, ...]]
"""A text and its formatted stretches."""

_Mark = tuple[Any, ...]  # type of the entity, then what makes it this one
_Run = tuple[str, tuple[_Mark, ...]]

JOINER: Final = "\u2060"
_GONE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufff9-\ufffb]")
_LINE_ENDS: Final = re.compile("\r\n?|[\u0085\u2028\u2029]")
_DROPPED_MARKS: Final = re.compile("(.)([\u030a\u0333\u033f])", re.DOTALL)
_OPEN: Final = re.compile("[\u2066-\u2068]")
_UNFIT: Final = re.compile(r'[\s<>"\\^`{|}\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]')
_PINGS: Final = re.compile(r"(?<![0-9A-Za-z])@(?=\w)")
_STYLES: Final = {Moment.DATE: "wD", Moment.TIME: "t", Moment.DATE_TIME: "wDt", Moment.RELATIVE: "r"}
_WHOLE: Final = frozenset(("text_link", "date_time"))
_STYLED: Final = frozenset(("bold", "italic", "strikethrough", "spoiler"))
_FIXED: Final = frozenset(("pre", "code"))
_BLANK: Final = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters that show nothing."""
_PLAIN_KINDS: Final = frozenset(("blockquote", "expandable_blockquote"))


def clean(text: str) -> str:
    """Return text whose every character arrives: what Telegram would drop without a word is shown as ``�``."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text).replace("\t", "    ")
    text = _DROPPED_MARKS.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    text = _GONE.sub("\ufffd", text)
    unclosed = len(_OPEN.findall(text)) - text.count("\u2069")
    return text + "\u2069" * unclosed if unclosed > 0 else text


def unpinged(text: str) -> str:
    """Return cleaned text in which Telegram finds nobody to ping."""
    return _PINGS.sub("@" + JOINER, text) if "@" in text else text


def shows_something(text: str) -> bool:
    """Whether a person sees anything of a text; Telegram refuses it otherwise."""
    return any(
        char not in _BLANK and unicodedata.category(char) not in ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn") for char in text
    )


def is_address(url: str) -> bool:
    """Whether Telegram takes an address in a link or button: http or https with a host that has a dot in it."""
    if not url.startswith(("https://", "http://")) or len(url) > BUTTON_URL:
        return False
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return bool(re.fullmatch(r"[^\s.@]+(\.[^\s.@]+)+\.?", host))


def address(url: str) -> str:
    """Return an address without characters that no address may carry."""
    return _UNFIT.sub(lambda found: quote(found[0], safe="", errors="replace"), url)


def draw(blocks: Blocks) -> Drawn:
    """Draw blocks below each other."""
    runs: list[_Run] = []
    before: Block | None = None
    for block in blocks:
        part: list[_Run] = []
        _draw_block(block, part)
        if not any(text for text, _marks in part):
            continue
        if before is not None:
            close = (isinstance(before, Heading) and before.level > 1) or (
                isinstance(before, Progress) and isinstance(block, Progress)
            )
            runs.append(("\n" if close else "\n\n", ()))
        runs += part
        before = block
    return _assembled(runs)


def draw_words(body: Spans) -> Drawn:
    """Draw a sentence."""
    runs: list[_Run] = []
    _draw_spans(body, (), runs)
    return _assembled(runs)


def utf16(text: str) -> int:
    """Return the number of UTF-16 code units of a text."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def _assembled(runs: list[_Run]) -> Drawn:
    """Join runs; neighbours with the same mark are one stretch. White space at the ends goes, as Telegram has it."""
    runs = [(text, marks) for text, marks in runs if text]
    while runs and not any(mark[0] == "pre" for mark in runs[0][1]):
        text = runs[0][0].lstrip()
        if text:
            runs[0] = (text, runs[0][1])
            break
        del runs[0]
    while runs:
        text = runs[-1][0].rstrip()
        if text:
            runs[-1] = (text, runs[-1][1])
            break
        del runs[-1]
    for number, ((text, marks), (following, _marks)) in enumerate(pairwise(runs)):
        if text.endswith("@") and re.match(r"\w", following) and not any(mark[0] in _FIXED for mark in marks):
            runs[number] = (text + JOINER, marks)  # a name that begins in one stretch and goes on in the next
    open_at: dict[_Mark, int] = {}
    found: list[tuple[int, int, int, _Mark]] = []
    position = 0
    inside: set[_Mark] = set()
    for text, marks in runs:
        alone = {mark for mark in marks if mark[0] in _WHOLE}
        crossed = alone != inside  # a style must not reach over the border of a link
        inside = alone
        for mark in [mark for mark in open_at if mark not in marks or (crossed and mark[0] in _STYLED)]:
            found.append((open_at[mark], -position, len(found), mark))
            del open_at[mark]
        for mark in marks:
            open_at.setdefault(mark, position)
        position += utf16(text)
    found += [(start, -position, len(found), mark) for mark, start in open_at.items()]
    entities = [_entity(mark, start, -end - start) for start, end, _order, mark in sorted(found, key=_outermost_first)]
    return "".join(text for text, _marks in runs), tuple(entities)


def _outermost_first(found: tuple[int, int, int, _Mark]) -> tuple[int, int, str]:
    return found[0], found[1], found[3][0]


def _entity(mark: _Mark, offset: int, length: int) -> Entity:
    entity: Entity = {"type": mark[0], "offset": offset, "length": length}
    match mark:
        case ("text_link", url):
            entity["url"] = url
        case ("pre", language) if language:
            entity["language"] = language
        case ("date_time", unix, style, _serial):
            entity |= {"unix_time": unix, "date_time_format": style}
    return entity


def _draw_block(block: Block, out: list[_Run]) -> None:
    match block:
        case Paragraph(body, small):
            _draw_spans(body, (("italic",),) if small else (), out)
        case Heading(body):
            _draw_spans(body, (("bold",),), out)
        case Bullets(items):
            for number, item in enumerate(items):
                out.append(("\n• " if number else "• ", ()))
                _draw_spans(item, (), out)
        case Steps(items, start):
            for number, item in enumerate(items):
                out.append((f"{chr(10) if number else ''}{start + number}. ", ()))
                _draw_spans(item, (), out)
        case Quote(body):
            folded = len(plain(body)) >= QUOTE_FOLDED_FROM
            _draw_spans(body, (("expandable_blockquote" if folded else "blockquote",),), out)
        case CodeBlock(text, language):
            known = language if re.fullmatch(rf"[A-Za-z0-9+#_-]{{1,{LANGUAGE}}}", language) else ""
            out.append((clean(text).strip("\n"), (("pre", known),)))
        case Facts(pairs):
            _draw_pairs(tuple(((Plain(label),), value) for label, value in pairs), out)
        case Table(header, rows):
            _draw_table(header, rows, out)
        case Progress(label, note=note):
            _draw_spans(label, (), out)
            out.append((f"{chr(10) if label else ''}{block.bar()} {block.percent} %", ()))
            if note:
                out.append(("  ", ()))
                _draw_spans(note, (), out)
        case Divider():
            out.append(("———", ()))


def _draw_pairs(pairs: tuple[tuple[Spans, Spans], ...], out: list[_Run]) -> None:
    for number, (label, value) in enumerate(pairs):
        if number:
            out.append(("\n", ()))
        if plain(label):
            _draw_spans((Bold((*label, Plain(":"))),), (), out)
            out.append((" ", ()))
        _draw_spans(value, (), out)


def _draw_table(header: tuple[Spans, ...], rows: tuple[tuple[Spans, ...], ...], out: list[_Run]) -> None:
    """Draw a table of one or two columns as lines; wider ones were rewritten before."""
    if any(plain(cell).strip() for cell in header):
        for number, cell in enumerate(header):
            _draw_spans((Plain(": ") if number else Plain(""), Bold(cell)), (), out)
        out.append(("\n" if rows else "", ()))
    _draw_pairs(tuple(((), row[0]) if len(row) == 1 else (row[0], row[1]) for row in rows), out)


def _draw_spans(body: Spans, marks: tuple[_Mark, ...], out: list[_Run]) -> None:
    for span in body:
        _draw_span(span, marks, out)


def _draw_span(span: Span, marks: tuple[_Mark, ...], out: list[_Run]) -> None:
    kinds = {mark[0] for mark in marks}
    match span:
        case Plain(text) | Mention(_, text):
            out.append((unpinged(clean(text)), marks))
        case Code(text) | Formula(text):
            if kinds & {"text_link", "spoiler"}:  # fixed width can stand inside neither
                out.append((unpinged(clean(text)), marks))
            else:
                alone = tuple(mark for mark in marks if mark[0] in _PLAIN_KINDS)
                out.append((clean(text), (*alone, ("code",))))
        case Bold(body) | Italic(body) | Strike(body) | Spoiler(body):
            kind = {Bold: "bold", Italic: "italic", Strike: "strikethrough", Spoiler: "spoiler"}[type(span)]
            _draw_spans(body, marks if kind in kinds else (*marks, (kind,)), out)
        case Link(body, url):
            words = body if plain(body).strip() else (Plain(url),)
            if not span.is_safe or "text_link" in kinds:
                _draw_spans(words, marks, out)
            elif is_address(url):
                _draw_spans(words, (*marks, ("text_link", address(url))), out)
            else:
                _draw_spans(words, marks, out)
                if plain(words) != url:
                    out.append((f" ({unpinged(clean(url))})", marks))
        case When(at, style, zone):
            words_of = written_out(at, zone, style)
            unix = int(at.timestamp())
            if kinds & {"text_link"} or unix <= 0:
                out.append((words_of, marks))
            else:
                out.append((words_of, (*marks, ("date_time", unix, _STYLES[style], len(out)))))
