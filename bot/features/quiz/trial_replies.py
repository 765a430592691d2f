"""How the two tests read. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.features.quiz import actions, gate
from bot.features.quiz.card import Standing
from bot.kit.reply import Button, Reply, Style, Tone, notice, rows
from bot.kit.text import Block, Moment, When, bold, bullets, code, para, small
from bot.kit.wording import _, ngettext, say


def level(
    run: int, stage: str, first: str, known: Sequence[tuple[str, int]], unmarked: int, buttons: Sequence[Button]
) -> Reply:
    """Say where to begin, and what seems known.

    Args:
        run: the placement.
        stage: number and title of the stage to begin with; empty if all of them hold.
        first: a sub-topic to look at before; may be empty.
        known: (sub-topic, how many core topics it has) that seem known.
        unmarked: how many of these topics are not marked as done yet.
        buttons: ways to begin.
    """
    if stage:
        blocks: list[Block] = [para(say(_("Begin with {stage}."), stage=bold(stage)))]
    else:
        blocks = [para(bold(_("You know your way through every stage.")), " ", _("Pick whatever you like next."))]
    if first:
        blocks.append(para(say(_("Before that, look at {subtopic} again."), subtopic=bold(first))))
    offered: list[Button] = []
    if known:
        blocks.append(para(_("You seem to know:")))
        blocks.append(bullets(f"{title} · {_topics(count)}" for title, count in known))
        if unmarked:
            offered = [
                Button(_("Mark them as done"), actions.KNOWN.data(run=run), style=Style.PRIMARY),
                Button(_("Not now"), actions.NOT_KNOWN.data(run=run)),
            ]
        blocks.append(small(_("One question stands for each part here, so look through it. Marks can be taken back.")))
    else:
        blocks.append(para(_("That is a fine place to be: everything from here on is new ground.")))
    laid = [tuple(offered)] if offered else []
    return Reply(
        tuple(blocks), title=_("Your level"), tone=Tone.GOOD, buttons=(*laid, *rows(list(buttons))), only_you=True,
        edits=True, look="quiz.level",
    )  # fmt: skip


def _topics(count: int) -> str:
    return ngettext("{count} topic", "{count} topics", count).format(count=count)


def not_marked(buttons: Sequence[Button]) -> Reply:
    """Say that nothing was marked."""
    words = say(
        _("All right, nothing is marked. {done} marks a topic when you like; {again} asks anew."),
        done=code("/done"), again=code("/placement"),
    )  # fmt: skip
    return Reply((para(words),), buttons=rows(list(buttons)), only_you=True, edits=True)


def marked_before() -> Reply:
    """Say that there is nothing to mark."""
    return notice(_("All of that is marked as done already."))


def gate_result(
    standing: Standing, stage: str, gaps: Sequence[tuple[str, Button | None]], again: datetime | None,
    buttons: Sequence[Button],
) -> Reply:  # fmt: skip
    """Say whether the test of a stage was passed, and what to read or to do.

    Args:
        standing: the test.
        stage: number and title.
        gaps: the weakest sub-topics, each with the button that opens it.
        again: when the next try may begin; None: now.
        buttons: what comes after passing.
    """
    count, correct = len(standing.asked), standing.correct
    words = ngettext("{correct} of {count} question right.", "{correct} of {count} questions right.", count)
    counted = words.format(correct=correct, count=count)
    if gate.is_passed(correct):
        blocks: list[Block] = [para(bold(_("Passed.")), " ", counted), para(_("You know your way around this stage."))]
        done = Button(
            _("Mark the stage as done"), actions.STAGE_DONE.data(stage=standing.run.about), style=Style.PRIMARY
        )
        tone, laid = Tone.GOOD, [*buttons, done]
    else:
        needed = _("{count} are needed.").format(count=gate.PASS)
        blocks = [para(bold(_("Not yet.")), f" {counted} {needed}")]
        if gaps:
            blocks += [para(_("Read again:")), bullets(name for name, _button in gaps)]
        tone = Tone.NEUTRAL
        laid = [Button(_("Practice this stage"), actions.BEGIN.data(about=standing.run.about), style=Style.PRIMARY)]
        if again is None:
            blocks.append(small(_("You can try again now.")))
            laid.append(Button(_("Try again"), actions.GATE.data(stage=standing.run.about)))
        else:
            blocks.append(small(say(_("You can try again {when}."), when=When(again, Moment.RELATIVE))))
        laid += [button for _name, button in gaps if button is not None]
    return Reply(
        tuple(blocks), title=_("Test of {stage}").format(stage=stage), tone=tone, buttons=rows(laid, 2), only_you=True,
        edits=True, look="quiz.gate",
    )  # fmt: skip


def over(stage: str, about: str) -> Reply:
    """Say that a try was ended by a newer one."""
    words = say(
        _("You began a newer test of {stage} since, so this one is over. Nothing was counted."), stage=bold(stage)
    )
    newer = Button(_("To the newer one"), actions.GATE.data(stage=about), style=Style.PRIMARY)
    return Reply((para(words),), buttons=((newer,),), only_you=True, edits=True)


def passed_before(stage: str, at: datetime, buttons: Sequence[Button]) -> Reply:
    """Say that a stage's test was passed already."""
    words = say(_("You passed the test of {stage} on {when}."), stage=bold(stage), when=When(at, Moment.DATE))
    return Reply((para(words),), tone=Tone.GOOD, buttons=rows(list(buttons)), only_you=True)


def tomorrow(stage: str, at: datetime, about: str) -> Reply:
    """Say that there is one try a day, and when the next one is."""
    words = say(
        _("One try a day: the next test of {stage} opens {when}. Until then, practice helps."),
        stage=bold(stage), when=When(at),
    )  # fmt: skip
    practice = Button(_("Practice this stage"), actions.BEGIN.data(about=about), style=Style.PRIMARY)
    return Reply((para(words),), buttons=((practice,),), only_you=True)


def no_test(name: str) -> Reply:
    """Say that there are too few questions for a test."""
    words = say(_("I have too few questions for a test of {name} yet."), name=bold(name or _("this stage")))
    return Reply((para(words),), only_you=True)


def no_placement() -> Reply:
    """Say that there is nothing to find somebody's level with."""
    words = say(_("I have no questions to find your level with. {command} shows where the road begins."),
                command=code("/roadmap"))  # fmt: skip
    return Reply((para(words),), only_you=True)
