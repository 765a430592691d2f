"""What the buttons of search and glossary do, by name. Names are stable: buttons in old messages carry them."""

from __future__ import annotations

from bot.kit.action import Action, slug

DEFINE = Action("lookup.define", fresh="define", term=slug)
ASK = Action("lookup.ask", fresh="search")
