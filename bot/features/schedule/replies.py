"""How the schedule reads. Pure wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.community import place_words
from bot.features.schedule import actions
from bot.features.schedule.rules import Line
from bot.kit.degrade import called
from bot.kit.reply import Button, Choice, Field, Form, Menu, Reply, Style, Tone, notice, reply, rows
from bot.kit.schedule import Daily, Every, Once, Planned, Weekly
from bot.kit.text import Block, Blocks, Spans, When, bold, bullets, code, para, small, spans
from bot.kit.wording import N_, _, ngettext, say

_DAYS = {1: N_("Mon"), 2: N_("Tue"), 3: N_("Wed"), 4: N_("Thu"), 5: N_("Fri"), 6: N_("Sat"), 7: N_("Sun")}


def listed(
    lines: Sequence[Line],
    paused: Sequence[tuple[int, str]],
    titles: Mapping[int, str],
    zone: str,
    *,
    moderates: bool,
    lacks_place: bool = False,
    told: Blocks = (),
) -> Reply:
    """List what happens in the next seven days, and what is paused; ``told`` says what was just done.

    ``lacks_place``: something of it is to be posted, and no place was chosen for that.
    """
    blocks: list[Block] = [*told]
    if lacks_place:
        blocks.append(place_words.nothing_comes())
    if lines:
        blocks.append(bullets(spans(When(line.at, zone=zone), "  ", line.title) for line in lines))
    else:
        blocks.append(para(_("Nothing is planned for the next seven days.")))
        if moderates and not titles:
            blocks.append(para(say(_("{command} plans the first things, in a few taps."), command=code("/setup"))))
    if paused:
        blocks.append(para(say(_("Paused: {what}."), what=", ".join(title for _plan, title in paused))))
    menu = None
    if moderates and titles:
        choices = tuple(Choice(title[:80], actions.OPEN.data(plan=plan)) for plan, title in list(titles.items())[:25])
        menu = Menu(_("Preview, move, pause, skip"), choices)
    return Reply(
        tuple(blocks), title=_("The next seven days"), menu=menu, only_you=True, in_place=True, edits=True,
        tone=Tone.WARNING if lacks_place else Tone.NEUTRAL, look="schedule.list",
        buttons=(place_words.ways_on(actions.HERE.data(plan=0)),) if lacks_place and moderates else (),
    )  # fmt: skip


def one(planned: Planned, title: str, *, can_preview: bool, told: Blocks = ()) -> Reply:
    """Show one plan and what can be done with it; ``told`` says what was just done."""
    plan = planned.plan
    blocks: list[Block] = [*told]
    blocks.append(para(rule_words(planned)))
    if planned.paused:
        blocks.append(para(_("It is paused.")))
    elif planned.due is not None:
        blocks.append(
            para(say(_("Next: {when}."), when=When(planned.due, zone=plan.zone)))
        )  # fmt: skip
    else:
        blocks.append(para(_("It is over.")))
    number = planned.id
    buttons = [Button(_("Preview"), actions.PREVIEW.data(plan=number))] if can_preview else []
    if planned.paused:
        buttons.append(Button(_("Go on"), actions.RESUME.data(plan=number), style=Style.PRIMARY))
    elif planned.due is not None:
        if not isinstance(plan.rule, Every):
            buttons.append(Button(_("Move"), actions.MOVE.data(plan=number)))
        buttons += [
            Button(_("Pause"), actions.PAUSE.data(plan=number)),
            Button(_("Skip the next"), actions.SKIP.data(plan=number)),
            Button(_("Run now"), actions.RUN.data(plan=number)),
        ]
    return Reply(
        tuple(blocks), title=title, tone=Tone.GOOD if told else Tone.NEUTRAL,
        buttons=(*rows(buttons, 3), (Button(_("Back"), actions.LIST.data()),)), only_you=True, in_place=True,
        edits=True, look="schedule.one",
    )  # fmt: skip


def rule_words(planned: Planned) -> Spans:
    """Say a rule in words."""
    zone = planned.plan.zone
    match planned.plan.rule:
        case Daily(at=at):
            return say(_("Every day at {time} ({zone})."), time=bold(f"{at:%H:%M}"), zone=called(zone))
        case Weekly(days=days, at=at):
            names = ", ".join(_(_DAYS[day]) for day in sorted(days))
            return say(_("{days} at {time} ({zone})."), days=names, time=bold(f"{at:%H:%M}"), zone=called(zone))
        case Every(minutes=minutes):
            words = ngettext("Every {count} minute.", "Every {count} minutes.", minutes)
            return say(words, count=minutes)
        case Once():
            return spans(_("Once."))


def preview(shown: Reply) -> Reply:
    """Show what would be posted now, for the asker alone."""
    lead = small(_("This is what would be posted now. Nobody else sees it:"))
    picture = shown.picture
    if picture is not None:
        picture = replace(picture, beside=(lead, *shown.below_picture))
    return Reply((lead, *shown.blocks), title=shown.title, picture=picture, only_you=True, look=shown.look)


def ask_time(planned: Planned, title: str) -> Reply:
    """Ask for another hour."""
    rule = planned.plan.rule
    now = "" if isinstance(rule, Every) else f"{rule.at:%H:%M}"
    field = Field("at", _("New time"), hint=_("Type it like 18:30"), value=now, longest=20)
    return Reply(form=Form(title[:45], (field,), actions.MOVED.data(plan=planned.id), _("Move")), only_you=True)


def refused(sentence: Spans, plan: int) -> Reply:
    """Say why a time cannot be used."""
    buttons = (
        Button(_("Try again"), actions.MOVE.data(plan=plan), style=Style.PRIMARY),
        Button(_("Leave it"), actions.OPEN.data(plan=plan)),
    )
    return Reply((para(sentence),), tone=Tone.WARNING, buttons=(buttons,), only_you=True, in_place=True)


def is_moved() -> Blocks:
    """Say that a plan has another time."""
    return (para(_("Moved.")),)


def is_paused() -> Blocks:
    """Say that a plan waits."""
    return (para(_("Paused. Nothing comes until you let it go on.")),)


def goes_on() -> Blocks:
    """Say that a plan is active again."""
    return (para(_("It goes on.")),)


def is_skipped() -> Blocks:
    """Say that the next time is left out."""
    return (para(_("The next one is left out.")),)


def is_running() -> Blocks:
    """Say that it is done once more, now."""
    return (para(_("It starts within seconds, besides what is planned.")),)


def back(plan: int) -> Button:
    """Return the way back to a plan; 0: to the list."""
    return Button(_("Back"), actions.OPEN.data(plan=plan) if plan else actions.LIST.data())


def cannot_move() -> Reply:
    """Say that this plan has no hour."""
    return notice(_("That has no time of day to move."))


def not_there() -> Reply:
    """Say that a plan is gone."""
    return notice(say(_("That is not planned here any more. {command} shows what is."), command="/schedule"))


def only_in_communities() -> Reply:
    """Say where the schedule belongs."""
    return reply(
        para(_("That is about a community. Please type it in the group, channel or server it is meant for.")),
        only_you=True,
    )
