"""How a question looks to moderators: what it says, what people say of it, what answers tell. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain.contributions import Figures
from bot.domain.questions import draw
from bot.domain.questions.shapes import Kind as Asked
from bot.domain.questions.shapes import Question
from bot.domain.questions.store import Change, Kind
from bot.features.questions import actions, rules
from bot.features.questions.card import Line, Outcome, Refusal, View
from bot.features.questions.replies.flags import REASONS
from bot.kit.reply import Button, Choice, Menu, Reply, Style, Tone, notice, rows
from bot.kit.text import Block, Facts, Quote, Spans, Spoiler, When, bold, bullets, code, join, para, small, spans
from bot.kit.wording import N_, _, decimal, ngettext, quoted, say

MOST_LINES = 25
MOST_NOTES = 10
_DONE = {
    Kind.PLAIN: N_("put back"),
    Kind.HIDDEN: N_("hidden"),
    Kind.RETIRED: N_("retired"),
    Kind.FIXED: N_("fixed"),
    Kind.ADDED: N_("added"),
}
_REFUSED = {
    Refusal.CHANGED_SINCE: N_("Somebody changed this meanwhile, so I left it alone. This is how it is now."),
    Refusal.RETIRED_ALREADY: N_("It is retired already."),
    Refusal.IS_RETIRED: N_("It is retired. Bring it back first, then it can be fixed."),
    Refusal.IS_FAMILY: N_("It is made anew from numbers for everybody, so it cannot be reworded. You can retire it."),
    Refusal.NOTHING_TO_RESTORE: N_("It reads as it did at first, so there is nothing to restore."),
    Refusal.UNFIT: N_("That option cannot be the right one of this question. Fix the words instead."),
}  # fmt: skip
_TELLS = (N_("not at all"), N_("hardly"), N_("well"))


def listed(lines: Sequence[Line]) -> Reply:
    """List the questions that wait for a moderator."""
    add = Button(_("Add a question"), actions.ADD.data())
    if not lines:
        words = _("No question waits for you. When somebody presses “Something wrong?”, it will be listed here.")
        return Reply((para(words),), title=_("Flagged questions"), buttons=((add,),), only_you=True, in_place=True,
                     edits=True, look="questions.list")  # fmt: skip
    shown = bullets(_line(line) for line in lines[:MOST_LINES])
    choices = tuple(
        Choice(line.stem[:80], actions.SHOW.data(question=line.question), line.question) for line in lines[:MOST_LINES]
    )
    blocks: list[Block] = [shown]
    if (more := len(lines) - MOST_LINES) > 0:
        blocks.append(small(ngettext("{count} more waits.", "{count} more wait.", more).format(count=more)))
    return Reply(tuple(blocks), title=_("Flagged questions"), menu=Menu(_("Look at one"), choices), buttons=((add,),),
                 only_you=True, in_place=True, edits=True, look="questions.list")  # fmt: skip


def _line(line: Line) -> Spans:
    counts = ", ".join(f"{_(REASONS[reason])} ({count})" for reason, count in line.reasons.items())
    state = _("hidden") if line.kind is Kind.HIDDEN else ""
    return spans(bold(line.stem), " · ", " · ".join(filter(None, (state, counts))))


def one(view: View, *, topic: str, source: str, zone: str, word: str = "", change: int | None = None) -> Reply:
    """Show a question with everything known of it, and what can be done; ``word`` says what was just done."""
    question = view.question
    blocks: list[Block] = [para(word)] if word else []
    if view.kind is Kind.HIDDEN:
        blocks.append(para(bold(_("It is hidden until you decide."))))
    elif view.kind is Kind.RETIRED:
        blocks.append(para(bold(_("It is retired: nobody is asked it any more."))))
    if view.is_family:
        blocks.append(small(_("Made from numbers, so everybody gets other ones. This is one example.")))
    blocks += [*draw.asked(question), *_solved(question)]
    facts: list[tuple[str, Spans]] = [(_("Topic"), spans(topic)), (_("Level"), spans(_level(question)))]
    if source:
        facts.append((_("Source"), spans(source)))
    if view.history:
        facts.append((_("Credit"), join((_credit(done, zone) for done in view.history[:3]), "; ")))
    blocks.append(Facts(tuple(facts)))
    blocks += _said(view)
    if view.figures is not None:
        blocks.append(_figures(view.figures, question))
    return Reply(
        tuple(blocks), title=question.id, tone=Tone.GOOD if change is not None else Tone.NEUTRAL,
        buttons=_buttons(view, change), only_you=True, in_place=True, edits=True, look="questions.one",
    )  # fmt: skip


def _order(question: Question) -> draw.Order:
    return draw.shown_order(question, question.id)


def _solved(question: Question) -> list[Block]:
    """Return the options, with what is right behind a spoiler: others may read along where a platform hides nothing."""
    blocks: list[Block] = []
    for letter, option in draw.lettered(question, _order(question)):
        sign = "" if question.how is Asked.ORDER else "✔ " if option in question.answer else "✘ "
        blocks.append(para(f"{letter}. {option.text}  ", Spoiler(spans(f"{sign}{option.why}"))))
    if question.how is Asked.ORDER:
        right = " → ".join(option.text for option in question.answer)
        blocks.append(para(_("In this order:"), " ", Spoiler(spans(right))))
    return [*blocks, para(Spoiler(spans(question.explanation)))]


def _level(question: Question) -> str:
    return _({"easy": N_("easy"), "medium": N_("medium"), "hard": N_("hard")}[question.level])


def _credit(done: Change, zone: str) -> Spans:
    when = When(datetime.fromtimestamp(done.at, UTC), zone=zone)
    if done.kind is Kind.HIDDEN and done.person is None:
        return say(_("hidden {when}, because people flagged it"), when=when)
    who = done.who or _("somebody erased since")
    return say(_("{what} by {who} {when}"), what=_(_DONE[done.kind]), who=bold(who), when=when)


def _said(view: View) -> list[Block]:
    """Say what people say, without saying who."""
    if not view.flags:
        return []
    counts: dict[str, int] = {}
    for flag in view.flags:
        counts[flag.reason] = counts.get(flag.reason, 0) + 1
    words = ngettext("{count} person says:", "{count} people say:", len(view.flags)).format(count=len(view.flags))
    reasons = ", ".join(f"{_(REASONS[reason])} ({count})" for reason, count in counts.items())
    notes = [flag.note for flag in view.flags if flag.note]
    return [para(bold(words), " ", reasons), *(Quote(spans(note)) for note in notes[:MOST_NOTES])]


def _figures(found: Figures, question: Question) -> Block:
    if not found.answers:
        return small(_("Nobody has answered it here yet."))
    words = ngettext("{right} of {count} answer right", "{right} of {count} answers right", found.answers)
    facts = [(_("Answers"), spans(words.format(right=found.right, count=found.answers)))]
    shares = [
        f"{draw.LETTERS[number]} {round(100 * found.options.get(place, 0) / found.answers)} %"
        for number, place in enumerate(_order(question))
    ]
    if found.options:
        facts.append((_("Chosen"), spans(", ".join(shares))))
    if found.discrimination is not None:
        facts.append((_("Tells who knows the topic"), spans(_(_TELLS[rules.tells_apart(found.discrimination)]))))
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


def keys(view: View) -> Reply:
    """Ask which option is right."""
    question = view.question
    buttons = tuple(
        (Button(option.text, actions.KEY.data(question=question.id, seen=view.seen, place=place)),)
        for place, option in enumerate(question.options)
        if place not in question.right
    )
    back = Button(_("Back"), actions.SHOW.data(question=question.id))
    blocks = (
        *draw.asked(question),
        para(say(_("Now right: {answer}"), answer=Spoiler(spans(question.answer[0].text)))),
        para(_("Which one is right instead? Points will follow, and the reasons can be written afterwards.")),
    )
    return Reply(blocks, title=question.id, buttons=(*buttons, (back,)), only_you=True, in_place=True, edits=True)


def done(outcome: Outcome, what: str) -> str:
    """Return what is said after a change, with what became of points."""
    if not outcome.people:
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
    choices = tuple(Choice(one.stem[:80], actions.SHOW.data(question=one.id), one.id) for one in guesses)
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
