"""German is complete: every sentence is translated, fits where it is shown, and nothing English is left in an answer."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import read_mo

from bot.app import build_app
from bot.engine import reports
from bot.features.roadmap.replies.phrases import hours, number
from bot.infra.catalogues import catalogue
from bot.infra.database_inline import open_inline
from bot.kit.command import Command
from bot.kit.degrade import day_in_words, written_out
from bot.kit.posting import Address
from bot.kit.reply import Reply
from bot.kit.request import Role
from bot.kit.text import Moment, When, plain
from bot.kit.wording import decimal, pointed, quoted, speaking
from bot.platforms.discord.commands import EXPLAIN
from bot.platforms.telegram.markup import draw_words
from bot.platforms.terminal.render import Screen, words
from bot.platforms.web.render import draw_time
from tests.fakes.clock import FakeClock
from tests.fakes.core import CoreWorld, Message, Person, presses_of, shipped_shelf
from tests.wording import walk
from tests.wording.compile import COMMAND, LOCALE, catalogues, forms_of, read, written
from tests.wording.template import ROOT

GERMAN = "de"
HOLE = re.compile(r"\{\w*\}")
COMMANDS = re.compile(r"(?<![\w/.])/[a-z]+\b")
WORD = re.compile(r"[A-Za-z']{2,}")

SAME = frozenset(
    (
        "Quiz",
        "{time} ({zone})", "Roadmate", "{number} ›", "‹ {number}", "{number} {title} · {hours}", "{what}: {count}",
        "overfitting, decision tree, pandas",
    )
)  # fmt: skip
"""What reads the same in both languages: names, signs, and the content's own words."""

LONGEST = {"Button": 40, "Menu": 100, "Form": 45, "Field": 45, "Choice": 80, "hint": 100, "submit": 40}
"""Characters that fit a phone's button, or what Discord takes, by where a sentence is used."""


def sentences() -> list[Entry]:
    """Every sentence of the template; names of commands are not sentences."""
    return [one for one in read(LOCALE / "roadmate.pot") if one.id and not written(one.id).startswith(COMMAND)]


@cache
def german() -> Catalog:
    """The German catalogue as translators write it."""
    return read(catalogues()[GERMAN], GERMAN)


def told(sentence: str | Sequence[str]) -> tuple[str, ...]:
    """Return what a sentence is in German: one form, or one for each plural; empty if it has none."""
    found = german().get(sentence if isinstance(sentence, str) else tuple(sentence))
    if found is None or "fuzzy" in found.flags:
        return ()
    forms = forms_of(found)
    return forms if all(form.strip() for form in forms) else ()


def in_german(sentence: str) -> str:
    """Return the German of a sentence as the bot itself finds it."""
    return catalogue(GERMAN).gettext(sentence)


def commands() -> list[Command]:
    """Every command there is."""
    return list(build_app(open_inline(), shipped_shelf(), FakeClock()).commands)


def test_every_sentence_is_translated() -> None:
    missing = [written(one.id) for one in sentences() if not told(one.id)]
    assert not missing, f"translate in {catalogues()[GERMAN]}, then run: python -m tests.wording.compile"


def test_what_is_read_is_what_was_written() -> None:
    file = catalogues()[GERMAN]
    with file.with_suffix(".mo").open("rb") as stream:
        compiled = read_mo(stream)
    wanted = {written(one.id): told(one.id) for one in german() if one.id and told(one.id)}
    found = {written(one.id): forms_of(one) for one in compiled}
    assert {said: forms for said, forms in found.items() if said} == wanted, "run: python -m tests.wording.compile"
    assert (compiled.num_plurals, compiled.plural_expr) == (2, "(n != 1)")


def test_a_translation_keeps_holes_line_feeds_commands_and_the_space_around_it() -> None:
    for one in sentences():
        english = (one.id,) if isinstance(one.id, str) else one.id
        for said, meant in zip(told(one.id), english, strict=bool(told(one.id))):
            assert Counter(HOLE.findall(said)) == Counter(HOLE.findall(meant)), said
            assert said.count("\n") == meant.count("\n"), said
            assert Counter(COMMANDS.findall(said)) == Counter(COMMANDS.findall(meant)), said
            edges = [(text[:1].isspace(), text[-1:].isspace()) for text in (meant, said)]
            assert edges[0] == edges[1], said


