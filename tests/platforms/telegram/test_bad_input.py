"""Whatever is sent instead of what the bot offered gets a kind answer and changes nothing wrongly."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.kit.action import BadActionDataError
from bot.kit.database import Transaction
from bot.platforms.telegram import forms
from bot.platforms.telegram.limits import BUTTON_DATA_BYTES
from tests.fakes.databases import rows_of
from tests.fakes.telegram_bot import TelegramBot, whole_bot
from tests.fakes.telegram_chats import Chat, Json, Message, Person

CARDS = (
    "/roadmap", "/roadmap 2", "/roadmap 1.2", "/roadmap linear algebra", "/next", "/progress", "/search regression",
    "/define overfitting", "/help", "/start",
)  # fmt: skip
ODD = (
    "",
    " ",
    "\x00",
    "'; DROP TABLE roadmap_status; --",
    "\u202e",
    "😀",
    "9" * 64,
    "~",
    "~form-1:0:0",
    "~:0:",
    "roadmap.mark",
)


@dataclass
class Hall:
    """Everything that runs, one group in it."""

    bot: TelegramBot
    app: App
    group: Chat

    def person(self, name: str = "Ana") -> Person:
        return self.bot.server.person(name)

    async def offered(self, who: Person, chat: Chat | None = None) -> list[tuple[Message, str]]:
        """What every button of many cards carries, with the card it is on."""
        found: dict[str, tuple[Message, str]] = {}
        for typed in CARDS:
            await self.bot.says(who, typed, chat)
            for message in [*(chat.seen if chat else ()), *who.alone.seen]:
                for key in (key for row in message.rows for key in row if "callback_data" in key):
                    found.setdefault(key["callback_data"], (message, key["callback_data"]))
        return list(found.values())

    async def is_met_kindly(self, who: Person, message: Message, data: str, more: Json | None = None) -> bool:
        """Whether a press is answered, and not with a mistake of ours."""
        answer = await self.bot.sends(who, message, data, more)
        said = [one.text for chat in self.bot.server.chats.values() for one in chat.seen]
        return "on my side" not in "\n".join([*said, answer.get("text", "")])

    def is_offered(self, data: str) -> bool:
        """Whether some action can read this."""
        handler = self.app.registry.actions.get(data.partition(":")[0])
        if handler is None:
            return False
        try:
            handler.action.read(data)
        except BadActionDataError:
            return False
        return True

    async def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Everything that is kept about people's learning, by table."""
        return await self.bot.database.read(lambda tx: rows_of(tx, "learning", "roadmap"))


@pytest.fixture
async def hall() -> object:
    """A whole bot."""
    stack = AsyncExitStack()
    bot, app = await stack.enter_async_context(whole_bot())
    yield Hall(bot, app, bot.server.group())
    await stack.aclose()


@pytest.mark.parametrize("alone", [True, False])
async def test_a_truncated_button_changes_nothing_or_is_another_button(hall: Hall, *, alone: bool) -> None:
    ana = hall.person()
    cards = await hall.offered(ana, None if alone else hall.group)
    before = await hall.rows()
    for message, data in cards:
        for size in {1, len(data) // 2, len(data) - 1}:
            if (short := data[:size]) and not hall.is_offered(short):
                assert await hall.is_met_kindly(ana, message, short), short
    assert await hall.rows() == before


async def test_an_altered_button_changes_nothing_or_is_another_button(hall: Hall) -> None:
    ana = hall.person()
    cards = await hall.offered(ana)
    before = await hall.rows()
    for message, data in cards:
        for altered in (
            data + ":x",
            data + "#",
            data.upper(),
            ":" + data,
            data.replace(".", "_"),
            "x" + data,
            data + "\x00",
        ):
            if not hall.is_offered(altered):
                assert await hall.is_met_kindly(ana, message, altered), altered
    for odd in ODD:
        assert await hall.is_met_kindly(ana, cards[0][0], odd), odd
    assert await hall.rows() == before


async def test_somebody_elses_button_works_for_the_one_who_presses_alone(hall: Hall) -> None:
    ana, ben = hall.person("Ana"), hall.person("Ben")
    cards = await hall.offered(ana, hall.group)
    (nothing_yet,) = await hall.bot.says(ana, "/progress")
    seen = len(ana.alone.seen)
    for message, data in cards:
        if message.chat == hall.group.id:
            assert await hall.is_met_kindly(ben, message, data), data
    assert len(ana.alone.seen) == seen
    assert (await hall.bot.says(ana, "/progress"))[0].text == nothing_yet.text
    assert (await hall.bot.says(ben, "/progress"))[0].text != nothing_yet.text


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=366)])
async def test_every_button_works_in_another_chat_and_a_year_later(hall: Hall, later: timedelta) -> None:
    ana, other = hall.person(), hall.bot.server.group("Another hall")
    cards = await hall.offered(ana)
    if later:
        hall.bot.clock.travel(later)
    await hall.bot.restart()
    for message, data in cards:
        gone = {"message": {"message_id": message.number, "date": 0, "chat": other.as_json}}
        assert await hall.is_met_kindly(ana, message, data, gone), data
        assert await hall.is_met_kindly(ana, message, data), data


