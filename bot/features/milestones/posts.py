"""What is said about milestones unasked: in a community's room, and to a learner alone. Pure wording."""

from __future__ import annotations

from bot.domain.curriculum.shapes import Stage
from bot.features.milestones import actions
from bot.features.milestones.card import Ask, Badge
from bot.kit.markup import marked
from bot.kit.reply import Button, Reply, Style, Tone
from bot.kit.text import Block, Bullets, Quote, bold, bullets, code, heading, link, para, small, spans
from bot.kit.wording import _, say


def asked(ask: Ask, stage: Stage) -> Reply:
    """Ask a community to look at a project."""
    words = _("{name} asks you to look at a project for a milestone: {title} (stage {number}).")
    blocks: list[Block] = [
        para(say(words, name=bold(ask.name), title=bold(stage.milestone.title), number=stage.number)),
        *project(ask.link, ask.summary),
        heading(_("What to look at"), level=3),
        rubric(stage),
        small(_("Hosts, moderators and everybody who has this milestone can answer. Thank you for taking the time!")),
    ]
    return Reply(
        tuple(blocks),
        title=_("A project to look at"),
        buttons=(
            (
                Button(_("Approve"), actions.APPROVE.data(number=ask.id), style=Style.PRIMARY),
                Button(_("Say what is missing"), actions.MISSING.data(number=ask.id)),
            ),
        ),
        look="milestones.asked",
    )


def project(address: str, summary: str) -> tuple[Block, ...]:
    """Show a project as it was typed; nobody opens the link but whoever presses it."""
    return para(link(address, address)), Quote(spans(summary))


def rubric(stage: Stage) -> Bullets:
    """List what a milestone asks for."""
    return bullets(marked(line) for line in stage.milestone.evidence)


def approved(ask: Ask, stage: Stage, reviewer: str) -> Reply:
    """Say, in the place of the request, that it is approved; who asked or ``reviewer`` without a name is not named."""
    title = bold(stage.milestone.title)
    if not ask.name:
        said = say(_("A project was looked at and approved: {title}."), title=title)
        return Reply((para(said),), title=_("Approved"), tone=Tone.GOOD)
    if reviewer:
        words = _("{reviewer} looked at the project of {name} and approved it: {title}.")
        said = say(words, reviewer=reviewer, name=ask.name, title=title)
    else:
        said = say(_("The project of {name} was looked at and approved: {title}."), name=ask.name, title=title)
    return Reply((para(said), *project(ask.link, ask.summary)), title=_("Approved"), tone=Tone.GOOD)


def answered(ask: Ask, stage: Stage) -> Reply:
    """Say, in the place of the request, that there is an answer, and nothing of what it says."""
    title = bold(stage.milestone.title)
    if ask.name:
        said = say(
            _("{name} asked for a look at a project for {title}, and has an answer."), name=ask.name, title=title
        )
    else:
        said = say(_("Somebody asked for a look at a project for {title}, and has an answer."), title=title)
    return Reply((para(said),), title=_("Answered"))


def answer_waits(ask: Ask, stage: Stage) -> Reply:
    """Let somebody know, where they can be told nowhere else, that an answer waits for them."""
    command = code(f"/milestone {stage.number}")
    if not ask.name:
        words = _("Somebody took the time to look at a project. {command} shows their answer, to whoever asked alone.")
        return Reply((para(say(words, command=command)),))
    words = _("{name}, somebody took the time to look at your project. {command} shows their answer to you alone.")
    return Reply((para(say(words, name=bold(ask.name), command=command)),))


def reached(ask: Ask, stage: Stage) -> Reply:
    """Tell a community that somebody reached a milestone."""
    words = _("{name} reached {title}. Well done!")
    return Reply(
        (
            para(say(words, name=bold(ask.name), title=bold(stage.milestone.title))),
            para(marked(stage.milestone.text)),
            small(say(_("Your own next one: {command}"), command=code("/milestone"))),
        ),
        title=_("Milestone of stage {number}").format(number=stage.number),
        tone=Tone.GOOD,
        buttons=((Button(_("Take back"), actions.RECALL.data(number=ask.id)),),),
        look="milestones.reached",
    )


def you_reached(stage: Stage, reviewer: str) -> Reply:
    """Tell somebody that they reached a milestone; a ``reviewer`` without a name is not named."""
    title = bold(stage.milestone.title)
    if reviewer:
        words = _("You reached {title}. {reviewer} looked at your project and approved it. Well done!")
        said = say(words, title=title, reviewer=reviewer)
    else:
        words = _("You reached {title}. Somebody looked at your project and approved it. Well done!")
        said = say(words, title=title)
    return Reply(
        (
            para(said),
            small(say(_("Your milestones stand under {command}."), command=code("/progress"))),
        ),
        tone=Tone.GOOD,
    )


def still_missing(stage: Stage, reviewer: str, words: str) -> Reply:
    """Tell somebody what is still missing; a ``reviewer`` without a name is not named."""
    title = bold(stage.milestone.title)
    if reviewer:
        said = say(_("{reviewer} looked at your project for {title}. Still missing:"), reviewer=reviewer, title=title)
    else:
        said = say(_("Somebody looked at your project for {title}. Still missing:"), title=title)
    return Reply(
        (para(said), Quote(spans(words)), para(_("When it is there, ask again. You are close."))),
        buttons=((Button(_("My milestone"), actions.SHOW.data(stage=stage.number), style=Style.PRIMARY),),),
    )


def taken_back(badge: Badge, stage: Stage | None) -> Reply:
    """Tell somebody kindly that a milestone was taken back."""
    words = _("The moderators of {place} took your milestone {title} back. What you learned stays; ask them what is "
              "missing, and ask for a review again when it is there.")  # fmt: skip
    buttons = ((Button(_("My milestone"), actions.SHOW.data(stage=stage.number)),),) if stage is not None else ()
    return Reply((para(say(words, place=badge.place, title=bold(badge.title))),), buttons=buttons)


def nameless(*, is_news: bool) -> Reply:
    """Stand in for a post about somebody whose data was erased."""
    return Reply((para(_("Somebody reached a milestone.") if is_news else _("This request was taken back.")),))


def checklist(stage: Stage) -> Bullets:
    """List what a milestone asks for, to be gone through before it counts."""
    return bullets(spans("☐ ", marked(line)) for line in stage.milestone.evidence)
