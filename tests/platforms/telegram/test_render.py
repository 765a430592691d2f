"""Replies as Telegram messages: formatting that cannot be broken, limits kept before sending, nothing lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.kit.reply import Button, Choice, Menu, Picture, Reply, Style, notice, reply
from bot.kit.text import (
    Bold,
    Bullets,
    Code,
    CodeBlock,
    Facts,
    Heading,
    Italic,
    Link,
    Mention,
    Moment,
    Paragraph,
    Plain,
    Quote,
    Span,
    Spoiler,
    Table,
    When,
    bold,
    para,
    plain,
    spans,
)
from bot.platforms.telegram.render import Message, remark, render, short_remark
from tests.fakes.telegram_reader import Read, read
from tests.kit.documents import HOSTILE, replies, sentences
from tests.platforms.telegram.test_conformance import look


def arrives(*parts: Span) -> Read:
    """What arrives of one sentence."""
    (message,) = render(reply(parts))
    look(message)
    return read(message.text, list(message.entities))


def pages_of(said: Reply) -> list[Message]:
    messages = list(render(said))
    for message in messages:
        look(message)
    return messages


def test_formatting_stands_beside_the_text_and_never_in_it() -> None:
    found = arrives(Plain("a <b>&amp;</b> "), Bold((Plain("strong"), Italic((Plain(" both"),)))))
    assert found.text == "a <b>&amp;</b> strong both"
    assert found.kinds("strong both") == {"bold"}
    assert found.kinds(" both") == {"italic"}


def test_formatting_is_counted_in_utf16_units() -> None:
    found = arrives(Plain("👩‍🔬😀 "), Bold((Plain("𝛁x"),)), Plain(" 😀 "), Code("y"))
    assert found.kinds("𝛁x") == {"bold"}
    assert found.kinds("y") == {"code"}


def test_fixed_width_never_stands_inside_other_formatting() -> None:
    found = arrives(Bold((Plain("a "), Code("b"), Plain(" c"))))
    assert [(one.kind, one.text) for one in found.stretches] == [("bold", "a "), ("code", "b"), ("bold", " c")]


def test_hidden_code_stays_hidden() -> None:
    assert arrives(Spoiler((Plain("it is "), Code("42")))).kinds("it is 42") == {"spoiler"}


@pytest.mark.parametrize("name", ["@everyone", "@durov", "(@durov)", ".@durov", "é@durov", "_@durov", "@durov@durov"])
def test_a_name_behind_an_at_sign_pings_nobody(name: str) -> None:
    for said in (Plain(name), Bold((Plain(name),)), Mention(7, name), Link((Plain(name),), "https://example.org")):
        found = arrives(Plain("x "), said)
        assert found.text.replace("\u2060", "") == f"x {name}"
    assert render(reply(title=name))[0].text.replace("\u2060", "") == name


def test_a_name_behind_an_at_sign_of_other_formatting_pings_nobody() -> None:
    for said in (
        (Plain("@"), Bold((Plain("durov"),))),
        (Bold((Plain("@"),)), Code("durov")),
        (Mention(7, "@"), Plain("durov")),
    ):
        assert arrives(Plain("x "), *said).text.replace("\u2060", "") == "x @durov"


def test_an_address_of_mail_and_code_stay_as_they_are() -> None:
    assert arrives(Plain("write to ana@example.org")).text == "write to ana@example.org"
    assert arrives(Code("@property")).text == "@property"
    assert render(reply(CodeBlock("@property\ndef x(): ...", "python")))[0].entities[0]["language"] == "python"


def test_a_mention_is_a_name_and_pings_nobody() -> None:
    assert arrives(Mention(7, "Ana")).stretches == ()


def test_a_moment_is_shown_in_the_readers_own_time() -> None:
    at = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
    (message,) = render(reply((When(at, Moment.RELATIVE), When(at, Moment.RELATIVE, "Europe/Berlin"))))
    first, second = message.entities
    assert first["unix_time"] == second["unix_time"] == int(at.timestamp())
    assert first["date_time_format"] == "r"
    assert "18:00 (Europe/Berlin)" in message.text


def test_an_address_telegram_would_drop_is_written_out() -> None:
    assert arrives(Link((Plain("here"),), "http://localhost:8642/x")).text == "here (http://localhost:8642/x)"
    assert arrives(Link((Plain("here"),), "https://ex ample.org")).stretches == ()
    assert arrives(Link((Plain("here"),), 'https://example.org/a b"<c>')).stretches[0].more == (
        "https://example.org/a%20b%22%3Cc%3E"
    )


def test_links_do_not_stand_inside_links() -> None:
    inner = Link((Plain("in"),), "https://example.org/in")
    found = arrives(Link((Plain("out "), inner, Code("c")), "https://example.org/out"))
    assert found.kinds("out inc") == {"text_link"}


def test_two_links_beside_each_other_stay_two() -> None:
    found = arrives(Link((Plain("a"),), "https://a.org"), Link((Plain("b"),), "https://b.org"))
    assert [(one.text, one.more) for one in found.stretches] == [("a", "https://a.org"), ("b", "https://b.org")]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\tb", "a    b"),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("A\u030a", "Å"),
        ("\x00\x1b[31m", "�\ufffd[31m".replace("�", "\ufffd")),
        ("\u202eevil", "\ufffdevil"),
        ("\u2067right", "\u2067right\u2069"),
        ("\ud800", "\ufffd"),
    ],
)
def test_what_telegram_would_drop_is_shown_or_replaced(typed: str, shown: str) -> None:
    assert arrives(Plain("x"), Plain(typed)).text == f"x{shown}"


def test_a_long_quotation_is_folded() -> None:
    (short,), (long,) = render(reply(Quote((Plain("a"),)))), render(reply(Quote((Plain("a " * 500),))))
    assert short.entities[0]["type"] == "blockquote"
    assert long.entities[0]["type"] == "expandable_blockquote"


def test_two_columns_become_lines_and_three_a_drawing() -> None:
    two = Table((spans("Name"), spans("Hours")), ((spans("knn"), spans("3")), (spans("svm"), spans("4"))))
    assert render(reply(two))[0].text == "Name: Hours\nknn: 3\nsvm: 4"
    three = Table(tuple(spans(name) for name in "abc"), (tuple(spans(name) for name in "123"),))
    assert render(reply(three))[0].entities[0]["type"] == "pre"


def test_one_column_loses_nothing() -> None:
    assert render(reply(Table((spans("Name"),), ((spans("knn"),),))))[0].text == "Name\nknn"


def test_an_exactly_full_message_is_one() -> None:
    assert [len(message.text) for message in render(reply("x" * 4096))] == [4096]
    assert [len(message.text) for message in render(reply("😀" * 4096))] == [4096]
    assert len(pages_of(reply("x" * 4097))) == 2


def test_a_long_text_names_its_parts_and_keeps_buttons_on_the_last() -> None:
    said = reply(*(f"{number} " + "word " * 300 for number in range(8)), title="All of it", buttons=((Button("Go", "a.b"),),))  # fmt: skip
    messages = pages_of(said)
    assert len(messages) > 2
    for number, message in enumerate(messages, 1):
        assert message.text.startswith(f"All of it ({number}/{len(messages)})")
        assert bool(message.keyboard) == (number == len(messages))
    assert re.findall(r"^(\d) word", "\n".join(message.text for message in messages), re.MULTILINE) == list("01234567")


def test_a_text_with_too_much_formatting_is_cut_before_any_of_it_is_dropped() -> None:
    items = tuple(spans(bold(f"b{number}"), " and ", Code(f"c{number}")) for number in range(200))
    messages = pages_of(reply(Bullets(items)))
    kept = [entity for message in messages for entity in message.entities if entity["type"] == "code"]
    assert len(kept) == 200


@pytest.mark.parametrize("count", [1, 7, 8, 9, 26, 100, 101, 250])
def test_every_button_is_there_whatever_their_number(count: int) -> None:
    buttons = tuple(Button(str(number), f"a.b:{number}") for number in range(count))
    messages = pages_of(reply("x", buttons=(buttons,)))
    found = [key["callback_data"] for message in messages for row in message.keyboard for key in row]
    assert found == [button.data for button in buttons]


def test_rows_are_as_wide_as_their_labels_can_be_read() -> None:
    labels = ("What next?", "My progress", "A rather long label of a button", "1", "2", "3", "4", "5", "6", "7", "8")
    (message,) = render(reply("x", buttons=(tuple(Button(label, "a.b") for label in labels),)))
    assert [[key["text"] for key in row] for row in message.keyboard] == [
        ["What next?", "My progress"], ["A rather long label of a button"], list("12345678")
    ]  # fmt: skip


def test_buttons_say_how_much_they_matter_and_where_they_lead() -> None:
    row = (Button("a", "a.b", style=Style.PRIMARY), Button("b", "a.c", style=Style.DANGER), Button("c", url="https://x.org"))  # fmt: skip
    (message,) = render(reply("x", buttons=(row,)))
    assert message.keyboard[0] == (
        {"text": "a", "callback_data": "a.b", "style": "primary"},
        {"text": "b", "callback_data": "a.c", "style": "danger"},
        {"text": "c", "url": "https://x.org"},
    )


@pytest.mark.parametrize("button", [Button("Far", "a." + "é" * 40), Button("Home", url="http://localhost/x")])
def test_a_button_telegram_would_refuse_becomes_words(button: Button) -> None:
    (message,) = render(reply("x", buttons=((button, Button("ok", "a.b")),)))
    assert button.label in message.text
    assert [key["text"] for row in message.keyboard for key in row] == ["ok"]


def test_a_label_that_shows_nothing_or_too_much_can_still_be_pressed() -> None:
    (message,) = render(reply("x", buttons=((Button(" \n ", "a.b"),), (Button("y" * 300, "a.c"),))))
    assert [len(key["text"]) for row in message.keyboard for key in row] == [1, 100]


def test_a_menu_becomes_buttons_and_keeps_its_descriptions() -> None:
    (message,) = render(reply("x", menu=Menu("Which?", (Choice("One", "a.b:1", "the first"), Choice("Two", "a.b:2")))))
    assert message.text == "x\n\nWhich?\n\n• One: the first"
    assert [key["callback_data"] for row in message.keyboard for key in row] == ["a.b:1", "a.b:2"]


def test_a_picture_is_said_in_words() -> None:
    assert render(Reply(picture=Picture("<svg/>", "Half of it is done", 1, 1)))[0].text == "Half of it is done"


@pytest.mark.parametrize("said", [Reply(), reply("  \u200b "), reply(Facts(())), reply(CodeBlock(""))])
def test_a_reply_that_shows_nothing_still_stands_for_its_buttons(said: Reply) -> None:
    assert [message.text for message in render(said)] == ["…"]


def test_link_previews_are_off() -> None:
    assert render(reply("https://example.org"))[0].parameters["link_preview_options"] == {"is_disabled": True}


def test_a_remark_is_words_only_and_at_most_two_hundred_characters() -> None:
    assert remark(notice("Saved.")) == "Saved."
    assert remark(notice("😀" * 100)) == "😀" * 100
    assert remark(notice("😀" * 101)) is None
    assert remark(reply("x", buttons=((Button("a", "a.b"),),))) is None
    for words in ("y" * 500, "😀" * 300, "y" + "😀" * 150):
        assert len(short_remark(notice(words)).encode("utf-16-le")) <= 400
        assert short_remark(notice(words)).endswith("…")


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(replies)
def test_whatever_is_said_is_taken_and_pings_nobody(said: Reply) -> None:
    for message in render(said):
        look(message)


nasty = st.lists(
    st.one_of(
        st.sampled_from([*HOSTILE, "@", "@a", "@durov", "\ud83d", "\u2060", "\u2067", "\u030a", "https://x.org", "/cmd@bot", "<a href='tg://user?id=1'>x</a>", "\n", "\t", "\x00"]),
        st.text(max_size=8),
    ),
    min_size=1,
    max_size=12,
).map("".join)  # fmt: skip


def visible(text: str) -> str:
    """A text without white space and without what shows nothing or is shown as a mark of its own."""
    import unicodedata

    text = unicodedata.normalize("NFC", text)
    return "".join(
        char for char in text
        if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp") and char not in "\u0333\u033f\u030a\ufffd"
    )  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(nasty)
def test_no_character_is_lost_and_none_acts_as_markup(words: str) -> None:
    for said in (para(words), Paragraph((Bold((Plain(words),)),)), Heading((Plain(words),)), Quote((Plain(words),))):
        shown = "".join(read(message.text, list(message.entities)).text for message in pages_of(reply(para("x"), said)))
        assert visible(shown) == "x" + visible(words)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(sentences)
def test_formatted_words_keep_all_their_characters(body: tuple[Span, ...]) -> None:
    shown = "".join(look(message) for message in render(reply(Paragraph(body))))
    for part in body:
        if isinstance(part, Plain):
            assert visible(plain((part,)))[:30] in visible(shown)
