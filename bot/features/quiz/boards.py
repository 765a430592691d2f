"""How the daily quiz and the boards read. Pure wording."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.questions import draw
from bot.domain.questions.draw import Order
from bot.domain.questions.shapes import Question
from bot.features.quiz import actions, rules
from bot.features.quiz.picture import MOST, Row, height_of
from bot.features.quiz.picture import draw as draw_standings
from bot.features.quiz.rounds import Verdict
from bot.features.quiz.standings import Board, Place
from bot.features.quiz.store import Club, Line
from bot.kit.drawing import WIDTH, drawable
from bot.kit.reply import Button, Picture, Reply, Tone, notice, reply, rows
from bot.kit.text import Block, Blocks, Facts, Moment, Progress, When, bold, bullets, code, join, para, small, spans
from bot.kit.wording import N_, _, ngettext, say

TOP = 10
TITLE: Final = 120
"""Characters of a title that names a community."""
REMARK: Final = 200
"""Characters a passing remark may have everywhere."""
_SENTENCES: Final = re.compile(r"(?<=[.!?])\s+")
_SPANS = {"day": N_("Today"), "week": N_("This week"), "month": N_("This month"), "all": N_("All time")}


def asked(
    question: Question, number: int, order: Order, *, as_poll: bool, closes: datetime | None = None,
    following: datetime | None = None, count: int = 0, is_closed: bool = False,
) -> Reply:  # fmt: skip
    """Ask the question of the day, and tell how many answered; afterwards, say that it is closed.

    A ``number`` of 0 stands for no round: it is shown, with nothing to press.
    """

    def data(place: int) -> str:
        return actions.VOTE.data(round=number, choice=place)

    title = _("Quiz of the day")
    if as_poll:
        card = draw.poll(question, order, data, retract=actions.RETRACT.data(round=number), title=title)
    elif not number:
        card = Reply(draw.shown(question, order), title=title)
    else:
        card = draw.card(question, order, data, title=title)
    blocks: list[Block] = list(card.blocks)
    note = ngettext("{count} answered", "{count} answered", count).format(count=count) if count else ""
    if is_closed:
        note = _("Closed; the answer stands in a post of its own. You may still answer, to learn.")
    below = _moments(closes, following)
    if card.poll is not None:
        card = replace(card, poll=replace(card.poll, note=note, closes=closes, is_closed=is_closed, below=below))
    else:
        blocks += [*((small(note),) if note else ()), *below]
    return replace(card, blocks=tuple(blocks), look="quiz.daily")


def _moments(closes: datetime | None, following: datetime | None) -> Blocks:
    """Say in a line when the answer comes, and the next quiz."""
    if closes is None:
        return ()
    if following is None:
        return (small(say(_("The answer comes {when}."), when=When(closes))),)
    words = _("The answer comes {when}, the next quiz {later}.")
    return (small(say(words, when=When(closes), later=When(following))),)


def example() -> Blocks:
    """Show in a line what a quiz is like."""
    return (
        small(_("A question with three or four answers. Everybody sees their own verdict with the reason; at the end I "
                "post the tally, the answer and why.")),
    )  # fmt: skip


def example_card() -> Reply:
    """Stand in for a question where there is none."""
    return Reply(example(), title=_("Quiz of the day"))


def verdict(found: Verdict, buttons: Sequence[tuple[Button, ...]]) -> Reply:
    """Tell somebody, privately, what came of their answer."""
    question, vote = found.question, found.vote
    before, after = _around(found)
    told = draw.verdict(question, found.chosen, is_correct=vote.correct)
    blocks: list[Block] = [*map(small, before), *told.blocks, *map(small, after)]
    if not vote.correct:
        blocks.append(small(say(_("It comes back in {command}."), command=code("/review"))))
    gist, reasons = [_("Right.") if vote.correct else _("Not quite.")], [question.explanation]
    if not vote.correct:
        gist.append(_("The answer: {answer}").format(answer=question.answer[0].text).rstrip(".") + ".")
        gist.append(_("It comes back in {command}.").format(command="/review"))
        reasons = [*(question.options[place].why for place in found.chosen), *reasons]
    if _length(*before, *gist, *after) > REMARK:
        before, _after = _around(replace(found, chosen=()))
    gist = [*before, *gist]
    rest = "" if found.is_closed or vote.is_late else _("More at the end of the round.")
    tone = told.tone if found.is_new else Tone.NEUTRAL
    return Reply(
        tuple(blocks), tone=tone, only_you=True, buttons=tuple(buttons), look="quiz.voted",
        brief=_brief([*gist, *after], reasons, rest),
    )  # fmt: skip


def _brief(gist: Sequence[str], reasons: Sequence[str], rest: str) -> str:
    """Return the gist and as many whole sentences of the reasons as fit a remark; ``rest`` is said if some do not."""
    said, left = list(gist), [sentence for reason in reasons for sentence in _SENTENCES.split(reason)]
    if _length(*said, *left) <= REMARK:
        return " ".join((*said, *left))
    room = REMARK - (_length(rest) + 1 if rest else 0)
    while left and _length(*said, left[0]) <= room:
        said.append(left.pop(0))
    return " ".join((*said, rest) if rest else said)


def _length(*sentences: str) -> int:
    """Return how long sentences are together, as platforms count: in units of UTF-16."""
    return len(" ".join(sentences).encode("utf-16-le")) // 2


def _around(found: Verdict) -> tuple[list[str], list[str]]:
    """Return what is to be said about a vote before its verdict, and after it."""
    vote = found.vote
    before, after = [], []
    if not found.is_new and found.chosen:
        first = found.question.options[found.chosen[0]].text
        before.append(_("Your first answer counts: “{option}”.").format(option=first))
    elif not found.is_new:
        before.append(_("You had answered already; your first answer counts."))
    if found.is_closed:
        before.append(_("This round is closed; the answer stands in its own post."))
    if vote.is_late:
        after.append(_("This round is closed: your answer counts for learning, not for points."))
    elif vote.again:
        after.append(_("You took your first answer back, so this one brings no points."))
    elif vote.points:
        words = ngettext("{count} point for you.", "{count} points for you.", vote.points)
        after.append(words.format(count=vote.points))
    if found.streak:
        words = ngettext("{count} day in a row. Nice.", "{count} days in a row. Nice.", found.streak)
        after.append(words.format(count=found.streak))
    return before, after


def closed(
    question: Question, order: Order, tally: Mapping[int, int], following: datetime | None,
    corrected: datetime | None = None,
) -> Reply:  # fmt: skip
    """Tell everybody the answer, how many chose what, and the commonest mix-up.

    ``tally`` is by position; what was counted for options that are gone stands under a negative one.
    """
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
    wrong = [place for place in tally if place >= 0 and place not in question.right]
    leading = [place for place in wrong if tally[place] == max(tally[other] for other in wrong)]
    if len(leading) == 1:  # of several as common none is the commonest
        option = question.options[leading[0]]
        blocks.append(para(say(_("Most mixed up: “{option}”. {why}"), option=option.text, why=option.why)))
    if wrong:
        blocks.append(small(say(_("Got it wrong? It comes back in {command}."), command=code("/review"))))
    if corrected is not None:
        blocks.append(small(say(_("Corrected on {when}."), when=When(corrected, Moment.DATE))))
    if following is not None:
        blocks.append(small(say(_("Next quiz {when}."), when=When(following))))
    return Reply(tuple(blocks), title=_("The answer to the quiz"), tone=Tone.GOOD, look="quiz.closed")


def board(found: Board, span: str, club: Club | None = None) -> Reply:
    """Show the ten best of a span of time under what a community reached together, as a picture and in words.

    ``club``: whose board it is, where it stands elsewhere than in that community.
    """
    places = rules.placed([line.points for line in found.lines])
    top = [(place, line) for line, place in zip(found.lines, places, strict=True) if place <= TOP][: 2 * TOP]
    reached = _("Together this week: {right} of {goal} right answers.").format(right=found.right, goal=found.goal)
    title = _("Standings · {span}").format(span=_(_SPANS[span]))
    goal = Progress(spans(_("Goal of the week")), min(found.right, found.goal), found.goal)
    blocks: list[Block] = [para(reached), goal]
    listed = [spans(f"{place}. ", bold(line.name), " · ", _points(line.points)) for place, line in top]
    if top:
        blocks.append(bullets(listed))
    else:
        blocks.append(
            para(_("Nobody on the board has points yet. A right answer to a quiz of the day makes the start."))
        )
    words = _("Quizzes of the day count, and up to ten due reviews a day. To stay off this board, type {command}.")
    which = small(say(words, command=code("/settings shown off")))
    blocks.append(which)
    picture = _drawn(title, found, top, beside=(para(reached), para(join(listed, "; ")), which)) if top else None
    spans_ = tuple(
        Button(_(label), actions.BOARD_OF.data(community=club.id, span=name) if club else actions.BOARD.data(span=name))
        for name, label in _SPANS.items()
        if name != span
    )
    place_ = actions.PLACE_OF.data(community=club.id, span=span) if club else actions.PLACE.data(span=span)
    titled = f"{title} · {club.title}"[:TITLE] if club and club.title else title
    return Reply(
        tuple(blocks), title=titled, picture=picture, buttons=(spans_, (Button(_("My place"), place_),)), edits=True,
        only_you=club is not None, look="quiz.board",
    )  # fmt: skip


def _drawn(title: str, found: Board, top: Sequence[tuple[int, Line]], beside: Blocks) -> Picture:
    drawn = [Row(place, drawable(line.name), line.points) for place, line in top]
    headline = _("Together {right} of {goal} this week").format(right=found.right, goal=found.goal)
    listed = "; ".join(f"{place}. {line.name}, {_points(line.points)}" for place, line in top[:MOST])
    svg = draw_standings(title, headline, found.right / found.goal, drawn, _("named below"))
    return Picture(svg, f"{title}. {headline}. {listed}.", WIDTH, height_of(drawn), beside)


def place(mine: Place) -> Reply:
    """Tell somebody their own place."""
    line, rest = mine.line, ""
    if line.reviews:
        words = ngettext("{count} of them for reviews.", "{count} of them for reviews.", line.reviews)
        rest = " " + words.format(count=line.reviews)
    if mine.streak > 1:
        words = ngettext("{count} day in a row.", "{count} days in a row.", mine.streak)
        rest += " " + words.format(count=mine.streak)
    if mine.place is None and line.points:
        return notice(say(_("{points} for you, hidden from the board."), points=_points(line.points)), rest)
    if mine.place is None:
        return notice(_("No points yet. Right answers to quizzes of the day bring them, if they come in time."), rest)
    words = _("Place {place}: {points}, {right} right.")
    return notice(say(words, place=mine.place, points=_points(line.points), right=line.right), rest)


def streak_line(streak: int) -> Blocks:
    """Return what ``/progress`` tells of days in a row; nothing under two."""
    if streak < 2:
        return ()
    words = ngettext("{count} day in a row", "{count} days in a row", streak)
    return (Facts(((_("Quiz of the day"), spans(words.format(count=streak))),)),)


def which(clubs: Sequence[Club], span: str) -> Reply:
    """Ask whose standings somebody wants to see who asks in private."""
    buttons = [Button(club.title[:60] or "–", actions.BOARD_OF.data(community=club.id, span=span)) for club in clubs]
    return Reply((para(_("Which standings do you want to see?")),), buttons=rows(buttons, 2), only_you=True)


def only_in_communities() -> Reply:
    """Say where standings are."""
    words = _("Standings belong to a community, and I know none of yours with a quiz of the day. Answer one in a "
              "group, channel or server; then you can ask for them here, too.")  # fmt: skip
    return reply(words, only_you=True)


def not_yours() -> Reply:
    """Say that somebody is not in a community any more."""
    return notice(say(_("You are not in that community any more. {command} shows yours."), command="/leaderboard"))


def no_round() -> Reply:
    """Say that a round is not known here."""
    return notice(_("I know of no such quiz here."))


def taken_back() -> Reply:
    """Say that a vote is gone."""
    return notice(_("Your answer is taken back."))


def _points(count: int) -> str:
    return ngettext("{count} point", "{count} points", count).format(count=count)
