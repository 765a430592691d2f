"""Files sent into forms in the browser: with and without a script, read within bounds, refused kindly."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest

from bot.kit.reply import Field, FieldKind, Form, reply
from bot.kit.request import Trigger
from bot.kit.uploads import MOST_BYTES
from bot.platforms.web import uploads
from bot.platforms.web.limits import BODY_BYTES, PARTS
from tests.fakes.web_page import parse
from tests.fakes.web_world import Visitor, WebWorld, filled_in

FORM = Form(
    "Import",
    (
        Field("file", "File with questions", FieldKind.FILE, required=False, hint="as YAML"),
        Field("text", "Or their text", FieldKind.TEXT, required=False, longest=100_000, instead_of="file"),
    ),
    "a.import",
    "Send",
)
ALONE = Form("Import", (Field("file", "File", FieldKind.FILE), Field("note", "Why?", required=False)), "a.b", "Send")
SENT = b"- id: q-1\r\n  stem: Gr\xc3\xb6\xc3\x9fer?\r\n"
TEXT = "- id: q-1\n  stem: Größer?\n"


async def asked(world: WebWorld, form: Form = FORM) -> Visitor:
    """Let somebody open a form."""
    world.engine.next(reply(form=form))
    ana = world.person("ana")
    await ana.says("/import")
    return ana


def filled(world: WebWorld) -> list[dict[str, str]]:
    """The forms the engine was sent."""
    return [dict(one.values) for one in world.engine.heard if one.trigger is Trigger.FORM]


def problem(ana: Visitor) -> str:
    """What is said at a field of the form on the page."""
    assert ana.status == HTTPStatus.UNPROCESSABLE_ENTITY
    return ana.page.one("p", "problem").text


async def test_a_form_with_a_file_can_send_one_without_any_script(world: WebWorld) -> None:
    ana = await asked(world)
    form = ana.page.one("form", "ask")
    assert form.attributes["enctype"] == "multipart/form-data"
    chooser = form.one("input", type="file")
    assert chooser.attributes["accept"] == ".yaml,.yml,text/*"
    assert form.one("label", **{"for": chooser.attributes["id"]}).text == "File with questions"
    assert "optional" not in form.text  # one of the two is needed
    await ana.fills(file=SENT)
    assert ana.status == HTTPStatus.OK
    assert filled(world) == [{"file": TEXT, "text": ""}]
    assert "You said a.import" in ana.cards[-1]


async def test_a_form_without_a_file_is_sent_as_ever(world: WebWorld) -> None:
    ana = await asked(world, Form("Ask", (Field("note", "Why?"),), "a.b", "Send"))
    assert "enctype" not in ana.page.one("form", "ask").attributes
    await ana.fills(note="because")
    assert filled(world) == [{"note": "because"}]


async def test_a_pasted_text_needs_no_file(world: WebWorld) -> None:
    ana = await asked(world)
    await ana.fills(text="- id: q-1\r\n  stem: x")
    assert filled(world) == [{"file": "", "text": "- id: q-1\n  stem: x"}]


async def test_a_page_of_before_that_sends_no_files_still_works(world: WebWorld) -> None:
    ana = await asked(world)
    await ana.posts("form", ana.page.one("form", "ask").fields() | {"f.file": "[object File]", "f.text": "a: 1"})
    assert filled(world) == [{"file": "", "text": "a: 1"}]


async def test_a_script_sends_a_file_and_gets_a_piece_back(world: WebWorld) -> None:
    ana = await asked(world)
    headers = {"Origin": world.url, "Accept": "application/json"}
    for data, said in ((b"\x89PNG\r\n\x1a\n", "not a text file"), (b"x" * 5_000_000, "larger than 256 KiB")):
        body = filled_in(ana.page.one("form", "ask"), {"file": data, "text": "kept"})
        async with world.http.post(ana.address + "form", data=body, headers=headers) as response:
            told = await response.json()
        assert said in parse(told["form"]).one("p", "problem").text
        assert parse(told["form"]).one("form", "ask").fields()["f.text"] == "kept"
    assert filled(world) == []
    body = filled_in(ana.page.one("form", "ask"), {"file": SENT})
    async with world.http.post(ana.address + "form", data=body, headers=headers) as response:
        assert "form" not in await response.json()
    assert filled(world) == [{"file": TEXT, "text": ""}]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x" * (MOST_BYTES + 1), "larger than 256 KiB"),
        (b"x" * 5_000_000, "larger than 256 KiB"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (b"", "is empty"),
    ],
)
async def test_what_cannot_be_taken_is_said_at_its_field(world: WebWorld, data: bytes, said: str) -> None:
    ana = await asked(world)
    await ana.fills(file=data, text="what was pasted")
    assert said in problem(ana)
    assert ana.page.one("form", "ask").fields()["f.text"] == "what was pasted"
    assert filled(world) == []
    await ana.fills(file=b"x" * MOST_BYTES)
    assert [len(values["file"]) for values in filled(world)] == [MOST_BYTES]


async def test_a_file_that_has_to_be_sent_is_asked_for(world: WebWorld) -> None:
    ana = await asked(world, ALONE)
    form = ana.page.one("form", "ask")
    assert "required" in form.one("input", type="file").attributes
    await ana.posts("form", form.fields())  # a browser would not, but nobody has to use one
    assert "choose a text file" in problem(ana)
    await ana.fills(file=SENT, note="because")
    assert filled(world) == [{"file": TEXT, "note": "because"}]


async def test_a_file_from_another_page_is_refused(world: WebWorld) -> None:
    ana = await asked(world)
    body = filled_in(ana.page.one("form", "ask"), {"file": SENT})
    headers = {"Origin": "https://example.org"}
    async with world.http.post(ana.address + "form", data=body, headers=headers) as response:
        assert response.status == HTTPStatus.FORBIDDEN
    assert filled(world) == []


async def test_a_file_is_taken_by_forms_alone(world: WebWorld) -> None:
    ana = await asked(world)
    body = filled_in(ana.page.one("form", "ask"), {"file": SENT})
    async with world.http.post(ana.address + "say", data=body, headers={"Origin": world.url}) as response:
        assert response.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE


async def test_as_much_text_is_taken_with_a_file_as_without(world: WebWorld) -> None:
    ana = await asked(world)
    body = filled_in(ana.page.one("form", "ask"), {"file": SENT, "text": "x" * (BODY_BYTES + 1)})
    await ana.posts("form", body)
    assert ana.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "At most 64 KiB fit" in ana.page.text
    assert filled(world) == []


async def test_an_upload_without_end_is_not_read_to_its_end(world: WebWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "UPLOAD_BYTES", 1 << 20)
    ana = await asked(world)
    await ana.fills(file=b"x" * 5_000_000, text="behind the file")
    assert "larger than 256 KiB" in problem(ana)
    assert ana.page.one("form", "ask").fields()["f.text"] == ""  # nobody looked behind it


async def test_an_upload_that_does_not_come_is_given_up(world: WebWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "UPLOAD_SECONDS", 0.2)
    ana = await asked(world)
    never = asyncio.Event()

    async def begun() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="f.file"; filename="a.yaml"\r\n\r\nbegun'
        await never.wait()

    headers = {"Origin": world.url, "Content-Type": "multipart/form-data; boundary=x"}
    async with world.http.post(ana.address + "form", data=begun(), headers=headers) as response:
        assert response.status == HTTPStatus.REQUEST_TIMEOUT
        assert "try again" in await response.text()
    assert filled(world) == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"nothing"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"nothing"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="f.file"; filename="a"\r\n\r\nhalf'),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nheadless\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"A: " + b"b" * 20_000 + b"\r\n\r\nx\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x",
         b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nx\r\n--y--\r\n--x--\r\n"),
        ("multipart/form-data; boundary=" + "x" * 100, b"--" + b"x" * 100 + b"--\r\n"),
        ("multipart/form-data; boundary=x",
         b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * (PARTS + 1) + b"--x--\r\n"),
    ],
    ids=["no boundary", "empty", "no part", "half", "no name", "no head", "long head", "nested", "long boundary", "many"],
)  # fmt: skip
async def test_what_is_no_form_is_answered_with_a_page(
    world: WebWorld, kind: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    ana = await asked(world)
    headers = {"Origin": world.url, "Content-Type": kind}
    async with world.http.post(ana.address + "form", data=io.BytesIO(body), headers=headers) as response:
        assert response.status in (HTTPStatus.OK, HTTPStatus.BAD_REQUEST)
        assert "<h1" in await response.text()
    assert filled(world) == []
    assert not [record for record in caplog.records if record.exc_info]


async def test_two_sendings_of_one_form_are_one(world: WebWorld) -> None:
    ana = await asked(world)
    form = ana.page.one("form", "ask")
    await ana.posts("form", filled_in(form, {"file": SENT}))
    await ana.posts("form", filled_in(form, {"file": SENT}))
    assert len(filled(world)) == 1


async def test_a_file_comes_from_a_real_form_body(world: WebWorld) -> None:
    """As Firefox writes it, byte for byte, with a name that is no ASCII."""
    ana = await asked(world)
    hidden = ana.page.one("form", "ask").fields()
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in hidden.items()]
    parts.append('Content-Disposition: form-data; name="f.file"; filename="Fragen für heute.yaml"\r\n'
                 "Content-Type: application/yaml\r\n\r\n" + SENT.decode())  # fmt: skip
    body = "".join(f"------geckoform1\r\n{part}\r\n" for part in parts) + "------geckoform1--\r\n"
    headers = {"Origin": world.url, "Content-Type": "multipart/form-data; boundary=----geckoform1"}
    async with world.http.post(ana.address + "form", data=body.encode(), headers=headers) as response:
        assert response.status == HTTPStatus.OK
    assert filled(world) == [{"file": TEXT, "text": ""}]
