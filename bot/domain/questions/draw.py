"""Questions as replies: the card with letters, the poll, and what is said after an answer. Free of any platform."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

from bot.domain.questions.seeds import Draws
from bot.domain.questions.shapes import CHOICES, Kind, Option, Question, number_of
from bot.kit.markup import marked
from bot.kit.reply import Button, Choice, Menu, Poll, Reply, Several, Tone, rows
from bot.kit.text import Block, Blocks, CodeBlock, Facts, Steps, bold, para, small, spans
from bot.kit.wording import _, quoted, say

LETTERS: Final = "ABCDEF"

Order = tuple[int, ...]
"""Positions of options (as in ``Question.options``) in the order in which they are shown."""


def shown_order(question: Question, seed: str) -> Order:
    """Return the order in which options are shown: numbers from low to high, anything else by a seed's chance."""
    places = range(len(question.options))
    if question.how is not Kind.ORDER:
        try:
            return tuple(sorted(places, key=lambda place: number_of(question.options[place].text)))
        except ValueError:
            pass
    order = tuple(Draws(f"{seed}\0{question.id}").shuffled(places))
    if question.how is Kind.ORDER and order == tuple(places):
        return (*order[1:], order[0])  # the answer itself would be no question
    return order


def lettered(question: Question, order: Order) -> list[tuple[str, Option]]:
    """Return each option with its letter, as shown."""
    return [(LETTERS[number], question.options[place]) for number, place in enumerate(order)]


def card(question: Question, order: Order, data: Callable[[int], str], *, title: str = "") -> Reply:
    """Return a question as a card with lettered options and one button a letter.

    Args:
        question: what is asked.
        order: from ``shown_order``.
        data: returns the data of the button for an option's position in ``Question.options``.
        title: above everything.
    """
    blocks = shown(question, order)
    if question.how is Kind.NUMERIC:
        return Reply((*blocks, small(_hint(question))), title=title)
    letters = tuple(Button(LETTERS[number], data(place)) for number, place in enumerate(order))
    return Reply((*blocks, small(_hint(question))), title=title, buttons=rows(letters, 6))


def menu(question: Question, order: Order, data: Callable[[int], str], *, title: str = "") -> Reply:
    """Return a question as a card with a list to choose from, which suits several right options."""
    choices = tuple(Choice(f"{letter}. {option.text}"[:100], data(place))
                    for (letter, option), place in zip(lettered(question, order), order, strict=True))  # fmt: skip
    return Reply(shown(question, order), title=title, menu=Menu(_hint(question), choices))


def several(question: Question, order: Order, data: str, otherwise: Button) -> Several:
    """Return the list for a question of which several options are right; ``data`` takes positions of options.

    ``otherwise`` is the button that lets them be typed, for platforms without such lists.
    """
    choices = tuple(Choice(f"{letter}. {option.text}"[:100], str(place))
                    for (letter, option), place in zip(lettered(question, order), order, strict=True))  # fmt: skip
    return Several(_hint(question), choices, data, otherwise.data)


def poll(question: Question, order: Order, data: Callable[[int], str], *, retract: str = "", title: str = "") -> Reply:
    """Return a question as a quiz poll for a room; for the kinds in ``CHOICES``. Code stands above the poll."""
    if question.how not in CHOICES:
        raise ValueError(f"{question.id} is {question.kind}; a quiz poll has exactly one right choice")
    choices = tuple(Choice(question.options[place].text, data(place)) for place in order)
    asking = Poll(question.stem, choices, (order.index(0),), question.explanation, retract)
    return Reply(tuple(_code(question)), title=title, poll=asking)


def shown(question: Question, order: Order) -> Blocks:
    """Return what is asked with its lettered options, and nothing to press."""
    return (*asked(question), *_listed(question, order))


def asked(question: Question) -> Blocks:
    """Return what is asked, without the options."""
    return (para(bold(question.stem)), *_code(question))


def _code(question: Question) -> list[Block]:
    return [CodeBlock(question.code.rstrip("\n"), question.language)] if question.code else []


def _listed(question: Question, order: Order) -> list[Block]:
    if question.how is Kind.NUMERIC:
        return []
    return [Facts(tuple((letter, spans(option.text)) for letter, option in lettered(question, order)))]


def _hint(question: Question) -> str:
    match question.how:
        case Kind.SEVERAL:
            return _("More than one is right; choose all that are")
        case Kind.ORDER:
            return _("Choose the steps in their order, the first one first")
        case Kind.NUMERIC if question.unit:
            return _("Answer with a number, in {unit}").format(unit=question.unit)
        case Kind.NUMERIC:
            return _("Answer with a number")
        case _:
            return _("Choose one")


def is_right(question: Question, chosen: Sequence[int]) -> bool:
    """Whether the chosen positions are the answer: exactly the right ones, for order in their order."""
    if question.how is Kind.ORDER:
        return tuple(chosen) == tuple(range(len(question.answer)))
    return frozenset(chosen) == question.right


def is_near(question: Question, typed: float) -> bool:
    """Whether a typed number is within the tolerance of the answer."""
    right = question.number
    return abs(typed - right) <= max(question.tolerance, 1e-9 * max(1.0, abs(right)))


def slip(question: Question, typed: float) -> Option | None:
    """Return the known mistake that leads to a typed number, or None."""
    for option in question.wrong:
        number = number_of(option.text)
        if abs(typed - number) <= max(question.tolerance, 1e-9 * max(1.0, abs(number))):
            return option
    return None


def verdict(question: Question, chosen: Collection[int], *, is_correct: bool) -> Reply:
    """Return what somebody is told after an answer: right or not, why, and the explanation."""
    told: list[Block] = [para(bold(_("Right.")) if is_correct else bold(_("Not quite.")))]
    if not is_correct:
        told += [
            para(bold(quoted(question.options[place].text)), " · ", question.options[place].why)
            for place in chosen
            if place not in question.right
        ]
        told += _right_answer(question)
    told.append(para(question.explanation))
    if question.details:
        told += [para(marked(part)) for part in question.details.split("\n\n")]
    return Reply(tuple(told), tone=Tone.GOOD if is_correct else Tone.NEUTRAL)


def _right_answer(question: Question) -> list[Block]:
    if question.how is Kind.ORDER:
        return [para(_("The right order:")), Steps(tuple(spans(option.text) for option in question.answer))]
    texts = "; ".join(option.text for option in question.answer)
    if question.how is Kind.NUMERIC and question.unit:
        texts = f"{texts} {question.unit}"
    return [para(say(_("The answer: {answer}"), answer=texts))]


def solution(question: Question, order: Order) -> Blocks:
    """Return the whole question solved: each option with why it is right or wrong, then the explanation."""
    if question.how is Kind.ORDER:
        steps = Steps(tuple(spans(bold(option.text), " · ", option.why) for option in question.answer))
        return (steps, para(question.explanation))
    blocks: list[Block] = []
    for number, place in enumerate(order):
        option = question.options[place]
        letter = "" if question.how is Kind.NUMERIC else f"{LETTERS[number]}. "
        sign = "✔" if place in question.right else "✘"
        blocks.append(para(bold(f"{sign} {letter}{option.text}"), " · ", option.why))
    return (*blocks, para(question.explanation))
