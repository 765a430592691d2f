"""How milestones read to whoever asks: the learner's card and what leads to it. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.contributions import Gate
from bot.domain.curriculum.shapes import Stage
from bot.domain.links import no_link
from bot.features.milestones import actions, rules
from bot.features.milestones.card import Standing, State
from bot.features.milestones.posts import project, rubric
from bot.features.milestones.rules import Outcome
from bot.kit.markup import marked
from bot.kit.reply import Button, Choice, Field, FieldKind, Form, Menu, Reply, Style, Tone, notice, rows
from bot.kit.text import (
    Block,
    Blocks,
    Quote,
    Spans,
    When,
    Words,
    bold,
    bullets,
    code,
    heading,
    join,
    para,
    small,
    spans,
)
from bot.kit.wording import _, quoted, say


def card(
    standing: Standing,
    stages: Sequence[Stage],
    gate: Gate | None,
    word: Words = "",
    *,
    is_refused: bool = False,
    asking: str = "",
) -> Reply:
    """Show how far somebody is.

    ``word`` says what was just done, or why it was not (``is_refused``); ``asking``, what asking for a review shows.
    """
    stage = standing.stage
    blocks: list[Block] = [para(word)] if word else []
    blocks.append(para(marked(stage.milestone.text)))
    blocks.append(bullets(_steps(standing)))
    if standing.project is not None:
        blocks += project(standing.project.link, standing.project.summary)
    blocks += _news(standing)
    if standing.badge is None:
        blocks += [heading(_("What reviewers look at"), level=3), rubric(stage)]
    if asking and _is_ready(standing, gate):
        blocks.append(small(asking))
    buttons = _buttons(standing, gate)
    others = tuple(
        Choice(
            _stage(other), actions.SHOW.data(stage=other.number), _("reached") if other.id in standing.reached else ""
        )
        for other in stages
        if other is not stage
    )
    return Reply(
        tuple(blocks),
        title=_("Milestone of stage {number} · {title}").format(number=stage.number, title=stage.milestone.title),
        tone=Tone.WARNING if is_refused else Tone.GOOD if word or standing.badge is not None else Tone.NEUTRAL,
        buttons=rows(buttons, 3),
        menu=Menu(_("Another stage"), others) if others else None,
        only_you=True,
        edits=True,
        look="milestones.card",
    )  # fmt: skip


def _stage(stage: Stage) -> str:
    """Name a stage by word and number: a bare number would be read as the number of the entry in a list."""
    return _("Stage {number} · {title}").format(number=stage.number, title=stage.milestone.title)[:80]


def _steps(standing: Standing) -> list[Spans]:
    lines: list[Spans] = []
    if standing.needs_test:
        lines.append(
            say(_("✔ Test passed on {when}"), when=When(standing.is_tested))
            if standing.is_tested is not None
            else spans(_("○ Test of the stage: not passed yet"))
        )
    lines.append(spans(_("✔ Project given") if standing.project is not None else _("○ Project: no link yet")))
    asked = standing.request
    if (badge := standing.badge) is not None:
        when = _when(badge.reached_at)
        if badge.approver:
            words = _("✔ Approved by {name} in {place} on {when}")
            lines.append(say(words, name=badge.approver, place=badge.place, when=when))
        else:
            lines.append(say(_("✔ Approved in {place} on {when}"), place=badge.place, when=when))
    elif asked is not None and asked.state is State.OPEN:
        words = _("◐ Review: asked for in {place} on {when}")
        lines.append(say(words, place=asked.place, when=_when(asked.asked_at)))
    elif standing.lacks:
        lines.append(spans(_("◐ Review: looked at, and something is still missing")))
    else:
        lines.append(spans(_("○ Review by a peer or moderator: not asked for yet")))
    return lines


def _news(standing: Standing) -> Blocks:
    """Say what became of an earlier request or badge, if that still matters."""
    if standing.badge is not None:
        return ()
    if standing.elsewhere is not None:
        words = _("You have this milestone in {place}. Here it can be looked at as well.")
        return (para(say(words, place=standing.elsewhere.place)),)
    asked, review, revoked = standing.request, standing.review, standing.revoked
    if standing.lacks and review is not None:
        told = (
            say(_("{name} looked at your project. Still missing:"), name=review.who)
            if review.who
            else spans(_("Somebody looked at your project. Still missing:"))
        )
        return para(told), Quote(spans(review.words))
    if revoked is not None and asked is not None and asked.id == revoked.request:
        words = _(
            "The moderators of {place} took this milestone back. Ask them what is missing; what you learned stays."
        )
        return (para(say(words, place=revoked.place)),)
    return ()


def _buttons(standing: Standing, gate: Gate | None) -> list[Button]:
    stage, number = standing.stage, standing.stage.number
    if standing.badge is not None:
        return []
    if standing.is_open and standing.request is not None:
        return [Button(_("Withdraw the request"), actions.WITHDRAW.data(number=standing.request.id))]
    is_tested = gate is None or standing.is_tested is not None
    found = []
    if gate is not None and not is_tested:
        found.append(Button(_("Take the test"), gate.data(stage.id), style=Style.PRIMARY))
    label = _("Give my project") if standing.project is None else _("Change my project")
    style = Style.PRIMARY if is_tested and standing.project is None else Style.NORMAL
    found.append(Button(label, actions.PROJECT.data(stage=number), style=style))
    style = Style.PRIMARY if _is_ready(standing, gate) else Style.NORMAL
    found.append(Button(_("Ask for a review"), actions.ASK.data(stage=number), style=style))
    return found


def _is_ready(standing: Standing, gate: Gate | None) -> bool:
    """Whether a review could be asked for now."""
    is_tested = gate is None or standing.is_tested is not None
    return is_tested and standing.project is not None and standing.badge is None and not standing.is_open


def asking(*, is_hidden: bool) -> str:
    """Say what asking for a review shows, before it is asked for; ``is_hidden``: from others, wherever possible."""
    if is_hidden:
        return _("You are hidden from lists here. Asking for a review shows your name, the link and your sentence to "
                 "everybody all the same; that you reached the milestone is not announced.")  # fmt: skip
    return _("Asking for a review shows your name, the link and your sentence to everybody here.")


def ask_project(stage: Stage, link: str, summary: str) -> Reply:
    """Ask for a link and a sentence."""
    fields = (
        Field("link", _("Link to your project"), hint=_("It begins with https://"), value=link[: rules.LONGEST_LINK],
              longest=rules.LONGEST_LINK, is_link=True),
        Field("summary", _("One sentence about it"), kind=FieldKind.TEXT, value=summary[: rules.LONGEST_SUMMARY],
              longest=rules.LONGEST_SUMMARY),
    )  # fmt: skip
    return Reply(form=Form(_("My project"), fields, actions.GIVEN.data(stage=stage.number), _("Save")), only_you=True)


def mend_project(stage: Stage, link: str, summary: str, *, is_link: bool) -> Reply:
    """Say what of a project cannot be taken, a link that is none or a sentence of no fitting length, and ask again.

    What was typed comes back with the form; ``is_link`` tells whether the link is one.
    """
    troubles = [] if is_link else [para(no_link(rules.LONGEST_LINK))]
    if not 0 < len(summary) <= rules.LONGEST_SUMMARY:
        words = _("Please say in one sentence what your project is, in at most {most} characters.")
        troubles.append(para(say(words, most=rules.LONGEST_SUMMARY)))
    kept = small(_("Nothing is saved yet, and nothing you typed is lost."))
    return replace(ask_project(stage, link, summary), blocks=(*troubles, kept), tone=Tone.WARNING)


def where(stage: Stage, communities: Sequence[tuple[int, str]], *, is_hidden: bool) -> Reply:
    """Ask which community should look at a project; ``is_hidden``: the asker is hidden from others elsewhere."""
    back = (Button(_("Back"), actions.SHOW.data(stage=stage.number)),)
    if not communities:
        words = _("I know no community of yours with a room for such posts. Ask me something in a group you are in; "
                  "its moderators choose the room with {command}.")  # fmt: skip
        return Reply((para(say(words, command=code("/setup"))),), buttons=(back,), only_you=True, edits=True)
    buttons = [
        Button(title[:60] or "–", actions.ASK_IN.data(stage=stage.number, community=number), style=Style.PRIMARY)
        for number, title in communities
    ]
    words = _("Who should look at your project? Everybody there will see your name, the link and your sentence.")
    blocks = [para(words)]
    if is_hidden:
        blocks.append(para(_("You are hidden from lists, but a request has to say whose it is. That you reached the "
                             "milestone is not announced.")))  # fmt: skip
    return Reply(tuple(blocks), buttons=(*rows(buttons, 2), back), only_you=True, edits=True)


def asked_word(outcome: Outcome, again: datetime | None = None) -> Words:
    """Say what came of asking, above the learner's card; ``again``: from when on it can be asked again."""
    match outcome:
        case Outcome.OPEN:
            return _("You have asked already; one review at a time.")
        case Outcome.REACHED:
            return _("You have this milestone there already.")
        case Outcome.NO_PROJECT:
            return _("Reviewers need something to look at. Give the link to your project first.")
        case Outcome.NO_TEST:
            return _("Pass the test of this stage first; it takes a few minutes.")
        case Outcome.NO_ROOM:
            return _("That community has not said yet where I may post. Its moderators choose a room with /setup.")
        case Outcome.NO_MEMBER:
            return _("I do not know you in that community, or you have left it. Ask me something there first.")
        case Outcome.NOT_TOLD:
            return say(_("I cannot see just now whether you are in that community. Type {command} there, or try again "
                         "in a minute."), command=code("/milestone"))  # fmt: skip
        case Outcome.TOO_SOON if again is not None:
            words = _("I post one request a day for you there. You can ask again from {when}.")
            return say(words, when=When(again))
        case _:
            return _("Asked. I will let you know when somebody has looked at it.")


