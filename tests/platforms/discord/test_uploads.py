"""Files sent into forms on Discord: fetched from Discord alone, within bounds and deadlines, refused kindly."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.kit.reply import Field, FieldKind, Form, reply
from bot.kit.request import Trigger
from bot.kit.uploads import MOST_BYTES, UploadError
from bot.platforms.discord import attachments
from bot.platforms.discord.incoming import Sent
from bot.platforms.discord.limits import DEFER_SECONDS
from tests.fakes.discord_payloads import UPLOAD, shown, walk
from tests.fakes.discord_people import DiscordPerson
from tests.fakes.discord_server import TOKEN
from tests.platforms.discord.conftest import DiscordWorld

FORM = Form(
    "Import",
    (
        Field("file", "File with questions", FieldKind.FILE, required=False, hint="as YAML"),
        Field("text", "Or their text", FieldKind.TEXT, required=False, longest=100_000, instead_of="file"),
    ),
    "a.import",
    "Send",
)
SENT = b"- id: q-1\r\n  stem: Gr\xc3\xb6\xc3\x9fer?\r\n"
TEXT = "- id: q-1\n  stem: Größer?\n"


async def asked(hall: DiscordWorld, form: Form = FORM) -> DiscordPerson:
    """Let somebody open a form; afterwards the engine says "Taken."."""
    hall.answers(reply(form=form))
    ana = hall.person()
    assert (await ana.slash("roadmap")).kinds == [9]
    hall.answers(reply("Taken."))
    return ana


def filled(hall: DiscordWorld) -> list[dict[str, str]]:
    """The forms the engine was sent."""
    return [dict(one.values) for one in hall.asked if one.trigger is Trigger.FORM]


async def test_a_form_with_a_file_offers_both_ways(hall: DiscordWorld) -> None:
    ana = await asked(hall)
    assert ana.modal is not None
    assert ana.modal.modal is not None
    assert "File with questions" in shown(ana.modal.modal)
    assert "as YAML" in shown(ana.modal.modal)
    (upload,) = (part for part in walk(ana.modal.modal["components"]) if part["type"] == UPLOAD)
    assert upload == {"type": 19, "custom_id": "file", "required": False}


async def test_a_file_arrives_as_its_text_and_discord_is_told_no_token(hall: DiscordWorld) -> None:
    ana = await asked(hall)
    one = await ana.fill(file=SENT)
    assert one.messages[0].text == "Taken."
    assert filled(hall) == [{"file": TEXT, "text": ""}]
    ((_number, headers),) = hall.server.files.fetched
    assert "Authorization" not in headers
    assert TOKEN not in str(headers)


async def test_a_pasted_text_needs_no_file(hall: DiscordWorld) -> None:
    ana = await asked(hall)
    await ana.fill(text="- id: q-1")
    assert filled(hall) == [{"file": "", "text": "- id: q-1"}]
    assert hall.server.files.fetched == []


async def test_a_file_that_has_to_be_sent_says_so(hall: DiscordWorld) -> None:
    form = Form("Import", (Field("file", "File", FieldKind.FILE),), "a.import", "Send")
    ana = await asked(hall, form)
    await ana.fill(file=SENT)
    assert filled(hall) == [{"file": TEXT}]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x" * (MOST_BYTES + 1), "larger than 256 KiB"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (b"\n\n", "is empty"),
    ],
)
async def test_what_cannot_be_taken_is_said_to_its_sender_alone(hall: DiscordWorld, data: bytes, said: str) -> None:
    ana = await asked(hall)
    (message,) = (await ana.fill(file=data)).messages
    assert said in message.text
    assert message.seen_by == ana.account
    assert filled(hall) == []


async def test_what_discord_says_is_too_large_is_not_even_asked_for(hall: DiscordWorld) -> None:
    ana = await asked(hall)
    one = await ana.fill({"size": 10 * 2**20}, file=SENT)
    assert "larger than 256 KiB" in one.messages[0].text
    assert hall.server.files.fetched == []


async def test_no_more_is_read_than_is_taken_whatever_discord_says(hall: DiscordWorld) -> None:
    ana = await asked(hall)
    one = await ana.fill({"size": 10}, file=b"x" * (19 * 2**20))
    assert "larger than 256 KiB" in one.messages[0].text
    assert hall.server.files.taken < 15 * 2**20  # some megabytes stay on the way, in buffers


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/questions.yaml",
        "https://example.org/questions.yaml",
        "http://cdn.discordapp.com/questions.yaml",
        "https://cdn.discordapp.com.example.org/questions.yaml",
        "https://cdn.discordapp.com:8443/questions.yaml",
        "https://cdn.discordapp.com@example.org/questions.yaml",
        "https://ana@cdn.discordapp.com/questions.yaml",
        "https://example.org#cdn.discordapp.com",
        "https://[cdn.discordapp.com/questions.yaml",
        "https://cdn.discordapp.com:port/questions.yaml",
        "file:///etc/hostname",
        "//cdn.discordapp.com/questions.yaml",
        "",
    ],
)
async def test_an_address_that_is_none_of_discords_is_never_asked_for(
    hall: DiscordWorld, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect() -> Any:
        raise AssertionError(f"{url} would have been asked for")

    monkeypatch.setattr(attachments, "new_session", connect)
    ana = await asked(hall)
    one = await ana.fill({"url": url}, file=SENT)
    assert "I could not fetch that file" in one.messages[0].text
    assert filled(hall) == []


async def test_without_a_server_of_ones_own_only_discord_keeps_files(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for: list[str] = []

    class Session:
        def get(self, address: object, **_more: object) -> object:
            asked_for.append(str(address))
            raise OSError("no network here")

    monkeypatch.setattr(attachments, "new_session", Session)
    files = attachments.Attachments("")
    for url in ("https://cdn.discordapp.com/a/b?hm=1", "https://media.discordapp.net/a", "http://127.0.0.1:80/api/a"):
        with pytest.raises(UploadError, match="could not fetch"):
            await files.read(Sent(url, 5))
    assert asked_for == ["https://cdn.discordapp.com/a/b?hm=1", "https://media.discordapp.net/a"]


async def test_a_file_that_is_gone_is_said_kindly(hall: DiscordWorld) -> None:
    ana = await asked(hall)
    address = f"http://{hall.server.address}/ephemeral-attachments/1/gone.yaml?hm=1"
    one = await ana.fill({"url": address}, file=SENT)
    assert "I could not fetch that file" in one.messages[0].text


async def test_nothing_leads_on_to_another_address(hall: DiscordWorld) -> None:
    ana = await asked(hall)
    there = hall.server.files.keep(SENT)["url"]
    hall.server.files.leads_to = there
    one = await ana.fill(file=b"x")
    assert "I could not fetch that file" in one.messages[0].text
    assert len(hall.server.files.fetched) == 1


async def test_a_file_that_takes_long_is_announced_first(hall: DiscordWorld) -> None:
    ana = await asked(hall)
    hall.server.files.gate = asyncio.Event()
    filling = asyncio.ensure_future(ana.fill(file=SENT))
    await hall.server.until(lambda: bool(hall.server.files.fetched))
    await hall.clock.passes(DEFER_SECONDS + 0.1)
    await hall.until(lambda: bool(list(hall.server.interactions.values())[-1].answers))
    hall.server.files.gate.set()
    one = await filling
    assert one.kinds == [5]
    assert one.messages[0].text == "Taken."
    assert filled(hall) == [{"file": TEXT, "text": ""}]


async def test_a_file_that_does_not_come_in_time_is_given_up(
    hall: DiscordWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "FILE_SECONDS", 0.3)
    ana = await asked(hall)
    hall.server.files.gate = asyncio.Event()
    one = await ana.fill(file=SENT)
    assert "I could not fetch that file" in one.messages[0].text
    hall.server.files.gate.set()
    assert filled(hall) == []


@pytest.mark.parametrize("resolved", [{}, {"attachments": {}}, {"attachments": {"1": {"id": "1"}}}, None])
async def test_a_file_that_discord_does_not_describe_is_met_kindly(hall: DiscordWorld, resolved: Any) -> None:
    ana = hall.person()
    parts = [{"type": 18, "component": {"type": 19, "custom_id": "file", "values": ["1"]}}]
    data = {"custom_id": "a.import", "components": parts, "resolved": resolved}
    one = await ana.settled(await ana.does(5, data))
    assert "I could not read that" in one.messages[0].text
