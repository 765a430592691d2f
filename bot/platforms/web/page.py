"""A room as one person sees it: who and where they are, the clock, the conversation and the composer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot.domain.commons.cast import PERSONAS, Persona, Room
from bot.kit.command import Command
from bot.kit.degrade import day_in_words, written_out
from bot.kit.wording import _
from bot.platforms.web import icons
from bot.platforms.web.cast import ROOMS
from bot.platforms.web.forms import Draft
from bot.platforms.web.frame import Look, draw_document
from bot.platforms.web.limits import SUGGESTIONS, TEXT_LONGEST
from bot.platforms.web.messages import draw_message
from bot.platforms.web.store import Message, Page

NOTHING: Final = Markup()


@dataclass(frozen=True, slots=True)
class View:
    """What one person sees of one room.

    Attributes:
        now: the moment on the demo clock, or None if there is none to move.
        stamp: id of this page, see ``controls.Drawing``.
        commands: what may be typed, for a first hint.
        before: the message before which history is shown, or None for the present.
        remark: a passing remark, drawn already.
        draft: a form that has to be mended.
        refused: typed text that was not taken.
    """

    room: Room
    persona: Persona
    page: Page
    now: datetime | None
    stamp: str
    commands: Sequence[Command] = ()
    before: int | None = None
    remark: Markup = NOTHING
    draft: Draft | None = None
    refused: str = ""


def address(room: Room, persona: Persona) -> str:
    """Return where a room is, seen by a persona."""
    return f"/room/{room.slug}/as/{persona.account}/"


def draw_room(view: View, look: Look) -> str:
    """Draw a room as one person sees it."""
    body = Markup(
        '<body class="chat" data-words="{}"{}><a class="skip" href="#say">{}</a>'
        '<div class="app">{}<main>{}{}{}</main></div>'
        '<div id="remarks" role="status" aria-live="polite">{}</div></body>'
    ).format(
        json.dumps(_script_words()),
        Markup(' data-now="{}"').format(view.now.isoformat()) if view.now else Markup(),
        _("Skip to the message box"),
        _draw_side(view),
        _draw_top(view, look.zone),
        _draw_log(view, look.zone),
        _draw_composer(view),
        Markup('<div class="remark">{}</div>').format(view.remark) if view.remark else Markup(),
    )
    return draw_document(f"{_(view.room.title)} · Roadmate", body, look, has_chat=True)


def _script_words() -> dict[str, str]:
    """Return what the script says, so that it speaks the page's language."""
    return {
        "close": _("Close"),
        "lost": _("The connection was lost. Trying again …"),
        "failed": _("Roadmate could not be reached. Nothing was sent; please try again."),
        "crowded": _("Too many windows are open for live updates. This one refreshes when you do something."),
        "answering": _("Roadmate is answering …"),
        "offers": _("Completions: {count}. Arrow keys to choose, Tab to take."),
    }


def _draw_side(view: View) -> Markup:
    rooms = Markup().join(
        Markup('<li><a href="{}"{}><span class="spot">{}</span><span>{}<small>{}</small></span></a></li>').format(
            address(room, view.persona),
            _current(room is view.room),
            icons.ROAD if room.is_private else icons.PEOPLE,
            _(room.title),
            _(room.about),
        )
        for room in ROOMS
    )
    people = Markup().join(
        Markup(
            '<li><a href="{}"{}><span class="face {}" aria-hidden="true">{}</span>'
            "<span>{}<small>{}</small></span></a></li>"
        ).format(
            address(view.room, persona),
            _current(persona is view.persona),
            persona.account,
            persona.name[:1],
            persona.name,
            _(persona.about),
        )
        for persona in PERSONAS
    )
    return Markup(
        '<header class="side"><a class="brand" href="/">{}<span>Roadmate<small>{}</small></span></a>'
        '<nav class="rooms" aria-label="{}"><h2>{}</h2><ul>{}</ul></nav>'
        '<nav class="people" aria-label="{}"><h2>{}</h2><ul>{}</ul></nav>'
        '<button class="theme" id="theme" type="button" hidden>{}<span>{}</span></button></header>'
    ).format(
        icons.LOGO,
        _("Learn machine learning, together"),
        _("Rooms"),
        _("Rooms"),
        rooms,
        _("Who you are"),
        _("You are"),
        people,
        icons.THEME,
        _("Light or dark"),
    )


def _current(is_current: bool) -> Markup:
    return Markup(' aria-current="true"') if is_current else Markup()


