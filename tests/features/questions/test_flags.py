"""Saying that something is wrong: kept once each, hidden when enough say so, told to moderators without names."""

from __future__ import annotations

import pytest

from bot.domain.contributions import QuestionButton
from bot.kit.database import Transaction
from bot.kit.request import Role
from tests.fakes.core import PRIVATE, ROOM, CoreWorld, words
from tests.features.questions.world import Hall, hall_of, pressed


@pytest.fixture
async def hall(world: CoreWorld) -> Hall:
    return await hall_of(world)


async def flags(hall: Hall) -> list[tuple[int, str, str, str]]:
    async def work(tx: Transaction) -> list[tuple[int, str, str, str]]:
        rows = await tx.all(
            """
            SELECT f.community_id AS community, p.name AS name, f.reason AS reason, f.note AS note
            FROM questions_flag AS f JOIN community_person AS p ON p.id = f.person_id ORDER BY 1, 2
            """
        )
        return [(row["community"], row["name"], row["reason"], row["note"]) for row in rows]

    return await hall.core.database.read(work)


async def test_the_button_leads_to_five_reasons_and_thanks(hall: Hall) -> None:
    question = await hall.question()
    (offer,) = hall.core.app.tools.contributions.of(QuestionButton)
    ana = hall.core.person("Ana")
    asked = await ana.sends(offer.data(question.id), pressed())
    assert asked.labels == [
        "The answer is wrong", "Two answers fit", "Unclear or misspelt", "Out of date", "Something else",
    ]  # fmt: skip
    assert asked.reply.only_you
    told = await ana.presses("Two answers fit")
    assert "Thank you" in told.text
    assert "so will the points be" in told.text
    assert await flags(hall) == [(1, "Ana", "two", "")]


@pytest.mark.parametrize("reason", ["Unclear or misspelt", "Out of date"])
async def test_points_are_spoken_of_only_where_the_answer_may_be_another_one(hall: Hall, reason: str) -> None:
    question = await hall.question()
    ana = hall.core.person("Ana")
    await ana.sends(f"questions.flag:{question.id}", pressed())
    told = await ana.presses(reason)
    assert told.text == "Thank you. A moderator will look at it."


async def test_something_else_is_said_in_words_and_shown_to_moderators_as_typed(hall: Hall) -> None:
    question = await hall.question()
    ana = hall.core.person("Ana")
    await ana.sends(f"questions.flag:{question.id}", pressed())
    form = await ana.presses("Something else")
    assert form.reply.form is not None
    assert form.reply.form.fields[0].longest == 300
    await ana.fills(note="  **Both**\nare right  ")
    assert await flags(hall) == [(1, "Ana", "other", "**Both** are right")]
    shown = await hall.asked(f"/question show {question.id}")
    assert "**Both** are right" in shown.text
    assert "Ana" not in shown.text


async def test_the_same_person_counts_once_and_the_last_reason_holds(hall: Hall) -> None:
    question = await hall.question()
    for reason in ("answer", "two", "old", "words"):
        await hall.flag("Ana", question.id, reason)
    assert await flags(hall) == [(1, "Ana", "words", "")]
    assert (await hall.bank()).get(question.id) is not None
    assert await hall.posts() == []


async def test_three_different_people_hide_it_there_and_nowhere_else(hall: Hall) -> None:
    question = await hall.question()
    await hall.core.person("Eve").says("/start", "elsewhere")
    for name in ("Ana", "Ben"):
        await hall.flag(name, question.id)
        assert (await hall.bank()).get(question.id) == question
    await hall.flag("Cleo", question.id)
    assert (await hall.bank()).get(question.id) is None
    assert (await hall.bank("elsewhere")).get(question.id) == question
    (post,) = await hall.posts()
    assert "A question waits for a moderator: /question flagged" in words(post)
    assert not any(name in words(post) for name in ("Ana", "Ben", "Cleo", question.stem))


async def test_moderators_are_told_once_a_day_however_much_is_hidden(hall: Hall) -> None:
    for number in range(3):
        question = await hall.question(number=number)
        for name in ("Ana", "Ben", "Cleo", "Dan"):
            await hall.flag(name, question.id)
    assert len(await hall.posts()) == 1
    listed = await hall.asked("/question")
    assert listed.text.count("hidden") == 3
    assert "The answer is wrong (4)" in listed.text


