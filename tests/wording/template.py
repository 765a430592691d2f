"""Writes the template translators start from: ``python -m tests.wording.template``."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from bot.app import build_app
from bot.infra.database_inline import open_inline
from tests.fakes.clock import FakeClock
from tests.fakes.core import shipped_shelf

ROOT = Path(__file__).resolve().parents[2]


NAMES = "What people type: lower-case letters, digits, _; Telegram takes a-z only. May be left out."


def commands() -> list[str]:
    """Return the names of every command there is."""
    app = build_app(open_inline(), shipped_shelf(), FakeClock())
    return [command.name for command in app.commands]


def main() -> None:
    """Write ``bot/locale/roadmate.pot``."""
    catalog = Catalog(project="Roadmate", version="", copyright_holder="Roadmate contributors", fuzzy=False)
    keywords = {"_": None, "N_": None, "ngettext": (1, 2)}
    for file, _line, message, comments, context in extract_from_dir(
        str(ROOT / "bot"), method_map=[("**.py", "python")], keywords=keywords, comment_tags=("Translators:",)
    ):
        catalog.add(message, locations=[(f"bot/{file}", 0)], auto_comments=comments, context=context)
    for name in commands():
        catalog.add(f"command:{name}", auto_comments=[NAMES])
    with (ROOT / "bot" / "locale" / "roadmate.pot").open("wb") as stream:
        write_po(stream, catalog, omit_header=True, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    main()
