"""Replies as Discord gets them: within every limit, complete, and touched in the right place."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings

from bot.kit.reply import Button, Choice, Field, FieldKind, Form, Menu, Picture, Poll, Reply, Style, Tone, notice, reply
from bot.kit.text import Divider, Table, heading, para, spans
from bot.platforms.discord import limits
from bot.platforms.discord.markup import clean, units
from bot.platforms.discord.render import (
    EPHEMERAL,
    IS_COMPONENTS_V2,
    render,
    render_bare,
    render_form,
    render_modal,
    render_notice,
)
from tests.fakes.discord_payloads import BUTTON, SEPARATOR, modal_refusals, refusals, shown, texts, touchables, walk
from tests.kit.documents import replies

FORM = Form("Check in", (Field("minutes", "How many minutes?"),), "study.checkin:7", "Send")


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(replies)
def test_nothing_that_can_be_said_is_refused_or_pings(said: Reply) -> None:
    payloads = [*render(said, "discord.form:1"), render_notice(said), render_bare(said)]
    for payload in payloads:
        assert refusals(payload) == []
    for modal in (render_modal(said), render_form(said.form) if said.form else None):
        if modal is not None:
            assert modal_refusals(modal) == []
            payloads.append(modal)
    for payload in payloads:
        for seen in texts(payload):
            assert not [*seen.mentions, *seen.emoji]


def test_an_answer_is_one_card() -> None:
    (message,) = render(reply("words", title="Title", buttons=((Button("Press", "a.b:1", style=Style.PRIMARY),),)))
    assert message["flags"] == IS_COMPONENTS_V2
    assert message["allowed_mentions"] == {"parse": []}
    (card,) = message["components"]
    assert [part["type"] for part in card["components"]] == [10, 1]
    assert card["components"][0]["content"] == "## Title\nwords"
    assert card["components"][1]["components"] == [{"type": 2, "style": 1, "label": "Press", "custom_id": "a.b:1"}]
    assert "accent_color" not in card


def test_a_warning_says_so_in_words() -> None:
    (message,) = render(reply("careful", tone=Tone.WARNING))
    assert "Please note" in shown(message)
    assert message["components"][0]["accent_color"] != render(reply("well", tone=Tone.GOOD))[0]["components"][0].get(
        "accent_color"
    )


def test_a_long_text_becomes_several_messages_with_the_buttons_on_the_last() -> None:
    paragraphs = [para(" ".join(f"word{part}_{number}" for number in range(60))) for part in range(30)]
    said = reply(*paragraphs, title="A *long* story", buttons=((Button("Press", "a.b"),),))
    messages = render(said)
    assert len(messages) > 3
    for number, message in enumerate(messages, 1):
        assert refusals(message) == []
        assert bool(touchables(message)) == (number == len(messages))
        if number > 1:
            assert shown(message).startswith(f"A *long* story ({number}/{len(messages)})")
    whole = " ".join(map(shown, messages))
    for part in range(30):
        for number in range(60):
            assert f"word{part}_{number}" in whole


def test_a_long_title_is_said_once_in_full() -> None:
    said = reply("x " * 3000, title="t" * 300)
    messages = render(said)
    assert "t" * 300 in shown(messages[0])
    assert "t" * 60 in shown(messages[1])
    assert "t" * 81 not in shown(messages[1])


def test_text_is_counted_in_the_strictest_way() -> None:
    for message in render(reply("😀" * 6000)):
        assert refusals(message) == []


def test_many_buttons_go_on_below_with_none_left_out() -> None:
    said = reply("x", buttons=tuple((Button(f"b{number}", f"a.b:{number}"),) for number in range(90)))
    messages = render(said)
    assert all(refusals(message) == [] for message in messages)
    found = {label: data for message in messages for label, data in touchables(message).items()}
    assert found == {f"b{number}": f"a.b:{number}" for number in range(90)}


def test_two_buttons_of_one_action_have_ids_of_their_own() -> None:
    (message,) = render(reply("x", buttons=((Button("one", "a.b:1"), Button("two", "a.b:1")),)))
    ids = [part["custom_id"] for part in walk(message["components"]) if part["type"] == BUTTON]
    assert ids == ["a.b:1", "a.b:1#2"]
    assert touchables(message) == {"one": "a.b:1", "two": "a.b:1"}


def test_a_menu_of_many_choices_becomes_several() -> None:
    said = reply("x", menu=Menu("Pick", tuple(Choice(f"c{number}", f"a.b:{number}") for number in range(60))))
    (message,) = render(said)
    assert refusals(message) == []
    selects = [part for part in walk(message["components"]) if part["type"] == 3]
    assert [len(select["options"]) for select in selects] == [25, 25, 10]
    assert [select["placeholder"] for select in selects] == ["Pick (1/3)", "Pick (2/3)", "Pick (3/3)"]
    assert len(touchables(message)) == 60


def test_what_a_label_has_no_room_for_is_said_in_the_text() -> None:
    long = "very " * 40 + "long"
    said = reply("x", buttons=((Button(long, "a.b"),),), menu=Menu(long, (Choice(long, "a.c", "why"),)))
    (message,) = render(said)
    assert refusals(message) == []
    assert "".join(seen.text for seen in texts(message)).count(long) == 3


def test_a_poll_is_a_question_with_buttons() -> None:
    (message,) = render(reply("x", poll=Poll("Which day?", (Choice("Monday", "a.m"), Choice("Friday", "a.f")))))
    assert "Which day?" in shown(message)
    assert touchables(message) == {"Monday": "a.m", "Friday": "a.f"}


def test_addresses_discord_would_refuse_on_a_button_are_links() -> None:
    odd = [f"https://example.org/{'x' * 600}", "http://localhost:8642/x", "https://exa mple.org/", "https://[::1/"]
    said = reply("x", buttons=tuple((Button(f"open {number}", url=url),) for number, url in enumerate(odd)))
    (message,) = render(said)
    assert refusals(message) == []
    assert not [part for part in walk(message["components"]) if part["type"] == BUTTON]
    for number in range(len(odd)):
        assert f"open {number}" in shown(message)


def test_dividers_become_lines_until_there_is_no_more_room() -> None:
    (message,) = render(reply(*[block for number in range(30) for block in (para(f"p{number}"), Divider())]))
    assert refusals(message) == []
    kinds = [part["type"] for part in walk(message["components"])]
    assert kinds.count(SEPARATOR) == limits.SEPARATORS
    assert all(f"p{number}" in shown(message) for number in range(30))


def test_a_table_is_set_in_fixed_width() -> None:
    row = tuple(spans(word) for word in ("knn", "3", "easy"))
    (message,) = render(reply(Table(tuple(spans(word) for word in ("name", "hours", "level")), (row,))))
    (seen,) = texts(message)
    assert seen.codes
    assert re.search(r"name\s+hours\s+level", seen.codes[0])


def test_a_picture_is_said_in_words_until_it_can_be_drawn() -> None:
    picture = Picture("<svg/>", "Half of stage one is done", 10, 10)
    assert "Half of stage one" in shown(render(Reply(picture=picture))[0])
    assert "Half of stage one" not in shown(render(reply("50 %", picture=picture))[0])


def test_an_empty_reply_is_still_a_message() -> None:
    for said in (Reply(), Reply((Divider(), para(" "), heading(""))), reply("\u200b")):
        for message in render(said):
            assert refusals(message) == []


def test_a_remark_is_short_plain_content() -> None:
    payload = render_notice(notice("Saved. @everyone"))
    assert payload == {"content": "Saved. \\@everyone", "allowed_mentions": {"parse": []}}
    assert refusals(render_notice(notice("x " * 5000))) == []


def test_a_form_is_a_modal_whose_id_says_what_it_does() -> None:
    modal = render_modal(Reply((para("Take your time."),), form=FORM))
    assert modal is not None
    assert modal_refusals(modal) == []
    assert modal["custom_id"] == "study.checkin:7"
    assert [part["type"] for part in modal["components"]] == [10, 18]
    assert modal["components"][1]["component"]["custom_id"] == "minutes"


def test_each_kind_of_field_has_its_control() -> None:
    fields = (
        Field("a", "One line", longest=40, hint="a hint", value="given"),
        Field("b", "More", FieldKind.TEXT, required=False, longest=9000),
        Field("c", "Choose", FieldKind.CHOICE, choices=(("g", "Good"), ("b", "Bad")), value="b"),
        Field("d", "L" * 60, FieldKind.CHOICE, choices=tuple((f"v{n}", f"V{n}") for n in range(30))),
        Field("d", "Same name"),
    )
    modal = render_form(Form("T" * 45, fields, "a.b", "Send"))
    assert modal is not None
    assert modal_refusals(modal) == []
    controls = [part["component"] for part in modal["components"]]
    assert [control["type"] for control in controls] == [4, 4, 3, 4, 4]
    assert controls[0] == {
        "type": 4,
        "custom_id": "a",
        "style": 1,
        "required": True,
        "max_length": 40,
        "value": "given",
    }
    assert modal["components"][0]["description"] == "a hint"
    assert (controls[1]["style"], controls[1]["required"], controls[1]["max_length"]) == (2, False, 4000)
    assert controls[2]["options"] == [
        {"label": "Good", "value": "g"},
        {"label": "Bad", "value": "b", "default": True},
    ]
    assert "L" * 60 in modal["components"][3]["description"]
    assert controls[3]["placeholder"].startswith("v0, v1")
    assert controls[4]["custom_id"] == "d#2"


def test_a_form_that_says_more_than_a_modal_holds_is_reached_by_a_button() -> None:
    five = Form("Five", tuple(Field(name, name) for name in "abcde"), "a.b", "Send")
    for said in (
        Reply((para("words"),), form=five),
        reply("words", form=FORM, buttons=((Button("Other", "a.c"),),)),
        reply("words " * 900, form=FORM),
    ):
        assert render_modal(said) is None
        messages = render(said, "discord.form:9")
        assert said.form is not None
        assert touchables(messages[-1])[said.form.title] == "discord.form:9"


def test_privacy_is_not_decided_here() -> None:
    for message in render(reply("x", only_you=True)):
        assert not message["flags"] & EPHEMERAL


def test_what_a_field_begins_with_is_cut_to_what_it_takes_and_nothing_is_added() -> None:
    for value, longest in (("x" * 500, 300), ("😀" * 200, 300), ("a\x00b", 10), ("\ud800", 5)):
        modal = render_form(Form("Ask", (Field("a", "What?", longest=longest, value=value),), "a.b", "Send"))
        assert modal is not None
        assert modal_refusals(modal) == []
        begun = modal["components"][0]["component"]["value"]
        assert units(begun) <= longest
        assert clean(value).startswith(begun)
