"""How the first message, the steps of ``/setup`` and its last card read. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.features.setup import actions
from bot.kit.platform import Lacking, Room
from bot.kit.preference import Preference
from bot.kit.reply import Button, Field, Form, Reply, Style, Tone, notice, reply, rows
from bot.kit.text import Block, Facts, Spans, When, bold, bullets, code, heading, para, small, spans
from bot.kit.wording import N_, _, say

ROOM = "room"
LOOK: Final = "quiz-style"
_LOOKS: Final = {"poll": N_("Poll: everyone sees who chose what"), "buttons": N_("Buttons: only you see your answer")}


@dataclass(frozen=True, slots=True)
class Changed:
    """What a press changed in a community that was set up before, in words, and the change's number."""

    what: str
    before: str
    after: str
    number: int


def hello() -> Reply:
    """Say once, when let in, what the bot does and keeps, and how to begin."""
    return Reply(
        (
            para(_("Hello, I am Roadmate. I help people learn machine learning together: a roadmap, one next step for "
                   "each, and what moderators plan here.")),
            para(say(_("Everybody can try {roadmap} and {next} now."), roadmap=code("/roadmap"), next=code("/next"))),
            small(say(_("I keep what people ask me and mark, and read no other messages; {privacy} shows and wipes it. "
                        "I stay silent until a moderator sets me up."), privacy=code("/privacy"))),
        ),
        buttons=((Button(_("Set up"), actions.BEGIN.data(), style=Style.PRIMARY),),),
        look="setup.hello",
    )  # fmt: skip


def step(
    preference: Preference, value: str, number: int, count: int, *, back: str, guessed: bool, hint: Spans
) -> Reply:
    """Ask for one thing, with what people will see."""
    kind = preference.kind
    offered: dict[str, str] = {}
    for choice in (value, *kind.choices) if kind.is_open else kind.choices:  # of a short list each keeps its place
        offered.setdefault(kind.show(choice), choice)
    buttons = [
        Button(
            kind.show(choice)[:80], actions.SET.data(name=preference.name, value=choice),
            style=Style.PRIMARY if choice == value else Style.NORMAL,
        )
        for choice in offered.values()
        if len(choice) <= actions.SET.codecs["value"].width and choice
    ]  # fmt: skip
    blocks: list[Block] = [para(_(preference.summary))]
    if guessed:
        blocks.append(para(say(_("I guess {value}. Is that right?"), value=bold(kind.show(value)))))
    if hint:
        blocks.append(para(hint))
    if preference.preview is not None and (shown := preference.preview(value if value in kind.choices else "")):
        blocks += [small(_("It would look like this:")), *shown]
    last = [Button(_("Type it"), actions.TYPE.data(name=preference.name))] if kind.is_open else []
    last += _back(back)
    return _card(_(preference.label), number, count, blocks, (*rows(buttons, 2), *([tuple(last)] if last else [])))


def ask(preference: Preference, example: str) -> Reply:
    """Ask for a value to be typed."""
    field = Field("value", _(preference.label)[:45], hint=example[:100])
    form = Form(_(preference.label)[:45], (field,), actions.TYPED.data(name=preference.name), _("Save"))
    return Reply(form=form, only_you=True)


def refused(sentence: Spans, preference: Preference) -> Reply:
    """Say why what was typed cannot be used."""
    buttons = (
        Button(_("Try again"), actions.TYPE.data(name=preference.name), style=Style.PRIMARY),
        Button(_("Back to the question"), actions.STEP.data(name=preference.name)),
    )
    return Reply((para(sentence),), tone=Tone.WARNING, buttons=(buttons,), only_you=True, in_place=True)


def where(rooms: Sequence[Room], current: Room | None, number: int, count: int, *, back: str, told: bool) -> Reply:
    """Ask where to post."""
    blocks: list[Block] = [para(_("Where shall I post what is planned?"))]
    if current is not None:
        blocks.append(para(say(_("Now: {value}"), value=bold(current.title))))
    if not told:
        blocks.append(para(_("I could not look at the places here just now; this one always works.")))
    blocks.append(
        small(
            say(_("For another topic or group, type {command} there: everything else is kept."), command=code("/setup"))
        )
    )
    chosen = current.to if current is not None else None
    buttons = [
        Button(
            (_("Here: {place}").format(place=room.title) if position == 0 else room.title)[:80],
            actions.ROOM.data(thread=room.to.thread),
            style=Style.PRIMARY if room.to == chosen or (chosen is None and position == 0) else Style.NORMAL,
        )
        for position, room in enumerate(rooms[:25])
    ]
    return _card(_("Place"), number, count, blocks, (*rows(buttons, 2), tuple(_back(back))))


def look(preference: Preference, value: str, number: int, count: int, *, back: str) -> Reply:
    """Ask whether the quiz is a poll, where a poll shows everybody who chose what."""
    words = _("How shall people answer the quiz here? Either way they learn at once whether they were right.")
    buttons = [
        Button(
            look_of(choice), actions.SET.data(name=preference.name, value=choice),
            style=Style.PRIMARY if choice == value else Style.NORMAL,
        )
        for choice in preference.kind.choices
    ]  # fmt: skip
    return _card(_(preference.label), number, count, (para(words),), (*rows(buttons, 1), tuple(_back(back))))


def look_of(value: str) -> str:
    """Return in words whether the quiz is a poll, and what that means where polls show their voters."""
    return _(_LOOKS[value])


