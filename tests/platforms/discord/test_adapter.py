"""People meet the whole bot on Discord: commands, buttons, menus, forms, completions; privacy and deadlines."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.kit.command import Param
from bot.kit.platform import Answer, Delivery, Suggestion
from bot.kit.reply import Button, Choice, Field, Form, Menu, Poll, Reply, Several, Tone, notice, reply
from bot.kit.request import Incoming, Role, Setting, Trigger
from bot.kit.text import para
from bot.kit.wording import ENGLISH
from tests.fakes.discord_payloads import BUTTON, EPHEMERAL, SELECT, shown, touchables, walk
from tests.fakes.discord_server import GUILD, OWNER, Interaction
from tests.platforms.discord.conftest import DiscordWorld

FORM = Form("Check in", (Field("minutes", "How many minutes?"),), "study.checkin:7", "Send")


async def test_a_command_is_answered_for_everybody(hall: DiscordWorld) -> None:
    one = await hall.person().slash("roadmap")
    assert one.kinds == [4]
    assert "Machine learning roadmap" in one.messages[0].text
    assert not one.messages[0].seen_by


async def test_options_arrive_by_their_names(hall: DiscordWorld) -> None:
    one = await hall.person().slash("roadmap", what="1.2")
    assert "1.2" in one.messages[0].text
    assert hall.asked[-1].values == {"what": "1.2"}


async def test_a_private_command_is_seen_by_its_asker_alone(hall: DiscordWorld) -> None:
    ana = hall.person()
    one = await ana.slash("next")
    assert [message.seen_by for message in one.messages] == [ana.account]


async def test_alone_with_the_bot_nothing_has_to_be_hidden(hall: DiscordWorld) -> None:
    one = await hall.person(alone=True).slash("next")
    assert one.messages[0].seen_by == ""
    assert hall.asked[-1].where.setting is Setting.PRIVATE


async def test_a_button_changes_the_card_it_is_on(hall: DiscordWorld) -> None:
    ana = hall.person(alone=True)
    card = (await ana.slash("roadmap")).messages[0]
    one = await ana.press("1")
    assert one.kinds == [7]
    assert one.messages == [card]
    assert "Stage 1" in card.text


async def test_what_is_personal_never_takes_the_place_of_a_public_card(hall: DiscordWorld) -> None:
    ana, ben = hall.person(), hall.person()
    card = (await ana.slash("roadmap")).messages[0]
    before = card.text
    one = await ben.press("My progress", card)
    assert one.kinds == [4]
    assert one.messages[0].seen_by == ben.account
    assert card.text == before


async def test_a_private_answer_that_claims_to_edit_a_public_card_does_not(hall: DiscordWorld) -> None:
    hall.answers(reply("x", buttons=((Button("Press", "a.b"),),)))
    ana = hall.person()
    card = (await ana.slash("roadmap")).messages[0]
    hall.answers(reply("secret"), Delivery.EDIT, only_you=True)
    one = await ana.press("Press")
    assert one.messages[0] is not card
    assert one.messages[0].seen_by == ana.account


async def test_presses_work_after_a_restart(hall: DiscordWorld) -> None:
    ana = hall.person()
    await ana.slash("roadmap")
    await hall.restart()
    assert "Stage 1" in (await ana.press("1")).messages[0].text


async def test_a_menu_does_what_its_entry_says(hall: DiscordWorld) -> None:
    hall.answers(reply("x", menu=Menu("Pick", (Choice("One", "a.b:1"), Choice("Two", "a.b:2")))))
    ana = hall.person()
    await ana.slash("roadmap")
    await ana.press("Two")
    asked = hall.asked[-1]
    assert (asked.trigger, asked.text, asked.on_public) == (Trigger.PRESS, "a.b:2", True)


async def test_of_a_list_of_several_all_that_was_chosen_arrives_in_one_go(hall: DiscordWorld) -> None:
    typed = Button("Type it", "a.type:1")
    several = Several(
        "All that are right", tuple(Choice(name, str(n)) for n, name in enumerate("ABC")), "a.b:1", typed.data
    )
    hall.answers(reply("x", buttons=((typed, Button("Later", "a.later")),), several=several))
    ana = hall.person()
    one = await ana.slash("roadmap")
    assert "Later" in one.messages[0].text
    assert "Type it" not in one.messages[0].text
    await ana.choose("A", "C")
    asked = hall.asked[-1]
    assert (asked.trigger, asked.text, dict(asked.values)) == (Trigger.PRESS, "a.b:1", {"chosen": "0,2"})
    await ana.choose("B", on=one.messages[0])
    assert dict(hall.asked[-1].values) == {"chosen": "1"}


async def test_a_poll_is_answered_by_buttons(hall: DiscordWorld) -> None:
    hall.answers(reply("x", poll=Poll("Which day?", (Choice("Monday", "a.m"), Choice("Friday", "a.f")))))
    ana = hall.person()
    await ana.slash("roadmap")
    hall.answers(notice("Thank you."), Delivery.NOTICE, only_you=True)
    one = await ana.press("Friday")
    assert hall.asked[-1].text == "a.f"
    assert (one.messages[0].text, one.messages[0].seen_by) == ("Thank you.", ana.account)


async def test_two_buttons_of_one_action_both_work(hall: DiscordWorld) -> None:
    hall.answers(reply("x", buttons=((Button("one", "a.b:1"), Button("two", "a.b:1")),)))
    ana = hall.person()
    await ana.slash("roadmap")
    await ana.press("two")
    assert hall.asked[-1].text == "a.b:1"


async def test_a_form_opens_at_once_and_is_answered(hall: DiscordWorld) -> None:
    ana = hall.person()
    one = await ana.slash("search")
    assert one.kinds == [9]
    found = await ana.fill(text="pandas")
    assert "pandas" in found.messages[0].text
    assert found.messages[0].seen_by == ana.account
    assert hall.asked[-1].values == {"text": "pandas"}
    assert hall.asked[-1].trigger is Trigger.FORM


async def test_a_form_filled_in_after_a_restart_is_answered(hall: DiscordWorld) -> None:
    ana = hall.person()
    await ana.slash("search")
    await hall.restart()
    assert "pandas" in (await ana.fill(text="pandas")).messages[0].text


async def test_a_form_that_cannot_open_at_once_waits_behind_a_button_over_a_restart(hall: DiscordWorld) -> None:
    hall.answers(reply("First read this.", form=FORM, buttons=((Button("Other", "a.c"),),)))
    ana = hall.person()
    one = await ana.slash("roadmap")
    assert one.kinds == [4]
    await hall.restart()
    opened = await ana.press("Check in")
    assert opened.kinds == [9]
    hall.answers(reply("45 minutes"), Delivery.EDIT)
    await ana.fill(minutes="45")
    assert (hall.asked[-1].text, hall.asked[-1].values) == ("study.checkin:7", {"minutes": "45"})
    assert one.messages[0].text == "45 minutes"


async def test_a_form_that_answers_a_form_waits_behind_a_button(hall: DiscordWorld) -> None:
    hall.answers(reply(form=FORM))
    ana = hall.person()
    await ana.slash("roadmap")
    again = await ana.fill(minutes="?")
    assert again.kinds == [4]
    assert "Check in" in touchables(again.messages[0].payload)
    assert (await ana.press("Check in")).kinds == [9]


async def test_a_form_nobody_keeps_any_more_is_kindly_said(hall: DiscordWorld) -> None:
    hall.answers(reply("x", buttons=((Button("Open", "discord.form:" + "0" * 32),),)))
    ana = hall.person()
    await ana.slash("roadmap")
    hall.respond = None
    assert "older version" in (await ana.press("Open")).messages[0].text


async def test_completions_come_from_memory(hall: DiscordWorld) -> None:
    offered = await hall.person().types("roadmap", "what", "back prop")
    assert any("ackpropagation" in choice["name"] for choice in offered)
    assert not [incoming for incoming in hall.asked if incoming.trigger is Trigger.COMMAND]


async def test_completions_keep_to_what_discord_takes(hall: DiscordWorld) -> None:
    odd = [Suggestion("n" * 300, "v"), Suggestion("", "empty"), Suggestion("long", "v" * 101), Suggestion("x", "")]
    hall.platform._conversation._suggest = lambda _what, _text: odd + [Suggestion("ok", "ok")] * 40  # type: ignore[union-attr]
    offered = await hall.person().types("roadmap", "what", "")
    assert len(offered) == 25
    assert offered[0]["value"] == "v"
    assert offered[1]["value"] == "ok"


async def test_completions_that_fail_or_belong_to_nothing_are_empty(hall: DiscordWorld) -> None:
    def broken(_what: str, _text: str) -> list[Suggestion]:
        raise RuntimeError("no index")

    hall.platform._conversation._suggest = broken  # type: ignore[union-attr]
    assert await hall.person().types("roadmap", "what", "x") == []
    assert await hall.person().types("gone", "what", "x") == []


async def test_more_choices_than_discord_lists_are_completed(hall: DiscordWorld) -> None:
    many = Param("verb", "What to do", choices=tuple(f"verb{number}" for number in range(40)))
    hall.commands = (replace(hall.commands[0], name="many", params=(many,)), *hall.commands)
    offered = await hall.person().types("many", "verb", "verb3")
    assert [choice["value"] for choice in offered] == ["verb3", *(f"verb3{number}" for number in range(10))]


async def test_a_term_in_a_message_is_explained_to_the_one_who_asks(hall: DiscordWorld) -> None:
    ana = hall.person()
    one = await ana.explains("**Overfitting**")
    assert "Overfitting" in one.messages[0].text
    assert "Example" in one.messages[0].text
    assert one.messages[0].seen_by == ana.account


async def test_a_long_or_empty_message_is_met_half_way(hall: DiscordWorld) -> None:
    ana = hall.person()
    assert (await ana.explains("word " * 400)).messages[0].seen_by == ana.account
    assert len(hall.asked[-1].values["term"]) <= 200
    assert (await ana.explains("")).messages[0].text


async def test_who_may_do_what_comes_from_the_server_itself(hall: DiscordWorld) -> None:
    hall.answers(reply("x"))
    for account, permissions, role in (
        ("", 0, Role.MEMBER),
        ("", 1 << 5, Role.MODERATOR),
        ("", 1 << 3, Role.MODERATOR),
        (OWNER, 0, Role.OWNER),
    ):
        await hall.person(account, permissions=permissions).slash("roadmap")
        assert hall.asked[-1].sender.role is role
    await hall.person(alone=True).slash("roadmap")
    assert hall.asked[-1].sender.role is Role.MEMBER


async def test_a_server_is_one_community_whatever_the_channel(hall: DiscordWorld) -> None:
    hall.answers(reply("x"))
    one = await hall.person(name="Ana").slash("roadmap")
    where = hall.asked[-1].where
    assert (where.chat, where.setting, where.title, where.thread) == (GUILD, Setting.GROUP, "Study hall", "6001")
    assert hall.asked[-1].event == one.id
    assert hall.asked[-1].sender.name == "Ana"
    assert hall.asked[-1].sender.language == "en-US"


async def test_a_long_answer_has_its_buttons_on_the_last_message(hall: DiscordWorld) -> None:
    hall.answers(reply("word " * 3000, title="Long", buttons=((Button("Press", "a.b"),),)), only_you=True)
    ana = hall.person()
    one = await ana.slash("roadmap")
    assert len(one.messages) >= 4
    assert [bool(touchables(message.payload)) for message in one.messages] == [False] * (len(one.messages) - 1) + [True]
    assert {message.seen_by for message in one.messages} == {ana.account}


async def test_a_long_edit_goes_on_below_for_the_same_people(hall: DiscordWorld) -> None:
    hall.answers(reply("x", buttons=((Button("Press", "a.b"),),)), only_you=True)
    ana = hall.person()
    card = (await ana.slash("roadmap")).messages[0]
    hall.answers(reply("word " * 2000), Delivery.EDIT, only_you=True)
    one = await ana.press("Press")
    assert one.messages[0] is card
    assert {message.seen_by for message in one.messages} == {ana.account}
    assert len(one.messages) == 3


async def test_nothing_to_say_is_heard_without_a_sign(hall: DiscordWorld) -> None:
    hall.answers(reply("x", buttons=((Button("Press", "a.b"),),)))
    ana = hall.person()
    await ana.slash("roadmap")
    hall.answers(Reply(), Delivery.NOTHING)
    assert (await ana.press("Press")).kinds == [6]
    assert (await ana.slash("roadmap")).messages[0].seen_by == ana.account


class Slow:
    """An engine that answers when told to."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.go = asyncio.Event()
        self.began = asyncio.Event()

    async def __call__(self, _incoming: Incoming) -> Answer:
        self.began.set()
        await self.go.wait()
        return self.answer


