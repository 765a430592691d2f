"""Playing a quiz in tests: what a card asks, and answering it rightly or wrongly."""

from __future__ import annotations

from typing import Any, cast

from bot.domain.questions.body import dump
from bot.domain.questions.families import FAMILIES
from bot.domain.questions.shapes import Kind, Question
from bot.domain.questions.store import Changes
from bot.domain.questions.store import Kind as Changed
from bot.features.quiz.replies import order_of
from bot.kit.action import name_of
from bot.kit.database import Transaction
from bot.kit.reply import Reply
from tests.fakes.core import PRIVATE, CoreWorld, Message, Person, presses_of


def place_of(card: Message) -> tuple[int, int]:
    """Return the run on a card, and the number of its question there."""
    data = next(data for data in presses_of(card.reply).values() if name_of(data) in ("quiz.answer", "quiz.type"))
    _name, run, number, *_rest = data.split(":")
    return int(run), int(number)


async def asked(world: CoreWorld, card: Message) -> tuple[Question, int, int]:
    """Return the question on a card as it is kept, its run, and its place there."""
    run, number = place_of(card)
    row = await world.database.read(
        lambda tx: tx.one(
            "SELECT question, seed FROM quiz_asked WHERE run_id = :run AND number = :number", run=run, number=number
        )
    )
    assert row is not None
    bank = await world.app.tools.shelf.bank()
    question = bank.get(row["question"]) or FAMILIES[row["question"]].make(row["seed"])
    return question, run, number


async def answer(world: CoreWorld, person: Person, card: Message, *, right: bool) -> Message:
    """Answer the question on a card."""
    question, run, number = await asked(world, card)
    if question.how in (Kind.NUMERIC, Kind.SEVERAL, Kind.ORDER):
        form = await person.presses("Answer", on=card)
        if question.how is Kind.NUMERIC:
            text = question.answer[0].text if right else "-987654"
        else:
            order = order_of(question, run, number)
            places = list(range(len(question.answer)))
            if not right:
                places = places[::-1] if question.how is Kind.ORDER else places[:1]
            text = "".join("ABCDEF"[order.index(place)] for place in places)
        return await person.fills(form, answer=text)
    place = 0 if right else 1
    return await person.sends(f"quiz.answer:{run}:{number}:{place}", card)


async def onward(person: Person, card: Message) -> Message:
    """Go on from a verdict."""
    return await person.presses(next(one for one in ("Next question", "Result") if one in card.labels), on=card)


async def play(world: CoreWorld, person: Person, card: Message, rights: str) -> Message:
    """Play a run from its first card: ``+`` for right, ``-`` for wrong; return what comes after."""
    for mark in rights:
        card = await onward(person, await answer(world, person, card, right=mark == "+"))
    return card


async def practice(world: CoreWorld, person: Person, text: str, rights: str) -> Message:
    """Play a whole run that a command begins; return its result."""
    return await play(world, person, await person.says(text), rights)


async def change(world: CoreWorld, kind: Changed, *questions: Question | str, community: int = 1) -> None:
    """Let a community change questions: whole ones become what they are, of ids only the kind is noted."""

    async def work(tx: Transaction) -> None:
        changes = Changes()
        revision = await changes.begin(tx, community)
        bodies = {one if isinstance(one, str) else one.id: "" if isinstance(one, str) else dump(one)
                  for one in questions}  # fmt: skip
        await changes.write(tx, community, revision, bodies, kind, None, int(world.clock.now().timestamp()))

    await world.database.write(work)


async def put(world: CoreWorld, card: Message, question: Question, seed: str = "") -> tuple[int, int]:
    """Let a card ask another question, as if chance had chosen it; return its run and place."""
    run, number = place_of(card)

    async def work(tx: Transaction) -> None:
        await tx.execute(
            """
            UPDATE quiz_asked SET question = :question, edition = :edition, seed = :seed
            WHERE run_id = :run AND number = :number
            """,
            question=question.id, edition=question.edition, seed=seed, run=run, number=number,
        )  # fmt: skip

    await world.database.write(work)
    return run, number


def copy(card: Message) -> Message:
    """Return a card as it stands on another screen: later edits do not reach it."""
    return Message(card.reply, card.public, card.where)


def anywhere() -> Message:
    """Return some private message to press a button on."""
    return Message(Reply(), False, PRIVATE)


async def rows(world: CoreWorld, sql: str) -> list[tuple[Any, ...]]:
    """Return rows as tuples."""
    found = await world.database.read(lambda tx: tx.all(sql))
    return [tuple(cast("Any", row)) for row in found]