def lacks(room: Room, lacking: Sequence[Lacking], following: str) -> Reply:
    """Name each right that is missing in a place, how to grant it, and what it costs to go without."""
    blocks: list[Block] = [para(say(_("In {place} I am missing:"), place=bold(room.title)))]
    blocks.append(bullets(spans(bold(one.right), ": ", one.cost, " ", one.grant) for one in lacking))
    again = Button(_("Check again"), actions.ROOM.data(thread=room.to.thread), style=Style.PRIMARY)
    buttons = [again, Button(_("Another place"), actions.STEP.data(name=ROOM))]
    if not any(one.vital for one in lacking):
        buttons.append(Button(_("Go on without"), actions.STEP.data(name=following)))
    return Reply(
        tuple(blocks), title=_("Missing rights"), tone=Tone.WARNING, buttons=rows(buttons, 3), only_you=True,
        in_place=True, edits=True,
    )  # fmt: skip


def gone(why: str) -> Reply:
    """Say that a place cannot be used."""
    again = Button(_("Choose a place"), actions.STEP.data(name=ROOM), style=Style.PRIMARY)
    return Reply(
        (para(say(_("I cannot post there ({why}). Please choose another place."), why=_(why))),), tone=Tone.WARNING,
        buttons=((again,),), only_you=True, in_place=True, edits=True,
    )  # fmt: skip


def finished(
    facts: Sequence[tuple[str, str]], coming: Sequence[tuple[datetime, str]], zone: str, *, may_undo: bool
) -> Reply:
    """Show what was set and what will happen when."""
    blocks: list[Block] = [Facts(tuple((name, spans(value)) for name, value in facts))]
    blocks.append(heading(_("What happens when"), level=3))
    if coming:
        blocks.append(bullets(spans(When(at, zone=zone), "  ", what) for at, what in coming))
    else:
        blocks.append(para(_("Nothing is planned yet. I stay silent until something is.")))
    blocks.append(
        small(say(_("See and change it: {schedule}, {settings}."), schedule=code("/schedule"),
                  settings=code("/settings community")))
    )  # fmt: skip
    buttons = [Button(_("Once more"), actions.BEGIN.data())]
    if may_undo:
        buttons.append(Button(_("Undo this set-up"), actions.UNDO.data(), style=Style.DANGER))
    return Reply(
        tuple(blocks), title=_("All set"), tone=Tone.GOOD, buttons=(tuple(buttons),), only_you=True, in_place=True,
        edits=True, look="setup.done",
    )  # fmt: skip


def again(asked: Reply) -> Reply:
    """Say above a question that the community is set up, so that nobody takes an old card for the first one."""
    return replace(asked, blocks=(small(_("Set up already; you are changing it.")), *asked.blocks))


def with_change(following: Reply, changed: Changed | None) -> Reply:
    """Say above what follows what was just changed, with a way to take it back."""
    if changed is None:
        return following
    words = _("{what} was {before} and is {after} now.")
    told = para(say(words, what=bold(changed.what), before=changed.before, after=bold(changed.after)))
    undo = Button(_("Undo: {what}").format(what=changed.what)[:40], actions.REVERT.data(change=changed.number))
    return replace(following, blocks=(told, *following.blocks), buttons=(*following.buttons, (undo,)))


def reverted(what: str | None) -> Reply:
    """Say that one change was taken back, or that it cannot be from here."""
    show = ((Button(_("What holds now"), actions.DONE.data(), style=Style.PRIMARY),),)
    if what is None:
        words = _("That was changed again since, is taken back already, or is not of your last hour. {command} lists "
                  "everything.")  # fmt: skip
        blocks = (para(say(words, command=code("/settings changes"))),)
    else:
        blocks = (para(say(_("Taken back: {what}."), what=what)),)
    return Reply(blocks, buttons=show, only_you=True, in_place=True, edits=True)


def undone(count: int) -> Reply:
    """Say that everything of this set-up was taken back."""
    if count == 0:
        return notice(_("There is nothing of yours from the last hour to take back."))
    again = Button(_("Set up"), actions.BEGIN.data(), style=Style.PRIMARY)
    return Reply(
        (para(_("I took back what you set in the last hour. I am as silent as before.")),), buttons=((again,),),
        only_you=True, in_place=True, edits=True,
    )  # fmt: skip


def only_in_communities() -> Reply:
    """Say where ``/setup`` belongs."""
    words = _("I set up groups, channels and servers. Add me to yours and type {command} there.")
    return reply(para(say(words, command=code("/setup"))), only_you=True)


def test_post() -> Reply:
    """What the test post says."""
    return Reply(
        (
            para(_("This is the test post you asked for: posting here works.")),
            small(
                say(_("It comes once. Moderators: {schedule} shows what else is planned."), schedule=code("/schedule"))
            ),
        ),
        look="setup.test",
    )


def _back(name: str) -> list[Button]:
    """Return the way to the question before; none at the first."""
    return [Button(_("Back"), actions.STEP.data(name=name))] if name else []


def _card(
    label: str, number: int, count: int, blocks: Sequence[Block], buttons: tuple[tuple[Button, ...], ...]
) -> Reply:
    title = _("{number} of {count}: {what}").format(number=number, count=count, what=label)
    return Reply(
        tuple(blocks), title=title, buttons=buttons, only_you=True, in_place=True, edits=True, look="setup.step"
    )
