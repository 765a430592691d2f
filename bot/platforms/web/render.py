"""Replies as HTML: every kind of text and everything people can touch, drawn natively. Pure, and nothing is trusted.

Words reach the page only through ``markupsafe``, which escapes them; the only markup is what stands in this folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.kit.degrade import EVERYTHING, Capabilities, called, day_in_words, written_out
from bot.kit.reply import Document, Picture, Reply, Tone
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
from bot.kit.wording import _
from bot.platforms.web import icons
from bot.platforms.web.controls import Drawing, draw_buttons, draw_form, draw_menu, draw_poll

CAPABILITIES: Final[Capabilities] = EVERYTHING
"""A page draws everything, so nothing has to be rewritten for it."""

NOTHING: Final = Markup()


def render(reply: Reply, drawing: Drawing) -> Markup:
    """Draw a whole reply: picture, title, text and everything people can touch."""
    parts = [
        draw_tone(reply.tone),
        draw_title(reply.title),
        draw_picture(reply.picture, drawing) if reply.picture is not None else NOTHING,
        draw_blocks(reply.below_picture, drawing.zone),
        draw_poll(reply.poll, drawing) if reply.poll is not None else NOTHING,
        draw_blocks(reply.poll.below, drawing.zone) if reply.poll is not None else NOTHING,
        draw_file(reply.document, drawing) if reply.document is not None else NOTHING,
        draw_form(reply.form, drawing) if reply.form is not None else NOTHING,
        draw_menu(reply.menu, drawing) if reply.menu is not None else NOTHING,
        draw_buttons(reply.buttons, drawing) if reply.buttons else NOTHING,
    ]
    return NOTHING.join(parts)


def draw_remark(reply: Reply, zone: str) -> Markup:
    """Draw a passing remark: its words only, since there is nothing to keep and press."""
    title = Markup("<strong>{}</strong> ").format(reply.title) if reply.title else NOTHING
    return title + draw_blocks(reply.blocks, zone)


def draw_tone(tone: Tone) -> Markup:
    """Draw the sign that goes with a mood; colour alone would not reach everybody."""
    match tone:
        case Tone.NEUTRAL:
            return NOTHING
        case Tone.GOOD:
            return Markup('<span class="sign">{}<span class="unseen">{}</span></span>').format(
                icons.GOOD, _("Good news:")
            )
        case Tone.WARNING:
            return Markup('<span class="sign">{}<span class="unseen">{}</span></span>').format(
                icons.WARNING, _("Please note:")
            )


def draw_title(title: str) -> Markup:
    """Draw the line above everything."""
    return Markup('<h2 dir="auto">{}</h2>').format(title) if title else NOTHING


def draw_picture(picture: Picture, drawing: Drawing) -> Markup:
    """Draw a picture; the browser fetches it as an image, where no script of a drawing ever runs."""
    return Markup(
        '<figure><img src="picture/{}.svg?r={}" alt="{}" width="{}" height="{}" loading="lazy"></figure>'
    ).format(drawing.message, drawing.revision, picture.alt, picture.width, picture.height)


def draw_file(document: Document, drawing: Drawing) -> Markup:
    """Draw a link under which the browser keeps a file."""
    return Markup('<p class="p file"><a href="file/{}/{}" download="{}">{}</a></p>').format(
        drawing.message, document.name, document.name, _("Save {name}").format(name=document.name)
    )


def draw_blocks(blocks: Blocks, zone: str) -> Markup:
    """Draw text."""
    return NOTHING.join(draw_block(block, zone) for block in blocks)


def draw_block(block: Block, zone: str) -> Markup:
    """Draw one block; headings stand below a message's own title."""
    match block:
        case Paragraph(body, small):
            # A spoiler is a <details>, before which HTML would close a <p>.
            tag = "div" if _has_spoiler(body) else "p"
            kind = "p small" if small else "p"
            return Markup('<{0} class="{1}" dir="auto">{2}</{0}>').format(tag, kind, draw_spans(body, zone))
        case Heading(body, level):
            return Markup('<h{0} dir="auto">{1}</h{0}>').format(min(max(level, 1), 3) + 2, draw_spans(body, zone))
        case Bullets(items):
            return Markup("<ul>{}</ul>").format(_items(items, zone))
        case Steps(items, start):
            return Markup('<ol class="steps" start="{}">{}</ol>').format(start, _items(items, zone))
        case Quote(body):
            return Markup('<blockquote dir="auto">{}</blockquote>').format(draw_spans(body, zone))
        case CodeBlock(text, language):
            kind = Markup(' data-language="{}"').format(language) if language else NOTHING
            return Markup('<pre tabindex="0"{}><code>{}</code></pre>').format(kind, text)
        case Table(header, rows):
            return _draw_table(header, rows, zone)
        case Facts(pairs):
            return Markup("<dl>{}</dl>").format(
                NOTHING.join(
                    Markup('<div><dt dir="auto">{}</dt><dd dir="auto">{}</dd></div>').format(
                        label, draw_spans(value, zone)
                    )
                    for label, value in pairs
                )
            )
        case Progress(label, note=note):
            return _draw_progress(label, block.percent, note, zone)
        case Divider():
            return Markup("<hr>")


