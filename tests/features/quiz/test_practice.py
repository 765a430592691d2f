"""Practice and review: five questions that suit, the reasons after each, and what was missed comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.contributions import QuestionButton
from bot.domain.questions.body import dump
from bot.domain.questions.shapes import Kind, Question
from bot.domain.questions.store.changes import Changes
from bot.domain.questions.store.changes import Kind as Changed
from bot.kit.database import Transaction
from bot.kit.request import Role
from tests.fakes.core import PRIVATE, ROOM, CoreWorld, Message, Person, presses_of
from tests.features.quiz.playing import answer, asked, onward, place_of, practice


async def test_five_questions_each_with_the_reasons_and_a_result(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/quiz bayes")
    assert card.reply.title.startswith("Question 1 of 5 · ")
    question, _run, _number = await asked(world, card)
    told = await answer(world, ana, card, right=False)
    assert "Not quite." in told.text
    assert question.explanation in told.text
    card = await ana.presses("Next question", on=told)
    for _ in range(4):
        card = await answer(world, ana, card, right=True)
        assert "Right." in card.text
        card = await ana.presses("Next question" if "Next question" in card.labels else "Result", on=card)
    assert "4 of 5 questions right." in card.text
    assert "Worth another look" in card.text
    assert {"Five more", "To the topic"} <= set(card.labels)


async def test_only_questions_about_what_was_asked_for(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/quiz 1.2")
    inside = {topic.id for topic in world.app.tools.shelf.curriculum.subtopics["math"].topics}
    seen: set[str] = set()
    for _ in range(5):
        question, _run, _number = await asked(world, card)
        assert question.topic in inside
        seen.add(question.id)
        card = await answer(world, ana, card, right=True)
        card = await ana.presses("Next question" if "Next question" in card.labels else "Result", on=card)
    assert len(seen) == 5


async def test_a_level_and_a_number_can_be_asked_for(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/quiz python hard 3")
    assert card.reply.title.startswith("Question 1 of 3")
    assert (await asked(world, card))[0].level == "hard"


async def test_nothing_comes_again_while_other_questions_are_left(world: CoreWorld, ana: Person) -> None:
    seen: list[str] = []
    for _ in range(4):
        card = await ana.says("/quiz linear algebra")
        for _ in range(5):
            seen.append((await asked(world, card))[0].id)
            card = await answer(world, ana, card, right=True)
            card = await ana.presses("Next question" if "Next question" in card.labels else "Result", on=card)
    topic = world.app.tools.shelf.indexes.lookup.find("linear algebra").entry
    bank = await world.app.tools.shelf.bank()
    assert topic is not None
    there = len(bank.topics[topic.id])
    written = [name for name in seen if name.startswith("q-")]
    assert len(set(written[:there])) == min(len(written), there)


@pytest.mark.parametrize("typed", ["/quiz qwertyuiop", "/quiz " + "x" * 120])
async def test_an_unknown_topic_is_met_kindly(ana: Person, typed: str) -> None:
    assert "/roadmap" in (await ana.says(typed)).text


async def test_a_slip_in_the_name_is_met_half_way(ana: Person) -> None:
    card = await ana.says("/quiz back propagatoin")
    assert card.reply.title.startswith("Question 1 of 5") or "Which topic" in card.text


async def test_it_goes_on_after_a_restart_in_the_middle(tmp_path: Path) -> None:
    world = await CoreWorld.open(tmp_path / "bot.db")
    told = await answer(world, world.person("Ana"), await world.person("Ana").says("/quiz bayes"), right=True)
    await world.close()
    again = await CoreWorld.open(tmp_path / "bot.db", clock=world.clock)
    again.events = world.events
    following = await again.person("Ana").presses("Next question", on=told)
    assert following.reply.title.startswith("Question 2 of 5")
    twice = await again.person("Ana").sends("quiz.next:1", following)
    assert twice.reply.title.startswith("Question 2 of 5")
    await again.close()


async def test_pressing_twice_counts_once_and_tells_the_first_answer(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/quiz ml concepts easy")
    question, run, number = await asked(world, card)
    while question.how not in (Kind.SINGLE, Kind.CODE, Kind.TRUE_FALSE):
        card = await ana.says("/quiz ml concepts easy")
        question, run, number = await asked(world, card)
    first = await ana.sends(f"quiz.answer:{run}:{number}:0", card)
    assert "Right." in first.text
    second = await ana.sends(f"quiz.answer:{run}:{number}:1", card)
    assert "first answer counts" in second.text
    assert "Right." in second.text


@pytest.mark.parametrize("data", ["quiz.answer:1:0:0", "quiz.next:1", "quiz.type:1:0", "quiz.typed:1:0"])
async def test_somebody_elses_run_is_left_alone(world: CoreWorld, ana: Person, ben: Person, data: str) -> None:
    card = await ana.says("/quiz bayes")
    await ben.says("/start")
    await ben.sends(data, card)
    assert "not yours" in ben.notices[-1]
    assert (await ana.sends("quiz.next:1", card)).reply.title.startswith("Question 1 of 5")


@pytest.mark.parametrize("data", ["quiz.answer:1:0:250", "quiz.answer:1:9:0", "quiz.answer:9:0:0", "quiz.next:99"])
async def test_what_was_never_offered_changes_nothing(ana: Person, data: str) -> None:
    card = await ana.says("/quiz bayes")
    await ana.sends(data, card)
    assert "not yours" in ana.notices[-1]


async def test_what_was_missed_comes_back_when_it_is_due_and_not_before(world: CoreWorld, ana: Person) -> None:
    await practice(world, ana, "/quiz bayes", "-++++")
    assert "Nothing is due now" in (await ana.says("/review")).text
    world.clock.travel(timedelta(days=3))
    card = await ana.says("/review")
    assert card.reply.title.startswith("Review 1 of 1")
    told = await answer(world, ana, card, right=True)
    assert "It comes back" in told.text
    done = await ana.presses("Result", on=told)
    assert done.reply.title == "Review done"
    assert "Nothing is due now" in (await ana.says("/review")).text


async def test_without_anything_missed_the_review_says_so(ana: Person) -> None:
    assert "Nothing waits for you" in (await ana.says("/review")).text


async def change(world: CoreWorld, kind: Changed, question: Question, text: str = "") -> None:
    """Let the community of the room change a question."""

    async def work(tx: Transaction) -> None:
        changes = Changes()
        row = await tx.one("SELECT id FROM community_community")
        assert row is not None
        revision = await changes.begin(tx, row["id"])
        body = dump(replace(question, stem=text)) if text else ""
        at = int(world.clock.now().timestamp())
        await changes.write(tx, row["id"], revision, {question.id: body}, kind, None, at)

    await world.database.write(work)


async def until(world: CoreWorld, person: Person, topic: str, *, right: bool = True) -> tuple[Message, Question]:
    """Return a card with a written question of one choice."""
    card = await person.says(f"/quiz {topic} 20", ROOM)
    while (question := (await asked(world, card))[0]).how is not Kind.SINGLE or question.id.startswith("g-"):
        card = await onward(person, await answer(world, person, card, right=right))
    return card, question


async def test_what_a_community_took_out_is_neither_asked_nor_reviewed(world: CoreWorld, ana: Person) -> None:
    card, question = await until(world, ana, "bayes")
    await answer(world, ana, card, right=False)
    await change(world, Changed.RETIRED, question)
    world.clock.travel(timedelta(days=5))
    assert "Nothing waits" in (await ana.says("/review", ROOM)).text
    assert "Nothing waits" in (await ana.says("/review", PRIVATE)).text
    assert "waits for review" not in (await ana.says("/progress")).text
    for _ in range(3):
        card = await ana.says("/quiz bayes 20", PRIVATE)
        while card.reply.look == "quiz.question":
            assert (await asked(world, card))[0].id != question.id
            card = await onward(ana, await answer(world, ana, card, right=True))


async def test_a_question_taken_out_while_it_waits_makes_room_for_another(world: CoreWorld, ana: Person) -> None:
    card, question = await until(world, ana, "bayes")
    heading = card.reply.title
    await change(world, Changed.HIDDEN, question)
    again = await answer(world, ana, card, right=True)
    assert "taken out" in again.text
    assert question.stem not in again.text
    assert again.reply.title == heading, "it is still the same turn"
    assert "Right." in (await answer(world, ana, again, right=True)).text


async def test_a_question_corrected_while_it_waits_is_asked_anew_and_not_judged(world: CoreWorld, ana: Person) -> None:
    card, question = await until(world, ana, "bayes")
    run, number = place_of(card)
    count = len(await world.database.read(lambda tx: tx.all("SELECT id FROM quiz_answer")))
    await change(world, Changed.FIXED, question, "What does Bayes' theorem turn around?")
    again = await ana.sends(f"quiz.answer:{run}:{number}:1", card)
    assert "corrected" in again.text
    assert "What does Bayes' theorem turn around?" in again.text
    assert len(await world.database.read(lambda tx: tx.all("SELECT id FROM quiz_answer"))) == count
    assert again.reply.title.startswith(f"Question {number + 1} of 20"), "it is still the same turn"
    run, number = place_of(again)
    told = await ana.sends(f"quiz.answer:{run}:{number}:0", again)
    assert "Right." in told.text
    rows = await world.database.read(lambda tx: tx.all("SELECT edition FROM quiz_answer ORDER BY id DESC LIMIT 1"))
    assert rows[0]["edition"] != question.edition


async def test_another_community_is_not_touched_by_a_correction(world: CoreWorld, ana: Person, ben: Person) -> None:
    card, question = await until(world, ana, "bayes")
    await change(world, Changed.RETIRED, question)
    found = set()
    for _ in range(4):
        card = await ben.says("/quiz bayes 20", "another room")
        while card.reply.look == "quiz.question":
            found.add((await asked(world, card))[0].id)
            card = await onward(ben, await answer(world, ben, card, right=True))
    assert question.id in found


async def test_several_right_ones_can_be_chosen_from_a_list(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/quiz ml concepts 20")
    while (question := (await asked(world, card))[0]).how is not Kind.SEVERAL:
        card = await onward(ana, await answer(world, ana, card, right=True))
        if card.reply.look != "quiz.question":
            card = await ana.presses("Five more", on=card)
    several = card.reply.several
    assert several is not None
    assert several.instead_of in presses_of(card.reply).values(), "platforms without such lists have the button"
    run, number = place_of(card)
    assert {choice.label[3:] for choice in several.choices} == {option.text for option in question.options}
    right = ",".join(choice.data for choice in several.choices if int(choice.data) < len(question.answer))
    refused = await ana.chooses("", several.data, card)
    assert refused.reply.form is not None, "nothing chosen: it may be typed"
    assert "not yours" not in "".join(ana.notices)
    told = await ana.chooses(right, several.data, card)
    assert "Right." in told.text
    again = await ana.chooses("0", f"quiz.several:{run}:{number}", card)
    assert "first answer counts" in again.text
    assert "Right." in again.text


async def test_only_quiz_in_the_middle_of_one_offers_to_go_on(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/quiz bayes")
    assert (await ana.says("/quiz")).reply.title.startswith("Question 1 of 5"), "nothing was answered yet"
    card = await ana.says("/quiz bayes")
    await answer(world, ana, card, right=True)
    offered = await ana.says("/quiz")
    assert "Probability and statistics" in offered.text
    assert "1 of 5 answered" in offered.text
    assert offered.labels == ["Go on", "Begin anew"]
    assert (await ana.presses("Go on")).reply.title.startswith("Question 2 of 5")
    await ana.says("/quiz")
    assert (await ana.presses("Begin anew")).reply.title.startswith("Question 1 of 5")


async def test_a_finished_quiz_or_one_of_yesterday_is_not_offered_again(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/quiz bayes 2")
    await answer(world, ana, card, right=True)
    world.clock.travel(timedelta(days=1))
    assert (await ana.says("/quiz")).reply.title.startswith("Question 1 of 5")
    card = await ana.says("/quiz bayes 1")
    await answer(world, ana, card, right=True)
    assert (await ana.says("/quiz")).reply.title.startswith("Question 1 of 5"), "answered to the end, result not read"


async def test_a_part_of_the_roadmap_and_a_level_go_together(world: CoreWorld, ana: Person) -> None:
    inside = {topic.id for topic in world.app.tools.shelf.curriculum.subtopics["math"].topics}
    for _ in range(3):
        question, _run, _number = await asked(world, await ana.says("/quiz 1.2 hard"))
        assert question.topic in inside
        assert question.level == "hard"


@pytest.mark.parametrize(
    ("typed", "count", "told"), [("python 1000", 20, True), ("python 20", 20, False), ("12", 12, False)]
)
async def test_twenty_questions_at_a_time_are_the_most_and_it_says_so(
    ana: Person, typed: str, count: int, told: bool
) -> None:
    card = await ana.says(f"/quiz {typed}")
    assert card.reply.title.startswith(f"Question 1 of {count} ")
    assert ("20 questions at a time are the most" in card.text) is told


@pytest.mark.parametrize("typed", ["python 0", "0", "any 0"])
async def test_no_questions_at_all_are_too_few_and_it_says_how_many_come(ana: Person, typed: str) -> None:
    card = await ana.says(f"/quiz {typed}")
    assert card.reply.title.startswith("Question 1 of 5")
    assert card.text.count("At least 1 question is asked at a time, so here are 5.") == 1


async def test_a_bare_number_that_is_a_stage_means_it_and_says_how_to_ask_for_so_many(
    world: CoreWorld, ana: Person
) -> None:
    stages = world.app.tools.shelf.curriculum.stages
    card = await ana.says("/quiz 3")
    assert card.reply.title.startswith("Question 1 of 5 ")
    assert f"Stage 3: {stages[2].title}. For 3 questions about anything, type /quiz any 3." in card.text
    assert world.app.tools.shelf.curriculum.places[(await asked(world, card))[0].topic].stage.number == 3
    typed = await ana.says("/quiz any 3")
    assert typed.reply.title.startswith("Question 1 of 3 ")
    assert "Stage 3" not in typed.text


@pytest.mark.parametrize("typed", ["/quiz 3 hard", "/quiz hard 3"])
async def test_where_the_level_stands_makes_no_difference(world: CoreWorld, ana: Person, typed: str) -> None:
    card = await ana.says(typed)
    assert card.reply.title.startswith("Question 1 of 5 ")
    assert "For 3 questions about anything, type /quiz any 3 hard." in card.text
    question = (await asked(world, card))[0]
    assert question.level == "hard"
    assert world.app.tools.shelf.curriculum.places[question.topic].stage.number == 3


@pytest.mark.parametrize("typed", ["/quiz 3 10", "/quiz stage 3 10"])
async def test_a_stage_and_a_number_are_both_understood(ana: Person, typed: str) -> None:
    card = await ana.says(typed)
    assert card.reply.title.startswith("Question 1 of 10 ")
    assert "Stage 3: " in card.text
    assert "/quiz any" not in card.text


@pytest.mark.parametrize(("typed", "told"), [("/quiz 12", True), ("/quiz any 12", False), ("/quiz egal 12", False)])
async def test_a_number_that_is_no_stage_is_how_many_and_the_card_says_so(ana: Person, typed: str, told: bool) -> None:
    card = await ana.says(typed)
    assert card.reply.title.startswith("Question 1 of 12 ")
    words = "12 questions about whatever suits you. A topic goes before the number, as in /quiz python 12."
    assert (words in card.text) is told


async def test_any_level_is_said_with_any(world: CoreWorld, ana: Person) -> None:
    card = await ana.says("/quiz any 2 hard")
    assert card.reply.title.startswith("Question 1 of 2 ")
    assert (await asked(world, card))[0].level == "hard"


async def test_other_features_offer_something_under_every_verdict(world: CoreWorld, ana: Person) -> None:
    offer = QuestionButton("Something wrong?", lambda question: f"sample.flag:{question}")
    world.app.tools.contributions.fill([offer])
    card = await ana.says("/quiz bayes")
    question, _run, _number = await asked(world, card)
    told = await answer(world, ana, card, right=True)
    assert f"sample.flag:{question.id}" in [button.data for row in told.reply.buttons for button in row]


async def test_in_a_group_it_is_answered_privately(world: CoreWorld) -> None:
    card = await world.person("Ana").says("/quiz bayes", ROOM)
    assert not card.public
    assert card.reply.only_you


async def test_a_number_is_read_as_people_type_it(world: CoreWorld, ana: Person) -> None:
    bank = await world.app.tools.shelf.bank()
    numeric = next(
        question for question in bank if question.how is Kind.NUMERIC and question.topic == "math-prob-stats"
    )
    for _ in range(30):
        card = await ana.says("/quiz probability and statistics")
        if (await asked(world, card))[0].how is Kind.NUMERIC:
            break
        for _ in range(5):
            card = await answer(world, ana, card, right=True)
            card = await ana.presses("Next question" if "Next question" in card.labels else "Result", on=card)
            if "quiz.type" in str(presses_of(card.reply)):
                break
        if "quiz.type" in str(presses_of(card.reply)) and (await asked(world, card))[0].how is Kind.NUMERIC:
            break
    question, _run, _number = await asked(world, card)
    assert question.how is Kind.NUMERIC, numeric.id
    form = await ana.presses("Answer", on=card)
    refused = await ana.fills(form, answer="about half")
    assert "no number" in refused.text
    again = await ana.presses("Try again", on=refused)
    assert "Right." in (await ana.fills(again, answer=f" {question.answer[0].text} ")).text


async def test_a_topics_card_offers_a_quiz(ana: Person) -> None:
    card = await ana.says("/roadmap bayes", PRIVATE)
    assert "Quiz me" in card.labels
    assert (await ana.presses("Quiz me")).reply.title.startswith("Question 1 of 5")


async def test_answers_reach_the_ledger(world: CoreWorld) -> None:
    ana = world.person("Ana", Role.MEMBER)
    await practice(world, ana, "/quiz bayes", "-++++")
    evidence = await world.database.read(lambda tx: world.app.tools.ledger.evidence(tx, 1))
    assert sum(one.answers for one in evidence.values()) == 5


async def test_progress_tells_of_answers_and_of_what_is_due(world: CoreWorld, ana: Person) -> None:
    assert "answers right" not in (await ana.says("/progress")).text
    await practice(world, ana, "/quiz bayes", "-++++")
    assert "4 of 5 answers right" in (await ana.says("/progress")).text
    world.clock.travel(timedelta(days=3))
    assert "1 question waits for review." in (await ana.says("/progress")).text
