"""What is counted of a community's weeks: deeds of its members that hold, each once, and nothing of who is erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.kit.reply import Reply
from bot.kit.request import Role
from tests.fakes.core import ROOM, CoreWorld, Message, Person
from tests.features.quiz.community import Quiz
from tests.features.quiz.playing import copy, practice
from tests.features.quiz.test_corrected import with_answer


async def weeks(quiz: Quiz, topic: str = "alg-knn") -> list[tuple[Any, ...]]:
    """Return community, deeds, answers and right ones of what was studied about a topic."""
    return await quiz.rows(
        "SELECT community_id, deeds, answers, score FROM learning_week"
        f" WHERE topic = '{topic}' AND deeds > 0 ORDER BY 1, began"
    )


async def leave(world: CoreWorld, name: str, where: str = ROOM) -> None:
    """Let a platform tell that somebody belongs to a room no more: they press a button there."""
    pressed = Message(Reply(), public=True, where=where)
    await world.person(name, Role.STRANGER).sends("questions.why:q-any:answer", pressed)


async def erase(who: Person) -> None:
    await who.says("/privacy erase")
    await who.presses("Erase everything about me")


async def test_taking_back_what_was_done_while_away_takes_off_nothing_of_others(
    quiz: Quiz, ana: Person, ben: Person
) -> None:
    await ana.says("/start", ROOM)
    await ben.says("/start", ROOM)
    await ben.says("/done alg-knn")
    await leave(quiz.core, "Ana")
    done = await ana.says("/done alg-knn")
    assert await weeks(quiz) == [(1, 1, 0, 0.0)]
    await ana.says("/start", ROOM)
    await ana.presses("Undo", on=done)
    assert await weeks(quiz) == [(1, 1, 0, 0.0)]


async def test_taking_back_what_was_done_before_joining_takes_off_nothing_of_others(
    quiz: Quiz, ana: Person, ben: Person
) -> None:
    await ben.says("/start", ROOM)
    await ben.says("/done alg-knn")
    done = await ana.says("/done alg-knn")
    quiz.core.clock.travel(timedelta(minutes=1))
    await ana.says("/start", ROOM)
    await ana.presses("Undo", on=done)
    assert await weeks(quiz) == [(1, 1, 0, 0.0)]


async def test_counting_anew_counts_nothing_from_before_somebody_joined(quiz: Quiz, ana: Person, ben: Person) -> None:
    await ben.says("/start", ROOM)
    await ben.says("/done alg-knn")
    card = await ana.says("/start")
    await ana.sends("roadmap.mark:learning:alg-knn", card)
    quiz.core.clock.travel(timedelta(minutes=1))
    await ana.says("/start", ROOM)
    quiz.core.clock.travel(timedelta(minutes=1))
    await ana.says("/done alg-knn")
    assert await weeks(quiz) == [(1, 2, 0, 0.0)]
    await ana.presses("Undo")
    assert await weeks(quiz) == [(1, 1, 0, 0.0)]


async def test_a_mark_from_before_joining_that_comes_back_is_not_counted_either(quiz: Quiz, ana: Person) -> None:
    card = copy(await ana.says("/done alg-knn"))
    quiz.core.clock.travel(timedelta(minutes=1))
    await ana.says("/start", ROOM)
    await ana.sends("roadmap.mark:none:alg-knn", card)
    await ana.presses("Undo", on=card)
    assert await weeks(quiz) == []


async def test_counting_anew_keeps_answers_other_weeks_and_other_communities(
    quiz: Quiz, ana: Person, ben: Person
) -> None:
    await ben.says("/start", ROOM)
    first = await ben.says("/done alg-knn")
    quiz.core.clock.travel(timedelta(days=7))
    await ana.says("/start", ROOM)
    await ana.says("/start", "elsewhere")
    await practice(quiz.core, ana, "/quiz alg-knn 3", "++-")
    before = await weeks(quiz)
    assert before == [(1, 1, 0, 0.0), (1, 3, 3, 2.0), (2, 3, 3, 2.0)]
    await ana.says("/done alg-knn")
    assert await weeks(quiz) == [(1, 1, 0, 0.0), (1, 4, 3, 2.0), (2, 4, 3, 2.0)]
    await ana.presses("Undo")
    assert await weeks(quiz) == before
    await ben.presses("Undo", on=first)
    assert await weeks(quiz) == before[1:]


async def test_what_is_taken_back_after_leaving_counts_no_more_either(quiz: Quiz, ana: Person, ben: Person) -> None:
    for person in (ana, ben):
        await person.says("/start", ROOM)
        await person.says("/done alg-knn")
    await leave(quiz.core, "Ana")
    await ana.presses("Undo")
    assert await weeks(quiz) == [(1, 1, 0, 0.0)]


async def test_counting_anew_counts_who_is_there_now(quiz: Quiz, ana: Person, ben: Person) -> None:
    for person in (ana, ben):
        await person.says("/start", ROOM)
        await person.says("/done alg-knn")
    await leave(quiz.core, "Ana")
    await ben.presses("Undo")
    assert await weeks(quiz) == []


async def test_a_verdict_that_is_turned_tells_nothing_of_what_is_studied(quiz: Quiz, ana: Person, ben: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 0)
    await quiz.vote(ben, 1)
    await quiz.correct(with_answer(asked, 1))
    assert await weeks(quiz, asked.topic) == []
    await ana.says(f"/done {asked.topic}")
    await quiz.correct(asked)
    assert await weeks(quiz, asked.topic) == [(1, 1, 0, 0.0)]
    await ana.presses("Undo")
    assert await weeks(quiz, asked.topic) == [], "counted anew, what everybody is asked tells nothing either"


async def test_erasing_the_only_member_leaves_nothing_of_what_they_studied(quiz: Quiz, ana: Person) -> None:
    """Mo, who set the room up, left it; what Ana did is all there is to tell of either place."""
    for room in (ROOM, "elsewhere"):
        await ana.says("/start", room)
    await leave(quiz.core, "Mo")
    await ana.says("/done alg-knn")
    assert len(await weeks(quiz)) == 2
    await erase(ana)
    assert await quiz.rows("SELECT * FROM learning_week") == []


async def test_erasing_who_left_an_empty_place_leaves_nothing_either(quiz: Quiz, ana: Person) -> None:
    await ana.says("/start", "elsewhere")
    await ana.says("/done alg-knn")
    await leave(quiz.core, "Ana", "elsewhere")
    await erase(ana)
    assert await quiz.rows("SELECT * FROM learning_week") == []


async def test_erasing_one_of_several_leaves_what_others_study_together(quiz: Quiz, ana: Person, ben: Person) -> None:
    for person in (ana, ben):
        await person.says("/start", ROOM)
        await person.says("/done alg-knn")
    await erase(ana)
    assert [community for community, *_rest in await weeks(quiz)] == [1]
