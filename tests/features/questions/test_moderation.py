"""Moderators look, show again, retire, call another answer right, fix the words, and take it back."""

from __future__ import annotations

import pytest

from bot.domain.contributions import Figures
from bot.domain.questions.shapes import Kind
from bot.kit.database import Transaction
from bot.kit.request import Role
from tests.fakes.core import ROOM, CoreWorld, Message, words
from tests.features.questions.world import Hall, hall_of, pressed


@pytest.fixture
async def hall(world: CoreWorld) -> Hall:
    return await hall_of(world)


async def fixing(hall: Hall, name: str) -> Message:
    return await hall.asked(f"/question fix {name}")


def typed(form: Message) -> dict[str, str]:
    assert form.reply.form is not None
    return {asked.name: asked.value for asked in form.reply.form.fields}


async def test_a_question_is_shown_with_what_answers_tell(world: CoreWorld) -> None:
    hall = await hall_of(world, figures=Figures(40, 24, {0: 24, 1: 12, 2: 4}, 8.0, 0.31))
    question = await hall.question()
    shown = await hall.asked(f"/question show {question.id}")
    for text in (question.stem, question.explanation, *(option.why for option in question.options)):
        assert text in shown.text
    assert "24 of 40 answers right" in shown.text
    assert "60 %" in shown.text
    assert "30 %" in shown.text
    assert "Tells who knows the topic: well" in shown.text
    assert "8 s" in shown.text


@pytest.mark.parametrize(("found", "said"), [(0.31, "well"), (0.1, "hardly"), (-0.2, "not at all"), (None, "")])
async def test_discrimination_is_said_in_words(world: CoreWorld, found: float | None, said: str) -> None:
    hall = await hall_of(world, figures=Figures(9, 5, {}, None, found))
    shown = await hall.asked(f"/question show {(await hall.question()).id}")
    assert ("Tells who knows the topic" in shown.text) is bool(said)
    assert said in shown.text


async def test_retiring_stops_it_here_and_undo_brings_it_back(hall: Hall) -> None:
    question = await hall.question()
    await hall.core.person("Eve").says("/start", "elsewhere")
    told = await hall.asked(f"/question retire {question.id}")
    assert "Retired." in told.text
    assert (await hall.bank()).get(question.id) is None
    assert (await hall.bank("elsewhere")).get(question.id) is not None
    assert "retired already" in (await hall.asked(f"/question retire {question.id}")).text
    undo = undo_of(told)
    assert "Taken back" in (await hall.mo.sends(undo, told)).text
    assert (await hall.bank()).get(question.id) == question
    await hall.mo.sends(undo, told)
    assert "changed again since" in hall.mo.notices[-1]


def undo_of(told: Message) -> str:
    return next(button.data for row in told.reply.buttons for button in row if button.label == "Undo")


async def test_every_change_is_listed_and_can_be_undone_from_the_list(hall: Hall) -> None:
    question = await hall.question()
    await hall.asked(f"/question retire {question.id}")
    listed = await hall.asked("/settings changes")
    assert f"Mo: retired the question {question.id}" in listed.text
    label = f"Undo: question {question.id}"[:40]
    again = await hall.mo.presses(label)
    assert f"retired the question {question.id} (taken back)" in again.text
    assert f"took back what was done to the question {question.id}" in again.text
    assert (await hall.bank()).get(question.id) == question


async def test_restore_undoes_retiring_and_fixing(hall: Hall) -> None:
    question = await hall.question()
    await hall.asked(f"/question retire {question.id}")
    assert "Restored" in (await hall.asked(f"/question restore {question.id}")).text
    await fixing(hall, question.id)
    await hall.fills(typed(hall.mo.seen[-1]) | {"stem": "Which of these comes first?"})
    assert (await hall.now(question.id)).stem == "Which of these comes first?"
    assert "Restored" in (await hall.asked(f"/question restore {question.id}")).text
    assert await hall.now(question.id) == question
    assert "nothing to restore" in (await hall.asked(f"/question restore {question.id}")).text


