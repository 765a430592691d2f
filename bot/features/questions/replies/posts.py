"""What a community reads in its room about its questions. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.questions.shapes import Kind
from bot.features.questions.card import Correction
from bot.kit.reply import Reply, Tone
from bot.kit.text import Block, bold, code, para, small
from bot.kit.wording import _, ngettext, say

MOST_NAMES = 5


def corrected(told: Correction, names: Sequence[str], unnamed: int) -> Reply:
    """Tell what is right now and how many people's points changed, or that this comes later; and who helped."""
    blocks: list[Block] = [para(bold(told.question.stem))]
    if told.people is None:
        blocks.append(para(_("It is being asked now; the answer comes with its end.")))
        if told.marks_old:
            blocks.append(para(_("The poll still marks the old answer; what counts is told at the end.")))
    else:
        answer = "; ".join(option.text for option in told.question.answer)
        words = _("In this order: {answer}") if told.question.how is Kind.ORDER else _("Right is: {answer}")
        points = ngettext("The points of {count} person changed.", "The points of {count} people changed.", told.people)
        blocks += [para(say(words, answer=bold(answer))), para(points.format(count=told.people))]
    if names or unnamed:
        blocks.append(para(_thanks(names, unnamed)))
    title = _("A correction was taken back") if told.is_back else _("A question was corrected")
    return Reply(tuple(blocks), title=title, tone=Tone.GOOD, look="questions.corrected")


def _thanks(names: Sequence[str], unnamed: int) -> str:
    named = ", ".join(names[:MOST_NAMES])
    others = unnamed + max(0, len(names) - MOST_NAMES)
    if not named:
        return _("Thanks to whoever told us.")
    if not others:
        return _("Thanks for telling us: {names}.").format(names=named)
    words = ngettext(
        "Thanks for telling us: {names} and {count} more.", "Thanks for telling us: {names} and {count} more.", others
    )
    return words.format(names=named, count=others)


def waits() -> Reply:
    """Tell moderators that somebody should look, without a name."""
    return Reply((small(say(_("A question waits for a moderator: {command}"), command=code("/question flagged"))),))
