"""The chat without any script: typing, pressing, choosing, filling in, all by forms and redirects."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.kit.platform import Delivery
from bot.kit.reply import Button, Choice, Field, FieldKind, Form, Menu, Picture, Poll, notice, reply
from bot.kit.request import Role, Setting, Trigger
from bot.platforms.web.limits import PAGE_MESSAGES, TEXT_LONGEST
from tests.fakes.web_world import WebWorld

KEYS = ((Button("Next", "map.next:2"), Button("Back", "map.back")),)
FORM = Form(
    "Check in",
    (
        Field("minutes", "How long?", longest=4, hint="minutes"),
        Field("what", "What?", FieldKind.TEXT, longest=10),
        Field("mood", "How was it?", FieldKind.CHOICE, choices=(("good", "Good"), ("bad", "Bad"))),
        Field("more", "Anything else?", required=False),
    ),
    "study.checkin",
    "Send",
)


async def test_front_door_leads_to_the_private_chat_with_a_hint_to_begin(world: WebWorld) -> None:
    async with world.http.get(world.url) as response:
        assert response.url.path == "/room/roadmate/as/ana/"
    ana = world.person("ana")
    welcome = (await ana.looks()).one("section", "welcome")
    assert [button.text for button in welcome.all("button")] == ["/roadmap", "/progress"]
    await ana.posts("say", welcome.one("form").fields() | {"text": "/roadmap"})
    assert ana.bubbles == ["/roadmap"]


async def test_a_typed_command_is_kept_answered_and_shown(world: WebWorld) -> None:
    ana = world.person("ana")
    await ana.says("/roadmap 1.2")
    assert ana.bubbles == ["/roadmap 1.2"]
    assert ana.cards == ["You said /roadmap 1.2"]
    heard = world.engine.heard[0]
    assert (heard.platform, heard.trigger, heard.text) == ("web", Trigger.COMMAND, "/roadmap 1.2")
    assert (heard.sender.account, heard.sender.name, heard.sender.role) == ("ana", "Ana", Role.MEMBER)
    assert (heard.where.setting, heard.at, heard.on_public) == (Setting.PRIVATE, world.clock.now(), False)


async def test_personas_have_their_own_private_chats_and_the_moderator_is_one(world: WebWorld) -> None:
    await world.person("ana").says("hello")
    mo = world.person("mo")
    await mo.says("plain words")
    assert mo.bubbles == ["plain words"]
    assert world.engine.heard[1].sender.role is Role.MODERATOR
    assert len({heard.where.chat for heard in world.engine.heard}) == 2


async def test_plain_words_in_the_room_are_for_people_only(world: WebWorld) -> None:
    ana, ben = world.person("ana", "study-hall"), world.person("ben", "study-hall")
    await ana.says("Hello @everyone")
    await ben.looks()
    assert ben.bubbles == ["Hello @everyone"]
    assert world.engine.heard == []
    await ben.says("/roadmap")
    assert world.engine.heard[0].where.setting is Setting.GROUP


async def test_empty_text_does_nothing(world: WebWorld) -> None:
    ana = world.person("ana")
    await ana.says(" \n ")
    assert ana.bubbles == []
    assert world.engine.heard == []


async def test_too_long_text_is_refused_kindly_and_kept_in_the_box(world: WebWorld) -> None:
    ana = world.person("ana")
    await ana.says("x" * TEXT_LONGEST)
    assert ana.bubbles == ["x" * TEXT_LONGEST]
    typed = "\n" + "y" * TEXT_LONGEST
    await ana.says(typed)
    assert ana.status == 422
    assert "4001 characters" in ana.remark
    assert ana.page.one("textarea", id="say").text == typed
    assert len(world.engine.heard) == 1


async def test_sending_the_same_event_twice_does_nothing_twice(world: WebWorld) -> None:
    ana = world.person("ana")
    await ana.says("/roadmap", event="event-12345")
    await ana.says("/roadmap", event="event-12345")
    await world.restart()
    ana = world.person("ana")
    await ana.says("/roadmap", event="event-12345")
    assert ana.bubbles == ["/roadmap"]
    assert len(ana.cards) == 1
    assert len(world.engine.heard) == 1


async def test_double_click_waits_for_the_first_and_shows_its_answer(world: WebWorld) -> None:
    world.engine.gate = asyncio.Event()
    ana, again = world.person("ana"), world.person("ana")
    sends = [asyncio.create_task(visitor.says("/roadmap", event="event-12345")) for visitor in (ana, again)]
    await world.engine.asked.wait()
    world.engine.gate.set()
    await asyncio.gather(*sends)
    await ana.looks()
    assert len(world.engine.heard) == 1
    assert ana.bubbles == again.bubbles == ["/roadmap"]
    assert len(ana.cards) == len(again.cards) == 1


async def test_a_press_edits_its_message_in_place_also_after_a_restart(world: WebWorld) -> None:
    world.engine.next(reply("page one", buttons=KEYS))
    await world.person("ana").says("/roadmap")
    await world.restart()
    ana = world.person("ana")
    world.engine.next(reply("page two", buttons=KEYS, edits=True), Delivery.EDIT)
    await ana.presses("Next")
    assert [card.partition("Next")[0] for card in ana.cards] == ["page two"]
    heard = world.engine.heard[-1]
    assert (heard.trigger, heard.text) == (Trigger.PRESS, "map.next:2")


async def test_pressing_twice_from_the_same_page_is_one_event(world: WebWorld) -> None:
    world.engine.next(reply("one", buttons=KEYS))
    ana = world.person("ana")
    await ana.says("/roadmap")
    fields = ana.keys("Next")[0]
    world.engine.next(reply("two"), Delivery.EDIT)
    await ana.posts("press", fields)
    await ana.posts("press", fields)
    assert [heard.trigger for heard in world.engine.heard] == [Trigger.COMMAND, Trigger.PRESS]
    assert ana.remark == ""


async def test_only_what_a_message_offers_can_be_pressed_and_only_by_who_sees_it(world: WebWorld) -> None:
    world.engine.next(reply("for ana", buttons=KEYS), only_you=True)
    ana, ben = world.person("ana", "study-hall"), world.person("ben", "study-hall")
    await ana.says("/progress")
    fields = ana.keys("Next")[0]
    await ana.posts("press", fields | {"data": "admin.erase:1", "event": "event-00001"})
    assert "no longer there" in ana.remark
    await ben.posts("press", fields)
    assert "no longer there" in ben.remark
    await ana.posts("press", fields | {"message": "999", "event": "event-00002"})
    assert "no longer there" in ana.remark
    assert len(world.engine.heard) == 1
    await ana.looks()
    assert ana.remark == ""


async def test_answers_for_one_are_hidden_from_others_and_marked(world: WebWorld) -> None:
    ana, ben = world.person("ana", "study-hall"), world.person("ben", "study-hall")
    world.engine.next(reply("your progress", picture=Picture("<svg/>", "A bar", 10, 10)), only_you=True)
    await ana.says("/progress")
    assert [shade.text for shade in ana.page.all("span", "shade")] == ["Only you can see this"] * 2
    await ben.looks()
    assert (ben.bubbles, ben.cards) == ([], [])
    number = ana.page.one("li", "bot").attributes["id"].removeprefix("m")
    async with world.http.get(f"{ben.address}picture/{number}.svg") as response:
        assert response.status == 404


async def test_presses_on_public_messages_say_so(world: WebWorld) -> None:
    ana, ben = world.person("ana", "study-hall"), world.person("ben", "study-hall")
    world.engine.next(reply("public", buttons=KEYS))
    await ana.says("/roadmap")
    world.engine.next(reply("mine", buttons=KEYS), only_you=True)
    await ben.presses("Next")
    world.engine.next(reply("still mine"), Delivery.EDIT, only_you=True)
    await ben.presses("Back")
    assert [heard.on_public for heard in world.engine.heard[1:]] == [True, False]
    assert ben.cards[1:] == ["still mine"]
    await ana.looks()
    assert len(ana.cards) == 1


async def test_a_public_message_is_never_edited_into_a_private_one(world: WebWorld) -> None:
    ana, ben = world.person("ana", "study-hall"), world.person("ben", "study-hall")
    world.engine.next(reply("public", buttons=KEYS))
    await ana.says("/roadmap")
    world.engine.next(reply("only ben's"), Delivery.EDIT, only_you=True)
    await ben.presses("Next")
    await ana.looks()
    assert len(ana.cards) == 1
    assert ana.cards[0].startswith("public")
    assert ben.cards[1] == "only ben's"


async def test_a_notice_is_shown_once_to_the_presser(world: WebWorld) -> None:
    ana, ben = world.person("ana", "study-hall"), world.person("ben", "study-hall")
    world.engine.next(reply("public", buttons=KEYS))
    await ana.says("/roadmap")
    world.engine.next(notice("Saved, thank you"), Delivery.NOTICE)
    await ana.presses("Next")
    assert ana.remark == "Saved, thank you"
    await ana.looks()
    await ben.looks()
    assert ana.remark == ben.remark == ""
    world.engine.next(reply(), Delivery.NOTHING)
    await ana.presses("Back")
    assert len(ana.cards) == 1


async def test_what_was_typed_and_refused_stays_readable_beneath_it_for_its_asker_alone(world: WebWorld) -> None:
    ana, ben = world.person("ana", "study-hall"), world.person("ben", "study-hall")
    world.engine.next(notice("Only moderators can do that."), Delivery.NOTICE, only_you=True)
    await ana.says("/setup")
    await ana.looks()
    assert ana.remark == ""
    assert ana.cards == ["Only moderators can do that."]
    card = ana.page.one("li", "bot")
    assert {"brief", "only-you"} <= card.kinds
    await ben.looks()
    assert ben.cards == []
    await world.restart()
    later = world.person("ana", "study-hall")
    await later.looks()
    assert later.cards == ["Only moderators can do that."]


async def test_alone_with_the_bot_a_refusal_carries_no_mark_of_privacy(
    world: WebWorld,
) -> None:
    ana = world.person("ana")
    world.engine.next(notice("That is a bit fast for me."), Delivery.NOTICE)
    await ana.says("bayes")
    assert ana.cards == ["That is a bit fast for me."]
    assert "only-you" not in ana.page.one("li", "bot").kinds


async def test_menu_and_poll_send_what_was_chosen(world: WebWorld) -> None:
    choices = (Choice("First", "q.vote:1", "of two"), Choice("Second", "q.vote:2"))
    world.engine.next(reply("x", menu=Menu("Which?", choices), poll=Poll("Which is it?", choices)))
    ana = world.person("ana")
    await ana.says("/quiz")
    menu, poll = ana.page.one("form", "menu"), ana.page.one("form", "poll")
    assert [option.text for option in menu.all("option")] == ["Choose …", "First · of two", "Second"]
    assert [radio.attributes["value"] for radio in poll.all("input", type="radio")] == ["q.vote:1", "q.vote:2"]
    await ana.posts("press", poll.fields() | {"data": "q.vote:2"})
    assert world.engine.heard[-1].text == "q.vote:2"


async def test_a_form_is_checked_first_and_keeps_what_was_typed(world: WebWorld) -> None:
    world.engine.next(reply("How was it?", form=FORM))
    ana = world.person("ana")
    await ana.says("/checkin")
    fields = ana.page.one("form", "ask").fields()
    assert set(fields) == {"message", "event", "f.minutes", "f.what", "f.more"}
    await ana.posts("form", fields | {"f.minutes": "12345", "f.what": "  eleven signs", "f.mood": "terrible"})
    assert ana.status == 422
    form = ana.page.one("form", "ask")
    problems = [problem.text for problem in form.all("p", "problem")]
    assert problems == [
        "That is 5 characters long; at most 4 fit. Please shorten it.",
        "That is 14 characters long; at most 10 fit. Please shorten it.",
        "Please choose one of these.",
    ]
    assert form.fields()["f.minutes"] == "12345"
    assert form.fields()["f.what"] == "  eleven signs"
    assert len(world.engine.heard) == 1
    await ana.posts("form", form.fields() | {"f.minutes": " 45 ", "f.what": "a\r\nb", "f.mood": "good"})
    heard = world.engine.heard[-1]
    assert (heard.trigger, heard.text) == (Trigger.FORM, "study.checkin")
    assert heard.values == {"minutes": "45", "what": "a\nb", "mood": "good", "more": ""}


async def test_a_missing_answer_is_told_beside_its_field(world: WebWorld) -> None:
    world.engine.next(reply(form=FORM))
    ana = world.person("ana")
    await ana.says("/checkin")
    await ana.posts("form", ana.page.one("form", "ask").fields())
    minutes = ana.page.one("input", type="text", name="f.minutes")
    assert minutes.attributes["aria-invalid"] == "true"
    told = minutes.attributes["aria-describedby"].split()
    assert [ana.page.one(id=name).text for name in told] == ["Please fill this in.", "minutes"]


async def test_time_travel_moves_the_demo_clock(world: WebWorld) -> None:
    start = world.clock.now()
    ana = world.person("ana")
    world.planned.clear()
    await ana.posts("clock", {"by": "hour"})
    await ana.posts("clock", {"by": "day"})
    assert world.clock.now() == start + timedelta(hours=25)
    world.planned[:] = [(start + timedelta(hours=30), "Daily quiz")]
    await ana.posts("clock", {"by": "next"})
    assert world.clock.now() == start + timedelta(hours=30, seconds=1)
    assert ana.remark == "Now: Daily quiz"
    world.planned.clear()
    await ana.posts("clock", {"by": "next"})
    assert "Nothing is planned" in ana.remark


async def test_the_clock_stops_where_something_happens_on_the_way(world: WebWorld) -> None:
    start = world.clock.now()
    ana = world.person("ana")
    world.planned[:] = [(start + timedelta(hours=5), "Daily quiz")]
    await ana.posts("clock", {"by": "hour"})
    assert world.clock.now() == start + timedelta(hours=1)
    await ana.posts("clock", {"by": "day"})
    assert world.clock.now() == start + timedelta(hours=5, seconds=1)
    assert ana.remark == "Now: Daily quiz"


async def test_history_shows_the_latest_and_leads_to_older_messages(world: WebWorld) -> None:
    ana = world.person("ana", "study-hall")
    for number in range(PAGE_MESSAGES + 5):
        await ana.posts("say", {"text": f"message {number}"})
    assert len(ana.bubbles) == PAGE_MESSAGES
    assert ana.bubbles[-1] == f"message {PAGE_MESSAGES + 4}"
    older = next(iter(ana.page.all("a", "turn")))
    await ana.looks(older.attributes["href"])
    assert ana.bubbles == [f"message {number}" for number in range(5)]
    assert "data-after" not in ana.page.one("ol", id="messages").attributes


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("/", ["/roadmap ", "/progress", "/search "]),
        ("/RO", ["/roadmap "]),
        ("/roadmap b", ["/roadmap bayes", "/roadmap backpropagation"]),
        ("/unknown x", []),
        ("hello", []),
    ],
)
async def test_completions_come_from_the_commands(world: WebWorld, typed: str, offered: list[str]) -> None:
    async with world.http.get(f"{world.url}/room/roadmate/as/ana/suggest", params={"text": typed}) as response:
        assert [offer["value"] for offer in await response.json()] == offered


async def test_moderators_are_offered_their_commands(world: WebWorld) -> None:
    async with world.http.get(f"{world.url}/room/roadmate/as/mo/suggest", params={"text": "/se"}) as response:
        assert [offer["value"] for offer in await response.json()] == ["/search ", "/setup"]


async def test_a_script_gets_pieces_instead_of_pages(world: WebWorld) -> None:
    world.engine.next(reply(form=FORM))
    ana = world.person("ana")
    await ana.says("/checkin")
    headers = {"Origin": world.url, "Accept": "application/json"}
    fields = ana.page.one("form", "ask").fields() | {"f.what": "kept"}
    async with world.http.post(ana.address + "form", data=fields, headers=headers) as response:
        told = await response.json()
    assert "kept" in told["form"]
    assert told["remark"] == ""
    async with world.http.post(ana.address + "press", data={"message": "7", "data": "x"}, headers=headers) as response:
        assert "no longer there" in (await response.json())["remark"]


async def test_a_command_in_another_language_is_understood_and_shown_as_typed(world: WebWorld) -> None:
    ana, ben = world.person("ana", "study-hall"), world.person("ben", "study-hall")
    await ana.says("/Fortschritt 2")
    assert world.engine.heard[-1].text == "/progress 2"
    assert "/Fortschritt 2" in ana.bubbles[-1]
    await ben.looks()
    assert ben.bubbles == []  # as private as in English
