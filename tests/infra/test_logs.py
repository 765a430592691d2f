from __future__ import annotations

import asyncio
import base64
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.infra.logs import set_up
from bot.infra.secrets_hidden import HIDDEN, Redactor
from bot.kit.noted import noted, what_is_noted
from tests.fakes import canary

log = logging.getLogger("roadmate.test")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Put everything back that setting up changes for the whole process."""
    root = logging.getLogger()
    kept = root.handlers[:], root.level, sys.excepthook, threading.excepthook, sys.unraisablehook
    levels = {
        name: logging.getLogger(name).level
        for name in ("aiohttp.access", "apscheduler", "asyncio", "aiosqlite", "httpx", "httpcore")
    }
    with warnings.catch_warnings():
        yield
    logging.captureWarnings(capture=False)
    root.handlers[:], _level, sys.excepthook, threading.excepthook, sys.unraisablehook = kept
    root.setLevel(kept[1])
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def out() -> io.StringIO:
    stream = io.StringIO()
    set_up(canary.ALL, stream=stream)
    return stream


def line(out: io.StringIO) -> str:
    lines = out.getvalue().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def fail(words: str) -> None:
    raise ValueError(words)


class TestLines:
    def test_a_record_is_one_line_with_time_level_logger_message_and_fields(self, out: io.StringIO) -> None:
        with noted(platform="telegram", event=77):
            log.warning("the answer failed", extra={"reference": "K7QZ2M"})
        moment, rest = line(out)[:20], line(out)[20:]
        assert moment.endswith("Z")
        assert rest == " WARNING roadmate.test: the answer failed platform=telegram event=77 reference=K7QZ2M"

    def test_an_error_stays_in_its_line_with_its_trace(self, out: io.StringIO) -> None:
        try:
            fail("two\nlines")
        except ValueError:
            log.exception("it broke")
        trace = json.loads(line(out).partition(" trace=")[2])
        assert trace.startswith("Traceback")
        assert trace.endswith("ValueError: two\nlines")

    def test_in_a_terminal_the_trace_follows_on_lines_of_its_own(self) -> None:
        out = Terminal()
        set_up((), stream=out)
        try:
            fail("so it goes")
        except ValueError:
            log.exception("it broke")
        first, *others = out.getvalue().splitlines()
        assert first.endswith("it broke")
        assert all(other.startswith("    ") for other in others)
        assert others[-1].strip() == "ValueError: so it goes"

    @pytest.mark.parametrize("sign", ["\n", "\r", "\x1b[2J", "\x85", "\u2028", "\x00", "\x9b"])
    def test_nobodys_words_begin_a_line_or_steer_a_terminal(self, out: io.StringIO, sign: str) -> None:
        with noted(chat=f"a{sign}b"):
            log.info("said %s", f"x{sign}2026-11-21 00:00:00Z CRITICAL roadmate: forged")
        assert sign[0] not in line(out)

    def test_a_value_with_spaces_or_quotes_can_be_read_back(self, out: io.StringIO) -> None:
        log.info("x", extra={"job": 'a "b" = c'})
        assert json.loads(line(out).partition(" job=")[2]) == 'a "b" = c'

    def test_quiet_shows_errors_only(self) -> None:
        out = io.StringIO()
        set_up((), quiet=True, stream=out)
        log.warning("not this")
        log.error("but this")
        assert line(out).endswith("but this")


class TestNoting:
    async def test_fields_follow_the_task_and_not_others(self) -> None:
        seen: dict[str, str] = {}

        async def work(name: str) -> None:
            with noted(event=name):
                await asyncio.sleep(0)
                seen[name] = what_is_noted()["event"]

        await asyncio.gather(work("a"), work("b"))
        assert seen == {"a": "a", "b": "b"}
        assert not what_is_noted()

    def test_inner_fields_hide_outer_ones_until_they_end(self) -> None:
        with noted(event=1, platform="web"):
            with noted(event=2):
                assert what_is_noted() == {"event": "2", "platform": "web"}
            assert what_is_noted()["event"] == "1"


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda it: it,
    "in an address": lambda it: f"https://h/bot{quote(it)}/getMe?x={quote(it, safe='')}",
    "in a form": lambda it: f"token={quote_plus(it)}&y=1",
    "in json": lambda it: json.dumps({"token": it}),
    "in python": lambda it: repr({"token": it}),
    "in bytes": lambda it: repr(it.encode()),
    "in a header": lambda it: "Basic " + base64.b64encode(f"bot:{it}".encode()).decode(),
    "in safe base64": lambda it: base64.urlsafe_b64encode(f"xy{it}z".encode()).decode(),
    "in base64 alone": lambda it: base64.b64encode(it.encode()).decode(),
    "in hex": lambda it: it.encode().hex(),
    "twice": lambda it: f"{it} and {it}",
}


class TestSecrets:
    @pytest.mark.parametrize("way", WAYS)
    @pytest.mark.parametrize("secret", canary.ALL)
    def test_no_way_of_writing_a_secret_gets_through(self, out: io.StringIO, way: str, secret: str) -> None:
        text = WAYS[way](secret)
        assert canary.leaks(text), "the helper must see what it is looking for"
        log.info("sent %s", text)
        assert canary.leaks(out.getvalue()) == []
        assert HIDDEN in out.getvalue()

    @pytest.mark.parametrize("secret", canary.ALL)
    def test_not_in_arguments_fields_causes_or_traces(self, out: io.StringIO, secret: str) -> None:
        with noted(chat=secret):
            try:
                try:
                    fail(f"no connection to https://api/bot{secret}/getMe")
                except ValueError as error:
                    error.add_note(f"seen with {secret!r}")
                    raise ConnectionError({"url": secret}) from error
            except ConnectionError:
                log.exception("call %r failed", {"token": secret}, extra={"reference": secret}, stack_info=True)
        assert canary.leaks(out.getvalue()) == []

    @pytest.mark.parametrize("secret", [canary.TELEGRAM, canary.DISCORD])
    @pytest.mark.parametrize("length", [28, 32, 36, 40])
    def test_what_was_cut_off_is_hidden_as_far_as_it_goes(self, out: io.StringIO, secret: str, length: int) -> None:
        log.info("%s", f"https://h/bot{secret[:length]}")
        assert canary.leaks(out.getvalue()) == []

    @pytest.mark.parametrize(
        "text",
        [
            "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0", "https://h/bot123456789%3AAAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0/x",
            "MTA4NTk2NzYxNjQ1MTM2ODk2.GabcdE.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab",
            "postgresql://ana:geheim@db/road", "https://discord.com/api/v10/webhooks/123456789012345678/" + "aW50ZXJhY3Rpb246" * 5,
        ],
    )  # fmt: skip
    def test_what_looks_like_a_secret_is_hidden_even_if_nobody_set_it(self, text: str) -> None:
        shown = Redactor(())(f"before {text} after")
        assert HIDDEN in shown
        assert shown.startswith("before ")
        assert shown.endswith(" after")
        for part in ("AAHdqTcv", "aBcDeFg", "geheim", "aW50ZXJh"):
            assert part not in shown

    def test_the_rest_of_a_line_stays_readable(self) -> None:
        shown = Redactor((canary.TELEGRAM,))(
            f"POST https://api.telegram.org/bot{canary.TELEGRAM}/sendMessage failed: 502"
        )
        assert shown == f"POST https://api.telegram.org/bot{HIDDEN}/sendMessage failed: 502"

    @pytest.mark.parametrize(
        "text",
        [
            "Roadmate is ready on Telegram. Open http://127.0.0.1:8642 in your browser.", "at 12345:67 of 2026-11-21T06:58:00",
            "engine/0002_plans.sql a3f5c0de97b1a3f5c0de97b1a3f5c0de97b1", "user@example.org", "https://h/a:b/c@d",
        ],
    )  # fmt: skip
    def test_ordinary_lines_are_left_as_they_are(self, text: str) -> None:
        assert Redactor(canary.ALL)(text) == text

    @given(some.text(min_size=8, max_size=60), some.text(max_size=20), some.text(max_size=20))
    def test_whatever_the_secret_it_never_shows(self, secret: str, before: str, after: str) -> None:
        shown = Redactor((secret,))(f"{before}|{secret}|{quote(secret)}|{json.dumps(secret)}|{after}")
        assert secret not in shown.replace(HIDDEN, "") or secret in f"{before}|" or secret in f"|{after}"

    def test_short_words_are_no_secrets(self) -> None:
        assert Redactor(("", "a", "abc"))("an abc of a") == "an abc of a"

    def test_a_long_line_is_read_quickly(self) -> None:
        redact = Redactor(canary.ALL)
        for text in ("a" * 300_000, "1" * 300_000, "://" * 100_000, "a.b." * 100_000, canary.TELEGRAM[:15] * 20_000):
            redact(text)


class TestStrays:
    def test_errors_nobody_caught_warnings_and_threads_lose_their_secrets_too(self, out: io.StringIO) -> None:
        try:
            fail(canary.TELEGRAM)
        except ValueError as error:
            sys.excepthook(type(error), error, error.__traceback__)
        thread = threading.Thread(target=fail, args=(canary.DISCORD,))
        thread.start()
        thread.join()
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(capture=True)
            warnings.warn(canary.WEB, stacklevel=1)
        text = out.getvalue()
        assert len(text.splitlines()) == 3
        assert text.count("ended by a mistake of ours") == 2
        assert canary.leaks(text) == []
