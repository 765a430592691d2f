"""What Discord tells becomes what the engine asks; nothing Discord may add or leave out breaks it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kit.command import Command, Param
from bot.kit.reply import Reply
from bot.kit.request import Role, Setting, Trigger
from bot.platforms.discord.incoming import Asked, Kind, Server, UnreadableError, read

AT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


async def _nothing(**_values: str) -> Reply:
    return Reply()


COMMANDS = {
    "define": Command("define", "Explain", _nothing, (Param("term", "The term", longest=20),), needs=Role.STRANGER)
}
USER = {"id": "77", "username": "ana_m", "global_name": "Ana"}


def interaction(kind: int, data: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An interaction from a server, with anything changed."""
    member = {"user": USER, "nick": None, "permissions": "0"}
    raw = {
        "id": "1", "type": kind, "token": "t", "application_id": "2", "data": data, "guild_id": "3", "channel_id": "4",
        "member": member, "locale": "de", "something_new": {"x": 1},
    }  # fmt: skip
    return {name: value for name, value in (raw | more).items() if value is not ...}


def heard(raw: dict[str, Any], server: Server | None = None) -> Asked:
    return read(raw, AT, server or Server("Hall", "99"), COMMANDS)


def test_a_command_keeps_its_options() -> None:
    options = [{"name": "what", "type": 3, "value": "knn"}, {"name": "count", "type": 4, "value": 3}]
    asked = heard(interaction(2, {"name": "roadmap", "type": 1, "options": options}))
    incoming = asked.incoming
    assert incoming is not None
    assert (incoming.platform, incoming.event, incoming.at) == ("discord", "1", AT)
    assert (incoming.trigger, incoming.text) == (Trigger.COMMAND, "/roadmap")
    assert incoming.values == {"what": "knn", "count": "3"}
    assert incoming.sender.language == "de"
    assert (asked.alone, asked.on_message, asked.only_them) == (False, False, False)


def test_the_name_is_the_one_people_see() -> None:
    for nick, shown, expected in (("Boss", "Ana", "Boss"), (None, "Ana", "Ana"), (None, None, "ana_m")):
        member = {"user": {**USER, "global_name": shown}, "nick": nick, "permissions": "0"}
        incoming = heard(interaction(2, {"name": "next"}, member=member)).incoming
        assert incoming is not None
        assert incoming.sender.name == expected


@pytest.mark.parametrize(
    ("account", "permissions", "role"),
    [
        ("99", "0", Role.OWNER),
        ("77", "32", Role.MODERATOR),
        ("77", "8", Role.MODERATOR),
        ("77", "2147483647", Role.MODERATOR),
        ("77", "16", Role.MEMBER),
        ("77", None, Role.MEMBER),
    ],
)
def test_roles_come_from_the_interaction_itself(account: str, permissions: str | None, role: Role) -> None:
    member = {"user": {**USER, "id": account}, "permissions": permissions}
    incoming = heard(interaction(2, {"name": "next"}, member=member)).incoming
    assert incoming is not None
    assert incoming.sender.role is role


def test_a_server_of_unknown_owner_gives_nobody_his_rights() -> None:
    member = {"user": {**USER, "id": ""}, "permissions": "0"}
    incoming = heard(interaction(2, {"name": "next"}, member=member), Server()).incoming
    assert incoming is not None
    assert incoming.sender.role is not Role.MODERATOR


def test_a_private_chat_belongs_to_no_server() -> None:
    asked = heard(interaction(2, {"name": "next"}, guild_id=..., member=..., user=USER, channel_id="8"))
    assert asked.alone
    assert asked.incoming is not None
    assert asked.incoming.where.setting is Setting.PRIVATE
    assert (asked.incoming.where.chat, asked.incoming.where.thread) == ("8", "")


@pytest.mark.parametrize(("flags", "public"), [(0, True), (64, False), (1 << 15, True), (64 | 1 << 15, False)])
def test_a_press_knows_who_sees_its_message(flags: int, public: bool) -> None:
    asked = heard(interaction(3, {"custom_id": "a.b:1#2", "component_type": 2}, message={"id": "5", "flags": flags}))
    assert asked.incoming is not None
    assert (asked.incoming.text, asked.incoming.on_public, asked.on_message) == ("a.b:1", public, True)
    assert asked.on_plain is not bool(flags >> 15)


def test_a_choice_says_more_than_its_menu() -> None:
    data = {"custom_id": "discord.menu", "component_type": 3, "values": ["a.c:7"]}
    asked = heard(interaction(3, data, message={"id": "5"}))
    assert asked.incoming is not None
    assert asked.incoming.text == "a.c:7"


def test_fields_of_a_form_are_found_however_they_are_wrapped() -> None:
    components = [
        {"type": 18, "component": {"type": 4, "custom_id": "a", "value": "one"}},
        {"type": 18, "component": {"type": 3, "custom_id": "b", "values": ["two"]}},
        {"type": 18, "component": {"type": 3, "custom_id": "c", "values": []}},
        {"type": 1, "components": [{"type": 4, "custom_id": "d", "value": "four"}]},
        {"type": 10, "id": 1},
    ]
    asked = heard(interaction(5, {"custom_id": "a.b", "components": components}))
    assert asked.incoming is not None
    assert (asked.incoming.trigger, asked.incoming.text) == (Trigger.FORM, "a.b")
    assert asked.incoming.values == {"a": "one", "b": "two", "c": "", "d": "four"}


def test_what_is_being_typed_is_told_apart() -> None:
    options = [{"name": "x", "value": "y"}, {"name": "what", "value": "kn", "focused": True}]
    asked = heard(interaction(4, {"name": "roadmap", "options": options}))
    assert (asked.kind, asked.command, asked.option, asked.text) == (Kind.COMPLETE, "roadmap", "what", "kn")
    assert asked.incoming is None


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ("**Overfitting**", {"term": "Overfitting"}),
        ("> what is\n a  kernel?", {"term": "what is a kernel?"}),
        ("one two three four five six", {"term": "one two three four"}),
        ("x" * 50, {"term": "x" * 20}),
        ("", {}),
        (None, {}),
    ],
)
def test_the_words_of_a_message_are_what_is_explained(content: str | None, values: dict[str, str]) -> None:
    data = {
        "name": "Explain this term",
        "type": 3,
        "target_id": "5",
        "resolved": {"messages": {"5": {"content": content}}},
    }
    asked = heard(interaction(2, data))
    assert asked.incoming is not None
    assert (asked.incoming.text, asked.incoming.values, asked.only_them) == ("/define", values, True)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([2, 3, 4, 5]), st.dictionaries(st.sampled_from(
    ["id", "type", "token", "application_id", "data", "guild_id", "channel_id", "member", "locale", "message", "user"]
), anything))  # fmt: skip
def test_whatever_arrives_is_read_or_refused_in_words(kind: int, changes: dict[str, Any]) -> None:
    try:
        asked = heard(interaction(kind, {"name": "roadmap", "custom_id": "a.b", "components": []}) | changes)
    except UnreadableError:
        return
    assert asked.id is not None