def _draw_top(view: View, zone: str) -> Markup:
    clock = Markup()
    if view.now is not None:
        buttons = Markup().join(
            Markup('<button class="button tiny" name="by" value="{}">{}</button>').format(value, words)
            for value, words in (("hour", _("+1 h")), ("day", _("+1 day")), ("next", _draw_next()))
        )
        clock = Markup(
            '<section class="clock" aria-label="{}"><p>{}<span class="unseen">{}</span>'
            '<time id="now" datetime="{}">{}</time></p>'
            '<form method="post" action="clock" aria-label="{}">{}</form></section>'
        ).format(
            _("Demo clock"),
            icons.CLOCK,
            _("It is"),
            view.now.isoformat(timespec="seconds"),
            written_out(view.now, zone),
            _("Travel in time"),
            buttons,
        )
    return Markup('<header class="top"><div><h1>{}</h1><p>{}</p></div>{}</header>').format(
        _(view.room.title), _(view.room.about), clock
    )


def _draw_next() -> Markup:
    """Draw the words that lead to the next event; a telephone has room for the first one only."""
    return escape(_("Next {event}")).format(event=Markup('<span class="roomy">{}</span>').format(_("event")))


def _draw_log(view: View, zone: str) -> Markup:
    messages = view.page.messages
    drawn = [_draw_day(messages[0], zone)] if messages else []
    for earlier, message in pairwise((None, *messages)):
        if message is None:
            continue
        if earlier is not None and _day(earlier, zone) != _day(message, zone):
            drawn.append(_draw_day(message, zone))
        drawn.append(draw_message(message, view.persona, zone, stamp=view.stamp, draft=view.draft))
    older = newer = Markup()
    if view.page.older:
        older = Markup('<a class="turn" href="?before={}">{}</a>').format(messages[0].id, _("Show older messages"))
    if view.before is not None:
        newer = Markup('<a class="turn" href="./#latest">{}</a>').format(_("Back to the latest messages"))
    live = Markup(' data-after="{}"').format(view.page.revision) if view.before is None else Markup()
    return Markup(
        '<div class="log" id="log" role="log" aria-live="polite" aria-label="{}" tabindex="0"><div class="lane">'
        '{}{}<ol id="messages"{}>{}</ol>{}<div id="latest"></div></div></div>'
    ).format(_("Conversation"), older, "" if messages else _draw_welcome(view), live, Markup().join(drawn), newer)


def _day(message: Message, zone: str) -> str:
    return message.at.astimezone(ZoneInfo(zone)).date().isoformat()


def _draw_day(message: Message, zone: str) -> Markup:
    local = message.at.astimezone(ZoneInfo(zone))
    return Markup('<li class="day"><span>{}</span></li>').format(day_in_words(local))


def _draw_welcome(view: View) -> Markup:
    """Draw the hint an empty room begins with."""
    if view.room.is_private:
        words = _("This chat is yours alone. Ask for what you want to learn, or begin with one of these:")
    else:
        words = _("Nobody has said anything yet. What is typed here is seen by Ana, Ben and Mo. Begin with:")
    bare = [command for command in view.commands if view.persona.role.may(command.needs)]
    bare = [command for command in bare if not any(param.required for param in command.params)][:SUGGESTIONS]
    buttons = Markup().join(
        Markup('<button class="button" name="text" value="/{}" title="{}">/{}</button>').format(
            command.name, _(command.summary), command.name
        )
        for command in bare
    )
    return Markup(
        '<section class="welcome" id="welcome">{}<h2>{}</h2><p>{}</p><form method="post" action="say">'
        '<input type="hidden" name="event" value="{}"><div class="row">{}</div></form></section>'
    ).format(icons.LOGO, _("Where to?"), words, view.stamp, buttons)


def _draw_composer(view: View) -> Markup:
    return Markup(
        '<form class="composer" id="composer" method="post" action="say">'
        '<ul id="offers" role="listbox" aria-label="{}" hidden></ul>'
        '<button class="news" id="news" type="button" hidden>{}{}</button>'
        '<div class="box"><label class="unseen" for="say">{}</label>'
        '<input type="hidden" name="event" value="{}">'
        '<textarea id="say" name="text" rows="1" maxlength="{}" dir="auto" autocomplete="off" enterkeyhint="send"'
        ' placeholder="{}" aria-autocomplete="list" aria-controls="offers" aria-describedby="tips">\n{}</textarea>'
        '<button class="send" aria-label="{}" title="{}">{}</button></div>'
        '<p class="tips" id="tips">{}</p><p class="unseen" id="told" role="status"></p></form>'
    ).format(
        _("Completions"),
        icons.DOWN,
        _("New messages"),
        _("Message as {name}").format(name=view.persona.name),
        view.stamp,
        TEXT_LONGEST,
        _("Write as {name}, or type / for commands").format(name=view.persona.name),
        view.refused,
        _("Send"),
        _("Send"),
        icons.SEND,
        escape(_("{enter} sends · {shift} {enter} new line · {slash} commands")).format(
            enter=Markup("<kbd>Enter</kbd>"), shift=Markup("<kbd>Shift</kbd>"), slash=Markup("<kbd>/</kbd>")
        ),
    )
