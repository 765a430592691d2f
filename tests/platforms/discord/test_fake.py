"""The fake Discord shows what Discord shows, so that passing tests mean something; each of its checks can refuse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord_clock import PatientClock
from tests.fakes.discord_server import GUILD, TOKEN, FakeDiscord, fake_discord
from tests.fakes.discord_spec import operation, problems_of

QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}}
HELLO = {"content": "Hello", **QUIET}


@dataclass
class Rest:
    """Somebody who asks the server as a bot does."""

    server: FakeDiscord
    http: aiohttp.ClientSession

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {TOKEN}"}
        async with self.http.request(method, self.server.api + path, json=body, headers=headers) as response:
            return response.status, (await response.json() if response.content_type == "application/json" else None)

    async def code(self, method: str, path: str, body: Any = None) -> tuple[int, int]:
        status, said = await self.ask(method, path, body)
        return status, said["code"] if said and "code" in said else 0


@pytest.fixture
async def rest() -> AsyncIterator[Rest]:
    async with fake_discord(PatientClock()) as server, aiohttp.ClientSession() as http:
        yield Rest(server, http)


async def test_a_message_sent_again_with_its_nonce_is_the_first_one(rest: Rest) -> None:
    body = {**HELLO, "nonce": "digest-7", "enforce_nonce": True}
    _status, first = await rest.ask("POST", "/channels/6001/messages", body)
    _status, again = await rest.ask("POST", "/channels/6001/messages", body)
    assert first["id"] == again["id"]
    assert len(rest.server.channels.of("6001").messages) == 1
    _status, other = await rest.ask("POST", "/channels/6001/messages", {**body, "nonce": "digest-8"})
    _status, unforced = await rest.ask("POST", "/channels/6001/messages", {**HELLO, "nonce": "digest-7"})
    assert len({first["id"], other["id"], unforced["id"]}) == 3


async def test_a_nonce_is_forgotten_after_some_minutes_and_remembers_what_was_deleted(rest: Rest) -> None:
    body = {**HELLO, "nonce": "digest-7", "enforce_nonce": True}
    _status, first = await rest.ask("POST", "/channels/6001/messages", body)
    assert await rest.code("DELETE", f"/channels/6001/messages/{first['id']}") == (204, 0)
    assert await rest.code("POST", "/channels/6001/messages", body) == (404, 10008)
    rest.server.clock.travel(timedelta(minutes=6))
    _status, later = await rest.ask("POST", "/channels/6001/messages", body)
    assert later["id"] != first["id"]


async def test_messages_can_be_looked_for_by_their_nonce(rest: Rest) -> None:
    ids = []
    for number in range(5):
        _status, sent = await rest.ask("POST", "/channels/6001/messages", {**HELLO, "nonce": f"n{number}"})
        ids.append(sent["id"])
    _status, found = await rest.ask("GET", f"/channels/6001/messages?after={ids[1]}&limit=2")
    assert [(message["id"], message["nonce"]) for message in found] == [(ids[3], "n3"), (ids[2], "n2")]
    _status, latest = await rest.ask("GET", "/channels/6001/messages?limit=1")
    assert [message["id"] for message in latest] == [ids[4]]
    assert (await rest.ask("GET", f"/channels/6001/messages/{ids[0]}"))[1]["content"] == "Hello"


async def test_missing_rights_are_refused_by_their_codes(rest: Rest) -> None:
    channel = rest.server.channels.of("6001")
    channel.rights = 1 << 10
    assert await rest.code("POST", "/channels/6001/messages", HELLO) == (403, 50013)
    channel.rights = 1 << 11
    assert await rest.code("POST", "/channels/6001/messages", HELLO) == (403, 50001)
    channel.is_gone = True
    assert await rest.code("POST", "/channels/6001/messages", HELLO) == (404, 10003)
    assert await rest.code("POST", "/channels/123/messages", HELLO) == (404, 10003)


async def test_a_private_chat_that_is_refused_shows_only_when_something_is_said(rest: Rest) -> None:
    status, chat = await rest.ask("POST", "/users/@me/channels", {"recipient_id": "77"})
    assert status == 200
    assert await rest.code("POST", f"/channels/{chat['id']}/messages", HELLO) == (200, 0)
    rest.server.channels.of_person("77").refuses = True
    assert await rest.code("POST", f"/channels/{chat['id']}/messages", HELLO) == (403, 50007)


async def test_a_thread_goes_to_sleep_and_wakes_unless_it_is_locked(rest: Rest) -> None:
    status, thread = await rest.ask("POST", "/channels/6001/threads", {"name": "Week 3", "type": 11})
    assert (status, thread["type"], thread["parent_id"], thread["guild_id"]) == (201, 11, "6001", GUILD)
    await rest.ask("PATCH", f"/channels/{thread['id']}", {"archived": True})
    assert await rest.code("POST", f"/channels/{thread['id']}/messages", HELLO) == (200, 0)
    assert (await rest.ask("GET", f"/channels/{thread['id']}"))[1]["thread_metadata"]["archived"] is False
    await rest.ask("PATCH", f"/channels/{thread['id']}", {"locked": True})
    assert await rest.code("POST", f"/channels/{thread['id']}/messages", HELLO) == (400, 160005)


async def test_a_forum_takes_entries_with_a_first_message_and_nothing_else(rest: Rest) -> None:
    assert await rest.code("POST", "/channels/6002/messages", HELLO) == (400, 50008)
    assert await rest.code("POST", "/channels/6002/threads", {"name": "Q", "type": 11}) == (400, 50035)
    status, entry = await rest.ask("POST", "/channels/6002/threads", {"name": "Question 3", "message": HELLO})
    assert status == 201
    assert entry["message"]["id"] == entry["id"]
    assert await rest.code("POST", "/channels/6001/threads", {"name": "Q", "message": HELLO}) == (400, 50035)


async def test_a_message_has_one_thread(rest: Rest) -> None:
    _status, sent = await rest.ask("POST", "/channels/6001/messages", HELLO)
    path = f"/channels/6001/messages/{sent['id']}/threads"
    assert (await rest.ask("POST", path, {"name": "About it"}))[1]["id"] == sent["id"]
    assert await rest.code("POST", path, {"name": "About it"}) == (400, 160004)


async def test_old_messages_are_edited_a_few_times_an_hour(rest: Rest) -> None:
    _status, sent = await rest.ask("POST", "/channels/6001/messages", HELLO)
    path = f"/channels/6001/messages/{sent['id']}"
    rest.server.clock.travel(timedelta(hours=2))
    codes = [(await rest.code("PATCH", path, HELLO))[1] for _edit in range(4)]
    assert codes == [0, 0, 0, 30046]
    assert await rest.code("PATCH", "/channels/6001/messages/1", HELLO) == (404, 10008)


async def test_limits_say_what_is_left_and_how_long_to_wait(rest: Rest) -> None:
    rest.server.pace("POST /channels/{channel_id}/messages", 2, 5.0)
    assert [(await rest.ask("POST", "/channels/6001/messages", HELLO))[0] for _time in range(2)] == [200, 200]
    rest.server.clock.travel(timedelta(seconds=1.75))
    status, said = await rest.ask("POST", "/channels/6001/messages", HELLO)
    assert (status, said["retry_after"], said["global"]) == (429, 3.25, False)
    assert (await rest.ask("POST", "/channels/6003/messages", HELLO))[0] == 200  # another channel has its own
    rest.server.clock.travel(timedelta(seconds=3.25))
    assert (await rest.ask("POST", "/channels/6001/messages", HELLO))[0] == 200


async def test_the_limit_for_the_whole_bot_spares_interactions(rest: Rest) -> None:
    rest.server.pace("*", 1, 1.0, scope="global")
    assert (await rest.ask("GET", "/users/@me"))[0] == 200
    status, said = await rest.ask("GET", "/users/@me")
    assert (status, said["global"]) == (429, True)
    assert await rest.code("POST", "/interactions/1/token/callback", {"type": 6}) == (404, 10062)


async def test_too_many_refusals_are_banned_but_not_for_shared_limits(rest: Rest) -> None:
    rest.server.ban.after = 2
    rest.server.limit("/users/@me", 1.0, scope="shared", times=5)
    assert [(await rest.ask("GET", "/users/@me"))[0] for _time in range(6)] == [429] * 5 + [200]
    rest.server.limit("/users/@me", 1.0, times=2)
    assert [(await rest.ask("GET", "/users/@me"))[0] for _time in range(3)] == [429] * 3
    assert (await rest.ask("GET", "/users/@me"))[1] is None
    rest.server.clock.travel(timedelta(minutes=11))
    assert (await rest.ask("GET", "/users/@me"))[0] == 200


async def test_what_was_stored_may_be_answered_with_an_error(rest: Rest) -> None:
    rest.server.fail("/messages", 502, after=True)
    assert (await rest.ask("POST", "/channels/6001/messages", HELLO))[0] == 502
    rest.server.cut("/messages", after=True)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await rest.ask("POST", "/channels/6001/messages", HELLO)
    rest.server.cut("/messages")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await rest.ask("POST", "/channels/6001/messages", HELLO)
    assert len(rest.server.channels.of("6001").messages) == 2


async def test_too_much_on_one_card_is_refused(rest: Rest) -> None:
    def card(*parts: dict[str, Any]) -> dict[str, Any]:
        return {"flags": 1 << 15, "components": list(parts), **QUIET}

    text = {"type": 10, "content": "x"}
    path = "/channels/6001/messages"
    assert await rest.code("POST", path, card(*[text] * 40)) == (200, 0)
    assert await rest.code("POST", path, card(*[text] * 39, {"type": 17, "components": [text]})) == (400, 50035)
    assert await rest.code(
        "POST", path, card({"type": 10, "content": "x" * 2001}, {"type": 10, "content": "x" * 2000})
    ) == (400, 50035)
    assert await rest.code("POST", path, card(text) | {"content": "x"}) == (400, 50035)
    assert await rest.code("POST", path, card()) == (400, 50035)


WRONG: list[tuple[str, str, Any, str]] = [
    ("POST", "/channels/6001/messages", {"content": "Hello"}, "could be pinged"),
    ("POST", "/channels/6001/messages", {"content": "Hello", "allowed_mentions": {"parse": ["everyone"]}}, "could be pinged"),
    ("POST", "/channels/6001/messages", {**HELLO, "colour": 1}, ".colour: unknown"),
    ("POST", "/channels/6001/messages", {**HELLO, "nonce": "x" * 26}, "26 characters"),
    ("POST", "/channels/6001/messages", {**HELLO, "flags": "4"}, "no number"),
    ("POST", "/channels/6001/messages", {**HELLO, "content": "😀" * 1001}, "2002 characters"),
    ("POST", "/channels/6001/messages?limit=3", HELLO, "unknown parameter limit"),
    ("POST", "/channels/general/messages", HELLO, "no such address"),
    ("GET", "/users/me", None, "no such address"),
    ("DELETE", "/channels/6001/messages/1", {}, "takes no body"),
    ("POST", "/interactions/1/token/callback", {"type": 3}, "no place here"),
    ("POST", "/interactions/1/token/callback", {"type": 4, "data": {"embeds": [{}]}}, ".embeds: unknown"),
    ("POST", "/interactions/1/token/callback", {"type": 9, "data": {"custom_id": "x", "title": "x" * 46, "components": []}}, "46 characters"),
    ("POST", "/interactions/1/token/callback", {"type": 4, "data": {"components": [{"type": 1, "components": [{"type": 2}]}]}}, ".style: missing"),
    ("POST", "/interactions/1/token/callback", {"type": 4, "data": {"components": [{"type": 9}]}}, "type 9 has no place"),
    ("PUT", "/applications/1/commands", [{"name": "x" * 33}], "33 characters"),
    ("PUT", "/applications/1/commands", [{"name": "x", "options": [{"type": 3, "name": "a"}]}], ".description: missing"),
    ("PUT", "/applications/1/commands", {"name": "x"}, "no list"),
    ("POST", "/channels/6001/threads", {"name": "x" * 101, "type": 11}, "101 characters"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "words"), WRONG)
def test_what_discord_does_not_describe_is_noticed(method: str, path: str, body: Any, words: str) -> None:
    address, _mark, query = path.partition("?")
    given = dict(pair.split("=") for pair in query.split("&")) if query else {}
    assert any(words in problem for problem in problems_of(method, address, given, body))


def test_the_original_answer_is_not_taken_for_an_id() -> None:
    found = operation("PATCH", "/webhooks/1/token/messages/@original")
    assert found is not None
    assert found[0] == "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"


async def test_a_bot_that_asks_wrongly_fails_its_test() -> None:
    with pytest.raises(AssertionError):
        async with fake_discord(PatientClock()) as server, aiohttp.ClientSession() as http:
            await Rest(server, http).ask("POST", "/channels/6001/messages", {"content": "@everyone"})
