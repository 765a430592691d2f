"""The standings as a picture: names the font can draw, the same in words, small enough to send."""

from __future__ import annotations

from bot.features.quiz.boards import board
from bot.features.quiz.standings import Board
from bot.features.quiz.store import Line
from bot.infra.pictures import PictureMaker
from bot.kit.text import plain
from tests.fakes.core import ROOM, Person, words
from tests.features.quiz.community import Quiz

NAMES = ("Ana", "Мария", "李小龍", "Γιώργος", "علي", "Zoë 🌸", "<b>Mo</b>", "A" * 60, "Ben", "Cleo", "Dan", "Eve")


def standings(points: list[int]) -> Board:
    return Board([Line(number, name, points[number], 1) for number, name in enumerate(NAMES)], 34, 40)


async def test_the_picture_shows_what_the_words_say() -> None:
    reply = board(standings(list(range(30, 18, -1))), "week")
    assert reply.picture is not None
    svg, said = reply.picture.svg, words(reply)
    for name in ("Ana", "Мария", "Γιώργος", "علي", "Ben", "Cleo"):
        assert f">{name}</text>" in svg
        assert name in said
        assert name in reply.picture.alt
    assert "李小龍" not in svg
    assert ">named below</text>" in svg
    assert "李小龍" in said
    assert ">Zoë</text>" in svg
    assert "<b>" not in svg
    assert "Dan" not in svg  # ten are enough
    assert "Together 34 of 40 this week" in svg
    assert "Together this week: 34 of 40" in said


async def test_equal_points_share_a_place_in_the_picture() -> None:
    reply = board(standings([30, 20, 20, *range(10, 1, -1)]), "week")
    assert reply.picture is not None
    assert reply.picture.svg.count(">2</text>") == 2
    assert ">3</text>" not in reply.picture.svg
    assert "2. Мария, 20 points; 2. 李小龍, 20 points; 4. Γιώργος" in reply.picture.alt


async def test_the_picture_is_small() -> None:
    reply = board(standings(list(range(30, 18, -1))), "month")
    assert reply.picture is not None
    assert len(await PictureMaker().draw(reply.picture)) <= 150_000


async def test_an_empty_board_is_words_alone(quiz: Quiz, ana: Person) -> None:
    assert (await ana.says("/leaderboard month", ROOM)).reply.picture is None


async def test_who_hides_is_in_no_picture(quiz: Quiz, ana: Person, ben: Person) -> None:
    await quiz.pass_time(days=1)
    for who in (ana, ben):
        await quiz.vote(who, 0)
    await ben.says("/settings shown off")
    picture = (await ana.says("/leaderboard month", ROOM)).reply.picture
    assert picture is not None
    assert "Ana" in picture.svg
    assert "Ben" not in picture.svg + picture.alt


async def test_below_the_picture_everybody_is_named_in_one_paragraph() -> None:
    reply = board(standings(list(range(30, 18, -1))), "week")
    below = [plain(block) for block in reply.below_picture]
    (line,) = [words for words in below if "1. Ana" in words]
    assert "3. 李小龍 · 28 points; 4. Γιώργος" in line
    assert len(below) == 3
    assert len(reply.blocks) > len(below)
