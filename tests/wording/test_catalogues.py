"""Nothing people read is hard-coded: every sentence goes through the catalogue, and the template of it is fresh."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.app import open_shelf
from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.curriculum.shelf import Indexes
from bot.infra import catalogues
from bot.kit.request import Role
from bot.kit.text import plain
from bot.kit.wording import ENGLISH, ngettext, say, speaking
from bot.kit.wording import _ as translate
from tests.fakes.core import ROOM, CoreWorld, Message, Person, presses_of, shipped_shelf
from tests.wording.template import commands

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "bot" / "locale" / "roadmate.pot"
HOLE = re.compile(r"(\{\w+\})")
KEPT = re.compile(
    r"https?://\S+|/(settings zone Berlin|settings [a-z-]+|roles Ana|done linear algebra|search overfitting|define overfitting)|/[a-z]+\b|\bAna\b|\bUTC\b|\b(New )?[A-Z][a-z]+ \([A-Z]\w+/\w+\)|\bEnglish\b|\bHall\b|\b(Europe/)?Berlin\b"
)
"""Addresses, commands, examples made of the content's own words, and a name."""
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


def greek(value: Any) -> Any:
    """Rewrite all prose of the curriculum without Latin letters; ids, numbers and addresses stay."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kept = {"id", "number", "url", "kind", "cost", "level", "status", "verified", "spot", "requires", "helps",
                "resources", "topic", "topics", "more", "one_of", "successor"}  # fmt: skip
        changed = {
            field.name: greek(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if field.name not in kept or field.name in ("topics", "subtopics")
        }
        return dataclasses.replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(greek(item) for item in value)
    if isinstance(value, str):
        return value if re.fullmatch(r"[a-z0-9-]+", value) and "-" in value else re.sub(r"[A-Za-z]", "λ", value)
    return value


def greek_curriculum() -> Curriculum:
    """The shipped curriculum with the same shape and no Latin letter in its prose."""
    shipped = shipped_shelf().curriculum
    resources = {name: greek(entry) for name, entry in shipped.resources.items()}
    terms = tuple(
        dataclasses.replace(greek(term), term=f"λ{number}", aliases=(), see=())
        for number, term in enumerate(shipped.terms)
    )
    return Curriculum(tuple(map(greek, shipped.stages)), resources, terms, ())


def check(message: Message) -> None:
    """Fail if a word reached somebody without passing the catalogue."""
    seen = [message.text, *message.labels, *presses_of(message.reply)]
    if message.reply.picture:
        seen.append(message.reply.picture.alt)
    for text in seen:
        left = LATIN.findall(KEPT.sub("", text))
        assert not left, f"not translated: {left} in:\n{text}"


@pytest.fixture
async def pseudo(world: CoreWorld, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A learner who speaks the pseudo language, over content without Latin letters."""
    shelf = open_shelf()
    shelf.reload()
    monkeypatch.setattr(shelf, "_indexes", Indexes(greek_curriculum()))
    object.__setattr__(world.app.tools, "shelf", shelf)
    object.__setattr__(world.app.router, "catalogue", lambda _language: Pseudo())
    return world.person("Ana")


TYPED = (
    "/start", "/help", "/roadmap", "/roadmap 1", "/roadmap 4.1", "/roadmap py-syntax", "/roadmap dlf-pytorch", "/roadmap ψψψψ",
    "/roadmap 9", "/next", "/done", "/done py-syntax", "/done py-syntax", "/done 1", "/done ψψψψ", "/progress", "/search",
    "/settings", "/settings zone", "/settings zone 日本", "/settings quiet 9", "/settings ψ", "/schedule",
    "/search ψψψψ", "/search λ", "/define", "/define λ1", "/define ψψψψ", "/rodmap", "/roadmap papers-with-code",
)  # fmt: skip


async def test_every_answer_is_translated(pseudo: Person) -> None:
    pressed: set[tuple[str, str]] = set()
    for text in TYPED:
        for where in ("private", ROOM):
            message = await pseudo.says(text, where)
            check(message)
            for data in list(presses_of(message.reply).values()):
                name = ":".join(data.split(":")[:2]) if data.startswith("roadmap.mark") else data.split(":")[0]
                if (name, where) not in pressed:
                    pressed.add((name, where))
                    check(await pseudo.sends(data, message))
                    message = await pseudo.says(text, where)
    assert len(pressed) >= 20
    for notice in pseudo.notices:
        assert not LATIN.findall(KEPT.sub("", notice)), notice


async def test_what_moderators_read_is_translated(pseudo: Person) -> None:
    mo = pseudo.world.person("Ana", Role.MODERATOR)
    for text in ("/setup", "/settings community", "/settings changes", "/roles", "/roles 日本", "/schedule", "/help"):
        pressed: set[str] = set()
        message = await mo.says(text, ROOM)
        check(message)
        while left := [data for data in presses_of(message.reply).values() if data not in pressed]:
            data = left[0]
            pressed.add(data)
            message = await mo.sends(data, message)
            check(message)
    for notice in mo.notices:
        assert not LATIN.findall(KEPT.sub("", notice)), notice


async def test_what_the_engine_says_itself_is_translated(pseudo: Person) -> None:
    card = await pseudo.says("/roadmap")
    for data in (
        "roadmap.stage:xx",
        "nobody.knows:1",
        "engine.run:",
        "roadmap.undo:999",
        "roadmap.topic:gone",
        "x" * 64,
    ):
        check(await pseudo.sends(data, card))
    check(await pseudo.says("/roadmap " + "λ" * 500))
    for notice in pseudo.notices:
        assert not LATIN.findall(KEPT.sub("", notice)), notice


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
