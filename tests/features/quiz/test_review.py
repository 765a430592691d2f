"""Review: what is due comes once, counts once, and whatever cannot be asked any more stands in nobody's way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.learning.ledger import Deed
from bot.domain.questions.families import FAMILIES
from bot.domain.questions.store import Kind as Changed
from bot.kit.request import Role
from tests.fakes.core import ROOM, CoreWorld, Person
from tests.features.quiz.playing import answer, anywhere, asked, change, onward, place_of, practice, rows


async def test_one_due_question_on_eight_cards_counts_once_and_moves_once(world: CoreWorld, ana: Person) -> None:
    await ana.says("/start", ROOM)
    await practice(world, ana, "/quiz bayes 1", "-")
    world.clock.travel(timedelta(days=5))
    cards = [await ana.says("/review") for _ in range(8)]
    told = await answer(world, ana, cards[0], right=True)
    assert "It comes back" in told.text
    card = await rows(world, "SELECT * FROM quiz_card")
    skill = await rows(world, "SELECT * FROM quiz_skill")
    for other in cards[1:]:
        told = await answer(world, ana, other, right=True)
        assert "Right." in told.text, "it is told all the same"
        assert "It comes back" in told.text
    assert await rows(world, "SELECT * FROM quiz_card") == card
    assert await rows(world, "SELECT * FROM quiz_skill") == skill
    assert await rows(world, "SELECT COUNT(*) FROM quiz_answer WHERE way = 'review'") == [(1,)]
    assert "1. Ana · 1 point\n" in (await ana.says("/leaderboard", ROOM)).text


async def test_what_was_forgotten_since_it_was_asked_counts_for_nothing(world: CoreWorld, ana: Person) -> None:
    await practice(world, ana, "/quiz bayes 1", "-")
    world.clock.travel(timedelta(days=5))
    card = await ana.says("/review")
    await world.database.write(lambda tx: tx.execute("DELETE FROM quiz_card"))  # as a correction does
    assert "Not quite." in (await answer(world, ana, card, right=False)).text
    assert not await rows(world, "SELECT * FROM quiz_card")
    assert not await rows(world, "SELECT * FROM quiz_answer WHERE way = 'review'")


async def test_a_review_is_written_down_as_a_review(world: CoreWorld, ana: Person) -> None:
    await practice(world, ana, "/quiz bayes 1", "-")
    world.clock.travel(timedelta(days=5))
    await answer(world, ana, await ana.says("/review"), right=True)
    assert await rows(world, "SELECT deed FROM learning_record ORDER BY id") == [
        (Deed.ANSWERED.value,), (Deed.REVIEWED.value,)
    ]  # fmt: skip


@pytest.mark.parametrize(("seconds", "kept"), [(7, 7), (600, 600), (601, None)])
async def test_nobody_thinks_longer_than_ten_minutes(
    world: CoreWorld, ana: Person, seconds: int, kept: int | None
) -> None:
    card = await ana.says("/quiz bayes")
    world.clock.travel(timedelta(seconds=seconds))
    await answer(world, ana, card, right=True)
    assert await rows(world, "SELECT seconds FROM quiz_answer") == [(kept,)]


async def many_missed(world: CoreWorld, ana: Person) -> list[str]:
    """Return what is due, the longest due first."""
    for topic in ("bayes", "knn", "python", "git", "linear algebra"):
        await practice(world, ana, f"/quiz {topic} 5", "-----")
    world.clock.travel(timedelta(days=30))
    return [str(name) for (name,) in await rows(world, "SELECT question FROM quiz_card ORDER BY due, question")]


async def test_what_is_gone_does_not_block_what_is_left(world: CoreWorld, ana: Person) -> None:
    await world.person("Mo", Role.MODERATOR).says("/start", ROOM)
    await ana.says("/start", ROOM)
    names = await many_missed(world, ana)
    await change(world, Changed.RETIRED, *names[:20])
    left = len(names) - 20
    assert left > 1
    card = await ana.says("/review")
    assert card.reply.title.startswith(f"Review 1 of {left}")
    for _ in range(left):
        assert (await asked(world, card))[0].id in names[20:]
        card = await onward(ana, await answer(world, ana, card, right=True))
    assert card.reply.title == "Review done"


async def test_a_hundred_that_are_gone_do_not_block_it_either(world: CoreWorld, ana: Person) -> None:
    await ana.says("/start", ROOM)
    await practice(world, ana, "/quiz bayes 1", "-")
    bank = await world.app.tools.shelf.bank()
    ((mine,),) = await rows(world, "SELECT question FROM quiz_card")
    gone = [question.id for question in bank if question.id != mine][:1100]
    await world.database.write(
        lambda tx: tx.many(
            """
            INSERT INTO quiz_card (person_id, question, state, stability, difficulty, due, reviewed_at)
            VALUES (1, :name, 2, 1.0, 5.0, 1, 1)
            """,
            [{"name": name} for name in gone],
        )
    )
    await change(world, Changed.RETIRED, *gone)
    world.clock.travel(timedelta(days=5))
    assert "1 question waits for review" in (await ana.says("/progress")).text
    card = await ana.says("/review")
    assert card.reply.title.startswith("Review 1 of 1")
    assert (await asked(world, card))[0].id == mine


async def test_if_the_only_due_one_is_taken_out_meanwhile_there_is_nothing_to_sum_up(
    world: CoreWorld, ana: Person
) -> None:
    await ana.says("/start", ROOM)
    await practice(world, ana, "/quiz bayes 1", "-")
    world.clock.travel(timedelta(days=5))
    card = await ana.says("/review")
    question, run, _number = await asked(world, card)
    await change(world, Changed.RETIRED, question.id)
    told = await answer(world, ana, card, right=True)
    assert "0 of 0" not in told.text
    assert "was taken out" in told.text
    assert "Nothing waits" in told.text
    again = await ana.sends(f"quiz.next:{run}", anywhere())
    assert "0 of 0" not in again.text
    assert "Practice" in again.labels


async def test_the_result_speaks_of_questions_a_community_added_too(world: CoreWorld, ana: Person) -> None:
    await ana.says("/start", ROOM)
    bank = await world.app.tools.shelf.bank()
    source = next(question for question in bank if question.how == "single")
    await change(world, Changed.RETIRED, *(one.id for one in bank.topics["alg-knn"]))
    await change(world, Changed.RETIRED, *(one.id for one in FAMILIES.values() if one.topic == "alg-knn"))
    await change(world, Changed.ADDED, *(replace(source, id=f"q-c1-{n}", topic="alg-knn") for n in (1, 2, 3)))
    card = await ana.says("/quiz knn 3")
    for _ in range(3):
        run, number = place_of(card)
        card = await onward(ana, await ana.sends(f"quiz.answer:{run}:{number}:1", card))
    assert "0 of 3 questions right." in card.text
    assert "Worth another look" in card.text
    assert "All right" not in card.text
    await change(world, Changed.RETIRED, *(f"q-c1-{n}" for n in (1, 2, 3)))
    card = await ana.sends(f"quiz.next:{run}", card)
    assert "0 of 3 questions right." in card.text
    assert "All right" not in card.text, "nobody knows any more what they were about, but they were wrong"
