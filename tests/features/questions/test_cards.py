"""What a moderator reads on the card of a question: what is right, where it comes from, what became of it."""

from __future__ import annotations

import pytest

from bot.domain.contributions import Figures
from bot.domain.questions.draw import LETTERS, shown_order
from bot.domain.questions.shapes import Kind
from bot.kit.text import Facts, Paragraph, Spoiler, plain
from tests.fakes.core import CoreWorld, Message, words
from tests.features.questions.test_moderation import typed, undo_of
from tests.features.questions.world import Hall, hall_of, pressed, yaml_of


@pytest.fixture
async def hall(world: CoreWorld) -> Hall:
    return await hall_of(world)


def spoilers(shown: Message) -> dict[str, str]:
    """What is hidden on a card, by the words before it."""
    return {
        plain(block.body[:number]).strip(): plain(span.body)
        for block in shown.reply.blocks if isinstance(block, Paragraph)
        for number, span in enumerate(block.body) if isinstance(span, Spoiler)
    }  # fmt: skip


def history(shown: Message) -> str:
    """Where a question comes from and what was done to it, without the dates."""
    (line,) = [line for line in shown.text.split("\n") if line.startswith("History: ")] or [""]
    return " ".join(word for word in line.split() if not word.startswith(("20", "18:00", "UTC")))


async def rewords(hall: Hall, name: str, stem: str) -> Message:
    form = await hall.asked(f"/question fix {name}")
    return await hall.fills(typed(form) | {"stem": stem})


async def test_where_others_may_read_the_answer_stands_behind_one_spoiler_and_the_reasons_behind_one(
    hall: Hall,
) -> None:
    question = await hall.question()
    shown = await hall.asked(f"/question show {question.id}")
    order = shown_order(question, question.id)
    listed = next(block for block in shown.reply.blocks if isinstance(block, Facts))
    assert [(letter, plain(text)) for letter, text in listed.pairs] == [
        (LETTERS[number], question.options[place].text) for number, place in enumerate(order)
    ]
    right = LETTERS[order.index(0)]
    hidden = spoilers(shown)
    assert list(hidden) == ["The answer:", "Why:"]
    assert hidden["The answer:"] == f"{right}. {question.answer[0].text}"
    assert f"✔ {right}. {question.answer[0].why}" in hidden["Why:"]
    assert hidden["Why:"].count("✘") == len(question.wrong)
    assert question.explanation in hidden["Why:"]


async def test_on_a_message_of_ones_own_the_answer_stands_open(hall: Hall) -> None:
    question = await hall.question()
    shown = await hall.mo.sends(f"questions.show:{question.id}", pressed(public=False))
    assert spoilers(shown) == {}
    order = shown_order(question, question.id)
    assert f"✔ {LETTERS[order.index(0)]}. {question.answer[0].text}" in shown.text
    keys = await hall.mo.presses("Another answer is right", shown)
    assert spoilers(keys) == {}
    assert f"Now right: {question.answer[0].text}" in keys.text


async def test_on_a_message_everybody_sees_the_answer_stays_hidden(hall: Hall) -> None:
    question = await hall.question()
    shown = await hall.mo.sends(f"questions.show:{question.id}", pressed(public=True))
    assert "The answer:" in spoilers(shown)
    keys = await hall.mo.presses("Another answer is right", Message(shown.reply, public=True, where=shown.where))
    assert spoilers(keys) == {"Now right:": question.answer[0].text}
    filled = await rewords(hall, question.id, "What is it?")
    assert "The answer:" in spoilers(filled)


async def test_several_answers_and_an_order_are_told_with_their_letters(hall: Hall) -> None:
    several = await hall.question(Kind.SEVERAL)
    shown = await hall.asked(f"/question show {several.id}")
    assert spoilers(shown)["The answer:"].count("; ") == len(several.answer) - 1
    order = await hall.question(Kind.ORDER)
    hidden = spoilers(await hall.asked(f"/question show {order.id}"))
    assert [part.partition(". ")[2] for part in hidden["In this order:"].split(" → ")] == [
        option.text for option in order.answer
    ]
    assert "✔" not in hidden["Why:"]


async def test_what_nothing_was_done_to_has_no_history(hall: Hall) -> None:
    question = await hall.question()
    assert history(await hall.asked(f"/question show {question.id}")) == ""


async def test_a_fix_that_was_taken_back_is_told_as_one_thing(hall: Hall) -> None:
    question = await hall.question()
    fixed = await rewords(hall, question.id, "What is it?")
    assert history(fixed) == "History: came with Roadmate; fixed by Mo on"
    back = await hall.mo.sends(undo_of(fixed), fixed)
    assert history(back) == "History: came with Roadmate; fixed by Mo on (taken back)"


async def test_the_first_wording_takes_every_fix_back_and_undo_only_the_last(hall: Hall) -> None:
    question = await hall.question()
    await rewords(hall, question.id, "What is it?")
    second = await rewords(hall, question.id, "What is it now?")
    undone = await hall.mo.sends(undo_of(second), second)
    assert history(undone) == "History: came with Roadmate; fixed by Mo on fixed by Mo on (taken back)"
    await rewords(hall, question.id, "What is it then?")
    first = await hall.asked(f"/question restore {question.id}")
    assert history(first).count("(taken back)") == 3


async def test_what_flags_hid_and_a_moderator_fixed_is_told_in_that_order(hall: Hall) -> None:
    question = await hall.question()
    for name in ("Ana", "Ben", "Cleo"):
        await hall.flag(name, question.id)
    fixed = await rewords(hall, question.id, "What is it?")
    told = fixed.text[fixed.text.index("History: ") :]
    assert told.index("because people flagged it") < told.index("fixed by Mo")
    assert "Credit" not in fixed.text
    assert "put back" not in told