@pytest.mark.parametrize(
    ("command", "only_you", "hidden"), [("roadmap", False, False), ("next", True, True), ("roadmap", True, False)]
)
async def test_a_slow_answer_is_announced_in_time(
    hall: DiscordWorld, command: str, only_you: bool, hidden: bool
) -> None:
    slow = Slow(Answer(reply("at last", title="word " * 1800), Delivery.NEW, only_you))
    hall.answers_with(slow)
    ana = hall.person()
    asking = asyncio.ensure_future(ana.slash(command))
    await slow.began.wait()
    hall.clock.travel(timedelta(seconds=1.6))
    (one,) = await _announced(hall, 1)
    assert one.kinds == [5]
    assert bool(one.answers[0]["data"].get("flags", 0) & EPHEMERAL) is hidden
    hall.clock.travel(timedelta(seconds=60))
    slow.go.set()
    await asking
    assert "at last" in "".join(message.text for message in one.messages)
    assert {bool(message.seen_by) for message in one.messages} == {only_you}
    assert len(one.messages) >= 3


async def test_a_slow_press_is_acknowledged_silently_and_may_still_do_anything(hall: DiscordWorld) -> None:
    hall.answers(reply("card", buttons=((Button("Press", "a.b"),),)))
    ana = hall.person()
    card = (await ana.slash("roadmap")).messages[0]
    for delivery, only_you in ((Delivery.EDIT, False), (Delivery.NEW, True), (Delivery.NOTICE, True)):
        slow = Slow(Answer(reply(f"after {delivery}", buttons=card_buttons()), delivery, only_you))
        if delivery is Delivery.NOTICE:
            slow.answer = Answer(notice("after notice"), delivery, only_you)
        hall.answers_with(slow)
        pressing = asyncio.ensure_future(ana.press("Press", card))
        await slow.began.wait()
        hall.clock.travel(timedelta(seconds=1.6))
        await _announced(hall, 1)
        slow.go.set()
        one = await pressing
        assert one.kinds == [6]
        assert f"after {delivery}" in one.messages[0].text
        assert (one.messages[0] is card) is (delivery is Delivery.EDIT)
        assert bool(one.messages[0].seen_by) is only_you