async def test_another_answer_is_called_right_and_no_reason_speaks_for_the_old_one(hall: Hall) -> None:
    question = await hall.question()
    await hall.asked(f"/question show {question.id}")
    offered = await hall.mo.presses("Another answer is right")
    assert sorted(offered.labels) == sorted([*(option.text for option in question.options), "Back"])
    told = await hall.mo.presses(question.wrong[1].text)
    assert "Corrected" in told.text
    now = await hall.now(question.id)
    assert now.answer[0].text == question.wrong[1].text
    assert {option.text for option in now.options} == {option.text for option in question.options}
    assert question.answer[0].why not in (now.answer[0].why, *(option.why for option in now.wrong))
    assert now.explanation != question.explanation
    assert hall.told == [(1, now)]
    assert "Undo" in told.labels
    await hall.mo.presses("Undo")
    assert await hall.now(question.id) == question


@pytest.mark.parametrize("kind", [Kind.CODE, Kind.TRUE_FALSE, Kind.NUMERIC])
async def test_any_question_with_one_right_answer_can_be_corrected(hall: Hall, kind: Kind) -> None:
    question = next(one for one in await hall.shipped() if one.how is kind and one.wrong)
    await hall.mo.sends(f"questions.key:{question.id}:0:1", await hall.asked("/question"))
    assert (await hall.now(question.id)).answer[0].text == question.wrong[0].text


async def test_several_right_answers_are_fixed_by_their_words(hall: Hall) -> None:
    question = await hall.question(Kind.SEVERAL)
    shown = await hall.asked(f"/question show {question.id}")
    assert "Another answer is right" not in shown.labels
    await hall.mo.sends(f"questions.key:{question.id}:0:{len(question.answer)}", shown)
    assert await hall.now(question.id) == question
    form = await fixing(hall, question.id)
    values = typed(form)
    right = values["right"].split("\n")
    assert len(right) == len(question.answer)
    await hall.fills(values | {"right": "\n".join(right[::-1])})
    assert [option.text for option in (await hall.now(question.id)).answer] == [
        option.text for option in question.answer[::-1]
    ]


async def test_points_that_change_are_told_once_with_thanks_to_those_who_want_to_be_seen(hall: Hall) -> None:
    question = await hall.question()
    await hall.flag("Ana", question.id)
    await hall.flag("Ben", question.id)
    await hall.core.person("Ben").says("/settings shown off")
    hall.reckons(p2=3, p3=-3, p4=0)
    await hall.mo.sends(f"questions.key:{question.id}:0:1", await hall.asked("/question"))
    assert "The points of 2 people changed" in hall.mo.seen[-1].text
    (post,) = await hall.posts()
    told = words(post)
    assert question.stem in told
    assert f"Right is: {question.wrong[0].text}" in told
    assert "The points of 2 people changed." in told
    assert "Thanks for telling us: Ana and 1 more." in told
    assert "Ben" not in told


async def test_where_no_points_change_nobody_is_told(hall: Hall) -> None:
    question = await hall.question()
    hall.reckons(p2=0)
    await hall.mo.sends(f"questions.key:{question.id}:0:1", await hall.asked("/question"))
    assert hall.told
    assert await hall.posts() == []


async def test_the_post_speaks_the_communitys_language_not_the_moderators(hall: Hall) -> None:
    question = await hall.question()
    hall.mo.language = "de"
    hall.reckons(p2=3)
    await hall.mo.sends(f"questions.key:{question.id}:0:1", await hall.asked("/question"))
    assert (await hall.posts())[0].title == "A question was corrected"


async def test_fixing_keeps_the_reasons_of_options_that_stay(hall: Hall) -> None:
    question = await hall.question()
    values = typed(await fixing(hall, question.id))
    assert values["stem"] == question.stem
    assert values["right"] == f"{question.answer[0].text} — {question.answer[0].why}"
    wrong = "\n".join([question.wrong[0].text, f"{question.wrong[1].text} — Because it is not", "Some other idea"])
    told = await hall.fills(values | {"right": question.answer[0].text, "wrong": wrong})
    assert "Fixed." in told.text
    assert "fixed by Mo" in told.text
    now = await hall.now(question.id)
    assert [(one.text, one.why) for one in now.answer] == [(one.text, one.why) for one in question.answer]
    assert now.wrong[0].why == question.wrong[0].why
    assert now.wrong[1].why == "Because it is not"
    assert now.wrong[2].text == "Some other idea"
    assert (now.topic, now.level, now.source, now.kind) == (
        question.topic, question.level, question.source, question.kind,
    )  # fmt: skip


