"""The conversation in a terminal: numbers press, forms ask, and it always ends."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.kit.naming import Names
from bot.kit.platform import Answer, Delivery, Suggestion
from bot.kit.reply import Button, Choice, Document, Field, FieldKind, Form, Menu, Poll, notice, reply
from bot.kit.request import Incoming, Setting, Trigger
from bot.kit.text import Progress, code, para, spans
from bot.platforms.terminal import limits
from bot.platforms.terminal.adapter import completions
from bot.platforms.terminal.render import Screen, render
from tests.platforms.terminal.talking import COMMANDS, says, talk

ROOT = Path(__file__).resolve().parents[3]
FORM = Form(
    "Check in",
    (
        Field("minutes", "How long?", longest=3),
        Field("mood", "How was it?", FieldKind.CHOICE, choices=(("good", "Good"), ("bad", "Bad"))),
        Field("more", "Anything else?", required=False),
    ),
    "study.checkin",
    "Send",
)


async def test_a_line_is_asked_as_typed_by_one_person_in_private() -> None:
    shown, heard = await talk("/roadmap 1.2\nplain words\n\n", says(reply("an answer")))
    assert [incoming.text for incoming in heard] == ["/roadmap 1.2", "plain words"]
    assert heard[0].where.setting is Setting.PRIVATE
    assert heard[0].sender.name == "Ana"
    assert len({incoming.event for incoming in heard}) == 2
    assert shown.count("an answer") == 2


async def test_numbers_press_in_the_order_shown() -> None:
    said = reply(
        "x",
        menu=Menu("Which", (Choice("First", "a.one"),)),
        buttons=((Button("Second", "a.two"), Button("Page", url="https://x.org")),),
    )
    shown, heard = await talk("/roadmap\n1\n2\n3\n4\n", says(said))
    assert [(incoming.trigger, incoming.text) for incoming in heard[1:]] == [
        (Trigger.PRESS, "a.one"),
        (Trigger.PRESS, "a.two"),
    ]
    assert "https://x.org" in shown
    assert "Please type a number from 1 to 3." in shown


async def test_the_name_of_a_choice_presses_it() -> None:
    said = reply(
        "x", buttons=((Button("A", "a.one"), Button("B", "a.two"), Button("Same", "a.x"), Button("Same", "a.y")),)
    )
    _shown, heard = await talk("/quiz\nb\nsame\nbayes\n", says(said))
    assert [(incoming.trigger, incoming.text) for incoming in heard[1:]] == [
        (Trigger.PRESS, "a.two"),
        (Trigger.COMMAND, "same"),
        (Trigger.COMMAND, "bayes"),
    ]


async def test_an_option_of_a_poll_is_pressed_by_its_letter_too() -> None:
    said = reply("x", poll=Poll("Which?", (Choice("First", "a.one"), Choice("Second", "a.two"))))
    _shown, heard = await talk("/quiz\nb\nC\n", says(said))
    assert [(incoming.trigger, incoming.text) for incoming in heard[1:]] == [
        (Trigger.PRESS, "a.two"),
        (Trigger.COMMAND, "C"),
    ]


async def test_a_number_without_choices_is_words() -> None:
    _shown, heard = await talk("7\n", says(reply("x")))
    assert (heard[0].trigger, heard[0].text) == (Trigger.COMMAND, "7")


async def test_a_passing_remark_leaves_the_choices_as_they_were() -> None:
    answers = [reply("x", buttons=((Button("Go", "a.go"),),)), notice("hint"), reply("done")]
    deliveries = [Delivery.NEW, Delivery.NOTICE, Delivery.NEW]
    _shown, heard = await talk(
        "/roadmap\n1\n1\n", lambda _incoming: Answer(answers.pop(0), deliveries.pop(0), only_you=False)
    )
    assert [incoming.text for incoming in heard] == ["/roadmap", "a.go", "a.go"]


async def test_a_form_asks_one_by_one_and_explains_what_does_not_fit() -> None:
    def answer(incoming: Incoming) -> Answer:
        said = reply("thanks") if incoming.trigger is Trigger.FORM else reply("x", form=FORM)
        return Answer(said, Delivery.NEW, only_you=False)

    shown, heard = await talk("/checkin\n\n1234\n45\n9\n2\n\n", answer)
    assert heard[1].trigger is Trigger.FORM
    assert heard[1].text == "study.checkin"
    assert dict(heard[1].values) == {"minutes": "45", "mood": "bad", "more": ""}
    for sentence in ("Please type something", "at most 3 fit", "from 1 to 2", "thanks"):
        assert sentence in shown


async def test_a_form_can_be_left() -> None:
    shown, heard = await talk("/checkin\ncancel\nquit\n", says(reply("x", form=FORM)))
    assert len(heard) == 1
    assert "Left without sending" in shown


async def test_hidden_words_are_shown_on_request() -> None:
    from bot.kit.text import Plain, Spoiler

    shown, _heard = await talk("/roadmap\nshow\nagain\n", says(reply(Spoiler((Plain("forty-two"),)))))
    assert shown.count("forty-two") == 1
    assert shown.count("▒") > 5


@pytest.mark.parametrize("last", ["quit\n", "exit\n", "", "/quit\n"])
async def test_it_ends_when_told_or_when_nothing_more_comes(last: str) -> None:
    shown, _heard = await talk("/roadmap\n" + last, says(reply("x")))
    assert shown.rstrip().endswith("See you.")


def test_lines_are_completed_from_memory() -> None:
    def completed(text: str) -> list[str]:
        return completions(text, COMMANDS, lambda _kind, _text: [Suggestion("Bayes", "bayes")])

    assert completed("/r") == ["/roadmap"]
    assert completed("/roadmap b") == ["/roadmap bayes"]
    assert completed("/help b") == []
    assert completed("words") == []


@pytest.mark.parametrize("width", [20, 40, 60, 100])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    said = reply("word " * 60, "x" * 300, "漢字" * 80)
    for line in render(said, Screen(width=width)).splitlines():
        assert sum(2 if ord(char) > 0x2E80 else 1 for char in line) <= width


def test_on_a_real_terminal_it_has_colour_and_stops_on_ctrl_d(tmp_path: Path) -> None:
    mine, theirs = pty.openpty()
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("ROADMATE_") and name != "NO_COLOR"
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"], stdin=theirs, stdout=theirs, stderr=theirs, cwd=tmp_path,
        env=kept | {"PYTHONPATH": str(ROOT), "ROADMATE_HOME": str(tmp_path), "TERM": "xterm-256color"},
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    until = time.monotonic() + 20
    asked = False
    try:
        while process.poll() is None and time.monotonic() < until:
            if select.select([mine], [], [], 0.3)[0]:
                with contextlib.suppress(OSError):
                    seen += os.read(mine, 65_536)
            elif not asked and "›".encode() in seen:
                os.write(mine, b"/roadmap 2\n")
                asked = True
            elif asked and b"Milestone" in seen:
                os.write(mine, b"\x04")  # once more if it came before the prompt was up
        assert process.wait(timeout=5) == 0
    finally:
        process.kill()
        process.wait()
        os.close(mine)
    assert b"\x1b[" in seen
    assert b"Stage 2" in seen
    assert b"Traceback" not in seen


async def test_a_file_is_kept_and_never_over_another(tmp_path: Path) -> None:
    kept = Document("export.json", '{"name": "Zoë"}', "application/json")
    (tmp_path / "export.json").write_text("mine", "utf-8")
    shown, _heard = await talk("/roadmap\n", says(reply("Here it is.", document=kept)), files=tmp_path)
    assert (tmp_path / "export.json").read_text("utf-8") == "mine"
    assert (tmp_path / "export-2.json").read_text("utf-8") == kept.text
    assert str(tmp_path / "export-2.json") in shown


async def test_a_file_that_cannot_be_kept_is_shown() -> None:
    kept = Document("export.json", '{"name": "Zoë"}', "application/json")
    shown, _heard = await talk(
        "/roadmap\n", lambda _incoming: Answer(reply("Here.", document=kept), Delivery.NEW, only_you=False)
    )
    assert kept.text in shown


async def test_a_command_in_another_language_is_understood() -> None:
    class German:
        def gettext(self, message: str, /) -> str:
            return {"command:roadmap": "fahrplan"}.get(message, message)

        def ngettext(self, singular: str, plural: str, count: int, /) -> str:
            return singular if count == 1 else plural

    _shown, heard = await talk(
        "/fahrplan 2\nfahrplan\n", says(reply("x")), names=Names(lambda: COMMANDS, {"de": German()})
    )
    assert [incoming.text for incoming in heard] == ["/roadmap 2", "fahrplan"]


async def test_the_rest_of_an_endless_line_is_dropped_and_bytes_that_are_no_text_are_shown_as_such() -> None:
    strange = b"caf\xe9".decode("utf-8", "surrogateescape")
    _shown, heard = await talk("x" * 50_000 + f"\n{strange}\n/help\n", says(reply("x")))
    assert [len(heard[0].text), *(one.text for one in heard[1:])] == [limits.LONGEST_LINE, "caf�", "/help"]


@pytest.mark.parametrize("width", [40, 44, 60, 80])
def test_bars_and_choices_keep_to_the_width_and_leave_no_blanks_behind(width: int) -> None:
    said = reply(
        Progress(
            spans("A very long name of a stage that nobody can read at once"), 3, 10, note=spans("3 of 10 topics")
        ),
        para(
            "It is for example ", code("/leaderboard week"), " that tells, or ", code("/leaderboard month"), " as well."
        ),
        menu=Menu("Which", (Choice("A long label that says much", "a.one", "and a description that says still more"),)),
        buttons=((Button("Something that is far too long for one line of a narrow screen, really", "a.two"),),),
    )
    for colour in (False, True):
        drawn = render(said, Screen(width=width, colour=colour))
        for line in re.sub(r"\x1b\[[0-9;]*m", "", drawn).splitlines():
            assert len(line) <= width
            assert line == line.rstrip()