@pytest.mark.parametrize(
    "typed", [f"/done {odd}" for odd in ODD] + ["/roadmap " + "x" * 4000, "/define \u2067", "/nonsense", "/ roadmap"]
)
async def test_words_nobody_expects_are_met_half_way(hall: Hall, typed: str) -> None:
    ana = hall.person()
    before = await hall.rows()
    said = await hall.bot.says(ana, typed)
    assert said
    assert all("on my side" not in message.text for message in said)
    assert await hall.rows() == before


async def test_a_forms_button_altered_or_pressed_by_another_changes_nothing(hall: Hall) -> None:
    ana, ben = hall.person("Ana"), hall.person("Ben")
    *_intro, question = await hall.bot.says(ana, "/search")
    for odd in ("", "0", "1", "s", "x", "99", "٣", "0:0", "-1"):
        for event in ("form-1", "form-700001", "", "x" * 40):
            data = f"{forms.PREFIX}{event}:0:{odd}"
            assert await hall.is_met_kindly(ben, question, data), data
    (found,) = await hall.bot.says(ana, "regression")
    assert "regression" in found.text.lower()


async def test_a_form_whose_making_changed_is_asked_for_again(hall: Hall) -> None:
    ana = hall.person()
    await hall.bot.says(ana, "/search")

    async def work(tx: Transaction) -> None:
        await tx.execute("UPDATE telegram_dialogue SET form = :form", form=json.dumps({"~": "Gone"}))

    await hall.bot.database.write(work)
    (found,) = await hall.bot.says(ana, "regression")
    assert "on my side" not in found.text


buttons = st.one_of(
    st.text(max_size=BUTTON_DATA_BYTES),
    st.builds(
        "{}:{}".format,
        st.sampled_from(
            ("roadmap.mark", "roadmap.stage", "lookup.find", "engine.run", "guide.tour", "~form-700001:0", "~")
        ),
        st.text(max_size=40),
    ),
).filter(lambda data: len(data.encode("utf-8", "replace")) <= BUTTON_DATA_BYTES)
typed_texts = st.one_of(st.text(max_size=60), st.builds("/{} {}".format, st.sampled_from(["roadmap", "done", "define", "search", "start", "skip", "cancel"]), st.text(max_size=60)))  # fmt: skip


def test_no_button_and_no_text_ever_breaks_anything() -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        bot, app = runner.run(stack.enter_async_context(whole_bot()))
        hall = Hall(bot, app, bot.server.group())
        ana = hall.person()
        (card,) = runner.run(bot.says(ana, "/roadmap"))

        @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
        @given(buttons, typed_texts)
        def presses_and_types(data: str, typed: str) -> None:
            assert runner.run(hall.is_met_kindly(ana, card, data))
            runner.run(bot.says(ana, typed))
            assert all("on my side" not in message.text for message in ana.alone.seen[-2:])

        presses_and_types()
        runner.run(stack.aclose())
