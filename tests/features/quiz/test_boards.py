"""Standings are there for whoever asks in private, too: those of a community they are in, and of no other."""

from __future__ import annotations

from bot.kit.database import Transaction
from bot.kit.request import Role
from tests.fakes.core import PRIVATE, ROOM, CoreWorld, Message, Person
from tests.features.quiz.community import Quiz

OTHER = "loft"


async def test_in_private_the_board_of_ones_community_is_shown_and_stays_there(
    quiz: Quiz, ana: Person, ben: Person
) -> None:
    await quiz.pass_time(days=1)
    await quiz.vote(ana, 0)
    await quiz.vote(ben, 1)
    board = await ana.says("/leaderboard", PRIVATE)
    assert board.reply.title == "Standings · This week · Hall"
    assert "1. Ana" in board.text
    assert not board.public
    month = await ana.presses("This month")
    assert month.reply.title == "Standings · This month · Hall"
    assert "1. Ana" in month.text
    await ana.presses("My place", month)
    assert ana.notices[-1].startswith("Place 1:")
    await ben.says("/leaderboard", PRIVATE)
    await ben.presses("My place")
    assert ben.notices[-1].startswith("No points yet.")


async def test_whoever_is_in_several_communities_says_which(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    await quiz.vote(ana, 0)
    await set_up(quiz.core, OTHER)
    await ana.says("/start", OTHER)
    assert (await ana.says("/leaderboard", PRIVATE)).reply.title == "Standings · This week · Hall", "no quiz there yet"
    await quiz.pass_time(days=1)
    asked = await ana.says("/leaderboard all", PRIVATE)
    assert "Which standings" in asked.text
    assert len(asked.labels) == 2
    choices = [button.data for row in asked.reply.buttons for button in row]
    boards = [(await ana.sends(data, asked)).text for data in choices]
    assert sorted("1. Ana" in board for board in boards) == [False, True]


async def set_up(world: CoreWorld, where: str) -> None:
    """Have a quiz at 18:00 in another place."""
    max_ = world.person("Max", Role.MODERATOR)
    card = await max_.says("/setup", where)
    await max_.sends("setup.room:", card)
    await max_.sends("setup.set:quiz-at:18,00", card)


async def test_whoever_is_in_no_community_with_a_quiz_is_told_how_to_come_by_standings(quiz: Quiz, ana: Person) -> None:
    await ana.says("/start", ROOM)
    assert "I know none of yours with a quiz of the day" in (await ana.says("/leaderboard", PRIVATE)).text


async def test_standings_of_a_community_one_is_not_in_or_has_left_are_not_shown(
    quiz: Quiz, ana: Person, ben: Person
) -> None:
    await quiz.pass_time(days=1)
    await quiz.vote(ana, 0)
    for data in ("quiz.boardof:1:week", "quiz.placeof:1:week"):
        await ben.sends(data, await ben.says("/start", PRIVATE))
        assert "You are not in that community any more." in ben.notices[-1]
    board = await ana.says("/leaderboard", PRIVATE)
    await quiz.core.database.write(left)
    await ana.presses("Today", board)
    assert "You are not in that community any more." in ana.notices[-1]
    assert "I know none of yours" in (await ana.says("/leaderboard", PRIVATE)).text


async def left(tx: Transaction) -> None:
    """Let everybody have left."""
    await tx.execute("UPDATE community_member SET left_at = 1")


async def test_days_of_a_board_asked_for_in_private_begin_on_the_communitys_wall(quiz: Quiz, ana: Person) -> None:
    await quiz.mo.sends("settings.our.set:our-zone:Pacific/Auckland", await quiz.mo.says("/settings community", ROOM))
    await quiz.pass_time(days=1)
    await quiz.vote(ana, 0)
    seen: set[bool] = set()
    for _hour in range(24):
        there, here = [await ana.says("/leaderboard day", where) for where in (ROOM, PRIVATE)]
        assert listed(there) == listed(here)
        seen.add("1. Ana" in here.text)
        await quiz.pass_time(hours=1)
    assert seen == {True, False}


def listed(board: Message) -> list[str]:
    return board.text.splitlines()[1:]
