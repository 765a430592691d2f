"""What people read after an answer to the quiz of the day: alone, in a remark that holds little, and at its end."""

from __future__ import annotations

import re

from bot.domain.questions.shapes import CHOICES
from bot.features.quiz import boards
from bot.features.quiz.rounds import Verdict
from bot.features.quiz.store import Vote
from bot.kit.reply import Reply
from tests.fakes.core import ROOM, Message, Person, shipped_shelf
from tests.features.quiz.community import Quiz

MORE = "More at the end of the round."
MISSED = "Got it wrong? It comes back in /review."


async def verdicts(*, is_late: bool = False) -> list[tuple[Verdict, str]]:
    """Every verdict there can be with the shipped questions, and its gist."""
    found = []
    for question in await shipped_shelf().bank():
        for place in range(len(question.options)) if question.how in CHOICES else ():
            vote = Vote(place, place in question.right, int(place in question.right), is_late)
            verdict = Verdict(question, (place,), vote, is_new=True, is_closed=is_late)
            found.append((verdict, boards.verdict(verdict, ()).brief))
    return found


async def test_a_gist_fits_a_remark_and_every_sentence_of_it_is_whole() -> None:
    shortened = 0
    for verdict, brief in await verdicts():
        assert len(brief.encode("utf-16-le")) <= 400, brief
        said = brief.removesuffix(MORE).rstrip()
        if said == brief:
            assert brief.endswith(verdict.question.explanation)
            continue
        shortened += 1
        (place,) = verdict.chosen
        reasons = f"{verdict.question.options[place].why} {verdict.question.explanation}"
        whole = (*re.split(r"(?<=[.!?])\s+", reasons), "It comes back in /review.", "1 point for you.")
        assert any(said.endswith(sentence) for sentence in whole), brief
    assert shortened, "some explanations are longer than a remark"


async def test_a_gist_of_a_wrong_answer_names_the_answer_the_review_and_mostly_the_reason() -> None:
    wrong = [(one, brief) for one, brief in await verdicts() if not one.vote.correct]
    told = 0
    for verdict, brief in wrong:
        answer = verdict.question.answer[0].text.rstrip(".")
        assert brief.startswith(f"Not quite. The answer: {answer}. It comes back in /review."), brief
        told += verdict.question.options[verdict.chosen[0]].why in brief
    assert told > 0.99 * len(wrong)


async def test_after_the_end_of_a_round_a_gist_promises_nothing() -> None:
    for _verdict, brief in await verdicts(is_late=True):
        assert MORE not in brief


async def test_a_verdict_leads_to_the_topic_and_stays_where_it_stands(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(hours=24)
    question = await quiz.question()
    told = await ana.sends("quiz.vote:1:1", Message(Reply(), public=True, where=ROOM))
    assert "To the topic" in told.labels
    topic = await ana.presses("To the topic", told)
    assert topic is not told
    assert shipped_shelf().curriculum.places[question.topic].topic.title in topic.reply.title
    assert "Not quite." in told.text


async def test_the_end_of_a_round_tells_those_who_missed_it_where_it_comes_back(
    quiz: Quiz, ana: Person, ben: Person
) -> None:
    await quiz.pass_time(hours=24)
    await quiz.vote(ana, 0)
    await quiz.vote(ben, 1)
    await quiz.pass_time(hours=14)
    assert MISSED in words_of(await quiz.told())


async def test_where_nobody_missed_it_no_review_is_named(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(hours=24)
    await quiz.vote(ana, 0)
    await quiz.pass_time(hours=14)
    assert "/review" not in words_of(await quiz.told())


def words_of(reply: Reply) -> str:
    return Message(reply, public=True, where=ROOM).text
