"""Files that come with answers and posts: kept under their name, and said to be missing where Telegram takes none."""

from __future__ import annotations

from bot.kit.posting import Address
from bot.kit.reply import Button, Document, Picture, Reply, reply
from tests.fakes.telegram_bot import TelegramBot

FILE = Document("roadmate-export.json", '{"name": "Zoë"}', "application/json")
HERE_IT_IS = reply("Here it is.", document=FILE, buttons=((Button("Thanks", "a.b"),),))


async def test_a_file_comes_with_the_words_below_it(bot: TelegramBot) -> None:
    bot.engine.next(HERE_IT_IS)
    (message,) = await bot.says(bot.server.person("Ana"), "/roadmap")
    assert (message.file_name, message.document.decode()) == (FILE.name, FILE.text)
    assert (message.text, message.labels) == ("Here it is.", ["Thanks"])


async def test_words_that_are_too_long_follow_the_file(bot: TelegramBot) -> None:
    bot.engine.next(reply("word " * 400, document=FILE, buttons=((Button("Thanks", "a.b"),),)))
    first, last = await bot.says(bot.server.person("Ana"), "/roadmap")
    assert (first.file_name, first.text, first.labels) == (FILE.name, "", [])
    assert (last.document, last.labels) == (b"", ["Thanks"])


async def test_a_file_and_a_picture_come_both(bot: TelegramBot) -> None:
    drawing = Picture("<svg xmlns='http://www.w3.org/2000/svg'/>", "A drawing", 10, 10)
    bot.engine.next(reply("Here it is.", document=FILE, picture=drawing))
    messages = await bot.says(bot.server.person("Ana"), "/roadmap")
    assert [message.file_name for message in messages] == [FILE.name]


async def test_where_no_files_are_allowed_the_words_come_and_say_so(bot: TelegramBot) -> None:
    group = bot.server.group()
    group.permissions = {"can_send_documents": False}
    bot.engine.next(HERE_IT_IS)
    lost, words = await bot.says(bot.server.person("Ana"), "/roadmap", group)
    assert FILE.name in lost.text
    assert (words.text, words.labels) == ("Here it is.", ["Thanks"])


async def test_a_button_below_a_file_is_answered_by_a_new_message(bot: TelegramBot) -> None:
    ana = bot.server.person("Ana")
    bot.engine.next(HERE_IT_IS)
    (message,) = await bot.says(ana, "/roadmap")
    bot.engine.next(Reply((), "Done", edits=True))
    await bot.presses(ana, message, "Thanks")
    assert [said.words for said in ana.alone.seen[1:]] == ["Done"]


async def test_a_post_brings_its_file_and_can_be_changed(bot: TelegramBot) -> None:
    group, courier = bot.server.group(), bot.platform.courier
    to = Address("telegram", str(group.id))
    (part,) = courier.draw(to, HERE_IT_IS, "")
    receipt = await courier.send(to, part, "n1")
    (message,) = group.seen
    assert (message.file_name, message.text) == (FILE.name, "Here it is.")
    (other,) = courier.draw(to, reply("It was here."), "")
    await courier.edit(to, receipt, other)
    assert message.text == "It was here."
    group.permissions = {"can_send_documents": False}
    await courier.send(to, part, "n2")
    assert group.seen[-1].text == "Here it is."
