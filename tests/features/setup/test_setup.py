"""A community is set up in a few taps, by whoever may, and can be taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.kit import codec
from bot.kit.database import Transaction
from bot.kit.platform import Lacking, Room
from bot.kit.posting import Address, GoneError, State
from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from tests.fakes.bell import FakeBell
from tests.fakes.core import PRIVATE, ROOM, CoreWorld, Message, Person, presses_of, words
from tests.fakes.surroundings import FakeSurroundings


@pytest.fixture
def mo(world: CoreWorld) -> Person:
    """A moderator."""
    return world.person("Mo", Role.MODERATOR)


@pytest.fixture
def surroundings(world: CoreWorld) -> FakeSurroundings:
    """What the platform tells of its places."""
    told = FakeSurroundings([Room(Address("core", ROOM, "7"), "papers")])
    world.app.surroundings["core"] = told
    return told


async def posts(world: CoreWorld) -> list[tuple[str, str, str]]:
    """Return chat, thread and words of every post that is to be said."""

    async def work(tx: Transaction) -> list[tuple[str, str, str]]:
        rows = await tx.all("SELECT chat, thread, reply, state FROM engine_post ORDER BY id")
        assert {row["state"] for row in rows} <= {State.PLANNED.value}
        return [(row["chat"], row["thread"], words(codec.load(row["reply"]))) for row in rows]

    return await world.database.read(work)


async def test_the_zone_is_guessed_from_the_language_and_confirmed(world: CoreWorld) -> None:
    mo = world.person("Mo", Role.MODERATOR, language="ja")
    await mo.sends("settings.our.set:our-zone:UTC", await mo.says("/settings community", ROOM))
    await mo.sends("settings.set:zone:UTC", mo.seen[-1])
    await mo.says("/setup", ROOM)
    card = await mo.presses("English")
    assert "I guess Tokyo (Asia/Tokyo). Is that right?" in card.text
    assert "UTC" in (await mo.says("/settings community", ROOM)).text


async def test_the_languages_keep_their_order_whichever_holds(mo: Person) -> None:
    card = await mo.says("/setup", ROOM)
    before = [label for label in card.labels if label in ("English", "Deutsch")]
    assert len(before) == 2
    await mo.sends("setup.set:our-language:de", card)
    again = await mo.says("/setup", ROOM)
    assert [label for label in again.labels if label in before] == before


async def added(world: CoreWorld, event: str = "e1") -> None:
    """Let the bot into the room."""
    await world.app.router.respond(
        Incoming(
            "core", event, Trigger.ADDED, Sender("mo", "Mo", Role.MODERATOR), Where(ROOM, Setting.GROUP, "Hall"), "",
            world.clock.now(),
        )
    )  # fmt: skip


async def test_one_short_message_when_let_in_then_silence(world: CoreWorld) -> None:
    await added(world)
    await added(world)  # delivered twice
    await world.person("Ana").says("hello all", ROOM)
    ((chat, _thread, text),) = await posts(world)
    assert chat == ROOM
    assert "I am Roadmate" in text
    assert len(text) < 500


async def test_from_nothing_to_a_planned_post_in_five_taps(
    world: CoreWorld, mo: Person, surroundings: FakeSurroundings
) -> None:
    card = await mo.says("/setup", ROOM)
    assert card.reply.title == "1 of 5: Language"
    await mo.presses("English")
    assert card.reply.title == "2 of 5: Time zone"
    assert "It is 19:00 there now" in card.text
    await mo.presses("Berlin (Europe/Berlin)")
    await mo.presses("Here: Hall")
    assert card.reply.title == "4 of 5: Daily quiz"
    await mo.presses("off")
    assert card.reply.title == "5 of 5: Test post"
    await mo.presses("in ten minutes")
    assert card.reply.title == "All set"
    assert "Test post" in card.text
    schedule = await mo.says("/schedule", ROOM)
    assert "Test post" in schedule.text
    world.clock.travel(timedelta(minutes=11))
    await due(world)
    assert [(chat, thread) for chat, thread, _text in await posts(world)] == [(ROOM, "")]
    assert "posting here works" in (await posts(world))[0][2]


async def due(world: CoreWorld) -> None:
    """Do what is due."""
    bell = FakeBell(world.clock.now())
    await world.app.jobs(world.database, bell).run_due()


async def test_what_is_said_of_one_platform_is_not_said_on_others(world: CoreWorld, mo: Person) -> None:
    await place(mo)
    card = await mo.presses("Here: Hall")
    assert "Everybody sees their own verdict" in card.text
    assert "Telegram" not in card.text
    assert (await mo.presses("18:00")).reply.title == "5 of 5: Test post"
    assert (await mo.sends("setup.step:quiz-style", card)).reply.title == "1 of 5: Language"


async def test_a_city_can_be_typed_and_mars_is_met_kindly(world: CoreWorld, mo: Person) -> None:
    await mo.says("/setup", ROOM)
    card = await mo.presses("English")
    form = await mo.presses("Type it", on=card)
    refused = await mo.fills(form, value="Mars")
    assert "no place called “Mars”" in refused.text
    again = await mo.presses("Try again", on=refused)
    following = await mo.fills(again, value="mumbai")
    assert following.reply.title == "3 of 5: Place"
    assert "Asia/Kolkata" in (await mo.says("/settings community", ROOM)).text


async def test_posts_go_to_the_channel_that_was_chosen(
    world: CoreWorld, mo: Person, surroundings: FakeSurroundings
) -> None:
    await place(mo)
    await mo.presses("papers")
    await mo.presses("off")
    await mo.presses("in ten minutes")
    world.clock.travel(timedelta(minutes=11))
    await due(world)
    assert [(chat, thread) for chat, thread, _text in await posts(world)] == [(ROOM, "7")]


async def place(mo: Person) -> None:
    """Come to the question where to post."""
    await mo.says("/setup", ROOM)
    await mo.presses("English")
    await mo.presses("Berlin (Europe/Berlin)")


async def test_each_missing_right_is_named_with_how_to_grant_it_and_what_it_costs(
    mo: Person, surroundings: FakeSurroundings
) -> None:
    surroundings.missing["7"] = [
        Lacking("Send Messages", "Grant it under Roles.", "Nothing can be posted.", vital=True)
    ]
    await place(mo)
    card = await mo.presses("papers")
    assert "Send Messages: Nothing can be posted. Grant it under Roles." in card.text
    assert card.labels == ["Check again", "Another place"]
    surroundings.missing["7"] = [Lacking("Attach Files", "Grant it under Roles.", "Pictures come as words.")]
    await mo.presses("Check again")
    assert "Go on without" in card.labels
    await mo.presses("Go on without")
    assert card.reply.title == "4 of 5: Daily quiz"
    await mo.presses("off")
    assert "papers" in (await mo.presses("no test post")).text


async def test_a_place_that_was_deleted_meanwhile_is_said_and_another_can_be_chosen(
    mo: Person, surroundings: FakeSurroundings
) -> None:
    await place(mo)
    surroundings.gone["7"] = GoneError("the channel was deleted")
    card = await mo.presses("papers")
    assert "the channel was deleted" in card.text
    await mo.presses("Choose a place")
    surroundings.others.clear()
    stale = await mo.sends("setup.room:7", card)
    assert "not there any more" in stale.text


async def test_without_an_answer_from_the_platform_this_place_can_still_be_chosen(
    mo: Person, surroundings: FakeSurroundings
) -> None:
    surroundings.is_silent = True
    await place(mo)
    assert "could not look" in mo.seen[-1].text
    card = await mo.presses("Here: Hall")
    assert card.reply.title == "4 of 5: Daily quiz"


async def test_a_member_is_told_that_this_is_for_moderators(world: CoreWorld) -> None:
    answer = await world.person("Ana").says("/setup", ROOM)
    assert "moderator" in answer.text
    pressed = await world.person("Ana").sends("setup.set:our-zone:UTC", answer)
    assert "moderator" in pressed.text


async def test_a_moderator_who_was_demoted_meanwhile_changes_nothing(world: CoreWorld, mo: Person) -> None:
    card = await mo.says("/setup", ROOM)
    mo.role = Role.MEMBER
    answer = await mo.sends("setup.set:our-zone:Asia/Tokyo", card)
    assert "moderator" in answer.text
    mo.role = Role.MODERATOR
    assert "Tokyo" not in (await mo.says("/settings community", ROOM)).text


async def test_two_moderators_at_once_do_no_harm(world: CoreWorld, mo: Person) -> None:
    max_ = world.person("Max", Role.MODERATOR)
    mine, theirs = await mo.says("/setup", ROOM), await max_.says("/setup", ROOM)
    await mo.sends("setup.set:our-zone:Europe/London", mine)
    await max_.sends("setup.set:our-zone:Asia/Kolkata", theirs)
    listed = (await mo.says("/settings changes", ROOM)).text
    assert "Mo: Time zone" in listed
    assert "Max: Time zone from London" in listed
    assert "Kolkata" in (await mo.says("/settings community", ROOM)).text


async def test_a_set_up_can_be_taken_back_as_a_whole_and_run_again(
    world: CoreWorld, mo: Person, surroundings: FakeSurroundings
) -> None:
    await place(mo)
    await mo.presses("papers")
    await mo.presses("off")
    card = await mo.presses("tomorrow at 9:00")
    await mo.presses("Undo this set-up")
    assert "took back" in card.text
    assert "Nothing is planned" in (await mo.says("/schedule", ROOM)).text
    assert "none chosen" in (await mo.sends("setup.done", card)).text
    world.clock.travel(timedelta(days=2))
    await due(world)
    assert await posts(world) == []
    again = await mo.says("/setup", ROOM)
    assert again.reply.title == "1 of 5: Language"
    assert "Set up already" not in again.text


async def test_what_somebody_else_changed_since_stays_when_a_set_up_is_undone(world: CoreWorld, mo: Person) -> None:
    await place(mo)
    max_ = world.person("Max", Role.MODERATOR)
    other = await max_.says("/setup", ROOM)
    await max_.sends("setup.set:our-zone:Asia/Tokyo", other)
    await mo.sends("setup.undo", mo.seen[-1])
    assert "Tokyo" in (await max_.says("/settings community", ROOM)).text


async def test_in_private_it_says_where_it_belongs(mo: Person) -> None:
    assert "groups, channels and servers" in (await mo.says("/setup", PRIVATE)).text


async def test_the_test_post_keeps_its_hour_when_the_zone_changes(world: CoreWorld, mo: Person) -> None:
    await place(mo)
    await mo.presses("Here: Hall")
    await mo.presses("off")
    await mo.presses("tomorrow at 9:00")
    before = await next_due(world)
    await mo.sends("settings.our.set:our-zone:Asia/Kolkata", await mo.says("/settings community", ROOM))
    after = await next_due(world)
    assert before - after == timedelta(hours=4, minutes=30)


async def next_due(world: CoreWorld) -> datetime:
    """Return when the only plan is due."""

    async def work(tx: Transaction) -> datetime:
        row = await tx.one("SELECT next_due FROM engine_plan")
        assert row is not None
        return datetime.fromtimestamp(row[0], world.clock.now().tzinfo)

    return await world.database.read(work)


async def set_up(mo: Person) -> Message:
    """Answer every question; return the last card."""
    await place(mo)
    await mo.presses("Here: Hall")
    await mo.presses("09:00")
    return await mo.presses("no test post")


async def test_the_first_set_up_says_nothing_of_an_earlier_one(mo: Person) -> None:
    await place(mo)
    assert "already" not in mo.seen[-1].text
    await mo.presses("Here: Hall")
    assert "already" not in mo.seen[-1].text
    card = await mo.presses("09:00")
    assert "already" not in card.text
    assert not any(label.startswith("Undo") for label in card.labels)


async def test_an_old_card_says_what_it_changed_and_takes_it_back(mo: Person) -> None:
    assert (await set_up(mo)).reply.title == "All set"
    old = await mo.sends("setup.step:quiz-at", await mo.says("/settings community", ROOM))
    assert "Set up already; you are changing it." in old.text
    card = await mo.presses("17:00", on=old)
    assert "Daily quiz was 09:00 and is 17:00 now." in card.text
    back = await mo.presses("Undo: Daily quiz", on=card)
    assert "Taken back: Daily quiz." in back.text
    assert "Daily quiz: 09:00" in (await mo.presses("What holds now", on=back)).text


async def test_pressing_what_holds_already_changes_nothing_and_tells_of_no_change(mo: Person) -> None:
    await set_up(mo)
    card = await mo.presses("09:00", on=await mo.sends("setup.step:quiz-at", mo.seen[-1]))
    assert card.reply.title == "5 of 5: Test post"
    assert "Daily quiz was" not in card.text
    assert not any(label.startswith("Undo:") for label in card.labels)


async def test_another_place_in_a_community_that_is_set_up_is_told_with_a_way_back(
    mo: Person, surroundings: FakeSurroundings
) -> None:
    await set_up(mo)
    card = await mo.presses("papers", on=await mo.sends("setup.step:room", mo.seen[-1]))
    assert "Place was Hall and is papers now." in card.text
    await mo.presses("Undo: Place", on=card)
    assert "Place: Hall" in (await mo.presses("What holds now", on=card)).text


async def test_one_cannot_take_back_from_a_card_what_somebody_else_changed(world: CoreWorld, mo: Person) -> None:
    await set_up(mo)
    old = await mo.presses("17:00", on=await mo.sends("setup.step:quiz-at", mo.seen[-1]))
    max_ = world.person("Max", Role.MODERATOR)
    data = presses_of(old.reply)["Undo: Daily quiz"]
    assert "/settings changes" in (await max_.sends(data, old)).text
    assert "Daily quiz: 17:00" in (await mo.sends("setup.done", old)).text


async def test_hours_name_the_clock_they_are_on(mo: Person) -> None:
    assert "Daily quiz: 09:00 (Europe/Berlin)" in (await set_up(mo)).text


async def test_what_the_set_up_notes_for_itself_is_no_setting(mo: Person) -> None:
    await set_up(mo)
    assert "Set-up" not in (await mo.says("/settings community", ROOM)).text
    assert "Set-up" not in (await mo.sends("settings.our.open:set-up", mo.seen[-1])).text


async def test_where_everybody_reads_the_set_up_goes_on_in_the_language_just_chosen(mo: Person) -> None:
    card = await mo.says("/setup", ROOM)
    card.public = True  # a group in which nothing can be hidden
    await mo.presses("Deutsch", on=card)
    assert "Zeitzone" in card.reply.title
