"""A question that changes after it was asked: votes keep their meaning, points follow the correction, once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contributions import Answers, QuestionButton
from bot.domain.questions.bank import Bank
from bot.domain.questions.shapes import Option, Question
from bot.features.quiz.wordings import GONE, found_again
from bot.platforms.terminal.render import Screen
from bot.platforms.terminal.render import render as draw
from tests.fakes.core import ROOM, Message, Person, words
from tests.features.quiz.community import Quiz


def with_answer(question: Question, place: int) -> Question:
    """Return a question of which another option is right."""
    options = question.options
    return replace(question, answer=(options[place],), wrong=tuple(one for one in options if one != options[place]))


async def test_content_edited_while_a_round_is_open_changes_nothing_about_its_answers(
    quiz: Quiz, ana: Person, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    edited = replace(with_answer(asked, 1), explanation="Now it is otherwise.")
    monkeypatch.setattr(quiz.core.app.tools.shelf.indexes, "bank", Bank([edited]))
    assert asked.explanation in await quiz.vote(ana, 0)
    assert "Right." not in await quiz.vote(ben, 1)
    await quiz.pass_time(hours=15)
    assert asked.answer[0].text in words(await quiz.told())
    assert "1 of 2 answers right." in words(await quiz.told())


async def test_a_question_that_is_gone_from_the_content_is_still_answered_and_told(
    quiz: Quiz, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await quiz.pass_time(days=1)
    monkeypatch.setattr(quiz.core.app.tools.shelf.indexes, "bank", Bank([]))
    assert "Right." in await quiz.vote(ana, 0)
    await quiz.pass_time(hours=15)
    assert "1 of 1 answer right." in words(await quiz.told())


async def test_when_another_answer_is_right_points_follow_once(quiz: Quiz, ana: Person, ben: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 0)
    await quiz.vote(ben, 1)
    await quiz.pass_time(hours=15)
    await quiz.vote(quiz.core.person("Cleo"), 1)
    fixed = with_answer(asked, 1)
    ((worth,),) = await quiz.rows("SELECT points FROM quiz_round")
    found = await quiz.correct(fixed)
    people: dict[str, int] = dict(await quiz.rows("SELECT name, id FROM community_person"))
    assert found.points == {people["Ana"]: -worth, people["Ben"]: worth}
    assert found.rounds == 1
    board = await ana.says("/leaderboard month", ROOM)
    assert "Ben" in board.text
    assert "Ana" not in board.text
    assert "Cleo" not in board.text  # late stays late
    again = await quiz.correct(fixed)
    assert (again.points, again.rounds) == ({}, 0)
    told = words(await quiz.told())
    assert f"✔ {asked.options[1].text}" in told
    assert "1 of 2 answers right." in told
    assert "Corrected on" in told
    kept = await quiz.rows("SELECT chosen, correct, edition FROM quiz_answer ORDER BY id")
    assert kept == [("1", 0, fixed.edition), ("0", 1, fixed.edition), ("0", 1, fixed.edition)]
    assert "Right." in await quiz.vote(ben, 1)


async def test_a_corrected_answer_keeps_the_time_of_the_next_quiz_by_the_clock_of_the_community(quiz: Quiz) -> None:
    await quiz.mo.sends("settings.our.set:our-zone:Europe/Berlin", await quiz.mo.says("/settings community", ROOM))
    await quiz.mo.says("/settings zone Asia/Tokyo")
    await quiz.pass_time(days=1)
    await quiz.pass_time(hours=15)
    asked = await quiz.asked()
    (following,) = [line for line in draw(await quiz.told(), Screen()).splitlines() if "Next quiz" in line]
    assert "Mon 23 Nov 2026, 18:00 (Europe/Berlin)" in following
    shown = await quiz.mo.says(f"/question show {asked.id}", ROOM)
    await quiz.mo.sends(f"questions.key:{asked.id}:0:1", shown)
    assert f"✔ {asked.options[1].text}" in words(await quiz.told())
    assert following in draw(await quiz.told(), Screen()).splitlines()


async def test_a_fix_taken_back_gives_everybody_what_they_had(quiz: Quiz, ana: Person, ben: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 0)
    await quiz.vote(ben, 1)
    before = await quiz.rows("SELECT person_id, choice, correct, points FROM quiz_vote ORDER BY person_id")
    await quiz.correct(with_answer(asked, 1))
    await quiz.correct(asked)
    assert await quiz.rows("SELECT person_id, choice, correct, points FROM quiz_vote ORDER BY person_id") == before


async def test_buttons_of_an_open_round_mean_what_they_meant_after_a_correction(quiz: Quiz, ana: Person) -> None:
    await quiz.use_buttons()
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.correct(with_answer(asked, 1))
    assert "Right." in await quiz.vote(ana, 1)  # the button that was drawn for that option
    await quiz.pass_time(hours=15)
    told = words(await quiz.told())
    assert f"✔ {asked.options[1].text}" in told
    assert "Corrected on" in told


async def test_fixed_words_move_no_points_and_are_told(quiz: Quiz, ana: Person, ben: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 0)
    await quiz.vote(ben, 1)
    await quiz.pass_time(hours=15)
    fixed = replace(asked, stem="Better words?", answer=(Option("The better answer", "because"),))
    found = await quiz.correct(fixed)
    assert (found.points, found.rounds) == ({}, 1)
    told = words(await quiz.told())
    assert "Better words?" in told
    assert "✔ The better answer · 50 %" in told
    found = await quiz.correct(with_answer(fixed, 1))  # what was reworded is found again once more
    assert sorted(found.points.values())[1] > 0
    assert "✔ The better answer" not in words(await quiz.told())


async def test_an_option_that_was_dropped_counts_for_nobody(quiz: Quiz, ana: Person, ben: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    last = len(asked.options) - 1
    await quiz.vote(ana, last)
    await quiz.pass_time(hours=15)
    await quiz.correct(replace(asked, wrong=asked.wrong[:-1]))
    told = words(await quiz.told())
    assert asked.options[last].text not in told
    assert "0 of 1 answer right." in told
    assert "Not quite." in await quiz.vote(ana, last)


async def test_other_communities_keep_what_they_have(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.vote(ana, 0)
    await ana.says("/leaderboard", "elsewhere")
    before = await quiz.rows("SELECT * FROM quiz_vote")
    rescored = await quiz.correct_in(2, with_answer(asked, 1))
    assert (rescored.points, rescored.rounds) == ({}, 0)
    assert await quiz.rows("SELECT * FROM quiz_vote") == before


async def test_a_round_of_before_questions_were_kept_is_judged_by_the_bank(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    await quiz.core.database.write(lambda tx: tx.execute("UPDATE quiz_round SET body = ''"))
    assert asked.explanation in await quiz.vote(ana, 0)
    assert "Right." in await quiz.vote(ana, 0)
    assert (await quiz.correct(with_answer(asked, 1))).rounds == 1


async def test_figures_tell_of_the_present_wording(quiz: Quiz) -> None:
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    for number in range(12):
        await quiz.vote(quiz.core.person(f"P{number}"), 0 if number % 3 else 1)
    (offer,) = quiz.core.app.tools.contributions.of(Answers)
    found = await quiz.core.database.read(lambda tx: offer.figures(tx, 1, asked))
    assert (found.answers, found.right, dict(found.options), found.seconds) == (12, 8, {0: 8, 1: 4}, None)
    assert found.discrimination is not None
    assert found.discrimination > 0.9  # who was right is rated higher by this very answer
    later = await quiz.core.database.read(lambda tx: offer.figures(tx, 1, replace(asked, stem="Another?")))
    assert (later.answers, later.discrimination) == (0, None)
    elsewhere = await quiz.core.database.read(lambda tx: offer.figures(tx, 2, asked))
    assert elsewhere.answers == 0


async def test_what_others_offer_for_a_question_stands_below_verdict_and_answer(quiz: Quiz, ana: Person) -> None:
    if not quiz.core.app.tools.contributions.of(QuestionButton):
        quiz.core.app.tools.contributions.fill([QuestionButton("Something wrong?", lambda name: f"quiz.begin:{name}")])
    await quiz.pass_time(days=1)
    message = await ana.sends("quiz.vote:1:0", Message((await quiz.posts())[0], public=True, where=ROOM))
    assert "Something wrong?" in message.labels
    await quiz.pass_time(hours=15)
    assert "Something wrong?" in [button.label for row in (await quiz.told()).buttons for button in row]


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5, unique=True), st.data())
def test_options_are_found_again_by_their_text(old: list[str], data: st.DataObject) -> None:
    new = data.draw(st.permutations(old))
    assert [new[place] for place in found_again(old, new)] == old
    other = data.draw(st.lists(st.sampled_from("abcdefxyz"), min_size=1, max_size=5, unique=True))
    places = found_again(old, other)
    taken = [place for place in places if place != GONE]
    assert len(set(taken)) == len(taken)
    assert all(other[place] == text for text, place in zip(old, places, strict=True) if text in other)
    assert len(taken) == min(len(old), len(other))