def _items(items: Iterable[Spans], zone: str) -> Markup:
    return NOTHING.join(Markup('<li dir="auto"><div>{}</div></li>').format(draw_spans(item, zone)) for item in items)


def _draw_table(header: tuple[Spans, ...], rows: tuple[tuple[Spans, ...], ...], zone: str) -> Markup:
    head = NOTHING.join(Markup('<th scope="col" dir="auto">{}</th>').format(draw_spans(cell, zone)) for cell in header)
    body = NOTHING.join(
        Markup("<tr>{}</tr>").format(
            NOTHING.join(Markup('<td dir="auto">{}</td>').format(draw_spans(cell, zone)) for cell in row)
        )
        for row in rows
    )
    return Markup(
        '<div class="wide" role="region" aria-label="{}" tabindex="0">'
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(_("Table"), head, body)


def _draw_progress(label: Spans, percent: int, note: Spans, zone: str) -> Markup:
    words = Markup('<span class="note">{}</span>').format(draw_spans(note, zone)) if note else NOTHING
    return Markup(
        '<div class="progress{}"><span class="label" dir="auto">{}</span><span class="percent">{} %</span>'
        '<progress max="100" value="{}" aria-label="{}">{} %</progress>{}</div>'
    ).format(
        " whole" if percent == 100 else "", draw_spans(label, zone), percent, percent, plain(label), percent, words
    )


def _has_spoiler(body: Spans) -> bool:
    return any(
        isinstance(span, Spoiler) or (isinstance(span, Bold | Italic | Strike | Link) and _has_spoiler(span.body))
        for span in body
    )


def draw_spans(body: Spans, zone: str) -> Markup:
    """Draw a sentence."""
    return NOTHING.join(draw_span(span, zone) for span in body)


def draw_span(span: Span, zone: str) -> Markup:
    """Draw a part of a sentence."""
    match span:
        case Plain(text):
            return Markup("{}").format(text)
        case Bold(body):
            return Markup("<b>{}</b>").format(draw_spans(body, zone))
        case Italic(body):
            return Markup("<i>{}</i>").format(draw_spans(body, zone))
        case Strike(body):
            return Markup("<s>{}</s>").format(draw_spans(body, zone))
        case Spoiler(body):
            return Markup('<details class="spoiler"><summary>{}</summary><span>{}</span></details>').format(
                _("Show"), draw_spans(body, zone)
            )
        case Code(text):
            return Markup("<code>{}</code>").format(text)
        case Link(body, url):
            words = draw_spans(_without_links(body), zone)
            return draw_link(words, url) if span.is_safe else words
        case Mention(_person, name):
            return Markup('<span class="mention"><bdi>@{}</bdi></span>').format(name)
        case When(at, style, preferred):
            return draw_time(at, style, preferred if preferred != "UTC" else zone)
        case Formula(text):
            return Markup('<span class="formula" role="math" aria-label="{}">{}</span>').format(text, text)


def draw_link(words: Markup, url: str) -> Markup:
    """Draw words that lead away; the page they lead to learns nothing about this one."""
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, words)


def _without_links(body: Spans) -> Spans:
    """Return the words of a link without further links in them, which HTML does not allow."""
    out: list[Span] = []
    for span in body:
        if isinstance(span, Link):
            out.extend(_without_links(span.body))
        elif isinstance(span, Bold | Italic | Strike | Spoiler):
            out.append(type(span)(_without_links(span.body)))
        else:
            out.append(span)
    return tuple(out)


def draw_time(at: datetime, style: Moment, zone: str) -> Markup:
    """Draw a moment, written out; a script puts the reader's own time in its place."""
    local = at.astimezone(ZoneInfo(zone))
    whole = written_out(at, zone)
    match style:
        case Moment.DATE:
            words = day_in_words(local)
        case Moment.TIME:
            words = f"{local:%H:%M}" if called(zone) == "UTC" else f"{local:%H:%M} ({called(zone)})"
        case Moment.DATE_TIME | Moment.RELATIVE:
            words = whole
    return Markup('<time datetime="{}" data-style="{}" data-zone="{}" title="{}">{}</time>').format(
        at.isoformat(timespec="seconds"), style.value, zone, whole, words
    )
