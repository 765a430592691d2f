"""While a question is asked, nothing of it that stands before others tells what is right, not by what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

import pytest

from bot.domain.contributions import Figures
from bot.domain.questions.shapes import Question
from bot.domain.questions.store import Flag, Kind
from bot.features.questions import rules
from bot.features.questions.card import View
from bot.features.questions.replies import cards
from bot.features.questions.rules import briefly
from bot.kit.reply import Reply
from bot.kit.text import Code, Plain, Spoiler
from tests.fakes.core import ROOM, CoreWorld, Message, presses_of, words
from tests.fakes.surroundings import FakeSurroundings
from tests.features.questions.test_loop import flag, news, points
from tests.features.questions.world import pressed
from tests.features.quiz.community import Quiz
from tests.features.quiz.test_corrected import with_answer

VEIL = "▮"


@pytest.fixture
async def quiz(world: CoreWorld) -> Quiz:
    """A round that two people answered, one of them rightly."""
    quiz = await Quiz.open(world)
    await quiz.pass_time(days=1)
    await quiz.vote(world.person("Ana"), 0)
    await quiz.vote(world.person("Ben"), 1)
    return quiz


def open_words(part: object) -> Iterator[str]:
    """Everything that is read without asking for it: of what is behind a spoiler only that there is something."""
    if isinstance(part, Spoiler):
        yield VEIL
    elif isinstance(part, Plain | Code):
        yield part.text
    elif isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from open_words(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from open_words(getattr(part, field.name))


def stands(message: Message) -> bool:
    """Whether somebody else may read a message: it is for everybody, or about the place where a platform hides nothing.

    Forms are filled in where nobody else looks.
    """
    return message.reply.form is None and (message.public or message.reply.in_place)


def swaps(question: Question) -> Iterator[Question]:
    """The same question with each of its options as the right one, and nothing else that differs."""
    for place in range(len(question.options)):
        yield replace(rules.swapped(question, place) or question, explanation="")


def view_of(question: Question, right: int, *, is_open: bool) -> View:
    """A view of it with votes by which ``right`` people were right, and with what somebody says of it."""
    figures = Figures(4, right, {0: right, 1: 4 - right}, 7.0, right / 4, 3, right, is_open=is_open)
    flags = [Flag(1, "other", f"It is {question.answer[0].text}", 0)]
    return View(question, Kind.PLAIN, is_shipped=True, flags=flags, figures=figures)


async def test_the_card_of_a_question_that_is_asked_tells_neither_what_is_right_nor_how_many_were(quiz: Quiz) -> None:
    asked = await quiz.asked()
    shown = await quiz.mo.says(f"/question show {asked.id}", ROOM)
    assert stands(shown)
    assert asked.stem in shown.text
    assert "being asked here now" in shown.text
    assert not any(option.text in shown.text or option.why in shown.text for option in asked.options)
    assert asked.explanation not in shown.text
    assert "of 2 answers" not in shown.text
    assert "%" not in shown.text


async def test_nothing_of_it_that_may_stand_before_others_tells_it_whatever_a_moderator_does(quiz: Quiz) -> None:
    asked, mo = await quiz.asked(), quiz.mo
    for name in ("Cleo", "Dan", "Eve"):
        who = quiz.core.person(name)
        await quiz.vote(who, 0)
        await who.sends(f"questions.why:{asked.id}:answer", pressed())
    seen: list[Reply] = []

    async def does(data: str) -> Message:
        message = await mo.sends(data, Message(Reply(), public=True, where=ROOM))
        if stands(message):
            seen.append(message.reply)
        return message

    for typed in ("flagged", f"show {asked.id}", f"show {asked.stem[:60]}", f"retire {asked.id}",
                  f"restore {asked.id}"):  # fmt: skip
        message = await mo.says(f"/question {typed}", ROOM)
        assert stands(message)
        seen.append(message.reply)
    await does(f"questions.show:{asked.id}")
    assert (await does(f"questions.keys:{asked.id}")).reply.form is not None
    form = await does(f"questions.fix:{asked.id}")
    assert form.reply.form is not None
    values = {field.name: field.value for field in form.reply.form.fields}
    fixed = await mo.fills(form, **values | {"stem": "Which of these is it?"})
    assert "Fixed." in fixed.text
    seen.append(fixed.reply)
    await does(next(data for data in presses_of(fixed.reply).values() if data.startswith("questions.undo")))
    revision = int(presses_of(seen[-1])["Retire"].rpartition(":")[2])
    turned = await does(f"questions.key:{asked.id}:{revision}:2")
    assert "Corrected." in turned.text
    await does(presses_of(turned.reply)["Undo"])
    assert len(seen) >= 9
    for reply in seen:
        text = words(reply)
        assert VEIL not in open_words(reply)
        assert not any(option.text in text or option.why in text for option in asked.options), text
        assert "answers right" not in text
        assert "points of" not in text.lower()


async def test_its_card_is_the_same_whichever_option_is_right(quiz: Quiz) -> None:
    asked = await quiz.asked()
    drawn = {
        repr(cards.kept(view_of(question, right, is_open=True), zone="UTC"))
        for right, question in enumerate(swaps(asked))
    }
    assert len(drawn) == 1


async def test_what_stands_open_of_any_question_is_the_same_whichever_option_is_right(quiz: Quiz) -> None:
    asked = await quiz.asked()
    drawn, offered, labels = set(), set(), set()
    for right, question in enumerate(swaps(asked)):
        view = view_of(question, right, is_open=False)
        card = cards.one(view, topic="Topic", source="", zone="UTC")
        drawn.add(tuple(sorted(open_words(card.blocks))))  # sorted: the letters of the options are drawn by lot
        keys = cards.keys(view, is_alone=False)
        offered.add(tuple(open_words(keys.blocks)))
        labels.add((*sorted(presses_of(card)), *sorted(presses_of(keys))))
    assert [len(found) for found in (drawn, offered, labels)] == [1, 1, 1]
    assert {option.text for option in asked.options} < set(next(iter(labels)))


async def test_where_the_right_option_stands_among_the_others_follows_no_rule(quiz: Quiz) -> None:
    bank = [one for one in await quiz.core.app.tools.shelf.bank() if one.how in rules.SWAPPED and len(one.options) > 2]
    first = 0
    for question in bank[:60]:
        keys = cards.keys(view_of(question, 0, is_open=False), is_alone=False)
        first += keys.buttons[0][0].label == question.answer[0].text
    assert 5 <= first <= 40


async def test_a_moderator_is_shown_all_of_it_alone_where_others_look_on(quiz: Quiz) -> None:
    asked = await quiz.asked()
    shown = await quiz.mo.says(f"/question show {asked.id}", ROOM)
    told = await quiz.mo.presses("Show it to me alone", Message(shown.reply, public=True, where=ROOM))
    assert not stands(told)
    assert asked.answer[0].text in told.text
    assert asked.explanation in told.text
    assert "1 of 2 answers right" in told.text
    assert "Hall" in told.text
    assert VEIL not in open_words(told.reply)
    assert told.labels == []  # in a chat of their own, nothing says which community they are about


async def test_on_a_message_of_ones_own_all_of_it_is_shown_with_what_can_be_done(quiz: Quiz) -> None:
    asked = await quiz.asked()
    shown = await quiz.mo.says(f"/question show {asked.id}", ROOM)
    assert not shown.public
    told = await quiz.mo.presses("Show it to me alone", shown)
    assert asked.explanation in told.text
    assert "Another answer is right" in told.labels
    keys = await quiz.mo.presses("Another answer is right", told)
    assert f"Now right: {asked.answer[0].text}" in keys.text
    corrected = await quiz.mo.presses(asked.wrong[0].text, keys)
    assert "Corrected." in corrected.text
    assert "✔" in corrected.text


async def test_another_answer_is_called_right_in_a_form_while_it_is_asked(quiz: Quiz) -> None:
    asked = await quiz.asked()
    before = await points(quiz)
    shown = await quiz.mo.says(f"/question show {asked.id}", ROOM)
    form = await quiz.mo.presses("Another answer is right", Message(shown.reply, public=True, where=ROOM))
    assert form.reply.form is not None
    (field,) = form.reply.form.fields
    assert sorted(label for _value, label in field.choices) == sorted(option.text[:80] for option in asked.options)
    values = {label: value for value, label in field.choices}
    again = Message(form.reply, public=True, where=ROOM)
    assert "right already" in (await quiz.mo.fills(again, place=values[asked.answer[0].text[:80]])).text
    assert "cannot be the right one" in (await quiz.mo.fills(again, place="x")).text
    assert await points(quiz) == before
    told = await quiz.mo.fills(form, place=values[asked.wrong[0].text[:80]])
    assert "Corrected." in told.text
    assert stands(told)
    after = await points(quiz)
    assert (after["Ana"], after["Ben"]) == (0, before["Ana"])


async def test_once_the_answer_is_told_the_card_stands_whole_in_its_place_again(quiz: Quiz) -> None:
    asked = await quiz.asked()
    stub = await quiz.mo.says(f"/question show {asked.id}", ROOM)
    await quiz.pass_time(hours=15)
    shown = await quiz.mo.says(f"/question show {asked.id}", ROOM)
    assert "being asked here now" not in shown.text
    assert "1 of 2 answers right" in shown.text
    late = await quiz.mo.presses("Show it to me alone", Message(stub.reply, public=True, where=ROOM))
    assert asked.explanation in late.text
    assert VEIL in open_words(late.reply)  # others look on there


async def test_what_is_right_already_is_told_to_whoever_pressed_it_alone(quiz: Quiz) -> None:
    asked = await quiz.asked()
    await quiz.pass_time(hours=15)
    shown = await quiz.mo.says(f"/question show {asked.id}", ROOM)
    keys = await quiz.mo.presses("Another answer is right", shown)
    before = keys.reply
    await quiz.mo.presses(asked.answer[0].text, Message(keys.reply, public=True, where=ROOM))
    assert quiz.mo.notices == ["That one is called right already, so nothing changed."]
    assert keys.reply == before
    assert await news(quiz) == []


async def test_a_correction_is_told_without_what_is_right_or_whose_points_changed_even_if_nobody_answered(
    world: CoreWorld,
) -> None:
    quiz = await Quiz.open(world)
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    shown = await quiz.mo.says(f"/question show {asked.id}", ROOM)
    told = await quiz.mo.sends(f"questions.key:{asked.id}:0:1", shown)
    assert "I told everybody in your room that it was corrected" in told.text
    (corrected,) = await news(quiz)
    assert corrected.title == "A question was corrected"
    assert words(corrected).splitlines()[1:] == [asked.stem, "It is being asked now; the answer comes with its end."]


async def test_other_words_are_told_to_nobody_while_it_is_asked(quiz: Quiz) -> None:
    asked = await quiz.asked()
    form = await quiz.mo.says(f"/question fix {asked.id}", ROOM)
    assert form.reply.form is not None
    values = {field.name: field.value for field in form.reply.form.fields}
    told = await quiz.mo.fills(form, **values | {"stem": "Which of these is it?"})
    assert "told everybody" not in told.text
    assert await news(quiz) == []


async def at_telegram_too(quiz: Quiz) -> None:
    """Let the community have a room there as well, where polls are the platform's own."""
    quiz.core.app.surroundings["telegram"] = FakeSurroundings(marks_polls=True)
    await quiz.core.database.write(
        lambda tx: tx.execute(
            "INSERT INTO community_place (community_id, platform, chat, setting) VALUES (1, 'telegram', 'far', 'group')"
        )
    )
    await quiz.core.database.write(
        lambda tx: tx.execute(
            "INSERT INTO community_room (community_id, platform, chat, thread, title)"
            " VALUES (1, 'telegram', 'far', '', 'Far')"
        )
    )


