"""What people read who say that something is wrong with a question. Pure wording."""

from __future__ import annotations

from bot.features.questions import actions
from bot.kit.reply import Button, Field, FieldKind, Form, Reply, Tone, notice
from bot.kit.text import code, para, small
from bot.kit.wording import N_, _, say

LONGEST_NOTE = 300
REASONS = {
    "answer": N_("The answer is wrong"),
    "two": N_("Two answers fit"),
    "words": N_("Unclear or misspelt"),
    "old": N_("Out of date"),
    "other": N_("Something else"),
}

ABOUT_THE_ANSWER = frozenset({"answer", "two"})


def why(question: str) -> Reply:
    """Ask what is wrong."""
    buttons = tuple(
        (Button(_(label), actions.WHY.data(question=question, reason=reason)),) for reason, label in REASONS.items()
    )
    who = _("Moderators see what you say, not who you are. If it is corrected, I thank you by name in the room. To "
            "stay unnamed, type {command}.")  # fmt: skip
    blocks = (para(_("What is wrong with this question?")), small(say(who, command=code("/settings shown off"))))
    return Reply(blocks, buttons=buttons, only_you=True, look="questions.why")


def note(question: str) -> Reply:
    """Let somebody say it in their own words."""
    field = Field("note", _("What is wrong?"), FieldKind.TEXT, longest=LONGEST_NOTE,
                  hint=_("A sentence or two for the moderators"))  # fmt: skip
    form = Form(_("Something wrong?"), (field,), actions.NOTE.data(question=question), _("Send"))
    return Reply(form=form, only_you=True)


def thanks(reason: str) -> Reply:
    """Say that it was heard, and what follows: points only where the answer may be another one."""
    words = (
        _("Thank you. A moderator will look at it. If it has to be corrected, so will the points be.")
        if reason in ABOUT_THE_ANSWER
        else _("Thank you. A moderator will look at it.")
    )
    return Reply((para(words),), tone=Tone.GOOD, only_you=True, edits=True)


def nowhere() -> Reply:
    """Say why nobody could be told, and where it can be said."""
    words = _("I can pass this on only to a community we share, and I know of none yet. Ask me something in your "
              "group, then press again: its moderators will hear of it.")  # fmt: skip
    return Reply((para(words),), only_you=True)  # the reasons stay where they are, to be pressed again


def unknown() -> Reply:
    """Say that a question is gone."""
    return notice(_("That question is not there any more, so there is nothing to mend. Thank you all the same."))
