"""Reading updates: whatever Telegram sends, now or in years, is read or left alone, and never stops the bot."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kit.request import Role, Setting
from bot.platforms.telegram.arrivals import arrivals
from bot.platforms.telegram.incoming import ALLOWED_UPDATES, Heard, Moved, Orphan, Vote, hear
from bot.platforms.telegram.intake import lane, readable
from bot.platforms.telegram.topics import topic_of
from tests.fakes.telegram_bot import TelegramBot
from tests.fakes.telegram_chats import USERNAME
from tests.fakes.telegram_spec import spec

NOW = datetime(2026, 11, 21, tzinfo=UTC)
USER = {"id": 7, "is_bot": False, "first_name": "Ana", "last_name": "Lima"}
PRIVATE = {"id": 7, "type": "private"}
GROUP = {"id": -5, "type": "supergroup", "title": "Hall"}
TYPED = {"message_id": 1, "date": 1, "chat": PRIVATE, "from": USER, "text": "/roadmap"}
PRESSED = {"id": "q", "from": USER, "chat_instance": "1", "data": "a.b", "message": {**TYPED, "chat": GROUP}}
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)

numbers = st.one_of(st.integers(), st.integers(-(2**53), 2**53), st.just(1), st.just(0))
plain_json = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["id", "type", "chat", "from", "message", "message_id", "text", "data", "date", "title", "user", "poll_id", "option_ids",
                 "voter_chat", "sender_chat", "new_chat_members", "old_chat_member", "new_chat_member", "status", "forum_topic_created", "is_bot", "first_name", "message_thread_id", "is_topic_message", "migrate_to_chat_id"]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=12,
)  # fmt: skip
known_kinds = st.sampled_from([*ALLOWED_UPDATES, "edited_message", "guest_message", "update_id"])


def hears(**update: Any) -> Any:
    return hear({"update_id": 1, **update}, USERNAME)


def test_a_full_name_is_one_line() -> None:
    heard = hears(message={**TYPED, "from": {**USER, "first_name": " Ana\n", "last_name": "Lima" * 40}})
    assert heard.sender.name.startswith("Ana Lima")
    assert len(heard.sender.name) == 64


@pytest.mark.parametrize("kind", ["something", None, 5])
def test_a_kind_of_chat_nobody_knows_is_left_alone(kind: object) -> None:
    assert hears(message={**TYPED, "chat": {"id": 7, "type": kind}}) is None
    assert isinstance(hears(callback_query={**PRESSED, "message": {**TYPED, "chat": {"id": 7, "type": kind}}}), Orphan)


def test_unknown_fields_make_no_difference() -> None:
    more = {"of_the_year_2030": {"deep": [1, {"deeper": None}]}}
    assert hears(message={**TYPED, **more, "from": USER | more, "chat": PRIVATE | more}) == hears(message=TYPED)
    assert hears(callback_query={**PRESSED, **more}) == hears(callback_query=PRESSED)


def test_every_kind_of_update_telegram_describes_is_taken_or_left_alone() -> None:
    kinds = [
        "message",
        "edited_message",
        "poll",
        "inline_query",
        "my_chat_member",
        "guest_message",
        "chat_boost",
        "subscription",
    ]
    for kind in kinds:
        if kind not in ALLOWED_UPDATES:
            assert hears(**{kind: TYPED}) is None
    assert set(spec()["methods"]["getUpdates"]["f"]) >= {"allowed_updates"}


def test_a_vote_and_its_withdrawal_are_told_apart() -> None:
    vote = hears(poll_answer={"poll_id": "5", "user": USER, "option_ids": [2], "option_persistent_ids": ["p2"]})
    assert vote == Vote("1", "5", vote.sender, 2)
    assert hears(poll_answer={"poll_id": "5", "user": USER, "option_ids": []}).choice is None
    behind = hears(poll_answer={"poll_id": "5", "voter_chat": GROUP, "option_ids": [0]})
    assert (behind.sender.account, behind.sender.name, behind.sender.role) == ("-5", "Hall", Role.MEMBER)


def test_people_who_press_in_a_group_wait_for_nobody_else_and_each_is_answered_in_order() -> None:
    def press(who: int, chat: dict[str, Any]) -> str:
        return lane({"callback_query": {"from": {"id": who}, "message": {"chat": chat}}})

    hall, alone = {"id": -5, "type": "supergroup"}, {"id": 7, "type": "private"}
    assert press(7, hall) != press(8, hall)
    assert press(7, hall) == press(7, hall) != press(7, hall | {"id": -6})
    assert press(7, alone) == lane({"message": {"chat": alone}}), "what is typed and pressed alone keeps its order"


def test_both_sides_of_a_move_are_the_same_move() -> None:
    old, new = {"id": -5, "type": "group"}, {"id": -1005, "type": "supergroup"}
    assert hears(message={"message_id": 1, "date": 1, "chat": old, "migrate_to_chat_id": -1005}) == Moved(-5, -1005)
    assert hears(message={"message_id": 1, "date": 1, "chat": new, "migrate_from_chat_id": -5}) == Moved(-5, -1005)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(known_kinds, plain_json, max_size=3))
def test_an_update_of_any_shape_is_read_or_refused_in_a_known_way(update: dict[str, Any]) -> None:
    lane(update)
    for reads in (topic_of, lambda told: arrivals(told, NOW)):
        try:
            reads({"update_id": 1, **update})
        except UNREADABLE:
            continue
    try:
        heard = hear({"update_id": 1, **update}, USERNAME)
    except UNREADABLE:
        return
    assert heard is None or isinstance(heard, Heard | Moved | Orphan | Vote)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["chat", "from", "text", "message_id", "sender_chat"]), plain_json)
def test_a_message_with_one_field_of_any_shape_is_read_or_refused(name: str, value: Any) -> None:
    for update in (
        {"message": {**TYPED, name: value}},
        {"callback_query": {**PRESSED, "message": {**TYPED, name: value}}},
    ):
        try:
            heard = hear({"update_id": 1, **update}, USERNAME)
        except UNREADABLE:
            continue
        if isinstance(heard, Heard):
            assert heard.where.setting in Setting
            assert int(heard.where.chat) == heard.chat


def test_updates_without_an_id_are_dropped_and_the_others_put_in_order() -> None:
    assert readable([{"update_id": 9}, {"update_id": "8"}, None, {"update_id": True}, {}, {"update_id": 3}]) == [
        {"update_id": 3}, {"update_id": 9}
    ]  # fmt: skip


MALFORMED: list[dict[str, Any]] = [
    {},
    {"message": None},
    {"message": 5},
    {"message": []},
    {"message": {}},
    {"message": {"chat": None}},
    {"message": {"chat": {"id": "x", "type": "private"}, "text": "/roadmap", "from": USER, "message_id": 1}},
    {"message": {**TYPED, "from": None}},
    {"message": {**TYPED, "from": 7}},
    {"message": {**TYPED, "text": {"a": 1}}},
    {"message": {**TYPED, "message_id": None}},
    {"callback_query": {}},
    {"callback_query": {"id": "q"}},
    {"callback_query": {**PRESSED, "from": None}},
    {"callback_query": {**PRESSED, "message": {"chat": {}}}},
    {"poll_answer": {}},
    {"poll_answer": {"poll_id": 5, "user": USER, "option_ids": "all"}},
    {"poll_answer": {"poll_id": 5, "user": USER, "option_ids": ["x"]}},
    {"channel_post": {"chat": {"id": -5, "type": "channel"}, "text": "/roadmap"}},
    {"of_the_year_2030": {"chat": PRIVATE}},
]


async def test_malformed_and_unknown_updates_are_got_over(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    for update in MALFORMED:
        await bot.handles(update)
    assert (await bot.says(ana, "/roadmap"))[0].text == "You said /roadmap"
    assert bot.engine.texts == ["/roadmap"]
