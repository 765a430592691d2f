"""One question a day for a community: asked once, answered once each, closed with the reasons, and counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.questions.body import dump
from bot.domain.questions.shapes import CHOICES, Level
from bot.domain.questions.store import Changes, Kind
from bot.features.quiz import rules
from bot.features.quiz.rules import of_the_day, placed
from bot.kit.database import Transaction
from bot.kit.reply import Reply, Tone
from bot.kit.text import plain
from tests.fakes.core import ROOM, CoreWorld, Message, Person, words
from tests.features.quiz.community import Quiz


async def test_it_comes_once_a_day_at_its_hour_with_one_right_choice(quiz: Quiz) -> None:
    await quiz.pass_time(days=1)
    await quiz.due()
    (asked,) = await quiz.posts()
    assert asked.title == "Quiz of the day"
    assert asked.poll is not None
    question = await quiz.question()
    assert asked.poll.choices[asked.poll.right[0]].label == question.answer[0].text
    assert asked.poll.explanation == question.explanation
    assert "answer comes" not in plain(asked.blocks), "the question comes first"
    below = plain(asked.poll.below)
    assert below.startswith("The answer comes ")
    assert "the next quiz" in below
    assert "/schedule" not in words(asked)
    await quiz.pass_time(days=1)
    assert len([post for post in await quiz.posts() if post.poll]) == 2


async def test_nobody_is_asked_the_same_within_sixty_days(quiz: Quiz) -> None:
    for _ in range(60):
        await quiz.pass_time(days=1)
    stems = [post.poll.question for post in await quiz.posts() if post.poll]
    assert len(stems) == len(set(stems)) == 60


async def test_everybody_is_told_alone_whether_they_are_right_and_why(quiz: Quiz, ana: Person, ben: Person) -> None:
    await quiz.pass_time(days=1)
    question = await quiz.question()
    right, wrong = await quiz.vote(ana, 0), await quiz.vote(ben, 1)
    assert "Right." in right
    assert question.explanation in right
    assert "for you" in right
    assert "Not quite." in wrong
    assert question.wrong[0].why in wrong
    assert "/review" in wrong
    quiz.core.clock.travel(timedelta(days=3))
    assert "Review 1 of 1" in (await ben.says("/review")).reply.title


async def test_the_first_answer_counts_however_often_somebody_presses(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    await quiz.vote(ana, 1)
    again = await quiz.vote(ana, 0)
    first = f"Your first answer counts: “{(await quiz.question()).wrong[0].text}”."
    assert again.startswith(first)
    assert ana.seen[-1].reply.brief.startswith(f"{first} Not quite.")
    assert "Not quite." in again
    assert ana.seen[-1].reply.tone is Tone.NEUTRAL
    board = await ana.says("/leaderboard month", ROOM)
    assert "Ana" not in board.text


async def test_it_closes_with_the_tally_the_answer_and_the_commonest_mix_up(
    quiz: Quiz, ana: Person, ben: Person
) -> None:
    await quiz.pass_time(days=1)
    question = await quiz.question()
    for name, choice in (("Ana", 0), ("Ben", 1), ("Cleo", 1), ("Dan", 2 if len(question.options) > 2 else 1)):
        await quiz.vote(quiz.core.person(name), choice)
    await quiz.pass_time(hours=15)
    told = words((await quiz.posts())[-1])
    assert question.answer[0].text in told
    assert "1 of 4 answers right." in told
    assert f"Most mixed up: “{question.wrong[0].text}”. {question.wrong[0].why}" in told
    assert question.explanation in told
    await quiz.due()
    assert len(await quiz.posts()) == 2


async def test_of_two_wrong_options_as_common_none_is_called_most_mixed_up(quiz: Quiz) -> None:
    await quiz.pass_time(days=1)
    for number in range(4):
        await quiz.vote(quiz.core.person(f"P{number}"), number % 2 + 1)
    await quiz.pass_time(hours=15)
    told = words((await quiz.posts())[-1])
    assert "0 of 4 answers right." in told
    assert "Most mixed up" not in told
    assert "It comes back in /review." in told


async def test_a_late_answer_is_met_kindly_and_counts_for_learning_alone(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    await quiz.pass_time(hours=15)
    assert "counts for learning, not for points" in await quiz.vote(ana, 0)
    assert "Ana" not in (await ana.says("/leaderboard month", ROOM)).text


async def test_a_vote_can_be_taken_back_until_it_closes(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    await quiz.vote(ana, 1)
    await ana.sends("quiz.retract:1", Message(Reply(), public=True, where=ROOM))
    assert "Right." in await quiz.vote(ana, 0)
    await quiz.pass_time(hours=15)
    await ana.sends("quiz.retract:1", Message(Reply(), public=True, where=ROOM))
    assert "no such quiz" in ana.notices[-1]


async def test_a_round_of_another_community_is_not_known(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    await ana.sends("quiz.vote:1:0", Message(Reply(), public=True, where="elsewhere"))
    assert "no such quiz" in ana.notices[-1]
    await ana.sends("quiz.vote:1:200", Message(Reply(), public=True, where=ROOM))
    assert "no such quiz" in ana.notices[-1]


async def test_the_board_shows_ties_as_ties_and_hides_who_wants_to_be_hidden(quiz: Quiz) -> None:
    await quiz.pass_time(days=1)
    people = [quiz.core.person(name) for name in ("Ana", "Ben", "Cleo")]
    for person in people:
        await quiz.vote(person, 0)
    await people[2].says("/settings shown off")
    board = await people[0].says("/leaderboard week", ROOM)
    assert board.text.count("1. ") == 2
    assert "Cleo" not in board.text
    assert "Together this week: 3 of 10" in board.text
    await people[2].sends("quiz.place:week", board)
    assert "hidden" in people[2].notices[-1]
    await people[1].sends("quiz.place:week", board)
    assert people[1].notices[-1].startswith("Place 1: ")


async def test_buttons_can_be_had_instead_of_a_poll(quiz: Quiz) -> None:
    await quiz.mo.sends("settings.our.set:quiz-style:buttons", await quiz.mo.says("/settings community", ROOM))
    await quiz.pass_time(days=1)
    (asked,) = await quiz.posts()
    assert asked.poll is None
    assert [button.label for row in asked.buttons for button in row][:3] == ["A", "B", "C"]


async def test_switching_off_stops_it_and_another_hour_moves_it(quiz: Quiz) -> None:
    card = await quiz.mo.says("/settings community", ROOM)
    await quiz.mo.sends("settings.our.set:quiz-at:off", card)
    await quiz.pass_time(days=2)
    assert await quiz.posts() == []
    await quiz.mo.sends("settings.our.set:quiz-at:07,00", card)
    assert "06:00 UTC" in (await quiz.mo.says("/schedule", ROOM)).text


async def test_on_weekdays_it_rests_on_saturday_and_sunday(quiz: Quiz) -> None:
    await quiz.mo.sends("settings.our.set:quiz-days:weekdays", await quiz.mo.says("/settings community", ROOM))
    for _ in range(14):
        await quiz.pass_time(days=1)
    assert len([post for post in await quiz.posts() if post.poll]) == 10


async def test_the_preview_shows_a_question_and_posts_nothing(quiz: Quiz) -> None:
    await quiz.mo.says("/schedule", ROOM)
    await quiz.mo.presses("Daily quiz")
    shown = await quiz.mo.presses("Preview")
    assert "Nobody else sees it" in shown.text
    assert "Choose one" not in shown.text, "there is nothing to choose"
    assert await quiz.posts() == []
    await quiz.pass_time(days=1)
    assert (await quiz.question()).stem in shown.text  # what is shown is what comes


async def test_run_now_twice_opens_one_round(quiz: Quiz) -> None:
    await quiz.mo.says("/schedule", ROOM)
    await quiz.mo.presses("Daily quiz")
    for _ in range(2):
        await quiz.mo.presses("Run now")
        await quiz.pass_time(seconds=2)
    assert len(await quiz.posts()) == 1


async def test_a_press_after_the_end_says_that_it_is_closed(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    await quiz.vote(ana, 0)
    await quiz.pass_time(hours=15)
    assert "This round is closed" in await quiz.vote(ana, 0)


async def test_when_everything_was_asked_it_begins_again(world: CoreWorld) -> None:
    bank = await world.app.tools.shelf.bank()
    few = [question for question in bank if question.how in CHOICES][:3]
    leans = rules.leaning({}, {})
    assert of_the_day(few, leans, {question.id for question in few}, Level.EASY, "1:1") in few
    assert of_the_day([], leans, set(), Level.EASY, "1:1") is None


def test_equal_points_share_a_place() -> None:
    assert placed([9, 7, 7, 3]) == [1, 2, 2, 4]
    assert placed([]) == []
    assert rules.goal(0) == 10


async def test_what_a_community_retired_is_not_asked_there_and_what_it_fixed_is_asked_as_fixed(quiz: Quiz) -> None:
    bank = await quiz.core.app.tools.shelf.bank()
    one, *rest = [question for question in bank if question.how in CHOICES]
    fixed = replace(one, stem="As we say it here?")

    async def change(tx: Transaction) -> None:
        changes = Changes()
        for kind, bodies in (
            (Kind.RETIRED, {question.id: "" for question in rest}),
            (Kind.FIXED, {one.id: dump(fixed)}),
        ):
            await changes.write(tx, 1, await changes.begin(tx, 1), bodies, kind, None, 0)

    await quiz.core.database.write(change)
    await quiz.pass_time(days=1)
    assert (await quiz.asked()).stem == "As we say it here?"
    poll = (await quiz.told("asked")).poll
    assert poll is not None
    assert poll.question == "As we say it here?"


async def test_the_post_with_the_answer_stays_as_it_is_when_somebody_opens_the_topic(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    await quiz.pass_time(hours=15)
    told = Message(await quiz.told(), public=True, where=ROOM)
    topic = await ana.presses("To the topic", on=told)
    assert not topic.public
    assert not topic.reply.edits
    assert "What to learn" in topic.text


async def test_today_and_this_week_end_with_the_day_and_the_week_on_the_wall(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)  # Sunday evening
    await quiz.vote(ana, 0)
    for span in ("today", "day", "week", "month", "all"):
        assert "Ana" in (await ana.says(f"/leaderboard {span}", ROOM)).text
    await quiz.pass_time(hours=7)  # Monday
    for span, is_there in (("day", False), ("week", False), ("month", True), ("all", True)):
        assert ("Ana" in (await ana.says(f"/leaderboard {span}", ROOM)).text) is is_there, span


async def test_in_channels_there_are_buttons_though_a_poll_was_chosen(quiz: Quiz) -> None:
    await quiz.core.database.write(lambda tx: tx.execute("UPDATE community_place SET setting = 'channel'"))
    await quiz.pass_time(days=1)
    (asked,) = await quiz.posts()
    assert asked.poll is None
    assert asked.buttons