def card_buttons() -> tuple[tuple[Button, ...], ...]:
    """A card that can be pressed again."""
    return ((Button("Press", "a.b"),),)


async def test_a_form_that_came_too_slowly_waits_behind_a_button(hall: DiscordWorld) -> None:
    slow = Slow(Answer(Reply((para("Look:"),), form=FORM), Delivery.NEW, only_you=False))
    hall.answers_with(slow)
    ana = hall.person()
    asking = asyncio.ensure_future(ana.slash("roadmap"))
    await slow.began.wait()
    hall.clock.travel(timedelta(seconds=1.6))
    await _announced(hall, 1)
    slow.go.set()
    one = await asking
    assert one.kinds == [5]
    assert "Look:" in shown(one.messages[0].payload)
    assert (await ana.press("Check in")).kinds == [9]


async def _announced(hall: DiscordWorld, count: int) -> list[Interaction]:
    waiting = list(hall.server.interactions.values())[-count:]
    async with asyncio.timeout(10):
        for one in waiting:
            await one.answered.wait()
    return waiting


async def test_two_hundred_people_are_answered_at_once(hall: DiscordWorld) -> None:
    people = [hall.person() for _number in range(200)]
    done = await asyncio.gather(*(person.slash("roadmap", what="2") for person in people))
    assert all(one.kinds == [4] for one in done)


