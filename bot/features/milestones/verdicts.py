"""How milestones read to reviewers, and to moderators who take one back. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.domain.curriculum.shapes import Stage
from bot.features.milestones import actions, rules
from bot.features.milestones.card import Ask, Badge
from bot.features.milestones.posts import checklist, project
from bot.features.milestones.rules import Outcome
from bot.kit.reply import Button, Field, FieldKind, Form, Reply, Style, Tone, notice
from bot.kit.text import bold, code, para
from bot.kit.wording import _, ngettext, quoted, say

MOST: Final = 25
"""So many choices fit a form on every platform."""


def no_review(outcome: Outcome) -> Reply:
    """Say why somebody cannot judge a request."""
    match outcome:
        case Outcome.OWN:
            return notice(_("This is your own project; somebody else has to look at it."))
        case Outcome.NO_REVIEWER:
            return notice(_("Hosts, moderators and people who have this milestone can answer. Yours comes first: "
                            "/milestone."))  # fmt: skip
        case Outcome.SETTLED:
            return notice(_("Somebody has answered this already, or it was taken back."))
        case _:
            return notice(_("I know of no such request here any more."))


def confirm(ask: Ask, stage: Stage) -> Reply:
    """Go through the rubric once more before an approval counts."""
    words = _("You have looked at the project of {name}, and all of this is there?")
    return Reply(
        (para(say(words, name=bold(ask.name))), checklist(stage), *project(ask.link, ask.summary)),
        title=_("Approve: {title}").format(title=stage.milestone.title),
        buttons=(
            (
                Button(_("Yes, all of it"), actions.APPROVED.data(number=ask.id), style=Style.PRIMARY),
                Button(_("Say what is missing"), actions.MISSING.data(number=ask.id)),
            ),
        ),
        only_you=True,
        in_place=True,
    )


def counts(ask: Ask, stage: Stage) -> Reply:
    """Thank a reviewer for an approval, where others may read it; who asked is named only with a name."""
    title = bold(stage.milestone.title)
    if ask.name:
        said = say(_("It counts: {name} has {title}. Thank you for looking."), name=bold(ask.name), title=title)
    else:
        said = say(_("It counts: {title}. Thank you for looking."), title=title)
    return Reply((para(said),), tone=Tone.GOOD, only_you=True, in_place=True, edits=True)


def ask_missing(ask: Ask) -> Reply:
    """Ask what is still missing."""
    label = _("What is still missing?")
    field = Field("words", label, kind=FieldKind.TEXT, longest=rules.LONGEST_WORDS,
                  hint=_("Only the learner reads it. Kind and concrete helps most."))  # fmt: skip
    return Reply(
        form=Form(_("Say what is missing"), (field,), actions.SAID.data(number=ask.id), _("Send")), only_you=True
    )


def no_words() -> Reply:
    """Ask for words of the right length."""
    words = ngettext("Please write up to {count} character.", "Please write up to {count} characters.",
                     rules.LONGEST_WORDS)  # fmt: skip
    return notice(say(words, count=rules.LONGEST_WORDS))


def sent() -> Reply:
    """Thank a reviewer for an answer."""
    return notice(_("Sent, to the learner alone. Thank you for looking."))


def nobody(name: str, stage: Stage) -> Reply:
    """Say that nobody of that name has a milestone."""
    words = _("Nobody here called {name} has {title}.")
    return Reply((para(say(words, name=quoted(name[:60]), title=bold(stage.milestone.title))),), only_you=True)


def really_revoke(badges: Sequence[Badge]) -> Reply:
    """Ask whose milestone is to be taken back, among those that could be meant, or once more if it is one.

    As a form it is asked of the moderator alone on every platform, and its answer comes to them alone.
    """
    hint = _("The badge, the news about it and the role go. Only they are told, kindly.")
    field = Field(
        "whose", _("Whose milestone goes?"), kind=FieldKind.CHOICE, hint=hint,
        choices=tuple((str(badge.id), f"{badge.name[:40] or '–'} · {badge.title[:40]}") for badge in badges[:MOST]),
    )  # fmt: skip
    return Reply(
        form=Form(_("Take a milestone back"), (field,), actions.REVOKED.data(badge=badges[0].id), _("Take it back")),
        only_you=True,
    )


def revoked(badge: Badge) -> Reply:
    """Say that a milestone was taken back."""
    words = _("Taken back: {title} of {name}. It stands in {command}, without the name.")
    return Reply(
        (para(say(words, title=bold(badge.title), name=badge.name, command=code("/settings changes"))),),
        only_you=True, edits=True,
    )  # fmt: skip


def no_badge() -> Reply:
    """Say that there is no such milestone."""
    return notice(_("Nobody has that milestone here any more."))


def too_late() -> Reply:
    """Say how an old milestone is taken back."""
    return notice(
        _("That was more than 30 days ago. To take it back, type /milestone revoke with the name and the stage.")
    )
