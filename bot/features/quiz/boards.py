"""How the daily quiz and the boards read. Pure wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.questions import draw
from bot.domain.questions.draw import Order
from bot.domain.questions.shapes import Question
from bot.features.quiz import actions, rules
from bot.features.quiz.store import Line, Vote
from bot.kit.reply import Button, Reply, Tone, notice, reply
from bot.kit.text import Block, Blocks, Moment, Progress, When, bold, bullets, code, para, small, spans
from bot.kit.wording import N_, _, ngettext, say

TOP = 10
_SPANS = {"day": N_("Today"), "week": N_("This week"), "month": N_("This month"), "all": N_("All time")}


def asked(
    question: Question, number: int, order: Order, *, as_poll: bool, closes: datetime | None = None,
    following: datetime | None = None,
) -> Reply:  # fmt: skip
    """Ask the question of the day."""

    def data(place: int) -> str:
        return actions.VOTE.data(round=number, choice=place)

    title = _("Quiz of the day")
    if as_poll:
        card = draw.poll(question, order, data, retract=actions.RETRACT.data(round=number), title=title)
    else:
        card = draw.card(question, order, data, title=title)
    blocks: list[Block] = list(card.blocks)
    if closes is not None:
        blocks.append(small(say(_("The answer comes {when}."), when=When(closes, Moment.TIME))))
    if following is not None:
        words = _("Next quiz {when}. Moderators: {command} moves it.")
        blocks.append(small(say(words, when=When(following), command=code("/schedule"))))
    return replace(card, blocks=tuple(blocks), look="quiz.daily")


def example() -> Blocks:
    """Show in a line what a quiz is like."""
    return (
        small(_("A question with three or four answers. Everybody sees their own verdict with the reason; at the end I "
                "post the tally, the answer and why.")),
    )  # fmt: skip


def example_card() -> Reply:
    """Stand in for a question where there is none."""
    return Reply(example(), title=_("Quiz of the day"))


def verdict(question: Question, vote: Vote, *, is_new: bool, is_closed: bool = False) -> Reply:
    """Tell somebody, privately, what came of their answer."""
    blocks: list[Block] = []
    if not is_new:
        blocks.append(small(_("You had answered already; your first answer counts.")))
    if is_closed:
        blocks.append(small(_("This round is closed; the answer stands in its own post.")))
    told = draw.verdict(question, (vote.choice,), is_correct=vote.correct)
    blocks += told.blocks
    if vote.is_late:
        blocks.append(small(_("This round is closed: your answer counts for learning, not for points.")))
    elif vote.points:
        words = ngettext("{count} point for you.", "{count} points for you.", vote.points)
        blocks.append(small(words.format(count=vote.points)))
    if not vote.correct:
        blocks.append(small(say(_("It comes back in {command}."), command=code("/review"))))
    return Reply(tuple(blocks), tone=told.tone, only_you=True, look="quiz.voted")


def closed(question: Question, order: Order, tally: Mapping[int, int], following: datetime | None) -> Reply:
    """Tell everybody the answer, how many chose what, and the commonest mix-up."""
    count = sum(tally.values())
    right = sum(tally.get(place, 0) for place in question.right)
    blocks: list[Block] = [para(bold(question.stem))]
    if question.code:
        blocks += draw.asked(question)[1:]
    lines = []
    for place in order:
        chosen = tally.get(place, 0)
        sign = "✔ " if place in question.right else ""
        share = f" · {rules.share(chosen, count)} %" if count else ""
        lines.append(spans(sign, bold(question.options[place].text) if sign else question.options[place].text, share))
    blocks.append(bullets(lines))
    if count:
        words = ngettext("{right} of {count} answer right.", "{right} of {count} answers right.", count)
        blocks.append(para(words.format(right=right, count=count)))
    else:
        blocks.append(para(_("Nobody answered this time.")))
    blocks.append(para(question.explanation))
    wrong = [place for place in tally if place not in question.right]
    if wrong:
        commonest = max(wrong, key=lambda place: (tally[place], -place))
        option = question.options[commonest]
        blocks.append(para(say(_("Most mixed up: “{option}”. {why}"), option=option.text, why=option.why)))
    if following is not None:
        blocks.append(small(say(_("Next quiz {when}."), when=When(following))))
    return Reply(tuple(blocks), title=_("The answer to the quiz"), tone=Tone.GOOD, look="quiz.closed")


def board(lines: Sequence[Line], span: str, right: int, goal: int) -> Reply:
    """Show the ten best of a span of time under what a community reached together."""
    places = rules.placed([line.points for line in lines])
    blocks: list[Block] = [
        para(say(_("Together this week: {right} of {goal} right answers."), right=right, goal=goal)),
        Progress(spans(_("Goal of the week")), min(right, goal), goal),
    ]
    if lines:
        top = [
            spans(f"{place}. ", bold(line.name), " · ", _points(line.points))
            for line, place in zip(lines, places, strict=True)
            if place <= TOP
        ][: 2 * TOP]
        blocks.append(bullets(top))
    else:
        blocks.append(
            para(_("Nobody on the board has points yet. A right answer to a quiz of the day makes the start."))
        )
    blocks.append(
        small(say(_("Only quizzes of the day count. {command} hides you here."), command=code("/settings shown off")))
    )
    spans_ = tuple(Button(_(label), actions.BOARD.data(span=name)) for name, label in _SPANS.items() if name != span)
    mine = Button(_("My place"), actions.PLACE.data(span=span))
    return Reply(
        tuple(blocks), title=_("Standings · {span}").format(span=_(_SPANS[span])),
        buttons=(spans_, (mine,)), edits=True,
        look="quiz.board",
    )  # fmt: skip


def place(points: int, right: int, mine: int | None) -> Reply:
    """Tell somebody their own place."""
    if mine is None and points:
        return notice(say(_("{points} for you, hidden from the board."), points=_points(points)))
    if mine is None:
        return notice(_("No points yet. Right answers to quizzes of the day bring them, if they come in time."))
    words = _("Place {place}: {points}, {right} right.")
    return notice(say(words, place=mine, points=_points(points), right=right))


def only_in_communities() -> Reply:
    """Say where standings are."""
    return reply(_("Standings belong to a community. Ask for them in a group, channel or server."), only_you=True)


def no_round() -> Reply:
    """Say that a round is not known here."""
    return notice(_("I know of no such quiz here."))


def taken_back() -> Reply:
    """Say that a vote is gone."""
    return notice(_("Your answer is taken back."))


def _points(count: int) -> str:
    return ngettext("{count} point", "{count} points", count).format(count=count)