class Shouting:
    """A language of capital letters."""

    def gettext(self, message: str, /) -> str:
        return message.upper()

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        return (singular if count == 1 else plural).upper()


async def test_the_same_answer_is_drawn_in_the_language_of_each_asker(idle: DiscordWorld) -> None:
    idle.catalogue = lambda locale: Shouting() if locale == "de" else ENGLISH
    idle.platform = idle.build()
    await idle.start()
    idle.answers(reply("Careful.", tone=Tone.WARNING))
    ana, ben = idle.person(), idle.person()
    ben.locale = "de"
    for person, words in ((ana, "Please note"), (ben, "PLEASE NOTE"), (ana, "Please note"), (ben, "PLEASE NOTE")):
        assert words in (await person.slash("roadmap")).messages[0].text


async def test_many_answers_to_choose_from_are_a_menu(hall: DiscordWorld) -> None:
    for count, is_menu in ((25, False), (26, True), (60, True)):
        choices = tuple(Choice(f"Answer {number}", f"a.b:{number}") for number in range(count))
        hall.answers(reply("x", poll=Poll("Which one?", choices, right=(3,), explanation="Because.")))
        ana = hall.person()
        message = (await ana.slash("roadmap")).messages[0]
        assert "Which one?" in message.text
        assert "Because" not in message.text
        kinds = {part["type"] for part in walk(message.payload["components"])}
        assert (SELECT in kinds, BUTTON in kinds) == (is_menu, not is_menu)
        await ana.press(f"Answer {count - 1}", message)
        assert hall.asked[-1].text == f"a.b:{count - 1}"