def settled_word() -> str:
    """Say that a request is over."""
    return _("That request is over already.")


def withdrawn_word() -> str:
    """Say that a request was taken back."""
    return _("Taken back. Nobody is asked any more.")


def project_word(outcome: Outcome) -> str:
    """Say what came of giving a project."""
    if outcome is Outcome.OPEN:
        return _("A review of your project is under way. Withdraw it first if you want to change something.")
    return _("Saved.")


def no_stage(word: str, stages: Sequence[Stage]) -> Reply:
    """Say that there is no such stage, with those there are."""
    buttons = [Button(_stage(stage)[:40], actions.SHOW.data(stage=stage.number)) for stage in stages]
    words = say(_("There is no stage called {word}. These have a milestone:"), word=quoted(word[:60]))
    return Reply((para(words),), buttons=rows(buttons, 2), only_you=True)


def how_to(example: str) -> Reply:
    """Show how something is typed."""
    return Reply((para(say(_("Please type it like this: {example}"), example=code(example))),), only_you=True)


def only_in_communities() -> Reply:
    """Say that this belongs into a community."""
    return Reply(
        (para(_("That is about a community. Please type it in the group, channel or server it is meant for.")),),
        only_you=True,
    )


def gone() -> Reply:
    """Say that a stage is no longer there."""
    return notice(_("This stage is no longer on the roadmap. /milestone shows those that are."))


def lines(titles: Sequence[str]) -> Blocks:
    """Tell in ``/progress`` which milestones somebody reached."""
    if not titles:
        return ()
    return (para(bold(_("Milestones: ")), join(titles)),)


def _when(at: int) -> When:
    return When(datetime.fromtimestamp(at, UTC))
