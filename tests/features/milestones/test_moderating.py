"""What moderators do about milestones: take one back, give a role for it; and what is left once somebody is erased."""

from __future__ import annotations

import pytest

from bot.kit.database import Transaction
from bot.kit.platform import Lacking
from bot.kit.request import Role
from tests.fakes.core import PRIVATE, ROOM, Person
from tests.fakes.surroundings import FakeSurroundings
from tests.features.milestones.conftest import LINK, Hall

TITLE = "First dataset explained"
LACK = Lacking("Manage Roles", "Open Server settings → Roles.", "Until then the role waits.")


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
    assert "Take First dataset explained back from Ana?" in sure.text
    assert TITLE in (await ana.says("/progress")).text
    assert "Taken back" in (await hall.mo.presses("Take it back")).text
    assert await hall.posts() == []
    assert TITLE not in (await ana.says("/progress")).text
    assert "What you learned stays" in (await hall.alone(ana))[-1]
    assert "took this milestone back" in (await ana.says("/milestone 1", ROOM)).text
    listed = await hall.mo.says("/settings changes", ROOM)
    assert "milestone of Ana from First dataset explained to –" in listed.text
    assert "Undo: milestone of Ana" not in listed.labels
    await hall.mo.sends("milestones.revoked:1", sure)
    assert "Nobody has that milestone" in hall.mo.notices[-1]
    await ana.says("/milestone 1", ROOM)
    assert "Asked." in (await ana.presses("Ask for a review")).text


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
    sure = await hall.mo.says("/milestone revoke @ana 1", ROOM)
    await hall.mo.presses("Take it back", sure)
    assert TITLE not in (await ana.says("/progress")).text


async def test_whose_milestone_is_meant_is_asked_where_a_name_fits_several(hall: Hall) -> None:
    for name in ("Ana Lima", "Ana Silva", "Ben"):
        await hall.reaches(hall.person(name))
    which = await hall.mo.says("/milestone revoke Ana 1", ROOM)
    assert "Ana Lima" in which.text
    assert "Ben" not in which.text
    assert "back from Ana Silva?" in (await hall.mo.presses("Ana Silva", which)).text
    assert "back from Ben?" in (await hall.mo.says("/milestone revoke ben 1", ROOM)).text
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
    await hall.mo.presses("Take back", news)
    await hall.mo.presses("Take it back")
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
    await hall.mo.presses("Take it back", await hall.mo.says("/milestone revoke Ana 1", ROOM))
    await hall.due()
    assert hall.worn(ana) == {"71"}
    await hall.mo.presses("Take it back", await hall.mo.says("/milestone revoke Ana 2", ROOM))
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
    await hall.pass_time(days=1)
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
