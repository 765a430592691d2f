"""Nothing people read is hard-coded: every sentence goes through the catalogue, and the template of it is fresh."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.infra import catalogues
from bot.kit.request import Role
from bot.kit.text import plain
from bot.kit.wording import ENGLISH, ngettext, say, speaking
from bot.kit.wording import _ as translate
from tests.fakes.core import CoreWorld, Message, Person, presses_of
from tests.wording import walk
from tests.wording.template import commands

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "bot" / "locale" / "roadmate.pot"
HOLE = re.compile(r"(\{\w+\})")
KEPT = re.compile(
    r"https?://\S+|\bAna\b|\bUTC\b|\b(New )?[A-Z][a-z]+ \([A-Z]\w+/\w+\)|\b(English|Deutsch)\b|\bHall\b|\b(Europe/)?Berlin\b"
)
"""Addresses, names of people, places and languages."""
LATIN = re.compile(r"[A-Za-z]{2,}")


def wide(text: str) -> str:
    """Write every Latin letter as its full-width twin; holes in braces stay."""
    return "".join(
        part
        if HOLE.fullmatch(part)
        else "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char.isalpha() else char for char in part)
        for part in HOLE.split(text)
    )


class Pseudo:
    """A language in which everything is English, but visibly translated."""

    def gettext(self, message: str, /) -> str:
        return wide(message)

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        return wide(singular if count == 1 else plural)


def check(message: Message) -> None:
    """Fail if a word reached somebody without passing the catalogue."""
    seen = [message.text, *message.labels, *presses_of(message.reply)]
    if message.reply.picture:
        seen.append(message.reply.picture.alt)
    for text in seen:
        left = LATIN.findall(KEPT.sub("", walk.examples().sub("", text)))
        assert not left, f"not translated: {left} in:\n{text}"


def check_notices(person: Person) -> None:
    """Fail if a notice did not pass the catalogue."""
    for notice in person.notices:
        assert not LATIN.findall(KEPT.sub("", walk.examples().sub("", notice))), notice


@pytest.fixture
async def pseudo(world: CoreWorld, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A learner who speaks the pseudo language, over content without Latin letters."""
    walk.teach_greek(world, monkeypatch)
    object.__setattr__(world.app.router, "catalogue", lambda _language: Pseudo())
    return world.person("Ana")


async def test_every_answer_is_translated(pseudo: Person) -> None:
    assert await walk.as_learner(pseudo, check) >= 20
    check_notices(pseudo)


async def test_what_moderators_read_is_translated(pseudo: Person) -> None:
    mo = pseudo.world.person("Ana", Role.MODERATOR)
    await walk.as_moderator(mo, check)
    check_notices(mo)


async def test_what_the_engine_says_itself_is_translated(pseudo: Person) -> None:
    await walk.as_somebody_lost(pseudo, check)
    check_notices(pseudo)


def extracted() -> dict[str, Any]:
    """Every sentence marked in the code."""
    keywords = {"_": None, "N_": None, "ngettext": (1, 2)}
    found: dict[str, Any] = {}
    for file, _line, message, _comments, _context in extract_from_dir(
        str(ROOT / "bot"), method_map=[("**.py", "python")], keywords=keywords
    ):
        found[message if isinstance(message, str) else message[0]] = (file, message)
    return found


def test_the_template_for_translators_is_fresh() -> None:
    with TEMPLATE.open("rb") as stream:
        known = {
            (message.id if isinstance(message.id, str) else message.id[0]) for message in read_po(stream) if message.id
        }
    names = {f"command:{name}" for name in commands()}
    assert known == set(extracted()) | names, "run: python -m tests.wording.template"


def test_plural_forms_follow_the_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = Catalog(locale="pl")
    catalog.add(("{count} day", "{count} days"), string=("{count} dzień", "{count} dni", "{count} dnia"))
    catalog.add("Undo", string="Cofnij")
    place = tmp_path / "locale" / "pl" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "roadmate.mo").open("wb") as stream:
        write_mo(stream, catalog)
    monkeypatch.setattr(catalogues, "files", lambda _package: tmp_path)
    catalogues.catalogue.cache_clear()
    try:
        polish = catalogues.catalogue("pl-PL")
        with speaking(polish):
            assert translate("Undo") == "Cofnij"
            assert translate("not there") == "not there"
            assert plain(say(ngettext("{count} day", "{count} days", 1), count=1)) == "1 dzień"
            assert plain(say(ngettext("{count} day", "{count} days", 3), count=3)) == "3 dni"
        assert catalogues.catalogue("../../etc") is ENGLISH
        assert catalogues.catalogue("") is ENGLISH
    finally:
        catalogues.catalogue.cache_clear()
