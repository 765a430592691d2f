"""What every page stands in, and the pages that stand alone: the login, and what to say when something fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from bot.kit.wording import _
from bot.platforms.web import icons

THEMES: Final = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Look:
    """What every page has to know: language, zone, the chosen theme if any, and the version of the static files."""

    language: str
    zone: str
    version: str
    theme: str = ""


def draw_document(title: str, body: Markup, look: Look, *, has_chat: bool = False) -> str:
    """Draw a whole page."""
    theme = Markup(' data-theme="{}" data-fixed').format(look.theme) if look.theme in THEMES else Markup()
    script = Markup('<script src="/static/chat.js?v={}" defer></script>').format(look.version) if has_chat else Markup()
    return Markup(
        '<!doctype html>\n<html lang="{}"{}><head><meta charset="utf-8"><title>{}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        '<link rel="icon" href="/static/logo.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/static/chat.css?v={}"><script src="/static/theme.js?v={}"></script>{}'
        "</head>{}</html>\n"
    ).format(look.language, theme, title, look.version, look.version, script, body)


def draw_login(look: Look, *, onward: str, problem: str = "") -> str:
    """Draw the page that asks for the secret."""
    told = (
        Markup('<p class="problem" id="problem" role="alert">{}{}</p>').format(icons.WARNING, problem)
        if problem
        else Markup()
    )
    body = Markup(
        '<body class="alone"><main class="sheet">{}<h1>{}</h1><p>{}</p><form method="post" action="/login">'
        '<input type="hidden" name="onward" value="{}"><div class="field"><label for="secret">{}</label>'
        '<input id="secret" name="secret" type="password" required autocomplete="current-password"{}></div>{}'
        '<div class="row"><button class="button primary">{}</button></div></form></main></body>'
    ).format(
        icons.LOGO,
        _("Come in"),
        _("This chat is locked. The person who runs it knows the secret."),
        onward,
        _("Secret"),
        Markup(' aria-invalid="true" aria-describedby="problem"') if problem else Markup(),
        told,
        _("Open"),
    )
    return draw_document(_("Come in · Roadmate"), body, look)


def draw_problem(look: Look, title: str, sentence: str) -> str:
    """Draw a page that says what went wrong and how to go on."""
    body = Markup(
        '<body class="alone"><main class="sheet">{}<h1>{}</h1><p>{}</p><p><a class="button primary" href="/">{}</a></p>'
        "</main></body>"
    ).format(icons.LOGO, title, sentence, _("To the chat"))
    return draw_document(f"{title} · Roadmate", body, look)