async def test_a_form_that_does_not_fit_names_the_field_and_comes_back_filled_in(hall: Hall) -> None:
    question = await hall.question()
    values = typed(await fixing(hall, question.id)) | {
        "stem": "One\ntwo\nthree\nfour?", "wrong": "Same\nSame\nAnother — " + "x" * 20,
    }  # fmt: skip
    told = await hall.fills(values)
    assert "nothing you typed is lost" in told.text
    assert "Question: " in told.text
    assert "Wrong answers, one a line, line 2: the option “Same” is here twice" in told.text
    assert typed(told) == values
    assert await hall.now(question.id) == question
    better = values | {"stem": "Which one?", "right": "This", "wrong": "Other\nAnother"}
    assert "Fixed." in (await hall.fills(better, told)).text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("stem", "x" * 281 + "?", "Question: has 282 characters; at most 280 fit"),
        ("stem", "", "Question: is empty"),
        ("right", "", "Right answer: is empty"),
        ("wrong", "Only one", "Wrong answers, one a line: 2 to 3 are needed, one a line, and there is 1."),
        ("wrong", "Fine\n" + "y" * 81, "line 2: has 81 characters; at most 80 fit"),
        ("explanation", "", "Why, in a sentence or two: is empty"),
        ("stem", "Which of these is NOT obviously so?", "belittles"),
        ("stem", "Which one\u200b is it?", "cannot be seen"),
    ],
)
async def test_the_rules_of_the_files_hold_for_forms(hall: Hall, field: str, value: str, said: str) -> None:
    question = await hall.question()
    values = typed(await fixing(hall, question.id)) | {field: value}
    told = await hall.fills(values)
    assert said in told.text
    assert await hall.now(question.id) == question


async def test_every_shipped_question_survives_its_own_form(hall: Hall) -> None:
    from bot.features.questions import rules
    from bot.features.questions.replies import forms

    for question in await hall.shipped():
        values = {field.name: field.value for field in forms.fix(question, 0).fields}
        again, faults = rules.draft(values, question, is_new=False)
        assert faults == [], question.id
        assert again is not None
        assert [(one.text, one.why) for one in again.options] == [(one.text, one.why) for one in question.options]
        assert (again.stem, again.explanation, again.kind, again.tags) == (
            question.stem, question.explanation, question.kind, question.tags,
        )  # fmt: skip


async def test_of_two_moderators_the_later_one_is_told_and_loses_nothing(hall: Hall) -> None:
    question = await hall.question()
    mia = hall.core.person("Mia", Role.MODERATOR)
    form = await mia.says(f"/question fix {question.id}", ROOM)
    await fixing(hall, question.id)
    await hall.fills(typed(hall.mo.seen[-1]) | {"stem": "What did Mo write?"})
    told = await mia.fills(form, "", **typed(form) | {"stem": "What did Mia write?"})
    assert "while you were typing" in told.text
    assert "What did Mo write?" in told.text
    assert typed(told)["stem"] == "What did Mia write?"
    assert (await hall.now(question.id)).stem == "What did Mo write?"
    assert "Fixed." in (await mia.fills(told, "", **typed(told))).text
    assert (await hall.now(question.id)).stem == "What did Mia write?"


async def test_a_button_of_before_a_change_changes_nothing_and_shows_how_it_is(hall: Hall) -> None:
    question = await hall.question()
    old = await hall.asked(f"/question show {question.id}")
    data = {button.label: button.data for row in old.reply.buttons for button in row}
    await fixing(hall, question.id)
    await hall.fills(typed(hall.mo.seen[-1]) | {"stem": "What is it now?"})
    told = await hall.mo.sends(data["Retire"], pressed(public=False))
    assert "Somebody changed this meanwhile" in told.text
    assert "What is it now?" in told.text
    assert (await hall.bank()).get(question.id) is not None


