"""Conversations on Telegram: who is answered, where, and for whose eyes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.infra.pictures import PictureMaker
from bot.kit.errors import StorageError
from bot.kit.platform import Delivery
from bot.kit.reply import Button, Field, FieldKind, Form, Picture, Reply, notice, reply
from bot.kit.request import Incoming, Role, Setting, Trigger, Where
from tests.fakes.telegram_bot import TelegramBot, telegram_bot
from tests.fakes.telegram_chats import Chat, Message, Person

DRAWING = Picture('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>', "A drawing", 40, 30)

ROW = ((Button("Go", "a.go"),),)


def heard(bot: TelegramBot) -> Incoming:
    """What the engine heard last."""
    return bot.engine.heard[-1]


async def card(bot: TelegramBot, person: Person, chat: Chat | None = None) -> Message:
    """A message with one button, said to somebody."""
    bot.engine.next(reply("A card", buttons=ROW))
    return (await bot.says(person, "/roadmap", chat))[-1]


# where ----------------------------------------------------------------------------------------------------------------


async def test_in_private_every_word_is_meant_for_the_bot(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana", "de")
    (message,) = await bot.says(ana, "what is overfitting")
    assert message.text == "You said what is overfitting"
    asked = heard(bot)
    assert (asked.sender.account, asked.sender.name, asked.sender.language) == (str(ana.id), "Ana", "de")
    assert asked.where == Where(str(ana.id), Setting.PRIVATE)
    assert (asked.trigger, asked.platform, asked.at) == (Trigger.COMMAND, "telegram", bot.clock.now())


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_in_a_group_only_commands_are_and_the_answer_is_tied_to_them(bot: TelegramBot, kind: str) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group("Hall", kind)
    group.sees_all = True
    assert await bot.says(ana, "what is overfitting", group) == []
    (message,) = await bot.says(ana, "/roadmap 2", group)
    assert message.text == "You said /roadmap 2"
    typed = [one for one in group.messages.values() if not one.mine][-1]
    assert message.answers == typed.number
    assert heard(bot).where == Where(str(group.id), Setting.GROUP, "Hall")
    assert not heard(bot).on_public


async def test_privacy_mode_is_enough(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    assert await ana.types("good morning", group) == 0
    assert await bot.says(ana, "/roadmap", group)
    group.another_bot_spoke = True
    assert await ana.types("/roadmap", group) == 0
    assert await bot.says(ana, "/roadmap@roadmate_bot", group)


async def test_in_a_topic_the_answer_stays_there(bot: TelegramBot) -> None:
    ana, forum = bot.server.person("Ana"), bot.server.group()
    forum.topics = {5: "open"}
    (message,) = await bot.says(ana, "/roadmap", forum, topic=5)
    assert message.thread == 5
    assert heard(bot).where.thread == "5"


@pytest.mark.parametrize("more", [{}, {"message_thread_id": 1, "is_topic_message": True}, {"message_thread_id": 77}])
async def test_the_general_topic_and_threads_of_answers_are_never_named(bot: TelegramBot, more: dict[str, int]) -> None:
    ana, forum = bot.server.person("Ana"), bot.server.group()
    forum.topics = {5: "open"}
    (message,) = await bot.says(ana, "/roadmap", forum, **more)
    assert message.thread is None
    assert "message_thread_id" not in bot.server.called("sendMessage")[-1]
    assert heard(bot).where.thread == ""


async def test_a_press_in_a_topic_is_answered_there(bot: TelegramBot) -> None:
    ana, forum = bot.server.person("Ana"), bot.server.group()
    forum.topics = {5: "open"}
    bot.engine.next(reply("A card", buttons=ROW))
    (message,) = await bot.says(ana, "/roadmap", forum, topic=5)
    await bot.presses(ana, message, "Go")
    assert heard(bot).where.thread == "5"
    assert forum.seen[-1].thread == 5


async def test_a_deleted_topic_leaves_the_answer_to_the_group(bot: TelegramBot) -> None:
    ana, forum = bot.server.person("Ana"), bot.server.group()
    forum.topics = {5: "deleted"}
    (message,) = await bot.says(ana, "/roadmap", forum, topic=5)
    assert message.thread is None


async def test_a_closed_topic_is_left_alone(bot: TelegramBot) -> None:
    ana, forum = bot.server.person("Ana"), bot.server.group()
    forum.topics = {5: "closed"}
    assert await bot.says(ana, "/roadmap", forum, topic=5) == []
    forum.topics = {5: "open"}
    assert await bot.says(ana, "/roadmap", forum, topic=5)


async def test_a_channel_types_commands_as_posts(bot: TelegramBot) -> None:
    ana, channel = bot.server.person("Ana"), bot.server.group("News", "channel")
    await bot.database.handled(await ana.posts("/roadmap 1", channel))
    await bot.database.handled(await ana.posts("Good morning, everybody", channel))
    assert [message.text for message in channel.seen] == ["You said /roadmap 1"]
    asked = heard(bot)
    assert asked.where == Where(str(channel.id), Setting.CHANNEL, "News")
    assert (asked.sender.account, asked.sender.name, asked.sender.role) == (str(channel.id), "News", Role.MODERATOR)


async def test_a_press_in_a_channel_is_somebodys_own(bot: TelegramBot) -> None:
    ana, channel = bot.server.person("Ana"), bot.server.group("News", "channel")
    bot.engine.next(reply("A card", buttons=ROW))
    await bot.database.handled(await ana.posts("/roadmap", channel))
    bot.engine.next(reply("Only yours", buttons=ROW), only_you=True)
    await bot.presses(ana, channel.seen[-1], "Go")
    assert (heard(bot).sender.account, heard(bot).where.setting) == (str(ana.id), Setting.CHANNEL)
    assert ana.alone.seen[-1].text == "Only yours"


# what is meant for the bot ----------------------------------------------------------------------------------------------


async def test_a_command_that_names_the_bot_is_heard_in_any_case(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    for typed in ("/roadmap@roadmate_bot 2", "/roadmap@Roadmate_Bot 2", "/nonsense@roadmate_bot"):
        assert await bot.says(ana, typed, group), typed


@pytest.mark.parametrize("typed", ["/ban @ana", "/roadmap@other_bot", "/roadmapper", "/", "//roadmap", "/roadmap/2"])
async def test_commands_of_other_bots_are_left_to_them(bot: TelegramBot, typed: str) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    group.sees_all = True
    assert await bot.says(ana, typed, group) == []
    assert bot.engine.heard == []


@pytest.mark.parametrize(
    "more",
    [
        {"via_bot": {"id": 1, "is_bot": True, "first_name": "Other"}},
        {"is_automatic_forward": True},
        {"from": {"id": 5, "is_bot": True, "first_name": "Other"}},
    ],
)
async def test_what_other_bots_and_channels_bring_is_not_answered(bot: TelegramBot, more: dict[str, object]) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    assert await bot.says(ana, "/roadmap", group, **more) == []


async def test_edited_messages_are_let_be(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    await bot.says(ana, "/roadmap")
    body = {
        "message_id": 100,
        "date": 1,
        "edit_date": 2,
        "chat": ana.alone.as_json,
        "from": ana.user,
        "text": "/roadmap 2",
    }
    for kind in ("edited_message", "edited_channel_post"):
        await bot.handles({kind: body})
    assert bot.engine.texts == ["/roadmap"]


async def test_a_picture_without_words_is_met_silently(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    body = {"message_id": 100, "date": 1, "chat": ana.alone.as_json, "from": ana.user, "photo": []}
    await bot.handles({"message": body})
    assert (ana.alone.seen, bot.engine.heard) == ([], [])


async def test_somebody_without_a_name_is_called_by_their_number(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    ana.user = {"id": ana.id, "is_bot": False, "first_name": "  "}
    await bot.says(ana, "/roadmap")
    assert heard(bot).sender.name == str(ana.id)
    assert heard(bot).sender.language == ""


# those who hide -------------------------------------------------------------------------------------------------------


async def test_an_anonymous_administrator_is_the_group_and_a_moderator(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group("Hall")
    assert await bot.says(ana, "/setup", group, behind=group)
    sender = heard(bot).sender
    assert (sender.account, sender.name, sender.role) == (str(group.id), "Hall", Role.MODERATOR)
    assert bot.server.called("getChatMember") == []


async def test_a_channel_that_writes_in_a_group_is_a_member(bot: TelegramBot) -> None:
    ana, group, channel = bot.server.person("Ana"), bot.server.group(), bot.server.group("News", "channel")
    assert await bot.says(ana, "/setup", group, behind=channel)
    assert (heard(bot).sender.account, heard(bot).sender.role) == (str(channel.id), Role.MEMBER)


async def test_whoever_hides_is_told_where_private_answers_are(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    bot.engine.next(reply("Your secret"), only_you=True)
    (message,) = await bot.says(ana, "/progress", group, behind=group)
    assert "secret" not in message.text
    assert "private chat" in message.text


async def test_a_database_in_trouble_leaves_the_answer_to_the_engine(
    bot: TelegramBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = bot.server.person("Ana")

    async def refuses(*_given: object) -> None:
        raise StorageError("the disk is full")

    conversation = bot.platform._conversation
    assert conversation is not None
    monkeypatch.setattr(conversation._dialogues, "open_with", refuses)
    assert (await bot.says(ana, "/roadmap"))[0].text == "You said /roadmap"


async def test_a_command_nobody_else_saw_is_not_answered_to(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    body = {
        "message_id": 0,
        "ephemeral_message_id": 7,
        "date": 1,
        "chat": group.as_json,
        "from": ana.user,
        "text": "/roadmap",
    }
    await bot.handles({"message": body})
    assert "reply_parameters" not in bot.server.called("sendMessage")[-1]


# roles ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "role"),
    [("creator", Role.OWNER), ("administrator", Role.MODERATOR), ("member", Role.MEMBER), ("left", Role.STRANGER)],
)
async def test_roles_are_asked_for_where_they_matter(bot: TelegramBot, status: str, role: Role) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    group.statuses[ana.id] = status
    await bot.says(ana, "/roadmap", group)
    assert bot.server.called("getChatMember") == []
    await bot.says(ana, "/setup", group)
    await bot.says(ana, "/setup", group)
    assert heard(bot).sender.role is role
    assert len(bot.server.called("getChatMember")) == 1


async def test_a_role_is_looked_up_again_after_a_while(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    group.statuses[ana.id] = "administrator"
    await bot.says(ana, "/setup", group)
    group.statuses[ana.id] = "member"
    bot.clock.travel(timedelta(minutes=6))
    await bot.says(ana, "/setup", group)
    assert [one.sender.role for one in bot.engine.heard] == [Role.MODERATOR, Role.MEMBER]


@pytest.mark.parametrize(
    ("status", "role"), [("member", Role.MEMBER), ("left", Role.STRANGER), ("kicked", Role.STRANGER)]
)
async def test_whoever_left_or_was_banned_presses_as_a_stranger(status: str, role: Role) -> None:
    needs = {Trigger.PRESS: Role.MEMBER, Trigger.COMMAND: Role.STRANGER}
    async with telegram_bot(needs=lambda trigger, _text: needs[trigger]) as bot:
        ana, ben, group = bot.server.person("Ana"), bot.server.person("Ben"), bot.server.group()
        group.statuses[ben.id] = status
        bot.engine.next(reply("Vote", buttons=((Button("Yes", "a.b"),),)))
        (message,) = await bot.says(ana, "/roadmap", group)
        await bot.presses(ben, message, "Yes")
        assert heard(bot).sender.role is role


async def test_what_other_bots_say_is_left_alone(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    other: dict[str, Any] = {"from": {"id": 99, "is_bot": True, "first_name": "Other", "username": "other_bot"}}
    for text in ("/roadmap", "/roadmap@roadmate_bot", "/start"):
        await bot.database.handled(await ana.types(text, group, **other))
    assert bot.engine.heard == []
    assert group.seen == []


async def test_what_the_linked_channel_posts_into_its_group_is_left_alone(bot: TelegramBot) -> None:
    ana, group, channel = bot.server.person("Ana"), bot.server.group(), bot.server.group("News", "channel")
    forwarded: dict[str, Any] = {
        "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
        "sender_chat": channel.as_json,
    }
    await bot.database.handled(await ana.types("/setup", group, **forwarded, is_automatic_forward=True))
    assert bot.engine.heard == []


async def test_whoever_telegram_does_not_know_is_a_member(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    await bot.says(ana, "/setup", group)
    assert heard(bot).sender.role is Role.MEMBER


# for whose eyes -------------------------------------------------------------------------------------------------------


async def test_a_private_answer_asked_in_a_group_goes_to_the_private_chat(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    bot.engine.next(reply("Your secret"), only_you=True)
    (line,) = await bot.says(ana, "/progress", group)
    assert "secret" not in line.text
    assert [message.text for message in ana.alone.seen] == ["Your secret"]
    assert line.key("Open it")["url"] == "https://t.me/roadmate_bot"


async def test_it_waits_behind_a_door_for_whoever_never_started_the_bot(bot: TelegramBot) -> None:
    ana, ben = (bot.server.person(name, has_started=False) for name in ("Ana", "Ben"))
    group = bot.server.group()
    bot.engine.next(reply("Your secret"), only_you=True)
    (line,) = await bot.says(ana, "/progress", group)
    assert "secret" not in line.text
    door = line.key("Read it there")["url"]
    await bot.database.handled(await ben.follows(door))
    assert [message.text for message in ben.alone.seen] == ["You said /start"]
    await bot.restart()
    await bot.database.handled(await ana.follows(door))
    assert [message.text for message in ana.alone.seen] == ["Your secret"]


async def test_a_picture_for_somebody_who_never_started_the_bot_is_tried_once_and_no_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with telegram_bot(draw=PictureMaker().draw) as bot:
        ana, group = bot.server.person("Ana", has_started=False), bot.server.group()
        bot.engine.next(reply("Your secret", picture=DRAWING), only_you=True)
        (line,) = await bot.says(ana, "/progress", group)
        assert "secret" not in line.text
        assert len(bot.server.called("sendPhoto")) == 1
        assert [call for call in bot.server.called("sendMessage") if call["chat_id"] == ana.id] == []
        assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


async def test_what_is_about_the_place_is_said_there_even_if_it_is_for_one(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    bot.engine.next(reply("Which hour here?", in_place=True), only_you=True)
    assert [message.text for message in await bot.says(ana, "/progress", group)] == ["Which hour here?"]
    assert ana.alone.seen == []


async def test_an_answer_behind_a_door_is_gone_after_a_month(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana", has_started=False), bot.server.group()
    bot.engine.next(reply("Your secret"), only_you=True)
    (line,) = await bot.says(ana, "/progress", group)
    bot.clock.travel(timedelta(days=31))
    await bot.database.handled(await ana.follows(line.key("Read it there")["url"]))
    assert [message.text for message in ana.alone.seen] == ["You said /start"]


async def test_the_press_of_somebody_who_never_started_leads_them_to_the_door(bot: TelegramBot) -> None:
    ana, ben, group = bot.server.person("Ana"), bot.server.person("Ben", has_started=False), bot.server.group()
    message = await card(bot, ana, group)
    bot.engine.next(reply("For Ben", buttons=ROW), only_you=True)
    answer = await bot.presses(ben, message, "Go")
    await bot.database.handled(await ben.follows(answer["url"]))
    assert [one.text for one in ben.alone.seen] == ["For Ben"]
    assert message.text == "A card"


async def test_a_form_behind_a_door_is_asked_there(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana", has_started=False), bot.server.group()
    bot.engine.next(Reply(form=FORM), only_you=True)
    (line,) = await bot.says(ana, "/progress", group)
    await bot.database.handled(await ana.follows(line.key("Read it there")["url"]))
    assert "How long?" in ana.alone.seen[-1].text
    await bot.says(ana, "30 minutes")
    await bot.presses(ana, ana.alone.seen[-1], "Good")
    assert heard(bot).values == {"time": "30 minutes", "mood": "g"}
    assert heard(bot).where.chat == str(group.id)


async def test_a_link_with_an_unknown_payload_is_a_plain_start(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    assert (await bot.says(ana, "/start promo-2026"))[0].text == "You said /start"
    await bot.says(ana, "/start@roadmate_bot promo-2026", group)
    assert heard(bot).text == "/start"


# presses --------------------------------------------------------------------------------------------------------------


async def test_a_press_changes_the_message_it_stands_on(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    message = await card(bot, ana)
    bot.engine.next(reply("Another card", buttons=((Button("Back", "a.back"),),)), Delivery.EDIT)
    assert await bot.presses(ana, message, "Go") == {"callback_query_id": f"{ana.id}-1"}
    assert (message.text, message.labels, message.edits) == ("Another card", ["Back"], 1)
    assert len(ana.alone.seen) == 1
    assert (heard(bot).trigger, heard(bot).text, heard(bot).on_public) == (Trigger.PRESS, "a.go", False)


async def test_the_same_content_once_more_is_no_trouble(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    message = await card(bot, ana)
    bot.engine.next(reply("A card", buttons=ROW), Delivery.EDIT)
    await bot.presses(ana, message, "Go")
    assert (len(ana.alone.seen), message.edits) == (1, 0)


async def test_what_can_no_longer_be_changed_is_said_anew(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    message = await card(bot, ana)
    bot.server.fail("editMessageText", 400, words="Bad Request: message can't be edited")
    for answer in ("One", "Two"):
        bot.engine.next(reply(answer), Delivery.EDIT)
    await bot.presses(ana, message, "Go")
    gone = {"message_id": message.number, "date": 0, "chat": ana.alone.as_json}
    await bot.sends(ana, message, "a.go", {"message": gone})
    assert [one.text for one in ana.alone.seen] == ["A card", "One", "Two"]


async def test_a_card_that_somebody_deleted_is_said_anew(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    message = await card(bot, ana)
    del ana.alone.messages[message.number]
    bot.engine.next(reply("Another"), Delivery.EDIT)
    await bot.presses(ana, message, "Go")
    assert [one.text for one in ana.alone.seen] == ["Another"]


async def test_a_long_answer_takes_the_place_of_the_message_and_goes_on_below(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    message = await card(bot, ana)
    bot.engine.next(reply("word " * 1500, title="All", buttons=ROW), Delivery.EDIT)
    await bot.presses(ana, message, "Go")
    assert [one.text[:9] for one in ana.alone.seen] == ["All (1/2)", "All (2/2)"]
    assert [one.labels for one in ana.alone.seen] == [[], ["Go"]]


async def test_somebody_elses_press_gets_their_own_copy(bot: TelegramBot) -> None:
    ana, ben, group = bot.server.person("Ana"), bot.server.person("Ben"), bot.server.group()
    message = await card(bot, ana, group)
    bot.engine.next(reply("For Ben", buttons=ROW), only_you=True)
    answer = await bot.presses(ben, message, "Go")
    assert (message.text, message.edits, len(group.seen)) == ("A card", 0, 1)
    assert ben.alone.seen[-1].text == "For Ben"
    assert "private chat" in answer["text"]
    assert heard(bot).on_public
    assert heard(bot).sender.account == str(ben.id)


async def test_a_short_answer_for_the_presser_alone_is_an_alert(bot: TelegramBot) -> None:
    ana, ben, group = bot.server.person("Ana"), bot.server.person("Ben", has_started=False), bot.server.group()
    message = await card(bot, ana, group)
    bot.engine.next(reply("You have done 3 of 49 topics."), only_you=True)
    assert (await bot.presses(ben, message, "Go"))["text"] == "You have done 3 of 49 topics."
    assert len(group.seen) == 1


async def test_a_remark_is_shown_to_the_presser_alone(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    message = await card(bot, ana, group)
    bot.engine.next(notice("Saved."), Delivery.NOTICE, only_you=True)
    assert (await bot.presses(ana, message, "Go"))["text"] == "Saved."
    bot.engine.next(notice("A longer remark " * 6), Delivery.NOTICE, only_you=True)
    answer = await bot.presses(ana, message, "Go")
    assert answer["show_alert"] is True
    assert len(group.seen) == 1
    assert ana.alone.seen == []


async def test_an_answer_with_a_gist_is_told_on_the_press_and_follows_whole_and_silently_in_private(
    bot: TelegramBot,
) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    message = await card(bot, ana, group)
    whole = reply("All of it. " * 40, buttons=((Button("More", "a.b"),),), only_you=True, brief="Right. " * 40)
    bot.engine.next(whole, only_you=True)
    answer = await bot.presses(ana, message, "Go")
    assert answer["text"].startswith("Right. Right.")
    assert answer["text"].endswith("…")
    assert len(answer["text"]) <= 200
    assert answer["show_alert"] is True
    assert len(group.seen) == 1
    (told,) = ana.alone.seen
    assert (told.text, told.labels) == (("All of it. " * 40).strip(), ["More"])
    assert bot.server.called("sendMessage")[-1]["disable_notification"] is True


async def test_whoever_has_no_private_chat_is_told_the_gist_and_nothing_else(
    bot: TelegramBot, caplog: pytest.LogCaptureFixture
) -> None:
    ben, group = bot.server.person("Ben", has_started=False), bot.server.group()
    message = await card(bot, ben, group)
    whole = reply(
        "All of it. " * 40, buttons=((Button("More", "a.b"),),), only_you=True, brief="Right, and this is why."
    )
    bot.engine.next(whole, only_you=True)
    answer = await bot.presses(ben, message, "Go")
    assert answer == {"callback_query_id": answer["callback_query_id"], "text": "Right, and this is why."}
    assert (len(group.seen), ben.alone.seen) == (1, [])
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


async def test_a_remark_too_long_for_an_alert_is_a_message_of_its_own(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    message = await card(bot, ana, group)
    bot.engine.next(notice("word " * 60), Delivery.NOTICE, only_you=True)
    await bot.presses(ana, message, "Go")
    assert ana.alone.seen[-1].text == ("word " * 60).strip()


async def test_a_public_remark_on_a_press_is_cut_to_what_an_alert_holds(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    message = await card(bot, ana, group)
    bot.engine.next(notice("word " * 60), Delivery.NOTICE, only_you=False)
    answer = await bot.presses(ana, message, "Go")
    assert len(answer["text"]) <= 200
    assert answer["text"].endswith("…")


async def test_a_press_that_needs_no_words_is_answered_all_the_same(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    message = await card(bot, ana)
    bot.engine.next(Reply(), Delivery.NOTHING)
    assert await bot.presses(ana, message, "Go") == {"callback_query_id": f"{ana.id}-1"}


async def test_a_press_is_answered_even_if_the_engine_breaks(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    message = await card(bot, ana)
    bot.engine.answers.append(RuntimeError("a mistake of ours"))
    await bot.presses(ana, message, "Go")
    assert (await bot.says(ana, "/roadmap"))[0].text == "You said /roadmap"


async def test_a_press_answered_too_late_costs_nothing(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    message = await card(bot, ana)
    bot.server.fail("answerCallbackQuery", 400, words="Bad Request: query is too old and response timeout expired")
    bot.engine.next(reply("Another"), Delivery.EDIT)
    update, _query = await ana.presses(message, "Go")
    await bot.database.handled(update)
    assert message.text == "Another"


@pytest.mark.parametrize("more", [{"message": None}, {"data": None}, {"data": None, "game_short_name": "chess"}])
async def test_a_press_without_its_message_is_explained(bot: TelegramBot, more: dict[str, object]) -> None:
    ana = bot.server.person("Ana")
    message = await card(bot, ana)
    answer = await bot.sends(ana, message, "a.go", more)
    assert "too old" in answer["text"]
    assert bot.engine.texts == ["/roadmap"]


# forms ----------------------------------------------------------------------------------------------------------------

FORM = Form(
    "Check in",
    (
        Field("time", "How long?", hint="such as 30 minutes", longest=20),
        Field("mood", "How was it?", FieldKind.CHOICE, choices=(("g", "Good"), ("b", "Bad"))),
    ),
    "a.checkin:7",
    "Send",
)
LONG = Form(
    FORM.title, (*FORM.fields, Field("note", "Anything else?", FieldKind.TEXT, required=False)), FORM.data, "Send"
)


async def asked(bot: TelegramBot, person: Person, form: Form = LONG, chat: Chat | None = None) -> None:
    """Let somebody open a form."""
    bot.engine.next(Reply(form=form), only_you=chat is not None)
    await bot.says(person, "/roadmap", chat)


async def test_a_form_is_asked_one_question_after_another(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    await asked(bot, ana)
    first = ana.alone.seen[-1]
    assert "How long?" in first.text
    assert first.asks
    assert bot.server.called("sendMessage")[-1]["reply_markup"]["input_field_placeholder"] == "such as 30 minutes"
    (second,) = await bot.says(ana, "  an hour ")
    assert second.labels == ["Good", "Bad", "Cancel"]
    await bot.presses(ana, second, "Good")
    assert (second.labels, "Good" in second.text) == ([], True)
    (done,) = await bot.says(ana, "/skip")
    filled = heard(bot)
    assert (filled.trigger, filled.text) == (Trigger.FORM, "a.checkin:7")
    assert filled.values == {"time": "an hour", "mood": "g", "note": ""}
    assert done.text == "You said a.checkin:7"
    assert (await bot.says(ana, "an hour"))[0].text == "You said an hour"


async def test_a_form_asked_for_in_a_group_is_filled_in_privately(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group("Hall")
    await asked(bot, ana, FORM, group)
    assert "How long?" not in "".join(message.text for message in group.seen)
    await bot.says(ana, "an hour")
    await bot.presses(ana, ana.alone.seen[-1], "Bad")
    assert heard(bot).where == Where(str(group.id), Setting.GROUP, "Hall")
    assert heard(bot).values == {"time": "an hour", "mood": "b"}


async def test_a_form_goes_on_after_a_restart(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    await asked(bot, ana, FORM)
    await bot.restart()
    await bot.says(ana, "an hour")
    await bot.restart()
    await bot.presses(ana, ana.alone.seen[-1], "Good")
    assert heard(bot).values == {"time": "an hour", "mood": "g"}


async def test_a_form_can_be_left_by_word_and_by_button(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    await asked(bot, ana, FORM)
    assert "Left without sending" in (await bot.says(ana, "/cancel"))[0].text
    await asked(bot, ana, FORM)
    await bot.says(ana, "an hour")
    question = ana.alone.seen[-1]
    await bot.presses(ana, question, "Cancel")
    assert question.labels == []
    assert (await bot.says(ana, "an hour"))[0].text == "You said an hour"
    assert "no form open" in (await bot.says(ana, "/cancel"))[0].text
    assert [one.trigger for one in bot.engine.heard] == [Trigger.COMMAND] * 3


async def test_another_command_leaves_the_form(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    await asked(bot, ana, FORM)
    assert (await bot.says(ana, "/roadmap 2"))[0].text == "You said /roadmap 2"
    assert (await bot.says(ana, "an hour"))[0].text == "You said an hour"


async def test_an_answer_that_does_not_fit_is_asked_for_again(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    await asked(bot, ana, FORM)
    (again,) = await bot.says(ana, "a very long time indeed, more than fits")
    assert "at most 20" in again.text
    assert "How long?" in again.text
    assert "has to be answered" in (await bot.says(ana, "/skip"))[0].text
    await bot.says(ana, "an hour")
    assert "choose one of these" in (await bot.says(ana, "so so"))[0].text
    await bot.says(ana, "good")
    assert heard(bot).values == {"time": "an hour", "mood": "g"}


async def test_a_picture_is_no_answer(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    await asked(bot, ana, FORM)
    body = {"message_id": 900, "date": 1, "chat": ana.alone.as_json, "from": ana.user, "photo": []}
    await bot.handles({"message": body})
    assert "text message" in ana.alone.seen[-1].text


async def test_the_button_of_an_older_question_changes_nothing(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    await asked(bot, ana)
    await bot.says(ana, "an hour")
    question = ana.alone.seen[-1]
    choice = question.key("Good")["callback_data"]
    await bot.presses(ana, question, "Bad")
    answer = await bot.sends(ana, question, choice)
    assert "no longer open" in answer["text"]
    await bot.says(ana, "/skip")
    assert heard(bot).values["mood"] == "b"


async def test_a_form_left_half_way_is_forgotten_after_a_week(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    await asked(bot, ana, FORM)
    bot.clock.travel(timedelta(days=8))
    assert (await bot.says(ana, "an hour"))[0].text == "You said an hour"


async def test_a_filled_in_form_is_the_same_event_if_it_is_answered_twice(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    await asked(bot, ana, FORM)
    await bot.says(ana, "an hour")
    bot.engine.answers.append(RuntimeError("a mistake of ours"))
    await bot.presses(ana, ana.alone.seen[-1], "Good")
    first = heard(bot)
    await bot.says(ana, "good")
    assert (heard(bot).event, heard(bot).values) == (first.event, first.values)


# groups that move -----------------------------------------------------------------------------------------------------


def upgrade(bot: TelegramBot, group: Chat) -> Chat:
    """Make a basic group a supergroup."""
    larger = bot.server.group(group.title)
    group.moved_to = larger.id
    return larger


async def test_a_group_that_becomes_a_supergroup_is_followed() -> None:
    moves: list[tuple[str, str]] = []

    async def moved(old: str, new: str) -> None:
        moves.append((old, new))

    async with telegram_bot(moved=moved) as bot:
        group = bot.server.group("Hall", "group")
        larger = upgrade(bot, group)
        told = {"message_id": 5, "date": 1, "migrate_to_chat_id": larger.id, "chat": group.as_json}
        await bot.handles({"message": told})
        begun = {"message_id": 1, "date": 1, "migrate_from_chat_id": group.id, "chat": larger.as_json}
        await bot.handles({"message": begun})
    assert set(moves) == {(str(group.id), str(larger.id))}


async def test_an_answer_on_its_way_follows_the_group() -> None:
    moves: list[tuple[str, str]] = []

    async def moved(old: str, new: str) -> None:
        moves.append((old, new))

    async with telegram_bot(moved=moved) as bot:
        ana, group = bot.server.person("Ana"), bot.server.group("Hall", "group")
        larger = upgrade(bot, group)
        bot.engine.next(reply("word " * 1500))
        await bot.says(ana, "/roadmap", group)
        assert len(larger.seen) == 2
        assert (group.seen, moves) == ([], [(str(group.id), str(larger.id))])


async def test_a_form_and_a_waiting_answer_follow_the_group(bot: TelegramBot) -> None:
    ana, ben, group = (
        bot.server.person("Ana"),
        bot.server.person("Ben", has_started=False),
        bot.server.group("Hall", "group"),
    )
    await asked(bot, ana, FORM, group)
    bot.engine.next(Reply(form=FORM), only_you=True)
    (line,) = await bot.says(ben, "/progress", group)
    larger = upgrade(bot, group)
    await bot.handles({"message": {"message_id": 5, "date": 1, "migrate_to_chat_id": larger.id, "chat": group.as_json}})
    await bot.database.handled(await ben.follows(line.key("Read it there")["url"]))
    for person in (ana, ben):
        await bot.says(person, "an hour")
        await bot.presses(person, person.alone.seen[-1], "Good")
        assert heard(bot).where.chat == str(larger.id)


async def test_a_card_in_a_group_that_moved_is_answered_with_a_new_one(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group("Hall", "group")
    message = await card(bot, ana, group)
    larger = upgrade(bot, group)
    bot.engine.next(reply("Another"), Delivery.EDIT)
    await bot.presses(ana, message, "Go")
    assert [one.text for one in larger.seen] == ["Another"]


# shut out -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "why",
    [
        "bot was blocked by the user",
        "bot was kicked from the supergroup chat",
        "user is deactivated",
        "bot is not a member",
    ],
)
async def test_whoever_shuts_the_bot_out_gets_no_answer_and_others_do(bot: TelegramBot, why: str) -> None:
    ana, ben, group = bot.server.person("Ana"), bot.server.person("Ben"), bot.server.group()
    ana.alone.forbidden = group.forbidden = why
    assert await bot.says(ana, "/roadmap") == []
    assert await bot.says(ana, "/roadmap", group) == []
    assert await bot.says(ben, "/roadmap")


async def test_a_group_that_lets_nobody_write_is_let_be(bot: TelegramBot) -> None:
    ana, group = bot.server.person("Ana"), bot.server.group()
    bot.server.fail("sendMessage", 400, words="Bad Request: not enough rights to send text messages to the chat")
    assert await bot.says(ana, "/roadmap", group) == []
    assert await bot.says(ana, "/roadmap", group)
