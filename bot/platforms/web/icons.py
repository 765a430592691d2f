"""Small line drawings, inline so that they take the colour of the words beside them."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup


def _icon(paths: str) -> Markup:
    return Markup(  # noqa: S704 - constants of this file
        '<svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false">'
        f"{paths}</svg>"
    )


EYE: Final = _icon(
    '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z"/><circle cx="12" cy="12" r="3"/>'
)
PEOPLE: Final = _icon(
    '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.4-3.8 3-6 6.5-6s6.100 2.200 6.500 6"/>'
    '<path d="M15.500 4.900a3.500 3.500 0 0 1 0 6.200M17.500 14.400c2.300.8 3.700 2.800 4 5.600"/>'
)
ROAD: Final = _icon('<path d="M8 3 4 21M16 3l4 18"/><path d="M12 4v3M12 10.500v3M12 17v3.500"/>')
CLOCK: Final = _icon('<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.500 2"/>')
SEND: Final = _icon('<path d="M12 20V4.500M5.500 11 12 4.500l6.500 6.500"/>')
AWAY: Final = _icon('<path d="M8 16 17 7M9.500 7H17v7.500"/>')
DOWN: Final = _icon('<path d="M12 4v15.500M5.500 13l6.500 6.500 6.500-6.500"/>')
GOOD: Final = _icon('<path d="m4.500 12.500 5 5 10-11"/>')
WARNING: Final = _icon('<path d="M12 3.500 2.500 20h19ZM12 10v4.500M12 17.200v.100"/>')
CLOSE: Final = _icon('<path d="m6 6 12 12M18 6 6 18"/>')
THEME: Final = _icon(
    '<circle cx="12" cy="12" r="8.500"/><path d="M12 3.500v17a8.500 8.500 0 0 0 0-17Z" fill="currentColor"/>'
)
LOCK: Final = _icon(
    '<rect x="5" y="10.500" width="14" height="10" rx="2.500"/><path d="M8 10.500V8a4 4 0 0 1 8 0v2.500"/>'
)
LOGO: Final = Markup('<img class="logo" src="/static/logo.svg" alt="" width="36" height="36">')