async def test_what_flags_hide_meanwhile_does_not_stop_a_moderator(hall: Hall) -> None:
    question = await hall.question()
    form = await fixing(hall, question.id)
    for name in ("Ana", "Ben", "Cleo"):
        await hall.flag(name, question.id)
    told = await hall.fills(typed(form) | {"stem": "Which one is it?"}, form)
    assert "Fixed." in told.text
    assert (await hall.now(question.id)).stem == "Which one is it?"


async def test_a_retired_question_is_not_fixed_before_it_is_back(hall: Hall) -> None:
    question = await hall.question()
    form = await fixing(hall, question.id)
    await hall.asked(f"/question retire {question.id}")
    assert "Bring it back first" in (await fixing(hall, question.id)).text
    seen = int(next(b.data for row in hall.mo.seen[-1].reply.buttons for b in row if b.label == "Show again")
               .rpartition(":")[2])  # fmt: skip
    assert form.reply.form is not None
    await hall.mo.sends(f"questions.key:{question.id}:{seen}:1", hall.mo.seen[-1])
    assert "Bring it back first" in hall.mo.seen[-1].text
    assert (await hall.bank()).get(question.id) is None


async def test_the_credit_of_a_question_that_is_asked_again_says_who_put_it_back(hall: Hall) -> None:
    question = await hall.question()
    await hall.asked(f"/question retire {question.id}")
    await hall.mo.presses("Show again")
    shown = await hall.asked(f"/question show {question.id}")
    assert "put back by Mo" in shown.text
    assert "as it came" not in shown.text


async def test_somebody_who_moderates_no_more_changes_nothing(hall: Hall) -> None:
    question = await hall.question()
    shown = await hall.asked(f"/question show {question.id}")
    retire = next(b.data for row in shown.reply.buttons for b in row if b.label == "Retire")
    hall.mo.role = Role.MEMBER
    await hall.mo.sends(retire, shown)
    await hall.mo.says(f"/question retire {question.id}", ROOM)
    assert (await hall.bank()).get(question.id) == question


async def test_an_unknown_id_is_met_half_way_by_id_and_by_words(hall: Hall) -> None:
    question = await hall.question()
    guessed = await hall.asked(f"/question show {question.id[:-2]}")
    assert question.id in guessed.text
    by_words = await hall.asked("/question show " + " ".join(question.stem.split()[:4]))
    assert question.stem in by_words.text
    nothing = await hall.asked("/question show xyzzy plugh")
    assert "I know no question like “xyzzy plugh”" in nothing.text
    assert "Say which question" in (await hall.asked("/question retire")).text


async def test_a_guess_is_shown_and_not_retired(hall: Hall) -> None:
    question = await hall.question()
    await hall.asked(f"/question retire {question.stem[:150]}")
    assert (await hall.bank()).get(question.id) == question


async def test_in_private_it_says_where_it_belongs(hall: Hall) -> None:
    mo = hall.mo
    for data in ("questions.list", "questions.show:q-x", "questions.undo:1", "questions.add"):
        told = await mo.sends(data, pressed("private"))
        assert "looked after by the community they are asked in" in told.text


async def test_names_of_those_who_changed_it_go_when_they_are_erased(hall: Hall) -> None:
    question = await hall.question()
    await hall.asked(f"/question retire {question.id}")

    async def erase(tx: Transaction) -> None:
        records = hall.core.app.tools.personal
        person = await records.person_of(tx, "core", "mo")
        assert person is not None
        whose = await records.subject(tx, person)
        assert whose is not None
        await records.erase(tx, whose, hall.core.clock.now())

    await hall.core.database.write(erase)
    mia = hall.core.person("Mia", Role.MODERATOR)
    shown = await mia.says(f"/question show {question.id}", ROOM)
    assert "retired by somebody erased since" in shown.text
    assert (await hall.bank()).get(question.id) is None
