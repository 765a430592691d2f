"""The test of a stage: ten questions over all of it, eight right, one try a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.contributions import EntryButton, Gate
from bot.domain.questions.shapes import Kind
from bot.domain.questions.store import Kind as Changed
from bot.kit.reply import Reply
from bot.kit.request import Role
from tests.fakes.core import PRIVATE, CoreWorld, Message, Person, shipped_shelf
from tests.features.quiz.playing import answer, asked, change, copy, onward, place_of, play, rows

STAGE = shipped_shelf().curriculum.stages[1]
BEGIN = f"quiz.gate:{STAGE.id}"


async def begin(person: Person) -> Message:
    """Press the button that another feature shows."""
    return await person.sends(BEGIN, await person.says("/start"))


async def passed(world: CoreWorld) -> datetime | None:
    """Return what other features are told."""
    (offer,) = world.app.tools.contributions.of(Gate)
    assert offer.data(STAGE.id) == BEGIN
    return await world.database.read(lambda tx: offer.passed(tx, 1, STAGE.id))


async def test_it_asks_ten_over_every_sub_topic_medium_and_hard(world: CoreWorld, ana: Person) -> None:
    card = await begin(ana)
    assert card.reply.title.startswith("Test 1 of 10")
    subtopics, levels, seen = set(), [], set()
    for _ in range(10):
        question, _run, _number = await asked(world, card)
        subtopics.add(shipped_shelf().curriculum.places[question.topic].subtopic.id)
        levels.append(question.level)
        seen.add(question.id)
        card = await play(world, ana, card, "+")
    assert len(seen) == 10
    assert subtopics == {subtopic.id for subtopic in STAGE.subtopics}
    assert "easy" not in levels
    assert 3 <= levels.count("hard") <= 7


async def test_eight_right_pass_and_show_what_comes_then(world: CoreWorld, ana: Person) -> None:
    offer = EntryButton("Milestone", lambda kind, entry: f"sample.x:{entry}" if kind == "stage" else None, "milestones")
    world.app.tools.contributions.fill([offer])
    card = await begin(ana)
    assert await passed(world) is None
    result = await play(world, ana, card, "++--++++++")
    assert "Passed." in result.text
    assert "8 of 10 questions right." in result.text
    assert f"sample.x:{STAGE.id}" in [button.data for row in result.reply.buttons for button in row]
    at = await passed(world)
    assert at == world.clock.now().replace(microsecond=0)
    assert at is not None
    assert at.tzinfo is UTC
    again = await begin(ana)
    assert "You passed the test" in again.text
    assert f"sample.x:{STAGE.id}" in [button.data for row in again.reply.buttons for button in row]


async def test_seven_do_not_and_it_says_what_to_read(world: CoreWorld, ana: Person) -> None:
    result = await play(world, ana, await begin(ana), "---+++++++")
    assert "Not yet." in result.text
    assert "7 of 10 questions right. 8 are needed." in result.text
    assert await passed(world) is None
    missed = [subtopic.title for subtopic in STAGE.subtopics if f"• {subtopic.title}" in result.text
              or subtopic.title in result.text]  # fmt: skip
    assert missed
    assert (await ana.presses(missed[0], on=result)).reply.look == "roadmap.subtopic"


async def test_one_try_a_day_then_another(world: CoreWorld, ana: Person) -> None:
    await play(world, ana, await begin(ana), "----------")
    again = await begin(ana)
    assert "One try a day" in again.text
    assert "Practice this stage" in again.labels
    world.clock.travel(timedelta(days=1))
    assert (await begin(ana)).reply.title.startswith("Test 1 of 10")


async def test_a_try_of_today_that_was_left_goes_on(world: CoreWorld, ana: Person) -> None:
    card = await begin(ana)
    run, _number = place_of(card)
    await answer(world, ana, card, right=True)
    again = await begin(ana)
    assert again.reply.title.startswith("Test 2 of 10")
    assert place_of(again)[0] == run


async def test_it_is_passed_with_the_last_answer_even_if_nobody_looks_at_the_result(
    world: CoreWorld, ana: Person
) -> None:
    card = await play(world, ana, await begin(ana), "+++++++++")
    assert await passed(world) is None
    await answer(world, ana, card, right=True)
    assert await passed(world) is not None


async def test_another_try_asks_first_what_was_not_asked_lately(world: CoreWorld, ana: Person) -> None:
    tries: list[set[str]] = []
    for _ in range(2):
        card, seen = await begin(ana), set()
        for _ in range(10):
            seen.add((await asked(world, card))[0].id)
            card = await play(world, ana, card, "-")
        tries.append(seen)
        world.clock.travel(timedelta(days=1))
    assert not tries[0] & tries[1]


async def test_what_was_missed_in_it_comes_back(world: CoreWorld, ana: Person) -> None:
    await play(world, ana, await begin(ana), "-+++++++++")
    world.clock.travel(timedelta(days=4))
    assert (await ana.says("/review")).reply.title.startswith("Review 1 of 1")


@pytest.mark.parametrize("stage", ["stage-99", "math"])
async def test_there_is_no_test_of_what_is_no_stage(ana: Person, stage: str) -> None:
    assert "too few questions" in (await ana.sends(f"quiz.gate:{stage}", await ana.says("/start"))).text


async def test_it_goes_round_the_sub_topics_one_after_another(world: CoreWorld, ana: Person) -> None:
    card, order = await begin(ana), []
    for _ in range(10):
        question, _run, _number = await asked(world, card)
        order.append(shipped_shelf().curriculum.places[question.topic].subtopic.id)
        card = await play(world, ana, card, "+")
    parts = [subtopic.id for subtopic in STAGE.subtopics if subtopic.id in order]
    assert order == [parts[number % len(parts)] for number in range(10)]


async def test_nobodys_own_group_changes_what_it_asks(world: CoreWorld) -> None:
    ana = world.person("Ana", Role.MODERATOR)
    await ana.says("/start", "my group")
    bank = await world.app.tools.shelf.bank()
    inside = {topic.id for subtopic in STAGE.subtopics for topic in subtopic.topics}
    real = [question for question in bank if question.topic in inside]
    source = next(question for question in real if question.how is Kind.SINGLE)
    await change(world, Changed.RETIRED, *(question.id for question in real))
    await change(world, Changed.ADDED,
                 *(replace(source, id=f"q-c1-{n}", stem=f"Trivial {n}?", level="medium") for n in range(10)))  # fmt: skip
    for where in (PRIVATE, "my group"):
        card = await ana.sends(BEGIN, Message(Reply(), False, where))
        for _ in range(3):
            question, _run, _number = await asked(world, card)
            assert question in real
            assert "Trivial" not in card.text
            card = await onward(ana, await answer(world, ana, card, right=True))
    fixed = replace((await asked(world, card))[0], stem="Trivial as well?")
    await change(world, Changed.FIXED, fixed)
    assert "Trivial" not in (await begin(ana)).text


async def test_a_try_of_yesterday_ends_when_another_begins(world: CoreWorld, ana: Person) -> None:
    old = await begin(ana)
    run, number = place_of(old)
    form = await ana.sends(f"quiz.type:{run}:{number}", copy(old))
    world.clock.travel(timedelta(days=1))
    await play(world, ana, await begin(ana), "-" * 10)
    before = await rows(world, "SELECT COUNT(*) FROM quiz_answer")
    for data in (f"quiz.next:{run}", f"quiz.answer:{run}:{number}:0", f"quiz.type:{run}:{number}"):
        told = await ana.sends(data, copy(old))
        assert "You began a newer test" in told.text
        assert "One try a day" in (await ana.presses("To the newer one", on=told)).text
    if form.reply.form is not None:
        assert "You began a newer test" in (await ana.fills(form, answer="A")).text
    assert await rows(world, "SELECT COUNT(*) FROM quiz_answer") == before
    assert await passed(world) is None


async def test_a_try_of_yesterday_goes_on_while_there_is_no_other(world: CoreWorld, ana: Person) -> None:
    old = await begin(ana)
    world.clock.travel(timedelta(days=1))
    result = await play(world, ana, old, "+" * 10)
    assert "Passed." in result.text


async def test_eight_right_ones_that_were_left_there_pass(world: CoreWorld, ana: Person) -> None:
    await play(world, ana, await begin(ana), "+" * 8)
    assert await passed(world) is None
    world.clock.travel(timedelta(days=1))
    assert "You passed the test" in (await begin(ana)).text
    assert await passed(world) is not None


async def test_the_result_says_when_the_next_try_is_at_any_later_time(world: CoreWorld, ana: Person) -> None:
    card = await begin(ana)
    run, _number = place_of(card)
    result = await play(world, ana, card, "-" * 10)
    assert "Try again" not in result.labels
    today = result.text
    assert "You can try again " in today
    assert "now" not in today.split("You can try again ")[1].splitlines()[0]
    world.clock.travel(timedelta(days=3))
    again = await ana.sends(f"quiz.next:{run}", result)
    assert "You can try again now." in again.text
    assert (await ana.presses("Try again", on=copy(again))).reply.title.startswith("Test 1 of 10")
    again = await ana.sends(f"quiz.next:{run}", again)
    assert "You can try again now." in again.text, "today's try goes on"
    await play(world, ana, await begin(ana), "-" * 10)
    again = await ana.sends(f"quiz.next:{run}", again)
    assert "You can try again now." not in again.text, "today's try is over"


async def test_a_stage_whose_test_was_passed_can_be_marked_at_once(world: CoreWorld, ana: Person) -> None:
    early = await ana.sends(f"quiz.stagedone:{STAGE.id}", await ana.says("/start"))
    assert "Done" not in early.text
    result = await play(world, ana, await begin(ana), "++++++++++")
    marked = await ana.presses("Mark the stage as done", on=result)
    done = {str(topic) for (topic,) in await rows(world, "SELECT topic FROM roadmap_status WHERE status = 'done'")}
    assert done == {topic.id for subtopic in STAGE.subtopics for topic in subtopic.topics if topic.core}
    await ana.presses("Undo", on=marked)
    assert not await rows(world, "SELECT topic FROM roadmap_status")
