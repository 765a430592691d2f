"""A page that shows a conversation as a phone would, drawn with the web chat's own renderer and style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from markupsafe import Markup

from bot.kit.reply import Reply
from bot.platforms.web.controls import Drawing
from bot.platforms.web.render import render

FRAME = """
body { margin: 0; background: #dfe7ee; font-family: var(--sans, sans-serif); }
main.phone { max-width: 430px; margin: 0 auto; padding: 0 12px 18px; display: flex; flex-direction: column; gap: 12px; }
header.place { display: flex; gap: 10px; align-items: center; padding: 12px 4px 4px; font-weight: 700; }
header.place small { font-weight: 400; opacity: .7; }
.typed { align-self: flex-end; background: #d5f0dd; border-radius: 16px 16px 4px 16px; padding: 8px 14px; }
.card { max-width: none; }
"""


def draw_page(place: str, where: str, said: Sequence[tuple[str, Reply]]) -> str:
    """Return a whole page of what was typed and answered."""
    style = files("bot.platforms.web").joinpath("static", "chat.css").read_text("utf-8")
    body = Markup().join(
        Markup('<div class="typed">{}</div><div class="card">{}</div>').format(
            typed, render(answer, Drawing(number, 0, zone="Europe/Berlin"))
        )
        for number, (typed, answer) in enumerate(said, 1)
    )
    return Markup(
        '<!doctype html><html lang="en" data-theme="light" data-fixed><head><meta charset="utf-8"><title>{}</title>'
        '<style>{}</style></head><body><main class="phone"><header class="place">{} <small>{}</small></header>{}</main>'
        "</body></html>"
    ).format(place, Markup(style + FRAME), place, where, body)  # noqa: S704 - our own style sheet