@pytest.mark.parametrize("deed", ["again", "retire"])
async def test_undo_brings_back_what_flags_said_and_is_told_as_one_thing(hall: Hall, deed: str) -> None:
    question = await hall.question()
    for name in ("Ana", "Ben", "Cleo"):
        await hall.flag(name, question.id)
    before = await hall.asked(f"/question show {question.id}")
    done = await hall.mo.sends(f"questions.{deed}:{question.id}:0", before)
    assert "people say" not in done.text
    undone = await hall.mo.sends(undo_of(done), done)
    assert "hidden until you decide" in undone.text
    assert "3 people say: The answer is wrong (3)" in undone.text
    told = {"again": "put back by Mo on (taken back)", "retire": "retired by Mo on (taken back)"}
    hidden = "History: came with Roadmate; hidden on because people flagged it"
    assert history(undone) == f"{hidden}; {told[deed]}"
    listed = await hall.asked("/question flagged")
    assert "hidden · The answer is wrong (3)" in listed.text
    again = await hall.mo.sends(f"questions.again:{question.id}:{seen_of(undone)}", undone)
    assert history(again) == f"{hidden}; {told[deed]}; put back by Mo on"


async def test_undo_leaves_what_a_look_before_it_had_settled(hall: Hall) -> None:
    question = await hall.question()
    await hall.flag("Ana", question.id)
    fine = await hall.mo.sends(f"questions.again:{question.id}:0", await hall.asked("/question"))
    assert "it stays as it is" in fine.text
    await hall.flag("Ben", question.id, "old")
    retired = await hall.mo.sends(f"questions.retire:{question.id}:0", fine)
    undone = await hall.mo.sends(undo_of(retired), retired)
    assert "1 person says: Out of date (1)" in undone.text
    assert "retired by Mo on (taken back)" in history(undone)


async def test_somebody_is_thanked_whose_flag_came_back_with_an_undo(hall: Hall) -> None:
    question = await hall.question()
    await hall.flag("Ana", question.id)
    retired = await hall.mo.sends(f"questions.retire:{question.id}:0", await hall.asked("/question"))
    undone = await hall.mo.sends(undo_of(retired), retired)
    hall.reckons(p2=3)
    await hall.mo.sends(f"questions.key:{question.id}:{seen_of(undone)}:1", undone)
    (post,) = await hall.posts()
    assert "Thanks for telling us: Ana." in words(post)


def seen_of(shown: Message) -> int:
    """The revision that the buttons of a card carry."""
    return int(next(b.data for row in shown.reply.buttons for b in row if b.label == "Retire").rpartition(":")[2])


async def test_a_question_of_ones_own_names_its_writer_and_what_followed(hall: Hall) -> None:
    await hall.asked("/question import")
    await hall.mo.fills(yaml=yaml_of(1))
    assert history(await hall.asked("/question show q-c1-1")) == "History: written by Mo on"
    await rewords(hall, "q-c1-1", "What stays?")
    back = await hall.asked("/question restore q-c1-1")
    assert history(back).endswith("fixed by Mo on (taken back)")


async def test_only_the_latest_three_deeds_are_told(hall: Hall) -> None:
    question = await hall.question()
    for number in range(40):
        shown = await rewords(hall, question.id, f"What is number {number}?")
    assert history(shown).count("fixed by Mo") == 3
    back = await hall.mo.sends(undo_of(shown), shown)
    assert history(back).count("(taken back)") == 1


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (Figures(0, 0, {}, None, None), "Nobody has answered it here yet."),
        (
            Figures(0, 0, {}, None, None, earlier=3, earlier_right=2),
            "Nobody has answered it in these words yet. Before they were changed: 2 of 3 answers right.",
        ),
        (
            Figures(5, 4, {}, None, None, earlier=3, earlier_right=2),
            "Answers: 4 of 5 answers right\nBefore the words were changed: 2 of 3 answers right",
        ),
    ],
)
async def test_answers_to_other_words_are_told_apart(world: CoreWorld, figures: Figures, said: str) -> None:
    hall = await hall_of(world, figures=figures)
    shown = await hall.asked(f"/question show {(await hall.question()).id}")
    assert said in shown.text


async def test_the_audit_list_says_what_was_done_in_words_of_its_own(hall: Hall) -> None:
    question = await hall.question()
    await rewords(hall, question.id, "What is it?")
    await rewords(hall, question.id, "What is it now?")
    await hall.asked(f"/question retire {question.id}")
    await hall.asked(f"/question restore {question.id}")
    await hall.asked(f"/question restore {question.id}")
    await hall.asked("/question import")
    await hall.mo.fills(yaml=yaml_of(3))
    listed = await hall.asked("/settings changes")
    lines = [line.partition("Mo: ")[2] for line in listed.text.split("\n") if "question" in line and "Mo: " in line]
    assert lines == [
        "added 3 questions, q-c1-1 to q-c1-3",
        f"put the first wording of the question {question.id} back",
        f"let the question {question.id} be asked again",
        f"retired the question {question.id}",
        f"changed the question {question.id}",
        f"changed the question {question.id}",
    ]
    again = await hall.mo.presses("Undo: questions q-c1-1 to q-c1-3", listed)
    assert "Taken back: questions q-c1-1 to q-c1-3." in again.text
    assert "took 3 questions back, q-c1-1 to q-c1-3" in again.text
    assert "added 3 questions, q-c1-1 to q-c1-3 (taken back)" in again.text
    assert "not there" not in again.text
