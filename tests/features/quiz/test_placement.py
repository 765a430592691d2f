"""A few questions find where on the road somebody stands; what seems known is marked only if they want it."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.questions.families import FAMILIES
from bot.features.quiz import placement
from bot.features.quiz.placement import Place, Probe, Rung
from tests.fakes.core import CoreWorld, Message, Person, shipped_shelf
from tests.features.quiz.playing import answer, asked, practice

CURRICULUM = shipped_shelf().curriculum
RUNGS = [Rung(f"{stage}.{part}", stage) for stage in range(1, 7) for part in range(1, 4)]


def climb(knows: int) -> tuple[list[Probe], Place]:
    """Ask somebody who knows the first so many stages, and nothing beyond."""
    probes: list[Probe] = []
    while (name := placement.following(RUNGS, probes, "seed")) is not None:
        probes.append(Probe(name, int(name[0]) <= knows))
    return probes, placement.place(RUNGS, probes)


@pytest.mark.parametrize("knows", range(7))
def test_whoever_knows_so_many_stages_begins_with_the_next(knows: int) -> None:
    probes, place = climb(knows)
    assert place.stage == (knows + 1 if knows < 6 else None)
    assert len(probes) <= placement.LENGTH
    assert probes[0].subtopic[0] == "3", "it begins in the middle"
    assert all(int(name[0]) <= knows for name in place.known)
    assert len(place.known) >= 2 * knows - 1, "what was left of the twelve questions goes to what holds"
    assert place.first is None


def test_it_stops_early_when_it_is_sure() -> None:
    assert len(climb(0)[0]) == 4
    assert len(climb(6)[0]) == placement.LENGTH, "there is more to find out about somebody who knows much"


def test_nothing_after_a_sub_topic_that_does_not_hold_counts_as_known() -> None:
    probes: list[Probe] = []
    while (name := placement.following(RUNGS, probes, "seed")) is not None:
        probes.append(Probe(name, name != "1.2"))
    place = placement.place(RUNGS, probes)
    assert place.known == ("1.1",)
    assert place.first == "1.2"
    assert place.stage is None


@given(st.lists(st.booleans(), min_size=12, max_size=12), st.text(max_size=5))
def test_only_what_was_asked_and_always_right_is_known(rights: list[bool], seed: str) -> None:
    probes: list[Probe] = []
    for right in rights:
        if (name := placement.following(RUNGS, probes, seed)) is None:
            break
        probes.append(Probe(name, right))
    place = placement.place(RUNGS, probes)
    wrong = {probe.subtopic for probe in probes if not probe.correct}
    order = [rung.subtopic for rung in RUNGS]
    for name in place.known:
        assert Probe(name, True) in probes
        assert all(order.index(name) < order.index(other) for other in wrong)


def test_what_is_settled_of_a_stage_stays_so_whatever_is_asked_of_its_sub_topics_later() -> None:
    walked, _place = climb(3)
    settled = walked[:7]
    assert {probe.subtopic[0] for probe in settled} == {"3", "4"}
    assert placement.place(RUNGS, settled).stage == 4
    later = [*settled, Probe("3.3", False), Probe("3.1", False), Probe("3.2", False)]
    found = placement.place(RUNGS, later)
    assert found.stage == 4
    assert found.first == "3.1"
    assert placement.following(RUNGS, later, "seed") in {"1.1", "1.2", "1.3", "2.1", "2.2", "2.3"}


def stumble(knows: int, luck: random.Random) -> Place:
    """Ask somebody who slips in 15 % of what they know and guesses 30 % of the rest rightly."""
    probes: list[Probe] = []
    while (name := placement.following(RUNGS, probes, str(len(probes)))) is not None:
        probes.append(Probe(name, luck.random() < (0.85 if int(name[0]) <= knows else 0.3)))
    return placement.place(RUNGS, probes)


@pytest.mark.parametrize("knows", range(7))
def test_slips_and_lucky_guesses_seldom_lead_astray(knows: int) -> None:
    luck = random.Random(knows)
    found = Counter(stumble(knows, luck).stage or 7 for _ in range(500))
    assert found[knows + 1] >= 0.75 * 500
    assert sum(found[stage] for stage in (knows, knows + 1, knows + 2)) >= 0.88 * 500


def test_a_beginner_who_guesses_seldom_begins_too_far_on() -> None:
    luck = random.Random(99)
    found = Counter(stumble(0, luck).stage or 7 for _ in range(500))
    assert sum(count for stage, count in found.items() if stage > 1) <= 0.22 * 500
    assert sum(count for stage, count in found.items() if stage >= 4) <= 0.08 * 500


async def test_beginners_who_guess_through_the_real_test_begin_at_the_beginning(world: CoreWorld) -> None:
    luck = random.Random(5)
    begins = Counter[str]()
    for number in range(100):
        person = world.person(f"P{number}")
        card = await person.says("/placement")
        while card.reply.look == "quiz.question":
            _question, run, number_there = await asked(world, card)
            card = await person.sends(f"quiz.answer:{run}:{number_there}:{0 if luck.random() < 0.3 else 1}", card)
        begins[card.text.split("Begin with stage ")[1][0]] += 1
    assert begins["1"] >= 0.75 * 100
    assert sum(count for stage, count in begins.items() if stage >= "4") <= 0.1 * 100


async def place(world: CoreWorld, person: Person, knows: int) -> Message:
    """Answer as somebody who knows the first so many stages; return the result."""
    card = await person.says("/placement")
    for _ in range(placement.LENGTH):
        if card.reply.look != "quiz.question":
            break
        question, run, number = await asked(world, card)
        assert question.level == "medium"
        stage = CURRICULUM.places[question.topic].stage.number
        card = await person.sends(f"quiz.answer:{run}:{number}:{0 if stage <= knows else 1}", card)
    assert card.reply.look == "quiz.level"
    return card


async def test_it_tells_where_to_begin_and_marks_what_is_known_when_wanted(world: CoreWorld, ana: Person) -> None:
    result = await place(world, ana, 3)
    assert "Begin with stage 4" in result.text
    assert "1.1 " in result.text
    assert "Open stage 4" in result.labels
    assert "0 %" in (await ana.says("/progress")).text.splitlines()[1]
    marked = await ana.presses("Mark them as done", on=result)
    assert "Done: " in marked.text
    done = await world.database.read(lambda tx: tx.all("SELECT topic FROM roadmap_status WHERE status = 'done'"))
    assert done
    for row in done:
        spotted = CURRICULUM.places[row["topic"]]
        assert spotted.topic.core
        assert spotted.stage.number <= 3
        assert f"{spotted.subtopic.number} {spotted.subtopic.title} · " in result.text
    await ana.presses("Undo", on=marked)
    assert not await world.database.read(lambda tx: tx.all("SELECT topic FROM roadmap_status"))


async def test_it_can_be_left_at_that(world: CoreWorld, ana: Person) -> None:
    result = await place(world, ana, 3)
    left = await ana.presses("Not now", on=result)
    assert "nothing is marked" in left.text
    assert "Mark them as done" not in left.labels
    assert not await world.database.read(lambda tx: tx.all("SELECT topic FROM roadmap_status"))


async def test_whoever_knows_nothing_yet_is_not_told_off_and_gets_no_review(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/placement")
    for _ in range(placement.LENGTH):
        if card.reply.look != "quiz.question":
            break
        card = await ana.presses("I do not know", on=card)
    assert "Begin with stage 1" in card.text
    assert "You seem to know" not in card.text
    world.clock.travel(timedelta(days=30))
    assert "Nothing waits" in (await ana.says("/review")).text


async def test_it_goes_straight_on_without_solutions(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/placement")
    assert card.reply.title.startswith("Question 1, at most 12")
    question, _run, _number = await asked(world, card)
    following = await answer(world, ana, card, right=False)
    assert following.reply.title.startswith("Question 2, at most 12")
    assert question.explanation not in following.text


async def test_it_goes_on_today_and_begins_anew_tomorrow(world: CoreWorld, ana: Person) -> None:
    await answer(world, ana, await ana.says("/placement"), right=True)
    assert (await ana.says("/placement")).reply.title.startswith("Question 2")
    world.clock.travel(timedelta(days=1))
    assert (await ana.says("/placement")).reply.title.startswith("Question 1,")


async def test_marking_twice_says_so(world: CoreWorld, ana: Person) -> None:
    result = await place(world, ana, 3)
    data = next(button.data for row in result.reply.buttons for button in row if button.label == "Mark them as done")
    await ana.sends(data, result)
    await ana.sends(data, result)
    assert "marked as done already" in ana.notices[-1]


@pytest.mark.parametrize("data", ["quiz.known:1", "quiz.notknown:1", "quiz.unsure:1:0"])
async def test_somebody_elses_level_is_left_alone(world: CoreWorld, ana: Person, ben: Person, data: str) -> None:
    result = await place(world, ana, 3)
    await ben.says("/start")
    await ben.sends(data, result)
    assert "not yours" in ben.notices[-1]
    assert not await world.database.read(lambda tx: tx.all("SELECT topic FROM roadmap_status"))


async def test_what_comes_next_offers_it_to_whoever_marked_nothing(ana: Person) -> None:
    card = await ana.says("/next")
    assert (await ana.presses("Find my level", on=card)).reply.title.startswith("Question 1, at most 12")
    await ana.says("/done python syntax")
    assert "Find my level" not in (await ana.says("/next")).labels


@pytest.mark.parametrize("knows", [0, 3, 6])
async def test_whoever_found_their_level_is_not_sent_to_find_it_again(
    world: CoreWorld, ana: Person, knows: int
) -> None:
    assert "Find my level" in (await ana.says("/next")).labels
    result = await place(world, ana, knows)
    if "Not now" in result.labels:
        await ana.presses("Not now", on=result)
    offered = await ana.says("/next")
    assert "Next: " in offered.text
    assert "Find my level" not in offered.labels


async def test_a_test_that_was_hardly_begun_is_still_offered(world: CoreWorld, ana: Person) -> None:
    await answer(world, ana, await ana.says("/placement"), right=True)
    assert "Find my level" in (await ana.says("/next")).labels


@pytest.mark.parametrize(
    ("typed", "rights", "offered"), [("/quiz bayes 5", "+-+-+", False), ("/quiz bayes 1", "+", True)]
)
async def test_some_practice_tells_enough_to_find_no_level(
    world: CoreWorld, ana: Person, typed: str, rights: str, offered: bool
) -> None:
    await practice(world, ana, typed, rights)
    assert ("Find my level" in (await ana.says("/next")).labels) is offered


async def test_looking_for_a_level_is_no_studying(world: CoreWorld, ana: Person) -> None:
    """What was asked to find a level counts neither as answers nor as a topic somebody studies."""
    await place(world, ana, 3)
    assert not await world.database.read(lambda tx: tx.all("SELECT topic FROM learning_record"))
    assert "answers right" not in (await ana.says("/progress")).text
    await ana.says("/quiz")
    (row,) = await world.database.read(
        lambda tx: tx.all("SELECT question FROM quiz_asked ORDER BY run_id DESC, number LIMIT 1")
    )
    bank = await shipped_shelf().bank()
    question = bank.get(row["question"])
    topic = question.topic if question is not None else FAMILIES[row["question"]].topic
    assert CURRICULUM.places[topic].stage.number == 1
