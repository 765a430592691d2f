"""What people and communities set holds at once, is said back in words, and can be taken back."""

from __future__ import annotations

import pytest

from bot.domain.community.preferences import Preferences
from bot.domain.community.store import Known, People
from bot.kit.database import Transaction
from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from tests.fakes.core import PRIVATE, ROOM, CoreWorld, Person, presses_of


@pytest.fixture
def mo(world: CoreWorld) -> Person:
    """A moderator."""
    return world.person("Mo", Role.MODERATOR)


async def test_every_setting_is_listed_with_what_it_is_now(ana: Person) -> None:
    card = await ana.says("/settings")
    assert "Time zone: Berlin (Europe/Berlin)" in card.text
    assert "Quiet hours: 22:00–07:00" in card.text
    assert {"Time zone", "Language", "Visible to others"} <= set(presses_of(card.reply))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("/settings zone Mumbai", "Now: Kolkata (Asia/Kolkata)"),
        ("/settings zone utc+2", "Now: "),
        ("/settings quiet 11pm to 6", "Now: 23:00–06:00"),
        ("/settings quiet off", "Now: off"),
        ("/settings nudges ON", "Now: on"),
        ("/settings day-start 05:00", "Now: 05:00"),
        ("/settings language english", "Now: English"),
    ],
)
async def test_it_can_be_typed_in_one_line_as_people_type(ana: Person, typed: str, shown: str) -> None:
    card = await ana.says(typed)
    assert "Saved." in card.text
    assert shown in card.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("/settings zone Mars", "no place called “Mars”"),
        ("/settings zone Georgia USA", "“Georgia USA”"),
        ("/settings quiet 25:00-26:00", "no time of day"),
        ("/settings quiet evening", "two times"),
        ("/settings nudges maybe", "“maybe” is not one of on, off"),
        ("/settings language Klingon", "not “Klingon” yet"),
        ("/settings mood good", "no setting called “mood”"),
        ("/settings our-zone Berlin", "no setting called “our-zone”"),
    ],
)
async def test_what_cannot_be_read_is_met_with_a_sentence_and_changes_nothing(
    ana: Person, typed: str, sentence: str
) -> None:
    before = (await ana.says("/settings")).text
    assert sentence in (await ana.says(typed)).text
    assert (await ana.says("/settings")).text == before


async def test_a_tap_sets_and_a_tap_resets(ana: Person) -> None:
    card = await ana.says("/settings")
    await ana.presses("Nudges")
    assert "One message a day at most" in card.text
    await ana.presses("on")
    assert "Saved." in card.text
    await ana.presses("Reset to off")
    assert "Now: off" in card.text
    await ana.presses("Back")
    assert "Nudges: off" in card.text


async def test_it_can_be_typed_into_a_form_and_tried_again(ana: Person) -> None:
    card = await ana.says("/settings zone")
    form = await ana.presses("Type it", on=card)
    refused = await ana.fills(form, value="Gondor")
    assert "no place called “Gondor”" in refused.text
    again = await ana.presses("Try again", on=refused)
    assert "Tokyo" in (await ana.fills(again, value="tokyo")).text


async def test_ones_own_zone_moves_ones_own_day(world: CoreWorld, ana: Person) -> None:
    await ana.says("/settings zone Auckland")
    known = await asker(world, "ana")
    assert (known.zone, known.day_start) == ("Pacific/Auckland", 4)
    await ana.says("/settings day-start 02:00")
    assert (await asker(world, "ana")).day_start == 2


async def asker(world: CoreWorld, account: str) -> Known:
    """Return what is stored about somebody."""
    incoming = Incoming(
        "core",
        "-",
        Trigger.COMMAND,
        Sender(account, account.title()),
        Where(ROOM, Setting.GROUP),
        "",
        world.clock.now(),
    )
    known = await world.database.read(lambda tx: People().known(tx, incoming))
    assert known is not None
    return known