@pytest.mark.parametrize(("style", "marks"), [("poll", True), ("buttons", False)])
async def test_where_a_poll_goes_on_marking_the_old_answer_its_room_is_told_so(
    world: CoreWorld, style: str, *, marks: bool
) -> None:
    quiz = await Quiz.open(world)
    await at_telegram_too(quiz)
    if style == "buttons":
        await quiz.use_buttons()
    await quiz.pass_time(days=1)
    asked = await quiz.asked()
    shown = await quiz.mo.says(f"/question show {asked.id}", ROOM)
    turned = await quiz.mo.sends(f"questions.key:{asked.id}:0:1", shown)
    told = [words(post) for post in await news(quiz)]
    line = "The poll still marks the old answer; what counts is told at the end."
    assert sorted(line in one for one in told) == [False, marks]
    await quiz.mo.presses("Undo", turned)
    back = [words(post) for post in (await news(quiz))[2:]]
    assert len(back) == 2
    assert all("A correction was taken back" in one and line not in one for one in back)  # the poll is right again


async def test_a_question_that_was_flagged_and_is_asked_no_more_can_be_looked_at_in_its_place(quiz: Quiz) -> None:
    asked = await quiz.asked()
    await quiz.pass_time(hours=15)
    await flag(quiz, quiz.core.person("Ben"))
    await quiz.mo.says("/question flagged", ROOM)
    shown = await quiz.mo.presses(briefly(asked.stem))
    assert "1 person says: The answer is wrong (1)" in shown.text
    assert "Show it to me alone" not in shown.labels


async def test_a_question_is_hidden_from_nobody_elsewhere(quiz: Quiz) -> None:
    asked = await quiz.asked()
    mo = quiz.mo
    shown = await mo.says(f"/question show {asked.id}", "elsewhere")
    assert "being asked here now" not in shown.text
    assert (await quiz.correct_in(2, with_answer(asked, 1))).is_open is False
