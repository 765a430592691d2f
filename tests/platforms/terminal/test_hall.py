"""A terminal as a place for a community: several people, a room everybody reads, posts, and cards to come back to."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.kit.errors import StorageError
from bot.kit.platform import Answer, Delivery
from bot.kit.posting import Address, VanishedError
from bot.kit.reply import Button, Field, FieldKind, Form, notice, reply
from bot.kit.request import Incoming, Role, Setting, Trigger
from tests.fakes.databases import IN_PLACE
from tests.platforms.terminal.talking import Sitting, says, sitting

HALL = Address("terminal", "study-hall")
MINE = Address("terminal", "terminal-me")
CARD = reply("A question", buttons=((Button("First", "a.one"), Button("Second", "a.two")),))


async def posted(here: Sitting, words: str, nonce: str = "n", to: Address = HALL) -> str:
    """Let the bot say something by itself; returns what was shown."""
    courier = here.platform.courier
    before = len(here.typist.screen.getvalue())
    said = reply(words, buttons=CARD.buttons)
    (part,) = courier.draw(to, said, "")
    await courier.send(to, part, nonce)
    return here.typist.screen.getvalue()[before:]


async def test_each_person_asks_as_themselves_wherever_they_are() -> None:
    async with sitting(says(CARD)) as here:
        await here.types("/help", "as Mo", "/help", "hall", "/help", "as ana", "/help", "alone", "/help")
        senders = [(one.sender.name, one.sender.role, one.where.setting) for one in here.heard]
        assert senders == [
            ("Ana", Role.MEMBER, Setting.PRIVATE),
            ("Mo", Role.MODERATOR, Setting.PRIVATE),
            ("Mo", Role.MODERATOR, Setting.GROUP),
            ("Ana", Role.MEMBER, Setting.GROUP),
            ("Ana", Role.MEMBER, Setting.PRIVATE),
        ]
        assert len({one.where.chat for one in here.heard}) == 3, "everybody is in one hall, and alone apart"


async def test_nobody_can_be_somebody_who_is_not_there() -> None:
    async with sitting(says(CARD)) as here:
        told = await here.types("as Zoe")
        assert "You can be Ana, " in told
        assert "Mo" in told


async def test_numbers_press_what_this_person_has_before_them() -> None:
    async with sitting(says(CARD, only_you=True)) as here:
        await here.types("hall", "/help")
        assert "Only Ana sees this" in here.typist.screen.getvalue()
        here.answer = says(reply("Nothing to press"), only_you=True)
        await here.types("as Ben", "2")
        assert [one.trigger for one in here.heard] == [Trigger.COMMAND], (
            "Ben has no card, and words alone are not asked"
        )
        await here.types("as Ana", "2")
        assert (here.heard[-1].trigger, here.heard[-1].text) == (Trigger.PRESS, "a.two")
        assert not here.heard[-1].on_public


async def test_words_alone_are_not_asked_in_the_hall() -> None:
    async with sitting(says(CARD)) as here:
        assert "In the hall I answer commands" in await here.types("hall", "gradient descent")
        assert here.heard == []


async def test_a_card_for_one_person_is_in_nobody_elses_list() -> None:
    async with sitting(says(CARD, only_you=True)) as here:
        await here.types("hall", "/help")
        assert "#1 A question" in await here.types("cards")
        assert "Nothing was said here yet." in await here.types("as Ben", "cards")
        assert "There is no #1 here" in await here.types("#1")


async def test_what_comes_by_itself_is_shown_and_can_be_pressed_in_the_hall() -> None:
    async with sitting(says(reply("Taken."), Delivery.NOTICE)) as here:
        await here.types("hall")
        shown = await posted(here, "The quiz of the day")
        assert "── Study hall · #1 ──\nThe quiz of the day" in shown
        assert "Taken." in await here.types("1")
        assert here.heard[-1].text == "a.one"
        assert here.heard[-1].on_public


async def test_what_comes_by_itself_elsewhere_takes_nobodys_card_away() -> None:
    async with sitting(says(CARD)) as here:
        await here.types("/help")
        assert "The quiz of the day" in await posted(here, "The quiz of the day")
        assert "── For Ana alone · #3 ──" in await posted(here, "A word to you", "other", MINE)
        await here.types("#1", "2")
        assert here.heard[-1].where.setting is Setting.PRIVATE
        assert not here.heard[-1].on_public


async def test_a_post_comes_once_however_often_it_is_sent() -> None:
    async with sitting(says(CARD)) as here:
        assert "once" in await posted(here, "once")
        assert await posted(here, "once") == ""
        await here.sits_down_again()
        assert await posted(here, "once") == ""
        assert (await here.types("hall")).count("once") == 1


async def test_a_post_that_changes_is_told_and_pressed_as_it_is_now() -> None:
    async with sitting(says(CARD)) as here:
        courier = here.platform.courier
        await here.types("hall")
        await posted(here, "open")
        before = len(here.typist.screen.getvalue())
        (part,) = courier.draw(HALL, reply("closed", buttons=((Button("Why", "a.why"),),)), "")
        await courier.edit(HALL, "1", part)
        assert here.typist.screen.getvalue()[before:].strip() == "Study hall: #1 has changed. Type #1 to see it."
        await here.types("1")
        assert here.heard[-1].text == "a.why"
        assert "closed" in await here.types("#1")
        await courier.delete(HALL, "1")
        assert "#1 was taken back" in here.typist.screen.getvalue()
        assert "There is no #1 here" in await here.types("#1")
        with pytest.raises(VanishedError):
            await courier.edit(HALL, "1", part)
        with pytest.raises(VanishedError):
            await courier.delete(HALL, "1")
        assert await courier.find(HALL, part, "n", here.clock.now()) is None


async def test_a_card_of_yesterday_can_be_opened_and_pressed_after_a_restart() -> None:
    async with sitting(says(CARD)) as here:
        await here.types("/help")
        await here.sits_down_again()
        await here.types("2")
        assert here.heard[-1].trigger is Trigger.COMMAND, "nothing is on the screen yet, so nothing is pressed"
        assert "[2] Second" in await here.types("#1")
        await here.types("2")
        assert (here.heard[-1].trigger, here.heard[-1].text) == (Trigger.PRESS, "a.two")


async def test_an_edit_takes_the_place_of_the_pressed_card_and_a_private_answer_that_of_no_public_one() -> None:
    async with sitting(says(CARD)) as here:
        await here.types("hall", "/help")
        here.answer = says(reply("For you"), Delivery.EDIT, only_you=True)
        assert "Only Ana sees this · #2" in await here.types("1")
        here.answer = says(reply("For all"), Delivery.EDIT)
        assert "Study hall · #1" in await here.types("#1", "1")
        listed = await here.types("as Ben", "cards")
        assert "#1 For all" in listed
        assert "For you" not in listed


async def test_several_lines_end_with_an_empty_one_and_what_was_there_can_be_kept() -> None:
    form = Form(
        "Mend",
        (
            Field("stem", "The question", FieldKind.TEXT, value="Old words"),
            Field("wrong", "Wrong options", FieldKind.TEXT, hint="one a line"),
            Field("level", "Level", FieldKind.CHOICE, value="easy", choices=(("easy", "Easy"), ("hard", "Hard"))),
        ),
        "a.mend",
        "Send",
    )

    def answer(incoming: Incoming) -> Answer:
        return Answer(
            reply("Sent.") if incoming.trigger is Trigger.FORM else reply("x", form=form), Delivery.NEW, False
        )

    async with sitting(answer) as here:
        shown = await here.types("/help")
        assert "So far: Old words" in shown
        assert "Several lines are fine" in await here.types("")
        await here.types("", "one", "two")
        assert "So far: Easy" in await here.types("")
        assert "Sent." in await here.types("")
        assert dict(here.heard[-1].values) == {"stem": "Old words", "wrong": "one\ntwo", "level": "easy"}


async def test_the_clock_moves_on_but_never_past_what_is_planned() -> None:
    planned: list[tuple[datetime, str] | None] = [None, None]

    async def next_event() -> tuple[datetime, str] | None:
        return planned[-1]

    async with sitting(says(CARD), next_event) as here:
        begun = here.clock.now()
        assert "Nothing is planned yet" in await here.types("later")
        assert here.clock.now() == begun
        await here.types("later 2h")
        assert here.clock.now() == begun + timedelta(hours=2)
        planned.append((begun + timedelta(hours=3), "The quiz of the day"))
        assert "Now: The quiz of the day" in await here.types("later 3 days")
        assert here.clock.now() == begun + timedelta(hours=3, seconds=1)
        planned.append((begun + timedelta(days=9), "The digest"))
        assert "Now" not in await here.types("later 30m")
        assert "Now: The digest" in await here.types("later")
        assert here.clock.now() > begun + timedelta(days=9)


async def test_its_own_words_are_told_and_words_that_only_begin_so_are_asked() -> None:
    async with sitting(says(CARD)) as here:
        shown = await here.types("keys")
        for word in ("again", "as Ana", "hall", "alone", "cards", "later 2h", "#12"):
            assert word in shown
        for line in ("hall of fame", "later years", "cards and dice", "alone together"):
            await here.types(line)
        assert [one.text for one in here.heard] == ["hall of fame", "later years", "cards and dice", "alone together"]


@IN_PLACE
async def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(_work: object) -> None:
        raise StorageError("The disk is full. Make room, then type it again.")

    async with sitting(says(CARD)) as here:
        monkeypatch.setattr(here.database, "write", full)
        shown = await here.types("/help")
        assert "The disk is full." in shown
        assert "A question" in shown
        await here.types("1")
        assert here.heard[-1].text == "a.one"


async def test_no_more_than_the_newest_two_hundred_cards_are_kept() -> None:
    async with sitting(says(CARD)) as here:
        for number in range(203):
            await posted(here, f"Post {number}", str(number))
        assert "Post 202" in await here.types("hall")
        assert "There is no #3 here" in await here.types("#3")
        assert "Post 3" in await here.types("#4")


FORM = Form("Project", (Field("link", "Where is it?"), Field("words", "Say more", FieldKind.TEXT)), "a.project", "Send")


def form_first(incoming: Incoming) -> Answer:
    said = reply("Sent.") if incoming.trigger is Trigger.FORM else reply("x", form=FORM)
    return Answer(said, Delivery.NEW, only_you=False)


@pytest.mark.parametrize(
    "line", ["cancel", "CANCEL", "/cancel", "quit", "hall", "as Mo", "#1", "cards", "/help", "later 2h"]
)
@pytest.mark.parametrize("before", [(), ("https://x.org",), ("https://x.org", "first line")])
async def test_a_form_can_be_left_on_every_line_and_nothing_is_sent(before: tuple[str, ...], line: str) -> None:
    async with sitting(form_first) as here:
        assert "“cancel” leaves" in await here.types("/roadmap")
        await here.types(*before)
        here.typist.lines.type(line)
        here.typist.lines.type("quit")
        await here.platform.wait()
        shown = here.typist.screen.getvalue()
        assert "Left without sending." in shown
        assert Trigger.FORM not in [one.trigger for one in here.heard]
        assert [one.text for one in here.heard] == (["/roadmap", "/help"] if line == "/help" else ["/roadmap"])


async def test_what_only_looks_like_a_way_out_is_an_answer() -> None:
    async with sitting(form_first) as here:
        await here.types("/roadmap", "cancel my plans", "quite good", "/etc/hosts is a path", "as you like it was", "")
        assert dict(here.heard[-1].values) == {
            "link": "cancel my plans",
            "words": "quite good\n/etc/hosts is a path\nas you like it was",
        }


async def test_a_form_that_was_left_by_a_restart_is_told_and_can_be_filled_in() -> None:
    async with sitting(form_first) as here:
        await here.types("/roadmap", "https://x.org")
        await here.sits_down_again()
        assert "You left #1 unanswered. Type #1 to answer it." in here.typist.screen.getvalue()
        await here.types("#1", "https://y.org", "words", "")
        assert dict(here.heard[-1].values) == {"link": "https://y.org", "words": "words"}


async def test_what_cannot_be_meant_is_told_with_the_next_step() -> None:
    async with sitting(says(CARD)) as here:
        assert "Only 1" not in await here.types("hall", "/help", "7")
        assert "Please type a number from 1 to 2." in await here.types("7")
        assert "Did you mean hall?" in await here.types("hal")
        assert "Did you mean /help?" in await here.types("help")
        assert "Type its number, from 1 to 2" in await here.types("25:00")
        assert "Say how far, such as: later 30m" in await here.types("later -5h")
        here.answer = says(reply("x", buttons=((Button("Go", "a.go"),),)))
        assert "Only 1 can be pressed" in await here.types("/help", "2")


async def test_who_comes_back_is_told_that_the_clock_goes_on_where_they_left_it() -> None:
    async with sitting(says(CARD)) as here:
        assert "goes on where you left it" not in here.typist.screen.getvalue()
        here.real.travel(timedelta(hours=1))
        await here.types("later 3d", "/help")
        await here.sits_down_again()
        assert "The clock goes on where you left it" in here.typist.screen.getvalue()


async def test_what_was_said_last_can_be_seen_and_pressed_again_after_a_restart() -> None:
    async with sitting(says(CARD)) as here:
        await here.types("/help")
        await here.sits_down_again()
        assert "A question" in await here.types("again")
        await here.types("1")
        assert here.heard[-1].text == "a.one"


async def test_in_a_form_again_asks_once_more() -> None:
    async with sitting(form_first) as here:
        await here.types("/roadmap")
        assert "Where is it?" in await here.types("again")
        await here.types("https://x.org", "words", "")
        assert dict(here.heard[-1].values) == {"link": "https://x.org", "words": "words"}


async def test_the_clock_goes_no_further_than_dates_do() -> None:
    async with sitting(says(CARD)) as here:
        for _again in range(4):
            told = await here.types("later 9999d")
        assert "The clock goes no further." in told
        assert here.clock.now().year < 2100


async def test_somebody_else_sees_what_they_had_before_them_by_name_alone() -> None:
    async with sitting(says(CARD)) as here:
        await here.types("hall")
        await posted(here, "The quiz of the day")
        shown = await here.types("as Ben")
        assert "Before you: #1 The quiz of the day. “again” shows it." in " ".join(shown.split())
        await here.types("2")
        assert (here.heard[-1].sender.name, here.heard[-1].text) == ("Ben", "a.two")


async def test_no_number_ends_the_conversation() -> None:
    def answer(incoming: Incoming) -> Answer:
        form = Form(
            "Level", (Field("level", "Level", FieldKind.CHOICE, choices=(("a", "A"), ("b", "B"))),), "a.x", "Send"
        )
        said = CARD if incoming.text != "/roadmap" else reply("x", form=form)
        return Answer(said, Delivery.NEW, only_you=False)

    async with sitting(answer) as here:
        await here.types("/help")
        for strange in ("9" * 5000, "²", "१२३", "0"):
            await here.types(strange)
        await here.types("/roadmap")
        for strange in ("9" * 5000, "²", "0"):
            assert "Please type a number from 1 to 2." in await here.types(strange)
        await here.types("2", "/help")
        assert here.heard[-1].text == "/help"


@IN_PLACE
async def test_a_database_in_trouble_is_told_and_the_conversation_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(_work: object) -> None:
        raise StorageError("The file is busy. Please type it again.")

    async with sitting(says(CARD)) as here:
        await here.types("/help")
        with monkeypatch.context() as trouble:
            trouble.setattr(here.database, "read", busy)
            assert "The file is busy." in await here.types("cards")
            assert "The file is busy." in await here.types("1")
        assert "#1 A question" in await here.types("cards")


async def test_a_form_that_was_answered_with_a_passing_word_is_not_called_unanswered() -> None:
    form = Form("Note", (Field("words", "What?"),), "a.note", "Send")

    def answer(incoming: Incoming) -> Answer:
        if incoming.trigger is Trigger.FORM:
            return Answer(notice("Sent."), Delivery.NOTICE, only_you=True)
        return Answer(reply("x", form=form), Delivery.NEW, only_you=False)

    async with sitting(answer) as here:
        assert "Sent." in await here.types("/help", "words")
        assert "unanswered" not in await here.types("as Ben", "as Ana")


async def test_a_post_without_choices_leaves_what_numbers_press_as_it_was() -> None:
    async with sitting(says(CARD)) as here:
        await here.types("hall", "/help")
        courier = here.platform.courier
        (part,) = courier.draw(HALL, reply("Just news"), "")
        await courier.send(HALL, part, "news")
        await here.types("2")
        assert (here.heard[-1].trigger, here.heard[-1].text) == (Trigger.PRESS, "a.two")


@pytest.mark.parametrize(
    "typed", ["later 30 mins", "later 30m", "later 30 minutes", "later 1 hr", "later 2hrs", "later 1 day", "later 2d"]
)
async def test_spans_are_read_as_people_write_them(typed: str) -> None:
    async with sitting(says(CARD)) as here:
        assert "It is " in await here.types(typed)
