"""How a question looks to moderators: what it says, what people say of it, what answers tell. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.contributions import Figures
from bot.domain.questions import draw
from bot.domain.questions.shapes import Kind as Asked
from bot.domain.questions.shapes import Question
from bot.domain.questions.store import Kind
from bot.features.questions import actions, rules
from bot.features.questions.card import Deed, Line, View, deeds
from bot.features.questions.replies.flags import REASONS
from bot.kit.reply import Button, Choice, Menu, Reply, Style, Tone, rows
from bot.kit.text import (
    Block,
    Facts,
    Moment,
    Quote,
    Spans,
    Spoiler,
    When,
    bold,
    bullets,
    code,
    join,
    para,
    small,
    spans,
)
from bot.kit.wording import N_, _, decimal, ngettext, say

MOST_LINES = 25
MOST_NOTES = 10
MOST_DEEDS = 3
_DEEDS = {
    Kind.ADDED: (N_("written by {who} on {when}"), N_("written by {who} on {when}")),
    Kind.FIXED: (N_("fixed by {who} on {when}"), N_("fixed by {who} on {when} (taken back)")),
    Kind.RETIRED: (N_("retired by {who} on {when}"), N_("retired by {who} on {when} (taken back)")),
    Kind.PLAIN: (N_("put back by {who} on {when}"), N_("put back by {who} on {when} (taken back)")),
    Kind.HIDDEN: (
        N_("hidden on {when}, because people flagged it"),
        N_("hidden on {when}, because people flagged it"),
    ),
}
"""What was done, and what is said if it was taken back."""
_LEVELS = {"easy": N_("easy"), "medium": N_("medium"), "hard": N_("hard")}
_TELLS = (N_("not at all"), N_("hardly"), N_("well"))


def listed(lines: Sequence[Line]) -> Reply:
    """List the questions that wait for a moderator."""
    add = (Button(_("Add a question"), actions.ADD.data()), Button(_("Import questions"), actions.IMPORT.data()))
    if not lines:
        words = _("No question waits for you. When somebody presses “Something wrong?”, it will be listed here.")
        meanwhile = _("Meanwhile you can look at any question by words of it, as in {example}, and fix or retire it, "
                      "or bring questions of your own.")  # fmt: skip
        blocks = (para(words), para(say(meanwhile, example=code("/question show knn"))))
        return Reply(blocks, title=_("Flagged questions"), buttons=(add,), only_you=True,
                     in_place=True, edits=True, look="questions.list")  # fmt: skip
    shown = bullets(_line(line) for line in lines[:MOST_LINES])
    choices = tuple(
        Choice(rules.briefly(line.stem), actions.SHOW.data(question=line.question)) for line in lines[:MOST_LINES]
    )
    told: list[Block] = [shown]
    if (more := len(lines) - MOST_LINES) > 0:
        told.append(small(ngettext("{count} more waits.", "{count} more wait.", more).format(count=more)))
    return Reply(tuple(told), title=_("Flagged questions"), menu=Menu(_("Look at one"), choices), buttons=(add,),
                 only_you=True, in_place=True, edits=True, look="questions.list")  # fmt: skip


def _line(line: Line) -> Spans:
    counts = ", ".join(f"{_(REASONS[reason])} ({count})" for reason, count in line.reasons.items())
    state = _("hidden") if line.kind is Kind.HIDDEN else ""
    return spans(bold(line.stem), " · ", " · ".join(filter(None, (state, counts))), " · ", code(line.question))


def kept(view: View, *, zone: str, word: str = "", change: int | None = None) -> Reply:
    """Show of a question that is being asked only what everybody may read: it may stand before those who answer it."""
    blocks = [
        *_heading(view, word),
        *draw.asked(view.question),
        para(_("It is being asked here now, so I show what is right to moderators alone until it ends.")),
    ]
    if told := _history(view, zone):
        blocks.append(Facts(((_("History"), told),)))
    alone = Button(_("Show it to me alone"), actions.LOOK.data(question=view.question.id), style=Style.PRIMARY)
    return Reply(
        tuple(blocks), title=view.question.id, tone=Tone.GOOD if change is not None else Tone.NEUTRAL,
        buttons=((alone,), *_buttons(view, change)), only_you=True, in_place=True, edits=True, look="questions.kept",
    )  # fmt: skip


def apart(card: Reply, place: str) -> Reply:
    """Return the whole card of a question for a moderator alone, away from ``place``, where its buttons stay."""
    words = _("What can be done with it stands where you pressed, in {place}.")
    where = small(say(words, place=bold(place or _("the group"))))
    return replace(card, blocks=(*card.blocks, where), buttons=(), in_place=False, edits=False)


def one(
    view: View, *, topic: str, source: str, zone: str, word: str = "", change: int | None = None,
    is_alone: bool = False,
) -> Reply:  # fmt: skip
    """Show a question with everything known of it, and what can be done; ``word`` says what was just done.

    What is right stays behind spoilers unless the moderator ``is_alone``, and so does whatever would tell it: how many
    were right, what was chosen, and what people say of it.
    """
    question = view.question
    blocks = _heading(view, word)
    if view.is_family:
        blocks.append(small(_("Made from numbers, so everybody gets other ones. This is one example.")))
    blocks += [*draw.asked(question), *_solved(question, is_alone=is_alone)]
    facts: list[tuple[str, Spans]] = [(_("Topic"), spans(topic)), (_("Level"), spans(_level(question)))]
    if source:
        facts.append((_("Source"), spans(source)))
    if told := _history(view, zone):
        facts.append((_("History"), told))
    blocks.append(Facts(tuple(facts)))
    blocks += _said(view, is_alone=is_alone)
    if view.figures is not None:
        blocks.append(_figures(view.figures, question, is_alone=is_alone))
    return Reply(
        tuple(blocks), title=question.id, tone=Tone.GOOD if change is not None else Tone.NEUTRAL,
        buttons=_buttons(view, change), only_you=True, in_place=True, edits=True, look="questions.one",
    )  # fmt: skip


def _heading(view: View, word: str) -> list[Block]:
    """Say what was just done, and whether it is asked at all."""
    blocks: list[Block] = [para(word)] if word else []
    if view.kind is Kind.HIDDEN:
        blocks.append(para(bold(_("It is hidden until you decide."))))
    elif view.kind is Kind.RETIRED:
        blocks.append(para(bold(_("It is retired: nobody is asked it any more."))))
    return blocks


def order_of(question: Question) -> draw.Order:
    """Return the order in which moderators see the options, wherever they stand."""
    return draw.shown_order(question, question.id)


def _solved(question: Question, *, is_alone: bool) -> list[Block]:
    """Return the options with what is right: plain for a moderator alone, else behind spoilers with a name each."""
    order = order_of(question)
    if is_alone:
        return list(draw.solution(question, order))
    lettered = draw.lettered(question, order)
    letters = {option: letter for letter, option in lettered}
    is_order = question.how is Asked.ORDER
    right = [f"{letters[option]}. {option.text}" for option in question.answer]
    answer = Spoiler(spans((" → " if is_order else "; ").join(right)))
    reasons = [f"{letter}. {option.why}" if is_order else f"{'✔' if option in question.answer else '✘'} {letter}. "
               f"{option.why}" for letter, option in lettered]  # fmt: skip
    why = Spoiler(spans("\n".join((question.explanation, *reasons))))
    return [
        Facts(tuple((letter, spans(option.text)) for letter, option in lettered)),
        para(say(_("In this order: {answer}") if is_order else _("The answer: {answer}"), answer=answer)),
        para(say(_("Why: {reasons}"), reasons=why)),
    ]


def _level(question: Question) -> str:
    label = _LEVELS[question.level]
    return _(label)


def _history(view: View, zone: str) -> Spans:
    """Tell where a question comes from and what was done to it since; nothing where nothing was."""
    done = deeds(view)
    if not done:
        return ()
    first = spans(_("came with Roadmate")) if view.written is None else _deed(done.pop(0), zone)
    return join((first, *(_deed(one, zone) for one in done[-MOST_DEEDS:])), "; ")


def _deed(one: Deed, zone: str) -> Spans:
    holds, is_over = _DEEDS[one.kind]
    when = When(datetime.fromtimestamp(one.change.at, UTC), Moment.DATE, zone)
    return say(_(is_over if one.is_over else holds), who=bold(one.change.who or _("somebody erased since")), when=when)


def _said(view: View, *, is_alone: bool) -> list[Block]:
    """Say what people say, without saying who."""
    if not view.flags:
        return []
    counts: dict[str, int] = {}
    for flag in view.flags:
        counts[flag.reason] = counts.get(flag.reason, 0) + 1
    words = ngettext("{count} person says:", "{count} people say:", len(view.flags)).format(count=len(view.flags))
    reasons = ", ".join(f"{_(REASONS[reason])} ({count})" for reason, count in counts.items())
    notes = [flag.note for flag in view.flags if flag.note]
    return [para(bold(words), " ", reasons), *(Quote(_veiled(note, is_alone=is_alone)) for note in notes[:MOST_NOTES])]


def _veiled(words: str, *, is_alone: bool) -> Spans:
    return spans(words if is_alone else Spoiler(spans(words)))


def _figures(found: Figures, question: Question, *, is_alone: bool) -> Block:
    def veiled(words: str) -> Spans:
        return _veiled(words, is_alone=is_alone)

    def counted(right: int, count: int) -> Spans:
        words = ngettext("{right} of {count} answer right", "{right} of {count} answers right", count)
        return say(words, right=veiled(str(right)), count=count)

    if not found.answers and not found.earlier:
        return small(_("Nobody has answered it here yet."))
    if not found.answers:
        words = ngettext(
            "Nobody has answered it in these words yet. Before they were changed: {right} of {count} answer right.",
            "Nobody has answered it in these words yet. Before they were changed: {right} of {count} answers right.",
            found.earlier,
        )
        return small(say(words, right=veiled(str(found.earlier_right)), count=found.earlier))
    facts = [(_("Answers"), counted(found.right, found.answers))]
    if found.earlier:
        facts.append((_("Before the words were changed"), counted(found.earlier_right, found.earlier)))
    shares = [
        f"{draw.LETTERS[number]} {round(100 * found.options.get(place, 0) / found.answers)} %"
        for number, place in enumerate(order_of(question))
    ]
    if found.options:
        facts.append((_("Chosen"), veiled(", ".join(shares))))
    if found.discrimination is not None:
        facts.append((_("Tells who knows the topic"), veiled(_(_TELLS[rules.tells_apart(found.discrimination)]))))
    if found.seconds is not None:
        facts.append((_("Half answer within"), spans(_("{count} s").format(count=decimal(f"{found.seconds:g}")))))
    return Facts(tuple(facts))


def _buttons(view: View, change: int | None) -> tuple[tuple[Button, ...], ...]:
    question, name, seen = view.question, view.question.id, view.seen
    found: list[Button] = []
    if not view.kind.is_asked or view.flags:
        label = _("It is fine") if view.kind.is_asked else _("Show again")
        found.append(Button(label, actions.AGAIN.data(question=name, seen=seen), style=Style.PRIMARY))
    if view.kind is not Kind.RETIRED:
        if not view.is_family:
            found.append(Button(_("Fix the words"), actions.FIX.data(question=name)))
            if question.how in rules.SWAPPED and question.wrong:
                found.append(Button(_("Another answer is right"), actions.KEYS.data(question=name)))
        if view.history and view.history[0].body != view.original:
            found.append(Button(_("Back to the first wording"), actions.RESTORE.data(question=name, seen=seen)))
        found.append(Button(_("Retire"), actions.RETIRE.data(question=name, seen=seen), style=Style.DANGER))
    last = [Button(_("Flagged questions"), actions.LIST.data())]
    if change is not None:
        last.insert(0, Button(_("Undo"), actions.UNDO.data(change=change)))
    return (*rows(found, 2), tuple(last))


def keys(view: View, *, is_alone: bool) -> Reply:
    """Ask which option is right; what is called right now stays behind a spoiler unless the moderator ``is_alone``.

    All options can be chosen, as they are shown: one left out, or always in the same place, would be known as right.
    """
    question = view.question
    buttons = tuple(
        (Button(question.options[place].text, actions.KEY.data(question=question.id, seen=view.seen, place=place)),)
        for place in order_of(question)
    )
    now = question.answer[0].text
    back = Button(_("Back"), actions.SHOW.data(question=question.id))
    blocks = (
        *draw.asked(question),
        para(say(_("Now right: {answer}"), answer=bold(now) if is_alone else Spoiler(spans(now)))),
        para(_("Which one is right instead? Points will follow, and the reasons can be written afterwards.")),
    )
    return Reply(blocks, title=question.id, buttons=(*buttons, (back,)), only_you=True, in_place=True, edits=True)