async def test_of_what_somebody_presses_who_was_never_met_the_first_is_answered_first(hall: DiscordWorld) -> None:
    hall.answers(reply("x", buttons=((Button("First", "a.one"), Button("Second", "a.two")),)))
    ben = hall.person()
    await ben.slash("roadmap")
    begun: list[str] = []

    async def respond(incoming: Incoming) -> Answer:
        begun.append(incoming.text)
        return Answer(reply("done"), Delivery.NEW, only_you=False)

    hall.answers_with(respond)
    for _time in range(20):
        newcomer = hall.person()
        newcomer.latest = ben.latest
        begun.clear()
        await asyncio.gather(newcomer.presses("First"), newcomer.presses("Second"))
        assert begun == ["a.one", "a.two"]


async def test_of_what_one_person_presses_the_first_is_answered_first_and_nobody_else_waits(hall: DiscordWorld) -> None:
    hall.answers(reply("x", buttons=((Button("First", "a.one"), Button("Second", "a.two")),)))
    ana, ben = hall.person(), hall.person()
    for one in (ana, ben):
        await one.slash("roadmap")
    gate, begun = asyncio.Event(), list[tuple[str, str]]()

    async def respond(incoming: Incoming) -> Answer:
        begun.append((incoming.sender.account, incoming.text))
        if incoming.text == "a.one":
            await gate.wait()
        return Answer(reply("done"), Delivery.NEW, only_you=False)

    hall.answers_with(respond)
    presses = [
        asyncio.ensure_future(who.presses(label)) for who, label in ((ana, "First"), (ana, "Second"), (ben, "Second"))
    ]
    await hall.until(lambda: (ben.account, "a.two") in begun)
    assert begun == [(ana.account, "a.one"), (ben.account, "a.two")]
    gate.set()
    await asyncio.gather(*presses)
    assert begun[-1] == (ana.account, "a.two")
