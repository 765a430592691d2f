"""Writes the template translators start from: ``python -m tests.wording.template``."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Write ``bot/locale/roadmate.pot``."""
    catalog = Catalog(project="Roadmate", version="", copyright_holder="Roadmate contributors", fuzzy=False)
    keywords = {"_": None, "N_": None, "ngettext": (1, 2)}
    for file, _line, message, comments, context in extract_from_dir(
        str(ROOT / "bot"), method_map=[("**.py", "python")], keywords=keywords
    ):
        catalog.add(message, locations=[(f"bot/{file}", 0)], auto_comments=comments, context=context)
    with (ROOT / "bot" / "locale" / "roadmate.pot").open("wb") as stream:
        write_po(stream, catalog, omit_header=True, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    main()
