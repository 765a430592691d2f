"""One message of a chat as HTML: a bubble for people, a card for the bot."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.domain.commons.cast import Persona, name_of
from bot.kit.reply import Tone
from bot.kit.wording import _
from bot.platforms.web import icons
from bot.platforms.web.controls import Drawing
from bot.platforms.web.forms import Draft
from bot.platforms.web.render import render
from bot.platforms.web.store import Message

BOT_NAME = "Roadmate"


def draw_message(
    message: Message, viewer: Persona, zone: str, *, stamp: str = "", draft: Draft | None = None
) -> Markup:
    """Draw a message as ``viewer`` sees it; ``stamp`` is the page's id, empty for a window with a script."""
    kinds = ["message"]
    if message.reply is None:
        kinds += ["person", "mine"] if message.author == viewer.account else ["person"]
        name = name_of(message.author)
        command = " command" if message.text.startswith("/") else ""
        face = Markup('<span class="face {}" aria-hidden="true">{}</span>').format(message.author, name[:1])
        body = Markup('<div class="bubble{}" dir="auto">{}</div>').format(command, message.text)
    else:
        kinds.append("bot")
        if message.reply.notice:
            kinds.append("brief")
        if message.reply.tone is not Tone.NEUTRAL:
            kinds.append(message.reply.tone.value)
        name = BOT_NAME
        face = Markup('<span class="face bot" aria-hidden="true">{}</span>').format(icons.LOGO)
        fitting = draft if draft is not None and draft.message == message.id else None
        drawing = Drawing(message.id, message.revision, stamp, zone, fitting)
        body = Markup('<div class="card">{}</div>').format(render(message.reply, drawing))
    shade = Markup()
    if message.only_for:
        kinds.append("only-you")
        shade = Markup('<span class="shade">{}{}</span>').format(icons.EYE, _("Only you can see this"))
    return Markup(
        '<li class="{}" id="m{}" data-revision="{}"><article tabindex="-1" aria-labelledby="m{}-by">{}'
        '<div class="said"><p class="by" id="m{}-by"><b>{}</b>{}{}</p>{}</div></article></li>'
    ).format(
        " ".join(kinds),
        message.id,
        message.revision,
        message.id,
        face,
        message.id,
        name,
        _draw_hour(message, zone),
        shade,
        body,
    )


def _draw_hour(message: Message, zone: str) -> Markup:
    local = message.at.astimezone(ZoneInfo(zone))
    return Markup('<time datetime="{}" data-style="time" title="{}">{}</time>').format(
        message.at.isoformat(), f"{local:%Y-%m-%d %H:%M} {zone}", f"{local:%H:%M}"
    )