def test_both_forms_of_a_plural_are_told_apart() -> None:
    for one in sentences():
        if not isinstance(one.id, str) and told(one.id):
            single, several = told(one.id)
            assert single != several, one.id
            hole = next(iter(HOLE.findall(one.id[1])), "")
            if hole:
                assert hole in several, several
    week = catalogue(GERMAN).ngettext("about {count} week", "about {count} weeks", 2)
    assert week == "etwa {count} Wochen"


def test_nothing_is_left_in_english_but_what_is_the_same() -> None:
    same = {written(one.id) for one in sentences() if written(one.id) in told(one.id)}
    assert same == SAME


def test_people_are_called_du() -> None:
    for one in sentences():
        for said in told(one.id):
            assert not re.search(r"\b(Ihnen|Ihre[mnrs]?|bitte Sie)\b|[a-z]en Sie\b", said), said


def used() -> Iterator[tuple[str, str]]:
    """Where a sentence stands as it is: the kind of control, or the argument of it, and the sentence."""
    for file in sorted(Path(ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in LONGEST:
                continue
            kind = node.func.id
            place = 1 if kind == "Field" else 0
            if len(node.args) > place:
                yield from ((kind, text) for text in marked(node.args[place]))
            if kind == "Form" and len(node.args) > 3:
                yield from (("submit", text) for text in marked(node.args[3]))
            for keyword in node.keywords:
                if keyword.arg in LONGEST:
                    yield from ((keyword.arg, text) for text in marked(keyword.value))


def marked(node: ast.expr) -> Iterator[str]:
    """Return the sentences that are looked up inside an expression."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in ("_", "N_"):
            yield from (one.value for one in part.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_buttons_menus_and_forms_have_room_for_german() -> None:
    found = list(used())
    assert {kind for kind, _text in found} >= {"Button", "Menu", "Form", "Field", "hint", "submit"}
    for kind, text in found:
        assert len(in_german(text)) <= LONGEST[kind], f"{in_german(text)}: at most {LONGEST[kind]} fit a {kind}"


def test_what_is_declared_has_room_for_german() -> None:
    app = build_app(open_inline(), shipped_shelf(), FakeClock())
    for command in app.commands:
        for summary in (command.summary, *(param.summary for param in command.params)):
            assert 1 <= len(in_german(summary)) <= 100, summary
    for preference in app.tools.preferences.declared.values():
        assert len(in_german(preference.label)) <= 45, preference.label
        assert len(in_german(preference.summary)) <= 100, preference.summary
    assert len(in_german(EXPLAIN)) <= 32


def test_commands_have_german_names_that_can_be_typed_everywhere() -> None:
    english = {command.name for command in commands()}
    entries = {written(one.id): one.string for one in german() if one.id and written(one.id).startswith(COMMAND)}
    names = {key.removeprefix(COMMAND): str(value) for key, value in entries.items() if value}
    assert len(set(names.values())) == len(names)
    for said in names.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,31}", said), said
        assert said not in english, f"{said} is what another command is called in English"
    assert english - set(names) == {"start", "quiz"}, "Telegram itself sends /start; a quiz is one in German too"


@pytest.fixture
async def lea(world: CoreWorld, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A learner whose app is German, over content without Latin letters."""
    walk.teach_greek(world, monkeypatch)
    return world.person("Ana", language=GERMAN)


@cache
def only_english() -> frozenset[str]:
    """The words that are in English sentences and in no German one."""

    def words_of(texts: Iterator[str]) -> set[str]:
        return {word.lower() for text in texts for word in WORD.findall(HOLE.sub(" ", text))}

    left = words_of(text for one in sentences() for text in ((one.id,) if isinstance(one.id, str) else one.id))
    right = words_of(text for one in sentences() for text in told(one.id))
    return frozenset(left - right)


NAMES = re.compile(r"https?://\S+|(New )?\w+ \(\w+/\w+\)|\b[A-Z]\w+/\w+\b|\bEnglish\b|\bHall\b")
"""Addresses, zones, the name of the other language, and of the room."""


def heard(reply: Reply, text: str) -> list[str]:
    """Return everything somebody reads in a reply."""
    return [text, *presses_of(reply), *([reply.picture.alt] if reply.picture else [])]


def check(message: Message) -> None:
    """Fail if an English word is left in a message."""
    for text in heard(message.reply, message.text):
        check_text(text)


def check_text(text: str) -> None:
    """Fail if an English word is left in a text."""
    left = only_english() & {word.lower() for word in WORD.findall(NAMES.sub(" ", walk.examples().sub(" ", text)))}
    assert not left, f"English: {sorted(left)} in:\n{text}"


def test_english_is_told_from_german() -> None:
    assert len(only_english()) > 500
    check_text("Dein Fortschritt: 3 von 5 Kernthemen, tippe /done linear algebra")
    for text in ("Nothing is marked yet.", "It is paused.", "Dein Fortschritt: the rest", "Who changed what"):
        with pytest.raises(AssertionError, match="English"):
            check_text(text)


async def test_a_learner_reads_no_english(lea: Person) -> None:
    assert await walk.as_learner(lea, check) >= 20
    assert lea.notices
    for notice in lea.notices:
        check_text(notice)


async def test_a_moderator_reads_no_english(lea: Person) -> None:
    mo = lea.world.person("Ana", Role.MODERATOR, GERMAN)
    await walk.as_moderator(mo, check)
    for notice in mo.notices:
        check_text(notice)


async def test_somebody_lost_reads_no_english(lea: Person) -> None:
    await walk.as_somebody_lost(lea, check)
    for notice in lea.notices:
        check_text(notice)


async def test_german_and_english_answers_stand_side_by_side(world: CoreWorld) -> None:
    lea, ana = world.person("Lea", language="de-AT"), world.person("Ana")
    assert "Fahrplan" in (await lea.says("/roadmap")).text
    assert "roadmap" in (await ana.says("/roadmap")).text
    assert "Fahrplan" in (await lea.says("/roadmap")).text


def test_days_numbers_and_quotation_marks_are_german() -> None:
    with speaking(catalogue(GERMAN)):
        assert hours(1.5) == "1,5\u00a0Std."
        assert hours(2.0) == "2\u00a0Std."
        assert hours(0.5) == "30\u00a0Min."
        assert number(12.25) == "12,2"
        assert day_in_words(datetime(2026, 11, 21, tzinfo=UTC)) == "Sa, 21. November 2026"
        assert written_out(datetime(2026, 3, 2, 17, 5, tzinfo=UTC), "UTC") == "Mo, 2. März 2026, 17:05 (UTC)"
        assert quoted("{x}") == "„{x}“"
        assert [pointed(text) for text in ("0,25", "0.25", "1,000,000", "x")] == ["0.25", "0.25", "1,000,000", "x"]
        assert (decimal("0.25"), decimal("3")) == ("0,25", "3")
    assert (hours(1.5), quoted("x")) == ("1.5\u00a0h", "“x”")
    typed = ("1,024", "3,5", "0,125", "45,5 %", "12,3456", "1,000,000")
    assert [pointed(text) for text in typed] == ["1,024", "3.5", "0.125", "45.5 %", "12.3456", "1,000,000"]


def test_days_and_hours_are_german_where_platforms_write_them_out() -> None:
    at = datetime(2026, 11, 21, 17, 5, tzinfo=UTC)
    with speaking(catalogue(GERMAN)):
        assert words((When(at, Moment.DATE),), Screen()) == "Sa, 21. November 2026"
        assert words((When(at, Moment.TIME),), Screen()) == "17:05 (UTC)"
        assert "Sa, 21. November 2026" in draw_time(at, Moment.DATE, "UTC")
        assert draw_words((When(at),))[0].startswith("Sa, 21. November 2026, 17:05")


def test_why_a_place_is_gone_is_said_in_german() -> None:
    with speaking(catalogue(GERMAN)):
        told = plain(reports.closed(Address("discord", "1", "2"), "the channel was deleted").blocks)
    assert "Ich kann in Discord 1/2 nicht mehr schreiben: der Kanal wurde gelöscht." in told
