"""What moderators read after what they did to a question, or why nothing was done. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.questions.shapes import Question
from bot.features.questions import actions, rules
from bot.features.questions.card import Outcome, Refusal
from bot.kit.reply import Choice, Menu, Reply, Tone, notice
from bot.kit.text import code, para
from bot.kit.wording import N_, _, ngettext, quoted, say

_REFUSED = {
    Refusal.CHANGED_SINCE: N_("Somebody changed this meanwhile, so I left it alone. This is how it is now."),
    Refusal.RETIRED_ALREADY: N_("It is retired already."),
    Refusal.IS_RETIRED: N_("It is retired. Bring it back first, then it can be fixed."),
    Refusal.IS_FAMILY: N_("It is made anew from numbers for everybody, so it cannot be reworded. You can retire it."),
    Refusal.NOTHING_TO_RESTORE: N_("It reads as it did at first, so there is nothing to restore."),
    Refusal.RIGHT_ALREADY: N_("That one is called right already, so nothing changed."),
    Refusal.UNFIT: N_("That option cannot be the right one of this question. Fix the words instead."),
}  # fmt: skip


def done(outcome: Outcome, what: str) -> str:
    """Return what is said after a change, with what became of points."""
    if outcome.is_told and outcome.view is not None and outcome.view.is_open:
        return f"{what} {_('I told everybody in your room that it was corrected; what is right comes with its end.')}"
    if not (outcome.people and outcome.is_told):
        return what
    told = ngettext(
        "The points of {count} person changed; I told everybody in your room.",
        "The points of {count} people changed; I told everybody in your room.",
        outcome.people,
    )
    return f"{what} {told.format(count=outcome.people)}"


def refused(why: Refusal) -> str:
    """Return why nothing was changed."""
    return _(_REFUSED[why])


def right_already() -> Reply:
    """Tell the moderator alone, who pressed what is right, that nothing changed."""
    return notice(refused(Refusal.RIGHT_ALREADY))


def hidden_no_more() -> str:
    """Say that a question is asked again."""
    return _("It is asked again, and the flags are settled.")


def is_fine() -> str:
    """Say that flags are settled."""
    return _("Good: it stays as it is, and the flags are settled.")


def is_retired() -> str:
    """Say that a question is not asked any more."""
    return _("Retired. Nobody is asked it any more; what was answered stays.")


def is_fixed() -> str:
    """Say that a question reads otherwise."""
    return _("Fixed. From now on everybody here reads it like this.")


def is_swapped() -> str:
    """Say that another option is right, and what is left to do."""
    return _("Corrected. The old reasons spoke for the other answer, so I took them out: “Fix the words” lets you "
             "write new ones.")  # fmt: skip


def is_restored() -> str:
    """Say that a question is as before."""
    return _("Restored.")


def is_undone() -> str:
    """Say that a change was taken back."""
    return _("Taken back. This is how it is now.")


def not_undone() -> Reply:
    """Say that a change stays."""
    return notice(_("That was changed again since, or is taken back already, so I left it alone."))


def unknown(text: str, guesses: Sequence[Question]) -> Reply:
    """Meet an unknown question half-way."""
    if not guesses:
        words = say(
            _("I know no question like {name}. {command} lists those that wait; or type words of the question."),
            name=quoted(text[:60]), command=code("/question flagged"),
        )  # fmt: skip
        return Reply((para(words),), tone=Tone.WARNING, only_you=True, in_place=True)
    choices = tuple(Choice(rules.briefly(one.stem), actions.SHOW.data(question=one.id), one.id) for one in guesses)
    words = say(_("Which question do you mean by {name}?"), name=quoted(text[:60]))
    return Reply((para(words),), menu=Menu(_("Choose one"), choices), only_you=True, in_place=True)


def which(word: str) -> Reply:
    """Ask which question something is to be done to."""
    words = say(_("Say which question, by its id or by words of it: {example}"), example=code(f"/question {word} q-…"))
    return Reply((para(words),), only_you=True, in_place=True)


def only_in_communities() -> Reply:
    """Say that this belongs into a community."""
    words = _("Questions are looked after by the community they are asked in. Please type it in the group, channel or "
              "server it is meant for.")  # fmt: skip
    return Reply((para(words),), only_you=True, tone=Tone.WARNING)