@pytest.mark.parametrize(("value", "people"), [("2", 2), ("5", 5)])
async def test_a_community_says_how_many_it_takes(hall: Hall, value: str, people: int) -> None:
    await hall.mo.sends(f"settings.our.set:flags-hide:{value}", await hall.asked("/settings community"))
    question = await hall.question()
    for number in range(people):
        assert (await hall.bank()).get(question.id) is not None
        await hall.flag(f"P{number}", question.id)
    assert (await hall.bank()).get(question.id) is None


async def test_the_list_cuts_long_words_behind_a_word_and_keeps_the_id_apart(hall: Hall) -> None:
    question = next(one for one in await hall.shipped() if len(one.stem) > 90)
    await hall.flag("Ana", question.id)
    listed = await hall.asked("/question flagged")
    assert f"{question.stem} · The answer is wrong (1) · {question.id}" in listed.text
    assert listed.reply.menu is not None
    (entry,) = listed.reply.menu.choices
    assert entry.label.endswith("…")
    assert question.stem.startswith(f"{entry.label[:-1]} ")
    assert 40 < len(entry.label) <= 80
    assert entry.description == ""


async def test_never_hides_nothing_but_still_lists(hall: Hall) -> None:
    await hall.mo.sends("settings.our.set:flags-hide:never", await hall.asked("/settings community"))
    question = await hall.question()
    for number in range(6):
        await hall.flag(f"P{number}", question.id)
    assert (await hall.bank()).get(question.id) is not None
    assert question.stem in (await hall.asked("/question flagged")).text


async def test_in_private_it_goes_to_every_community_of_the_person(hall: Hall) -> None:
    question = await hall.question()
    ana = hall.core.person("Ana")
    await ana.says("/start", ROOM)
    await ana.says("/start", "elsewhere")
    await ana.says("/start")
    asked = await ana.sends(f"questions.flag:{question.id}", pressed(PRIVATE))
    assert "What is wrong" in asked.text
    await ana.presses("Out of date")
    assert [flag[:3] for flag in await flags(hall)] == [(1, "Ana", "old"), (2, "Ana", "old")]


async def test_who_belongs_to_no_community_is_told_where_it_can_be_said(hall: Hall) -> None:
    question = await hall.question()
    ana = hall.core.person("Ana")
    await ana.sends(f"questions.flag:{question.id}", pressed(PRIVATE))
    told = await ana.presses("Out of date")
    assert "Ask me something in your group" in told.text
    assert await flags(hall) == []


async def test_a_question_that_never_was_is_not_flagged(hall: Hall) -> None:
    ana = hall.core.person("Ana")
    await ana.sends("questions.flag:q-nothing", pressed())
    assert "not there any more" in ana.notices[-1]
    await ana.sends("questions.why:q-nothing:old", pressed())
    assert await flags(hall) == []


async def test_what_one_community_added_is_flagged_there_alone(hall: Hall) -> None:
    await add(hall)
    ana = hall.core.person("Ana")
    await ana.says("/start", "elsewhere")
    await ana.sends("questions.flag:q-c1-1", pressed("elsewhere"))
    assert "not there any more" in ana.notices[-1]
    await ana.says("/start", ROOM)
    await ana.sends("questions.why:q-c1-1:old", pressed(PRIVATE))
    assert [flag[0] for flag in await flags(hall)] == [1]


async def add(hall: Hall) -> None:
    await hall.asked("/question add knn")
    await hall.mo.fills(
        topic="k-nearest neighbors", stem="What does it keep?", right="All rows", wrong="One row\nNo row",
        explanation="The rows are the model.",
    )  # fmt: skip


async def test_somebody_who_is_no_member_cannot_flag(hall: Hall) -> None:
    question = await hall.question()
    stranger = hall.core.person("Zed", Role.STRANGER)
    await stranger.sends(f"questions.why:{question.id}:answer", pressed())
    assert await flags(hall) == []


async def test_it_says_who_sees_what_and_who_is_named(hall: Hall) -> None:
    question = await hall.question()
    asked = await hall.core.person("Ana").sends(f"questions.flag:{question.id}", pressed())
    assert "Only moderators" not in asked.text
    assert "Moderators see what you say, not who you are." in asked.text
    assert "thank you by name in the room. To stay unnamed, type /settings shown off." in asked.text


