"""Who may talk to the web chat: host, origin, secret, sizes, headers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.kit.reply import Picture, reply
from bot.platforms.web import WebOptions, limits
from bot.platforms.web.guard import COOKIE, Doorkeeper, is_known_host, is_local_path, is_own_page
from tests.fakes.web_world import WebWorld, web_world

EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared, not bound
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("host", "bound", "known"),
    [
        ("127.0.0.1:8642", "127.0.0.1", True),
        ("localhost:9000", "127.0.0.1", True),
        ("LOCALHOST.", "127.0.0.1", True),
        ("[::1]:8642", "::1", True),
        ("roadmate.example:443", "127.0.0.1", True),
        ("evil.example", "127.0.0.1", False),
        ("127.0.0.1.evil.example", "127.0.0.1", False),
        ("192.168.1.7:8642", "127.0.0.1", False),
        ("192.168.1.7:8642", EVERYWHERE, True),
        ("evil.example", EVERYWHERE, False),
        ("", "127.0.0.1", False),
        ("", EVERYWHERE, False),
    ],
)
def test_only_known_hosts_are_answered(host: str, bound: str, known: bool) -> None:
    assert is_known_host(host, bound, ("roadmate.example",)) is known


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"Origin": "http://localhost:1"}, True),
        ({"Origin": "https://localhost:1", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://localhost:2"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://localhost:1", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
    ],
)
def test_only_the_own_page_may_change_anything(headers: dict[str, str], own: bool) -> None:
    assert is_own_page({"Host": "localhost:1"} | headers) is own


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\nb"])
def test_login_never_leads_elsewhere(path: str) -> None:
    assert not is_local_path(path)
    assert is_local_path("/room/roadmate/as/ana/")


async def test_a_foreign_host_name_is_refused_with_the_next_step(world: WebWorld) -> None:
    async with world.http.get(world.url, headers={"Host": "evil.example"}) as response:
        assert response.status == 403
        assert "Roadmate does not answer to this address" in await response.text()


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_a_foreign_page_cannot_make_anybody_say_anything(world: WebWorld, headers: dict[str, str]) -> None:
    ana = world.person("ana")
    async with world.http.post(ana.address + "say", data={"text": "/roadmap"}, headers=headers) as response:
        assert response.status == 403
        assert "nothing was done" in await response.text()
    assert world.engine.heard == []


async def test_every_answer_forbids_foreign_and_inline_code(world: WebWorld) -> None:
    for path in ("/room/roadmate/as/ana/", "/static/chat.js", "/nowhere", "/room/roadmate/as/ana/live"):
        async with world.http.get(world.url + path) as response:
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Referrer-Policy"] == "same-origin"
            assert "Server" not in response.headers


async def test_a_picture_is_sent_so_that_nothing_in_it_can_run(world: WebWorld) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
    world.engine.next(reply(picture=Picture(svg, 'A "bad" drawing', 10, 10)))
    ana = world.person("ana")
    await ana.says("/roadmap")
    image = ana.page.one("figure").one("img")
    assert image.attributes["alt"] == 'A "bad" drawing'
    assert not list(ana.page.all("figure")) or not list(ana.page.one("figure").all("script"))
    async with world.http.get(ana.address + image.attributes["src"]) as response:
        assert response.content_type == "image/svg+xml"
        policy = response.headers["Content-Security-Policy"]
        assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        assert await response.text() == svg


async def test_a_body_that_is_too_large_is_refused_in_a_sentence(world: WebWorld) -> None:
    ana = world.person("ana")
    await ana.posts("say", {"text": "x" * (limits.BODY_BYTES + 1)})
    assert ana.status == 413
    assert "At most 64 KiB" in ana.page.text


async def test_what_is_no_form_or_no_place_is_refused_kindly(world: WebWorld) -> None:
    ana = world.person("ana")
    headers = {"Origin": world.url}
    async with world.http.post(ana.address + "say", json={"text": "x"}, headers=headers) as response:
        assert response.status == 415
    raw = headers | {"Content-Type": "application/x-www-form-urlencoded"}
    async with world.http.post(ana.address + "say", data=b"text=\xff", headers=raw) as response:
        assert response.status == 400
    json = headers | {"Accept": "application/json"}
    async with world.http.post(world.url + "/room/x/as/y/say", data={}, headers=json) as response:
        assert response.status == 404
        assert (await response.json())["problem"].startswith("There is no such page")
    await world.person("zoe").looks()
    assert world.engine.heard == []


async def test_our_own_mistakes_become_a_kind_page_with_a_reference(
    world: WebWorld, caplog: pytest.LogCaptureFixture
) -> None:
    await world.database.close()
    ana = world.person("ana")
    await ana.looks()
    assert ana.status == 500
    reference = ana.page.one("main").text.partition("in the log as ")[2][:6]
    assert f"reference {reference}" in caplog.text


async def test_a_locked_chat_asks_for_the_secret_and_remembers_who_knew_it() -> None:
    async with web_world(WebOptions(port=0, secret="open sesame")) as world:
        ana = world.person("ana")
        await ana.looks()
        assert ana.page.one("h1").text == "Come in"
        assert ana.page.one("input", name="onward").attributes["value"] == "/room/roadmate/as/ana/"
        async with world.http.get(ana.address + "live", headers={"Accept": "text/event-stream"}) as response:
            assert response.status == 401
        await ana.posts("say", {"text": "/roadmap"})
        assert ana.status == 401
        headers = {"Origin": world.url}
        fields = {"secret": "wrong", "onward": "/room/roadmate/as/ana/"}
        async with world.http.post(world.url + "/login", data=fields, headers=headers) as response:
            assert response.status == 403
            assert "That is not the secret" in await response.text()
        fields["secret"] = "open sesame"
        async with world.http.post(
            world.url + "/login", data=fields, headers=headers, allow_redirects=False
        ) as response:
            cookie = response.cookies[COOKIE]
            assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
            assert "sesame" not in cookie.value
            assert response.headers["Location"] == "/room/roadmate/as/ana/"
        # aiohttp's own jar takes no cookies from bare addresses; a browser does
        world.http.headers["Cookie"] = f"{COOKIE}={cookie.value}"
        await ana.says("/roadmap")
        assert ana.cards == ["You said /roadmap"]
        world.clock.travel(timedelta(seconds=limits.SESSION_SECONDS))
        await ana.looks()
        assert ana.page.one("h1").text == "Come in"


async def test_login_leads_only_to_our_own_pages() -> None:
    async with web_world(WebOptions(port=0, secret="open sesame")) as world, aiohttp.ClientSession() as http:
        fields = {"secret": "open sesame", "onward": "//evil.example"}
        headers = {"Origin": world.url}
        async with http.post(world.url + "/login", data=fields, headers=headers, allow_redirects=False) as response:
            assert response.headers["Location"] == "/"


async def test_guessing_the_secret_is_slowed_down() -> None:
    async with web_world(WebOptions(port=0, secret="open sesame")) as world:
        headers, wrong = {"Origin": world.url}, {"secret": "guess"}
        for _count in range(limits.LOGIN_TRIES):
            async with world.http.post(world.url + "/login", data=wrong, headers=headers) as response:
                assert response.status == 403
        right = {"secret": "open sesame"}
        async with world.http.post(world.url + "/login", data=right, headers=headers) as response:
            assert response.status == 429
            assert 0 < int(response.headers["Retry-After"]) <= 60


def test_waiting_ends_after_a_minute_and_for_each_address_alone() -> None:
    keeper = Doorkeeper("open sesame")
    for second in range(limits.LOGIN_TRIES):
        keeper.was_wrong("10.0.0.1", float(second))
    assert keeper.must_wait("10.0.0.1", 30.0) == 31
    assert keeper.must_wait("10.0.0.2", 30.0) == 0
    assert keeper.must_wait("10.0.0.1", 60.0) == 0


@pytest.mark.parametrize("change", ["", "x", "1.2", "9999999999.", "9" * 30 + ".abc", "é.é"])
def test_a_made_up_cookie_opens_nothing(change: str) -> None:
    assert not Doorkeeper("open sesame").admits(change, NOW)


def test_a_cookie_is_bound_to_its_expiry_and_its_secret() -> None:
    keeper = Doorkeeper("open sesame")
    cookie = keeper.cookie(NOW)
    assert keeper.admits(cookie, NOW)
    expiry, _dot, signature = cookie.partition(".")
    assert not keeper.admits(f"{int(expiry) + 1}.{signature}", NOW)
    assert not Doorkeeper("another").admits(cookie, NOW)
    assert keeper.is_secret("open sesame")
    assert not keeper.is_secret("open")


def test_the_secret_never_prints() -> None:
    assert "sesame" not in repr(WebOptions(secret="open sesame"))
