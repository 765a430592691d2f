"""What steers practice: what is due, what suits, and what somebody studies; and what an answer's time and order do."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bot.domain.questions.families import FAMILIES
from bot.domain.questions.shapes import Kind, Option, Question
from bot.domain.questions.store import Kind as Changed
from bot.features.quiz import fit
from bot.features.quiz.fit import Learner
from bot.features.quiz.rules import Rating
from tests.fakes.core import ROOM, CoreWorld, Person, presses_of, shipped_shelf
from tests.features.quiz.community import Quiz
from tests.features.quiz.playing import answer, asked, change, practice, put, rows

CURRICULUM = shipped_shelf().curriculum
DAY = 86_400


async def topics_asked(world: CoreWorld, person: Person, line: str, count: int = 12) -> Counter[str]:
    """Return what the first questions of so many runs are about."""
    return Counter([(await asked(world, await person.says(line)))[0].topic for _ in range(count)])


async def test_what_is_due_for_review_leads_practice_to_its_topic() -> None:
    """Two worlds that differ in nothing but whether what was missed is due."""
    first, second = (topic.id for topic in CURRICULUM.stages[0].subtopics[0].topics[:2])
    found: list[int] = []
    for days in (-1, 900):
        world = await CoreWorld.open()
        ana = world.person("Ana")
        await practice(world, ana, f"/quiz {first} 6", "-+++++")
        await practice(world, ana, f"/quiz {second} 6", "++++++")
        await move_cards(world, int(world.clock.now().timestamp()) + days * DAY)
        found.append((await topics_asked(world, ana, "/quiz"))[first])
        await world.close()
    assert found[0] >= found[1] + 3


async def move_cards(world: CoreWorld, due: int) -> None:
    await world.database.write(lambda tx: tx.execute("UPDATE quiz_card SET due = :due", due=due))


async def test_answers_to_what_we_chose_do_not_lead_beginners_far_on(world: CoreWorld, ana: Person) -> None:
    bank = await world.app.tools.shelf.bank()
    far = next(one for one in bank if one.how is Kind.SINGLE and stage_of(one.topic) == 5)
    card = await ana.says("/quiz")
    await put(world, card, far)
    await answer(world, ana, card, right=True)
    found = await topics_asked(world, ana, "/quiz any 5", 10)
    assert all(stage_of(topic) <= 2 for topic in found)
    await practice(world, ana, f"/quiz {far.topic} 1", "+")
    world.clock.travel(timedelta(days=1))
    found = await topics_asked(world, ana, "/quiz any 5", 10)
    assert any(stage_of(topic) == 5 for topic in found), "they asked for it"


def stage_of(topic: str) -> int:
    return CURRICULUM.places[topic].stage.number


async def test_whoever_has_had_what_suits_gets_easy_ones_of_near_topics_and_not_hard_ones(
    world: CoreWorld, ana: Person
) -> None:
    """Somebody of middling skill who studied one topic, and answered every easy question about it today."""
    await ana.says("/done 1.1.1")
    topic = CURRICULUM.stages[0].subtopics[0].topics[0].id
    bank = await world.app.tools.shelf.bank()
    easy = [one for one in bank.topics[topic] if one.level == "easy"]
    await practice(world, ana, f"/quiz {topic} easy {len(easy)}", ("+++-" * 9)[: len(easy)])
    for _ in range(8):
        question, _run, _number = await asked(world, await ana.says("/quiz"))
        assert question.level == "easy"
        assert stage_of(question.topic) <= 2


async def test_a_made_question_far_too_hard_is_not_asked_because_it_is_its_turn(world: CoreWorld, ana: Person) -> None:
    assert {family.level for family in FAMILIES.values() if family.topic == "fe-missing-data"} == {"hard"}
    for _ in range(40):
        question, _run, _number = await asked(world, await ana.says("/quiz fe-missing-data"))
        assert question.level == "easy", "nobody answered anything yet"
    made = [(await asked(world, await ana.says("/quiz fe-missing-data hard")))[0].id for _ in range(40)]
    assert any(name in FAMILIES for name in made), "where hard ones are wanted, it is"


async def test_options_stand_in_another_order_for_each_person(world: CoreWorld) -> None:
    bank = await world.app.tools.shelf.bank()
    question = next(one for one in bank if one.how is Kind.SINGLE and len(one.options) == 4)
    orders: list[tuple[str, ...]] = []
    for number in range(8):
        person = world.person(f"P{number}")
        card = await person.says("/quiz bayes")
        run, place = await put(world, card, question)
        card = await person.sends(f"quiz.next:{run}", card)
        shown = [data.split(":")[-1] for data in presses_of(card.reply).values() if data.startswith("quiz.answer")]
        assert sorted(shown) == ["0", "1", "2", "3"]
        texts = [card.text.index(option.text) for option in in_order(question, shown)]
        assert texts == sorted(texts), "letters and texts go together"
        assert "Right." in (await person.sends(f"quiz.answer:{run}:{place}:0", card)).text
        orders.append(tuple(shown))
    assert len(set(orders)) >= 4
    assert len({shown.index("0") for shown in orders}) >= 3, "the right one stands anywhere"


def in_order(question: Question, shown: list[str]) -> list[Option]:
    return [question.options[int(place)] for place in shown]


async def test_a_quick_right_answer_in_review_comes_back_later_than_a_slow_one(world: CoreWorld) -> None:
    bank = await world.app.tools.shelf.bank()
    question = next(one for one in bank if one.how is Kind.SINGLE)
    people = {seconds: world.person(f"P{seconds}") for seconds in (4, 30, 200)}
    for person in people.values():
        card = await person.says("/quiz bayes 1")
        run, number = await put(world, card, question)
        await person.sends(f"quiz.answer:{run}:{number}:1", card)
    world.clock.travel(timedelta(days=5))
    due: dict[int, int] = {}
    for seconds, person in people.items():
        card = await person.says("/review")
        begun = int(world.clock.now().timestamp())
        world.clock.travel(timedelta(seconds=seconds))
        assert "It comes back" in (await answer(world, person, card, right=True)).text
        ((at,),) = await rows(world, "SELECT due FROM quiz_card ORDER BY reviewed_at DESC LIMIT 1")
        due[seconds] = at - begun
    assert due[4] > due[30] + DAY / 2
    assert due[30] > due[200] + DAY / 2


@pytest.mark.parametrize(
    ("level", "told"), [("easy", "1 point for"), ("medium", "2 points for"), ("hard", "3 points for")]
)
async def test_a_right_answer_to_a_harder_question_of_the_day_brings_more_points(
    quiz: Quiz, ana: Person, level: str, told: str
) -> None:
    bank = await quiz.core.app.tools.shelf.bank()
    await change(quiz.core, Changed.RETIRED, *(one.id for one in bank if one.level != level))
    await quiz.pass_time(days=1)
    assert (await quiz.asked()).level == level
    assert told in await quiz.vote(ana, 0)
    await quiz.pass_time(hours=15)
    assert f"Ana · {told.removesuffix(' for')}" in (await ana.says("/leaderboard all", ROOM)).text


async def test_what_can_be_said_after_quiz_fits_where_a_command_is_typed(world: CoreWorld) -> None:
    (param,) = world.app.registry.commands["quiz"].params
    assert "how many" in param.summary
    assert len(param.summary) <= 100


async def made_up(count: int) -> list[Question]:
    """Return so many easy questions with four options."""
    bank = await shipped_shelf().bank()
    return [one for one in bank if one.level == "easy" and len(one.options) == 4 and one.how is Kind.SINGLE][:count]


async def test_what_was_answered_lately_stands_back_the_more_the_later_it_was() -> None:
    question = (await made_up(1))[0]
    ages = (0, DAY, 5 * DAY, 20 * DAY)
    points = [fit.against(question, Learner.of({}, {question.id: 100 * DAY - age}, 100 * DAY)) for age in ages]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == len(ages)
    assert points[-1] > fit.against(question, Learner.of({}, {}, 100 * DAY))


async def test_what_was_answered_lately_comes_before_what_is_far_too_hard_but_not_on_the_same_day() -> None:
    easy = (await made_up(1))[0]
    bank = await shipped_shelf().bank()
    hard = next(one for one in bank.topics[easy.topic] if one.level == "hard")
    for age, expected in ((0, hard), (2 * DAY, easy)):
        learner = Learner.of({}, {easy.id: 100 * DAY - age}, 100 * DAY)
        assert fit.choose([easy, hard], learner, {}, "x") is expected
    assert fit.choose([], Learner.of({}, {}, 0), {}, "x") is None


@pytest.mark.parametrize(("answers", "value"), [(12, 1650.0), (12, 1250.0)])
def test_what_other_topics_show_is_believed_of_one_that_was_never_asked_about(answers: int, value: float) -> None:
    learner = Learner.of({"a": Rating(value, answers), "b": Rating(value, answers)}, {}, 0)
    assert abs(learner.skill("c") - 1400) > abs(value - 1400) / 2
    assert (learner.skill("c") > 1400) is (value > 1400)
    assert Learner.of({}, {}, 0).skill("c") == 1400


async def test_a_single_answer_hardly_makes_a_question_harder() -> None:
    question = (await made_up(1))[0]
    assert fit.hardness(question, None) == 1300
    assert fit.hardness(question, Rating(1400, 1)) < 1320
    assert fit.hardness(question, Rating(1400, 100)) > 1390


def test_a_weak_topic_is_not_avoided_for_being_weak() -> None:
    skills = {"a": Rating(1650.0, 12), "b": Rating(1150.0, 6)}
    assert Learner.of(skills, {}, 0).skill("b") < Learner.of(skills, {}, 0).general
    assert Learner.of(skills, {}, 0, {"b"}).skill("b") == Learner.of(skills, {}, 0).general
