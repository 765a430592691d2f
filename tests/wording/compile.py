"""Brings every language up to the template and writes what the bot reads: ``python -m tests.wording.compile``.

New sentences are added without a translation, those that are gone are dropped, and what is left to translate is listed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.wording.template import ROOT

LOCALE = ROOT / "bot" / "locale"
COMMAND = "command:"
"""Begins the entry of a command's name; such an entry may be left empty."""


def catalogues() -> dict[str, Path]:
    """Return the file of each language."""
    return {file.parts[-3]: file for file in sorted(LOCALE.glob("*/LC_MESSAGES/roadmate.po"))}


def read(file: Path, language: str | None = None) -> Catalog:
    """Read a catalogue or the template."""
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def written(message_id: str | Sequence[str]) -> str:
    """Return the sentence an entry stands for; the singular one where there are two."""
    return message_id if isinstance(message_id, str) else message_id[0]


def forms_of(entry: Message) -> tuple[str, ...]:
    """Return every form of an entry's translation."""
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())


def refresh(file: Path, language: str) -> list[str]:
    """Bring one language up to the template; return what has no translation."""
    template, catalog = read(LOCALE / "roadmate.pot"), read(file, language)
    names = [one for one in catalog if one.id and written(one.id).startswith(COMMAND) and one.string]
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    for one in names:
        if catalog.get(one.id) is None:
            catalog.add(one.id, one.string, auto_comments=one.auto_comments)
    with file.open("wb") as stream:
        write_po(stream, catalog, sort_output=True, include_lineno=False, ignore_obsolete=True)
    with file.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, catalog)
    return [
        written(one.id)
        for one in catalog
        if one.id and not all(forms_of(one)) and not written(one.id).startswith(COMMAND)
    ]


def main() -> int:
    """Refresh every language; return 1 if something is left to translate."""
    left = {language: refresh(file, language) for language, file in catalogues().items()}
    for language, sentences in left.items():
        sys.stdout.write(f"{language}: {len(sentences)} left to translate\n")
        sys.stdout.writelines(f"  {sentence}\n" for sentence in sentences)
    return 1 if any(left.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