async def test_what_is_retired_already_is_not_hidden_by_flags(hall: Hall) -> None:
    question = await hall.question()
    await hall.asked(f"/question retire {question.id}")
    for name in ("Ana", "Ben", "Cleo", "Dan"):
        await hall.flag(name, question.id)
    assert await hall.posts() == [], "nobody needs to look"
    shown = await hall.asked(f"/question show {question.id}")
    assert "It is retired" in shown.text
    assert "hidden" not in shown.text
    assert len(await flags(hall)) == 4


async def seen_outside(hall: Hall, name: str, where: str = ROOM) -> None:
    """Let a platform tell that somebody belongs to a community no more: they press a button there."""
    await hall.core.person(name, Role.STRANGER).sends("questions.why:q-any:answer", pressed(where))


async def test_who_left_flags_nothing_there_any_more(hall: Hall) -> None:
    question = await hall.question()
    for name in ("Ana", "Ben", "Cleo"):
        person = hall.core.person(name)
        await person.says("/start", ROOM)
        await person.says("/start", "elsewhere")
        await seen_outside(hall, name)
        await person.sends(f"questions.why:{question.id}:answer", pressed(PRIVATE))
    assert [flag[0] for flag in await flags(hall)] == [2, 2, 2]
    assert (await hall.bank()).get(question.id) == question
    assert (await hall.bank("elsewhere")).get(question.id) is None


async def test_who_left_sees_nothing_the_community_adds_until_they_are_back(hall: Hall) -> None:
    await add(hall)
    ana = hall.core.person("Ana")
    base = await hall.shipped()

    async def has() -> bool:
        async def work(tx: Transaction) -> bool:
            row = await tx.one("SELECT id FROM community_person WHERE name = 'Ana'")
            assert row is not None
            bank = await hall.core.app.tools.corrections.bank_of(tx, base, row["id"], None)
            return bank.get("q-c1-1") is not None

        return await hall.core.database.read(work)

    await ana.says("/start", ROOM)
    assert await has()
    await seen_outside(hall, "Ana")
    assert not await has()
    await ana.sends("quiz.begin:anything", pressed())
    assert not await has(), "a button of an old message can be pressed from outside"
    await ana.says("/quiz", ROOM)
    assert await has(), "whoever types is in the room"


async def test_a_stranger_nobody_knows_is_not_kept(hall: Hall) -> None:
    await seen_outside(hall, "Zed")
    rows = await hall.core.database.read(lambda tx: tx.all("SELECT id FROM community_person WHERE name = 'Zed'"))
    assert not rows


async def test_settled_flags_count_no_more(hall: Hall) -> None:
    question = await hall.question()
    for name in ("Ana", "Ben", "Cleo"):
        await hall.flag(name, question.id)
    await hall.asked(f"/question show {question.id}")
    shown = await hall.mo.presses("Show again")
    assert "asked again" in shown.text
    assert (await hall.bank()).get(question.id) == question
    await hall.flag("Dan", question.id)
    assert (await hall.bank()).get(question.id) == question
    assert question.stem in (await hall.asked("/question flagged")).text
    await hall.mo.sends(f"questions.show:{question.id}", hall.mo.seen[-1])
    assert "stays as it is" in (await hall.mo.presses("It is fine")).text
    assert "No question waits" in (await hall.asked("/question flagged")).text


async def test_a_family_made_from_numbers_can_be_flagged_hidden_and_shown_again(hall: Hall) -> None:
    from bot.domain.questions.families import FAMILIES

    name = next(iter(FAMILIES))
    for who in ("Ana", "Ben", "Cleo"):
        await hall.flag(who, name)
    assert name in (await hall.bank()).gone
    shown = await hall.asked(f"/question show {name}")
    assert "Made from numbers" in shown.text
    assert "Fix the words" not in shown.labels
    await hall.mo.presses("Show again")
    assert name not in (await hall.bank()).gone


async def test_erasing_oneself_takes_ones_flags_along(hall: Hall) -> None:
    question = await hall.question()
    await hall.flag("Ana", question.id)
    ana = hall.core.person("Ana")
    await ana.says("/privacy erase")
    await ana.presses("Erase everything about me")
    assert await flags(hall) == []