async def test_what_a_member_sets_is_their_own(world: CoreWorld, ana: Person, ben: Person) -> None:
    before = (await ben.says("/settings")).text
    await ana.says("/settings nudges on")
    assert (await ben.says("/settings")).text == before


async def test_only_moderators_set_for_everybody(world: CoreWorld, ana: Person, mo: Person) -> None:
    assert "moderator" in (await ana.says("/settings community", ROOM)).text
    assert "settings community" not in (await ana.says("/settings", ROOM)).text
    assert "/settings community" in (await mo.says("/settings", ROOM)).text
    card = await mo.says("/settings community", ROOM)
    assert card.reply.title == "Settings of Hall"
    assert "moderator" in (await ana.sends("settings.our.set:welcome:on", card)).text
    assert "Welcome newcomers: off" in (await mo.says("/settings community", ROOM)).text


async def test_who_changed_what_is_listed_and_undone_once(world: CoreWorld, mo: Person) -> None:
    card = await mo.says("/settings community", ROOM)
    await mo.sends("settings.our.set:welcome:on", card)
    max_ = world.person("Max", Role.OWNER)
    listed = await max_.says("/settings changes", ROOM)
    assert "Mo: Welcome newcomers from off to on" in listed.text
    label = next(label for label in listed.labels if label.startswith("Undo"))
    listed = await max_.presses(label)
    assert "Taken back: Welcome newcomers." in listed.text
    assert not any(label.startswith("Undo") for label in listed.labels)
    assert "Welcome newcomers: off" in (await mo.says("/settings community", ROOM)).text
    again = await max_.says("/settings changes", ROOM)
    assert "Max: Welcome newcomers from on to off" in again.text
    assert "(taken back)" in again.text
    assert not any(label.startswith("Undo") for label in again.labels)


async def test_an_older_change_is_not_undone_over_a_later_one(mo: Person) -> None:
    card = await mo.says("/settings community", ROOM)
    await mo.sends("settings.our.set:our-zone:UTC", card)
    await mo.sends("settings.our.set:our-zone:Europe/London", card)
    await mo.sends("settings.undo:1", card)
    assert "changed again since" in mo.notices[-1]
    assert "London" in (await mo.says("/settings community", ROOM)).text


async def test_a_change_of_another_community_cannot_be_undone(world: CoreWorld, mo: Person) -> None:
    await mo.sends("settings.our.set:welcome:on", await mo.says("/settings community", ROOM))
    await mo.sends("settings.undo:1", await mo.says("/settings community", "other room"))
    assert "Welcome newcomers: on" in (await mo.says("/settings community", ROOM)).text


async def test_two_communities_of_one_bot_never_show_in_each_other(world: CoreWorld, mo: Person) -> None:
    """Whatever is set in one, every answer of the other reads as it does without it."""
    asked = ("/help", "/settings community", "/settings changes", "/roles", "/schedule", "/roadmap", "/setup")
    ana = world.person("Ana")
    for person in (mo, ana):
        await person.says("/start", "quiet room")
    before = [(await mo.says(text, "quiet room")).text for text in asked]
    card = await mo.says("/settings community", ROOM)
    for data in ("our.set:welcome:on", "our.set:our-zone:Europe/London", "our.set:our-language:en"):
        await mo.sends(f"settings.{data}", card)
    form = await mo.sends("settings.our.type:link-rules", card)
    await mo.fills(form, value="https://example.org/rules")
    await mo.sends("settings.role:2:host", await mo.says("/roles", ROOM))
    assert [(await mo.says(text, "quiet room")).text for text in asked] == before
    assert "example.org/rules" in (await mo.says("/help", ROOM)).text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://x.y", "https://", "no", "https://a b", "x" * 301])
async def test_links_are_web_addresses(mo: Person, address: str) -> None:
    form = await mo.sends("settings.our.type:link-rules", await mo.says("/settings community", ROOM))
    assert "no web address" in (await mo.fills(form, value=address)).text


