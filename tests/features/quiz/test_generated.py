"""Questions made from numbers: asked among the others, the same after a restart, and with new numbers in a review."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.contributions import Answers, Figures
from bot.domain.questions.families import FAMILIES
from bot.domain.questions.store import Kind as Changed
from bot.kit.request import Role
from tests.fakes.core import ROOM, CoreWorld, Message, Person
from tests.features.quiz.playing import answer, asked, change, copy, onward, place_of, put


async def kept(world: CoreWorld) -> list[tuple[str, str]]:
    """Every question that was asked, with its seed."""
    rows = await world.database.read(lambda tx: tx.all("SELECT question, seed FROM quiz_asked ORDER BY run_id, number"))
    return [(str(row["question"]), str(row["seed"])) for row in rows]


async def until_made(world: CoreWorld, person: Person) -> Message:
    """Practice until a made question is on the card."""
    for _ in range(10):
        card = await person.says("/quiz linear algebra 20")
        for _ in range(20):
            if (await asked(world, card))[0].id in FAMILIES:
                return card
            card = await onward(person, await answer(world, person, card, right=True))
    raise AssertionError("nothing but written questions")


async def test_of_four_questions_about_a_topic_with_made_ones_about_one_is_made(world: CoreWorld, ana: Person) -> None:
    made = count = 0
    for _ in range(8):
        card = await ana.says("/quiz probability and statistics 10")
        for _ in range(10):
            question, _run, _number = await asked(world, card)
            made, count = made + (question.id in FAMILIES), count + 1
            assert question.topic == "math-prob-stats"
            card = await onward(ana, await answer(world, ana, card, right=True))
    assert 0.12 <= made / count <= 0.33


async def test_a_level_that_was_asked_for_holds_for_made_ones(world: CoreWorld, ana: Person) -> None:
    seen = set()
    for _ in range(4):
        card = await ana.says("/quiz probability and statistics easy 10")
        for _ in range(10):
            if card.reply.look != "quiz.question":
                break
            question, _run, _number = await asked(world, card)
            seen.add(question.id)
            assert question.level == "easy"
            card = await onward(ana, await answer(world, ana, card, right=True))
    assert seen & set(FAMILIES)


async def test_two_people_get_their_own_numbers(world: CoreWorld, ana: Person, ben: Person) -> None:
    seeds = set()
    for person in (ana, ben):
        await until_made(world, person)
        seeds.add((await kept(world))[-1][1])
    assert len(seeds) == 2
    assert all(seeds)


async def test_the_numbers_are_the_same_after_a_restart(tmp_path: Path) -> None:
    world = await CoreWorld.open(tmp_path / "bot.db")
    card = await until_made(world, world.person("Ana"))
    before, (run, _number) = card.text, place_of(card)
    await world.close()
    again = await CoreWorld.open(tmp_path / "bot.db", clock=world.clock)
    again.events = world.events
    ana = again.person("Ana")
    shown = await ana.sends(f"quiz.next:{run}", card)
    assert shown.text == before
    assert "Right." in (await answer(again, ana, shown, right=True)).text
    await again.close()


async def test_a_made_question_comes_back_with_new_numbers(world: CoreWorld, ana: Person) -> None:
    card = await until_made(world, ana)
    question, _run, _number = await asked(world, card)
    told = await answer(world, ana, card, right=False)
    assert question.stem in told.text
    assert question.answer[0].text in told.text
    world.clock.travel(timedelta(days=4))
    review = await ana.says("/review")
    again, _run, _number = await asked(world, review)
    assert again.id == question.id
    assert (await kept(world))[-1][1]
    assert again.stem in review.text
    assert again.stem != question.stem
    assert "Right." in (await answer(world, ana, review, right=True)).text


@pytest.mark.parametrize("kind", [Changed.HIDDEN, Changed.RETIRED])
async def test_made_questions_that_were_taken_out_are_neither_asked_nor_reviewed(
    world: CoreWorld, ana: Person, kind: Changed
) -> None:
    await ana.says("/start", ROOM)
    await answer(world, ana, await until_made(world, ana), right=False)
    await change(world, kind, *FAMILIES)
    world.clock.travel(timedelta(days=5))
    assert "Nothing waits" in (await ana.says("/review")).text
    assert "waits for review" not in (await ana.says("/progress")).text
    for _ in range(3):
        card = await ana.says("/quiz linear algebra 20")
        while card.reply.look == "quiz.question":
            assert (await asked(world, card))[0].id not in FAMILIES
            card = await onward(ana, await answer(world, ana, card, right=True))


async def test_moderators_see_what_answers_to_all_its_numbers_tell(world: CoreWorld, ana: Person, ben: Person) -> None:
    mo = world.person("Mo", Role.MODERATOR)
    await mo.says("/start", ROOM)
    family = next(iter(FAMILIES.values()))
    for person, right in ((ana, True), (ben, False)):
        await person.says("/start", ROOM)
        card = await person.says("/quiz bayes")
        run, _number = await put(world, card, family.make(person.name), person.name)
        await answer(world, person, await person.sends(f"quiz.next:{run}", copy(card)), right=right)
    (offer,) = world.app.tools.contributions.of(Answers)
    figures: Figures = await world.database.read(lambda tx: offer.figures(tx, 1, family.make("")))
    assert (figures.answers, figures.right) == (2, 1)
    assert not figures.options, "an option stands for another number each time"
    assert "1 of 2 answers right" in (await mo.says(f"/question show {family.id}", ROOM)).text
