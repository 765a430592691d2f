"""What moderators do about milestones: take one back, give a role for it; and what is left once somebody is erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.kit.database import Transaction
from bot.kit.platform import Lacking
from bot.kit.request import Role
from tests.fakes.core import PRIVATE, ROOM, Message, Person
from tests.fakes.surroundings import FakeSurroundings
from tests.features.milestones.conftest import LINK, Hall

TITLE = "First dataset explained"
LACK = Lacking("Manage Roles", "Open Server settings → Roles.", "Until then the role waits.")


def whose(asked: Message) -> list[str]:
    """Whose milestones a form offers to take back."""
    assert asked.reply.form is not None
    return [label for _value, label in asked.reply.form.fields[0].choices]


# taking back ----------------------------------------------------------------------------------------------------------


async def test_a_milestone_taken_back_is_gone_with_its_news_and_its_owner_is_told_kindly(
    hall: Hall, ana: Person
) -> None:
    await hall.ready(ana, PRIVATE)
    await ana.presses("Ask for a review")
    await ana.presses("Hall")
    await hall.mo.presses("Approve", (await hall.cards())[0])
    await hall.mo.presses("Yes, all of it")
    sure = await hall.mo.presses("Take back", (await hall.posts("news"))[0])
    assert whose(sure) == ["Ana · First dataset explained"]
    assert TITLE in (await ana.says("/progress")).text
    assert "Taken back" in (await hall.takes_back(sure)).text
    assert await hall.posts() == []
    assert TITLE not in (await ana.says("/progress")).text
    assert "What you learned stays" in (await hall.alone(ana))[-1]
    assert "took this milestone back" in (await ana.says("/milestone 1", ROOM)).text
    listed = await hall.mo.says("/settings changes", ROOM)
    assert "Mo: took a milestone back, First dataset explained" in listed.text
    assert "Ana" not in listed.text
    assert not any("milestone" in label for label in listed.labels)
    await hall.mo.sends("milestones.revoked:1", sure)
    assert "Nobody has that milestone" in hall.mo.notices[-1]
    await hall.pass_time(days=1)
    await ana.says("/milestone 1", ROOM)
    assert "Asked." in (await ana.presses("Ask for a review")).text


async def test_taking_back_is_between_the_moderator_and_the_bot_even_where_answers_stand_in_the_room(
    hall: Hall, ana: Person
) -> None:
    news = await hall.reaches(ana)
    asked = await hall.mo.says("/milestone revoke Ana 1", ROOM)
    pressed = await hall.mo.presses("Take back", news)
    missed = await hall.mo.says("/milestone revoke Zoe 1", ROOM)
    done = await hall.takes_back(asked)
    for told in (asked, pressed, missed, done):
        assert not told.public
        assert not told.reply.in_place


async def test_the_button_of_before_still_takes_a_milestone_back(hall: Hall, ana: Person) -> None:
    news = await hall.reaches(ana)
    done = await hall.mo.sends("milestones.revoked:1", news)
    assert "Taken back" in done.text
    assert not done.public
    assert TITLE not in (await ana.says("/progress")).text


@pytest.mark.parametrize("chosen", ["", "0", "2", "x", "-1", "9" * 30])
async def test_what_names_no_milestone_takes_none_back(hall: Hall, ana: Person, chosen: str) -> None:
    sure = await hall.mo.presses("Take back", await hall.reaches(ana))
    await hall.mo.fills(sure, whose=chosen)
    assert "Nobody has that milestone" in hall.mo.notices[-1]
    assert TITLE in (await ana.says("/progress")).text


async def test_members_cannot_take_back_what_others_reached(hall: Hall, ana: Person, ben: Person) -> None:
    news = await hall.reaches(ana)
    for data in ("milestones.recall:1", "milestones.revoke:1", "milestones.revoked:1"):
        assert "moderator" in (await ben.sends(data, news)).text
    assert "moderator" in (await ben.says("/milestone revoke Ana 1", ROOM)).text
    assert TITLE in (await ana.says("/progress")).text


async def test_the_button_on_the_news_works_for_a_month_and_the_command_for_ever(hall: Hall, ana: Person) -> None:
    news = await hall.reaches(ana)
    await hall.pass_time(days=31)
    await hall.mo.presses("Take back", news)
    assert "more than 30 days ago" in hall.mo.notices[-1]
    await hall.takes_back(await hall.mo.says("/milestone revoke @ana 1", ROOM))
    assert TITLE not in (await ana.says("/progress")).text


async def test_whose_milestone_is_meant_is_asked_where_a_name_fits_several(hall: Hall) -> None:
    for name in ("Ana Lima", "Ana Silva", "Ben"):
        await hall.reaches(hall.person(name))
    which = await hall.mo.says("/milestone revoke Ana 1", ROOM)
    assert whose(which) == [f"Ana Silva · {TITLE}", f"Ana Lima · {TITLE}"]
    assert "of Ana Lima" in (await hall.takes_back(which, "Ana Lima")).text
    assert whose(await hall.mo.says("/milestone revoke Ana 1", ROOM)) == [f"Ana Silva · {TITLE}"]
    assert whose(await hall.mo.says("/milestone revoke ben 1", ROOM)) == [f"Ben · {TITLE}"]
    assert "Nobody here called “Zoe” has" in (await hall.mo.says("/milestone revoke Zoe 1", ROOM)).text
    assert "/milestone revoke Ana 2" in (await hall.mo.says("/milestone revoke Ana", ROOM)).text
    assert "no stage called" in (await hall.mo.says("/milestone revoke Ana 17", ROOM)).text


async def test_moderators_of_another_community_take_nothing_back(hall: Hall, ana: Person) -> None:
    news = await hall.reaches(ana)
    boss = hall.person("Boss", Role.OWNER)
    news.where = "elsewhere"
    await boss.sends("milestones.revoked:1", news)
    assert "Nobody has that milestone here" in boss.notices[-1]
    assert TITLE in (await ana.says("/progress")).text


# roles ----------------------------------------------------------------------------------------------------------------


async def test_a_role_is_given_with_the_milestone_and_goes_with_it(hall: Hall, ana: Person) -> None:
    told = await hall.mo.says("/milestone role 1 ML Basics", ROOM)
    assert "Whoever reaches First dataset explained (stage 1) gets the role ML Basics." in told.text
    news = await hall.reaches(ana)
    assert hall.worn(ana) == set()
    await hall.due()
    assert hall.worn(ana) == {"71"}
    assert hall.ranks.asked == [ROOM]
    await hall.takes_back(await hall.mo.presses("Take back", news))
    await hall.due()
    assert hall.worn(ana) == set()
    assert "Stage 1, First dataset explained: ML Basics" in (await hall.mo.says("/milestone role", ROOM)).text
    assert "role for a milestone from – to ML Basics" in (await hall.mo.says("/settings changes", ROOM)).text


async def test_who_reached_it_before_gets_the_role_too(hall: Hall, ana: Person) -> None:
    await hall.reaches(ana)
    assert "1 person has it already" in (await hall.mo.says("/milestone role 1 71", ROOM)).text
    await hall.due()
    assert hall.worn(ana) == {"71"}


async def test_a_role_of_two_milestones_stays_until_both_are_taken_back(hall: Hall, ana: Person) -> None:
    await hall.mo.says("/milestone role 1 71", ROOM)
    await hall.mo.says("/milestone role 2 71", ROOM)
    await hall.reaches(ana, 1)
    await hall.reaches(ana, 2)
    await hall.due()
    await hall.takes_back(await hall.mo.says("/milestone revoke Ana 1", ROOM))
    await hall.due()
    assert hall.worn(ana) == {"71"}
    await hall.takes_back(await hall.mo.says("/milestone revoke Ana 2", ROOM))
    await hall.due()
    assert hall.worn(ana) == set()


async def test_a_role_is_chosen_by_name_and_refused_if_it_brings_power(hall: Hall) -> None:
    several = await hall.mo.says("/milestone role 1 ml", ROOM)
    assert "Which one do you mean?" in several.text
    assert "/milestone role 1 72" in several.text
    assert "no role called “Nobody”" in (await hall.mo.says("/milestone role 1 Nobody", ROOM)).text
    assert "Admin cannot be given" in (await hall.mo.says("/milestone role 1 Admin", ROOM)).text
    assert "no stage called" in (await hall.mo.says("/milestone role 17 Admin", ROOM)).text
    assert "No milestone gives a role here yet" in (await hall.mo.says("/milestone role", ROOM)).text


async def test_a_milestone_stops_giving_a_role(hall: Hall, ana: Person) -> None:
    await hall.mo.says("/milestone role 1 71", ROOM)
    assert "gives no role any more" in (await hall.mo.says("/milestone role 1 none", ROOM)).text
    await hall.reaches(ana)
    await hall.due()
    assert hall.worn(ana) == set()


async def test_a_right_that_is_missing_is_named_at_once_and_breaks_no_approval(hall: Hall, ana: Person) -> None:
    hall.ranks.lack = LACK
    told = await hall.mo.says("/milestone role 1 71", ROOM)
    assert "I cannot give it yet. I lack: “Manage Roles”." in told.text
    assert "Open Server settings" in told.text
    await hall.reaches(ana)
    await hall.due()
    assert TITLE in (await ana.says("/progress")).text
    assert "Not given to 1 person: I lack “Manage Roles”." in (await hall.mo.says("/milestone role", ROOM)).text
    hall.ranks.lack = None
    await hall.mo.says("/milestone role 1 71", ROOM)
    await hall.due()
    assert hall.worn(ana) == {"71"}
    assert "Not given" not in (await hall.mo.says("/milestone role", ROOM)).text


async def test_what_stands_in_the_way_and_is_no_right_is_said_in_its_own_words(hall: Hall, ana: Person) -> None:
    hall.ranks.lack = Lacking("the role", "Choose another one.", "Until then…", sentence="The role was deleted.")
    told = await hall.mo.says("/milestone role 1 71", ROOM)
    assert "I cannot give it yet. The role was deleted." in told.text
    await hall.reaches(ana)
    await hall.due()
    listed = await hall.mo.says("/milestone role", ROOM)
    assert "Not given to 1 person: The role was deleted. Choose another one." in listed.text
    assert "lack" not in told.text + listed.text


async def test_a_role_given_while_it_was_taken_back_is_taken_after_all(hall: Hall, ana: Person) -> None:
    await hall.mo.says("/milestone role 1 71", ROOM)
    await hall.reaches(ana)

    async def meanwhile() -> None:
        await hall.takes_back(await hall.mo.says("/milestone revoke Ana 1", ROOM))
        await hall.due()

    hall.ranks.before_giving = meanwhile
    await hall.due()  # the giving, which was on its way, ends after the taking
    assert TITLE not in (await ana.says("/progress")).text
    assert hall.worn(ana) == set()


async def test_a_role_is_tried_again_until_the_platform_answers(hall: Hall, ana: Person) -> None:
    await hall.mo.says("/milestone role 1 71", ROOM)
    await hall.reaches(ana)
    hall.ranks.is_silent = True
    await hall.due()
    await hall.pass_time(minutes=5)
    assert hall.worn(ana) == set()
    hall.ranks.is_silent = False
    await hall.pass_time(hours=1)
    assert hall.worn(ana) == {"71"}
    asked = len(hall.ranks.asked)
    await hall.pass_time(days=1)
    assert len(hall.ranks.asked) == asked


async def test_a_platform_that_is_away_for_days_is_told_of_to_moderators(hall: Hall, ana: Person) -> None:
    await hall.mo.says("/milestone role 1 71", ROOM)
    await hall.reaches(ana)
    await hall.pass_time(days=3)
    hall.ranks.is_silent = True
    await hall.due()
    assert "could not be reached for two days" in (await hall.mo.says("/milestone role", ROOM)).text


async def test_who_has_left_the_server_is_not_looked_for_again(hall: Hall, ana: Person) -> None:
    await hall.mo.says("/milestone role 1 71", ROOM)
    await hall.reaches(ana)
    hall.ranks.left.add("ana")
    await hall.due()
    await hall.pass_time(hours=3)
    assert len(hall.ranks.asked) == 1
    assert "Not given" not in (await hall.mo.says("/milestone role", ROOM)).text


async def test_where_members_have_no_roles_or_nobody_tells_of_them_the_command_says_so(hall: Hall) -> None:
    hall.ranks.is_silent = True
    assert "cannot look at the roles just now" in (await hall.mo.says("/milestone role 1 71", ROOM)).text
    hall.core.app.surroundings["core"] = FakeSurroundings()
    assert "no roles on this platform" in (await hall.mo.says("/milestone role 1 71", ROOM)).text


@pytest.mark.parametrize("line", ["/milestone role", "/milestone role 1 71", "/milestone ROLE 1 none"])
async def test_roles_are_for_moderators(hall: Hall, ana: Person, line: str) -> None:
    assert "moderator" in (await ana.says(line, ROOM)).text
    assert "No milestone gives a role here yet" in (await hall.mo.says("/milestone role", ROOM)).text


# erasing --------------------------------------------------------------------------------------------------------------


async def test_erasing_leaves_neither_badge_nor_request_and_posts_lose_name_and_link(
    hall: Hall, ana: Person, ben: Person
) -> None:
    await hall.reaches(ana)
    await hall.asks(ana, 2)
    await hall.reaches(ben)
    await ana.says("/privacy erase")
    await ana.presses(ana.seen[-1].labels[0])
    posts = "\n".join(post.text for post in await hall.posts())
    assert "Ana" not in posts
    assert posts.count(LINK) == 1
    assert "Somebody reached a milestone." in posts
    assert "This request was taken back." in posts
    assert "Ben reached" in posts
    assert "Milestones" not in (await ana.says("/progress")).text
    await hall.mo.sends("milestones.approve:2", (await hall.cards())[0])
    assert "no such request" in hall.mo.notices[-1]

    async def rows(tx: Transaction) -> list[int]:
        found = []
        for table in ("milestones_project", "milestones_request", "milestones_review", "milestones_badge"):
            row = await tx.one(f"SELECT COUNT(*) AS many FROM {table}")
            found.append(int(row["many"]) if row is not None else 0)
        return found

    assert await hall.core.database.read(rows) == [1, 1, 1, 1]


async def test_a_badge_outlives_the_erasure_of_who_approved_it(hall: Hall, ana: Person, ben: Person) -> None:
    await hall.reaches(ben)
    card = await hall.asks(ana)
    await ben.presses("Approve", card)
    await ben.presses("Yes, all of it")
    await ben.says("/privacy erase")
    await ben.presses(ben.seen[-1].labels[0])
    mine = await ana.says("/milestone 1", ROOM)
    assert "✔ Approved in Hall on" in mine.text
    assert "Ben" not in mine.text


async def erases(who: Person) -> Message:
    """Let somebody have everything about them erased."""
    await who.says("/privacy erase")
    return await who.presses(who.seen[-1].labels[0])


async def partings(hall: Hall) -> int:
    """How many roles of erased people are still to be taken."""

    async def work(tx: Transaction) -> int:
        row = await tx.one("SELECT COUNT(*) AS many FROM milestones_parting")
        return int(row["many"]) if row is not None else -1

    return await hall.core.database.read(work)


async def test_with_who_is_erased_goes_their_role_and_they_are_told_so(hall: Hall, ana: Person, ben: Person) -> None:
    await hall.mo.says("/milestone role 1 71", ROOM)
    for who in (ana, ben):
        await hall.reaches(who)
    await hall.due()
    assert hall.worn(ana) == hall.worn(ben) == {"71"}
    assert "roles that milestones gave you are taken within a day" in (await erases(ana)).text
    await hall.due()
    assert hall.worn(ana) == set()
    assert hall.worn(ben) == {"71"}
    assert await partings(hall) == 0


async def test_who_has_no_role_hears_nothing_of_roles_when_they_are_erased(hall: Hall, ana: Person) -> None:
    await hall.mo.says("/milestone role 1 71", ROOM)
    news = await hall.reaches(ana)
    await hall.due()
    await hall.takes_back(await hall.mo.presses("Take back", news))
    await hall.due()
    assert "roles" not in (await erases(ana)).text
    assert await partings(hall) == 0


async def test_the_role_of_somebody_erased_is_tried_for_a_day_and_then_nothing_is_known_of_it(
    hall: Hall, ana: Person, ben: Person
) -> None:
    await hall.mo.says("/milestone role 1 71", ROOM)
    for who in (ana, ben):
        await hall.reaches(who)
    await hall.due()
    hall.ranks.is_silent = True
    await erases(ana)
    await hall.due()
    assert await partings(hall) == 1
    hall.ranks.is_silent = False
    await hall.pass_time(hours=2)
    assert (hall.worn(ana), await partings(hall)) == (set(), 0)
    hall.ranks.is_silent = True
    await erases(ben)
    await hall.pass_time(days=2)
    assert (hall.worn(ben), await partings(hall)) == ({"71"}, 0)


async def test_who_begins_anew_and_reaches_it_again_keeps_the_role(hall: Hall, ana: Person) -> None:
    await hall.mo.says("/milestone role 1 71", ROOM)
    await hall.reaches(ana)
    await hall.due()
    hall.ranks.is_silent = True
    await erases(ana)
    await hall.due()
    hall.core.clock.travel(timedelta(minutes=1))
    await hall.reaches(ana)
    assert "Ana reached" in (await hall.posts("news"))[-1].text
    hall.ranks.is_silent = False
    await hall.pass_time(hours=3)
    assert hall.worn(ana) == {"71"}
    await hall.pass_time(days=1)
    assert hall.worn(ana) == {"71"}