async def test_a_role_is_given_by_name_and_holds_at_once(world: CoreWorld, ana: Person, mo: Person) -> None:
    await ana.says("/start", ROOM)
    card = await mo.says("/roles", ROOM)
    await mo.presses("Ana")
    assert (await mo.says("/roles an", ROOM)).text == card.text  # the only one is shown at once
    mo.seen.append(card)
    assert "moderator" not in card.labels  # only an owner appoints those
    await mo.presses("host")
    assert "Ana, role given here: host." in card.text
    assert (await asker(world, "ana")).given is Role.HOST
    owner = world.person("Olga", Role.OWNER)
    await owner.sends("settings.role:1:moderator", await owner.says("/roles", ROOM))
    assert "1 of 5" in (await ana.says("/setup", ROOM)).reply.title
    assert "Mo: role of Ana from member to host" in (await owner.says("/settings changes", ROOM)).text
    await mo.sends("settings.role:1:member", card)
    assert "Only an owner" in mo.notices[-1]


async def test_nobody_unknown_is_given_a_role(mo: Person) -> None:
    assert "nobody here called “Zoe”" in (await mo.says("/roles Zoe", ROOM)).text
    await mo.sends("settings.role:999:host", await mo.says("/roles", ROOM))
    assert "do not know that person" in mo.notices[-1]


async def test_names_made_of_markup_only_read_as_names(world: CoreWorld, mo: Person) -> None:
    name = "@everyone **x** <b>\u202e"
    await world.person(name).says("/start", ROOM)
    card = await mo.says("/roles", ROOM)
    assert name[:80] in presses_of(card.reply)
    assert "everyone" in (await mo.presses(name)).text


async def test_a_change_by_another_process_is_seen_with_the_next_request(world: CoreWorld, mo: Person) -> None:
    """What is remembered in memory is as old as the revision the request read."""
    assert "Welcome newcomers: off" in (await mo.says("/settings community", ROOM)).text
    elsewhere = Preferences()
    elsewhere.declare(list(world.app.tools.preferences.declared.values()))

    async def work(tx: Transaction) -> None:
        await elsewhere.change(tx, elsewhere.declared["welcome"], 1, "on", by=1, at=world.clock.now())

    await world.database.write(work)
    assert "Welcome newcomers: on" in (await mo.says("/settings community", ROOM)).text


async def test_in_private_a_community_is_asked_for(mo: Person) -> None:
    assert "in the group, channel or server" in (await mo.says("/settings community", PRIVATE)).text
    assert "in the group, channel or server" in (await mo.says("/roles", PRIVATE)).text


async def test_a_new_language_is_answered_in_that_language(ana: Person) -> None:
    card = await ana.says("/settings language de")
    assert "Gespeichert." in card.text
    assert "Jetzt: Deutsch" in card.text
    assert "Saved." in (await ana.says("/settings language english")).text


async def test_going_back_to_the_apps_language_answers_in_it_and_has_words_of_its_own(ana: Person) -> None:
    await ana.says("/settings language english")
    assert "Go by my app" in ana.seen[-1].labels
    assert not any(label.startswith("Reset") for label in ana.seen[-1].labels)
    await ana.says("/settings language de")
    card = await ana.sends("settings.reset:language", ana.seen[-1])
    assert "Saved." in card.text


async def test_the_language_of_a_community_is_answered_in_where_everybody_reads_it(mo: Person) -> None:
    card = await mo.says("/settings community", ROOM)
    hidden = await mo.sends("settings.our.set:our-language:de", card)
    assert "Saved." in hidden.text
    assert "Go by each reader's app" in hidden.labels
    await mo.sends("settings.our.set:our-language:en", hidden)
    card.public = True
    assert "Gespeichert." in (await mo.sends("settings.our.set:our-language:de", card)).text
