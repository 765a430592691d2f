"""How practice and review read. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.questions import draw
from bot.domain.questions.draw import LETTERS, Order
from bot.domain.questions.shapes import Kind, Question
from bot.features.quiz import actions, card, rules
from bot.features.quiz.card import PLACEMENT, REVIEW, Answered, Note, Standing
from bot.kit.reply import Button, Field, Form, Reply, Style, Tone, notice
from bot.kit.text import Block, Blocks, Facts, Moment, Spans, When, bold, code, para, small, spans
from bot.kit.wording import _, decimal, ngettext, quoted, say

QUESTION = "quiz.question"
"""The look of a card that asks."""
BY_LETTERS = frozenset((Kind.SEVERAL, Kind.ORDER))


def question(standing: Standing, title: str, *, before: bool | None = None, slip: Spans = ()) -> Reply:
    """Ask the question that waits.

    ``before`` says whether the last answer was right, where nothing else tells; ``slip`` why what was typed just now is
    no answer.
    """
    asked, run, one = standing.question, standing.run.id, standing.waiting
    assert asked is not None  # noqa: S101 - only called while one waits
    assert one is not None  # noqa: S101
    order = order_of(asked, run, one.number)
    drawn = _drawn(asked, run, one.number)
    buttons, several, lead = drawn.buttons, None, (para(slip),) if slip else _lead(standing.note, before)
    if asked.how is Kind.NUMERIC or asked.how in BY_LETTERS:
        label, does = (_("Try again"), actions.TYPED) if slip else (_("Answer"), actions.TYPE)
        buttons = ((Button(label, does.data(run=run, number=one.number), style=Style.PRIMARY),),)
    if asked.how is Kind.SEVERAL:
        several = draw.several(asked, order, actions.SEVERAL.data(run=run, number=one.number), buttons[0][0])
    if standing.run.kind == PLACEMENT:
        buttons = (*buttons, (Button(_("I do not know"), actions.UNSURE.data(run=run, number=one.number)),))
    return Reply(
        (*lead, *drawn.blocks), title=heading(standing, standing.answered, title), buttons=buttons, several=several,
        tone=Tone.WARNING if slip else Tone.NEUTRAL, only_you=True, edits=True, look=QUESTION,
    )  # fmt: skip


def _drawn(asked: Question, run: int, number: int) -> Reply:
    """Return what a question looks like in a run, with a button for each option."""
    order = order_of(asked, run, number)
    return draw.card(asked, order, lambda place: actions.ANSWER.data(run=run, number=number, choice=place))


def _lead(note: Note, before: bool | None) -> Blocks:
    """Return what is to be said before the question that waits."""
    if note is Note.CHANGED:
        return (small(_("This question was corrected after I asked it, so I ask it anew. Nothing was counted.")),)
    if note is Note.GONE:
        return (small(_("The question that waited here was taken out. Here is another one.")),)
    if note is Note.TODAY:
        return (small(_("That is the question of the day now, so it waits for its answer. Here is another one.")),)
    if before is None:
        return ()
    return (small(_("Right.") if before else _("Noted. On we go.")),)


def _parting(note: Note) -> Blocks:
    """Return why the question that waited is not asked, where none comes after it."""
    if note is Note.GONE:
        return (small(_("The question that waited here was taken out.")),)
    if note is Note.TODAY:
        return (small(_("The question that waited here is the question of the day now. It comes back after that.")),)
    return ()


def at_most(asking: Reply, most: int) -> Reply:
    """Say above a question that fewer come than were asked for."""
    words = ngettext("{count} question at a time is the most.", "{count} questions at a time are the most.", most)
    return replace(asking, blocks=(small(words.format(count=most)), *asking.blocks))


def at_least(asking: Reply, usual: int) -> Reply:
    """Say above a question that none is too few, and how many come instead."""
    words = _("At least 1 question is asked at a time, so here are {count}.")
    return replace(asking, blocks=(small(words.format(count=usual)), *asking.blocks))


def of_stage(asking: Reply, number: int, title: str, level: str, *, is_bare: bool) -> Reply:
    """Say above a question which stage it is about, and after a bare number how to ask for so many questions."""
    told = say(_("Stage {number}: {title}."), number=number, title=title)
    if is_bare:
        words = ngettext(
            "For {count} question about anything, type {command}.",
            "For {count} questions about anything, type {command}.",
            number,
        )
        told = spans(told, " ", say(words, count=number, command=code(f"/quiz any {number} {level}".rstrip())))
    return replace(asking, blocks=(small(told), *asking.blocks))


def of_number(asking: Reply, count: int) -> Reply:
    """Say above a question that a number was read as how many, and where a topic would stand."""
    words = ngettext(
        "{count} question about whatever suits you. A topic goes before the number, as in {command}.",
        "{count} questions about whatever suits you. A topic goes before the number, as in {command}.",
        count,
    )
    told = say(words, count=count, command=code(f"/quiz python {count}"))
    return replace(asking, blocks=(small(told), *asking.blocks))


def unfinished(standing: Standing, title: str) -> Reply:
    """Offer to go on with what was begun today, or to begin anew."""
    usual = {REVIEW: _("review"), PLACEMENT: _("finding your level")}.get(standing.run.kind, _("whatever suits"))
    words = _("You are in the middle of a quiz: {topic}, {answered} of {count} answered.")
    go_on = Button(_("Go on"), actions.NEXT.data(run=standing.run.id), style=Style.PRIMARY)
    anew = Button(_("Begin anew"), actions.BEGIN.data(about=actions.ANYTHING))
    said = say(words, topic=bold(title or usual), answered=standing.answered, count=standing.run.length)
    return Reply((para(said),), buttons=((go_on, anew),), only_you=True)


def order_of(asked: Question, run: int, number: int) -> Order:
    """Return the order in which options are shown in a run."""
    return draw.shown_order(asked, f"{run}:{number}")


def heading(standing: Standing, before: int, title: str) -> str:
    """Return what stands above a question; ``before`` is how many were answered before it."""
    match standing.run.kind:
        case card.REVIEW:
            words = _("Review {number} of {count}")
        case card.PLACEMENT:
            words = _("Question {number}, at most {count}")
        case card.GATE:
            words = _("Test {number} of {count}")
        case _:
            words = _("Question {number} of {count}")
    line = words.format(number=before + 1, count=standing.run.length)
    return f"{line} · {title}" if title else line


def ask(asked: Question, run: int, number: int) -> Reply:
    """Let an answer be typed."""
    if asked.how is Kind.NUMERIC:
        hint = _("A number, such as 0.25") if not asked.unit else _("A number, in {unit}").format(unit=asked.unit)
    elif asked.how is Kind.ORDER:
        hint = _("The letters in order, such as {example}").format(example=LETTERS[: len(asked.options)][::-1])
    else:
        hint = _("The letters of all that are right, such as {example}").format(example="AC")
    field = Field("answer", _("Your answer"), hint=hint[:100], longest=40)
    form = Form(_("Your answer"), (field,), actions.TYPED.data(run=run, number=number), _("Send"))
    return Reply(form=form, only_you=True)


def ask_again(asked: Question, run: int, number: int) -> Reply:
    """Let an answer be typed once more, in the place of the card that said what was wrong with the last one."""
    drawn = _drawn(asked, run, number)
    return replace(ask(asked, run, number), blocks=drawn.blocks, edits=True)


def unreadable(asked: Question) -> Spans:
    """Say what kind of answer is needed."""
    if asked.how is Kind.NUMERIC:
        return say(_("That is no number I can read. Type it like {example}."), example=decimal("0.25"))
    if asked.how is Kind.ORDER:
        return say(
            _("Type the letter of every step once, in their order, for example {example}."),
            example=LETTERS[: len(asked.options)][::-1],
        )
    return say(_("Type letters of the options, each once, for example {example}."), example="AC")


def verdict(
    answered: Answered, number: int, title: str, buttons: Sequence[Button], offers: Sequence[Button] = ()
) -> Reply:
    """Say whether an answer was right, why, and go on. ``offers`` are what other features offer about the question."""
    asked, standing = answered.question, answered.standing
    told = draw.verdict(asked, answered.chosen, is_correct=answered.correct)
    blocks: list[Block] = [*draw.asked(asked)]
    if not answered.is_new:
        blocks.append(small(_("You had answered this already; your first answer counts.")))
    if answered.typed is not None:
        blocks.append(para(say(_("Your answer: {answer}"), answer=decimal(f"{answered.typed:.15g}"))))
        slip = draw.slip(asked, answered.typed) if not answered.correct else None
        if slip is not None:
            blocks.append(para(slip.why))
    elif answered.chosen:
        mine = "; ".join(asked.options[place].text for place in answered.chosen)
        blocks.append(para(say(_("Your answer: {answer}"), answer=mine)))
    blocks += told.blocks
    if answered.due is not None:
        blocks.append(small(say(_("It comes back {when}."), when=When(answered.due, Moment.RELATIVE))))
    laid = (tuple(offers),) if offers else ()
    last = standing.answered >= standing.run.length
    before = sum(one.number < number for one in standing.asked if one.correct is not None)
    onward = Button(_("Result") if last else _("Next question"), actions.NEXT.data(run=standing.run.id),
                    style=Style.PRIMARY)  # fmt: skip
    return Reply(
        tuple(blocks), title=heading(standing, before, title), tone=told.tone, buttons=((onward, *buttons), *laid),
        only_you=True, edits=True, look="quiz.verdict",
    )  # fmt: skip


def result(standing: Standing, weakest: str, weak_button: Button | None, due: int, coming: datetime | None) -> Reply:
    """Sum a run up, and say what to do next."""
    count, correct = len(standing.asked), standing.correct
    words = ngettext("{correct} of {count} question right.", "{correct} of {count} questions right.", count)
    blocks: list[Block] = [*_parting(standing.note), para(bold(words.format(correct=correct, count=count)))]
    if weakest:
        blocks.append(para(say(_("Worth another look: {topic}."), topic=bold(weakest))))
    elif count and correct == count:
        blocks.append(para(_("All right. Next time I ask harder ones.")))
    if due:
        words = ngettext("{count} question waits for review.", "{count} questions wait for review.", due)
        blocks.append(para(words.format(count=due)))
    elif coming is not None:
        blocks.append(small(say(_("The next review comes {when}."), when=When(coming))))
    about = standing.run.about or actions.ANYTHING
    buttons = [Button(_("Five more"), actions.BEGIN.data(about=about), style=Style.PRIMARY)]
    if due:
        buttons.insert(0, Button(_("Review"), actions.REVIEW.data(), style=Style.PRIMARY))
    if weak_button is not None:
        buttons.append(weak_button)
    share = rules.share(correct, count)
    return Reply(
        tuple(blocks), title=_("Review done") if standing.run.kind == REVIEW else _("Practice done"),
        tone=Tone.GOOD if share >= 60 else Tone.NEUTRAL, buttons=(tuple(buttons),), only_you=True, edits=True,
        look="quiz.result",
    )  # fmt: skip


def nothing_due(coming: datetime | None, note: Note = Note.NONE) -> Reply:
    """Say that there is nothing to review, and when there will be; ``note``: what became of what was due."""
    practice = Button(_("Practice"), actions.BEGIN.data(about=actions.ANYTHING), style=Style.PRIMARY)
    words = (
        spans(_("Nothing waits for you. What you answer wrong in a quiz comes back here."))
        if coming is None
        else say(_("Nothing is due now. The next review comes {when}."), when=When(coming))
    )
    blocks = (*_parting(note), para(words))
    return Reply(blocks, title=_("Review"), buttons=((practice,),), only_you=True, edits=True)


def no_questions(name: str) -> Reply:
    """Say that there are no questions about something."""
    other = Button(_("Whatever suits me"), actions.BEGIN.data(about=actions.ANYTHING), style=Style.PRIMARY)
    words = say(_("I have no questions about {name} yet."), name=bold(name))
    return Reply((para(words),), buttons=((other,),), only_you=True)


def which(name: str, guesses: Sequence[tuple[str, str]]) -> Reply:
    """Meet an unknown topic half-way."""
    if not guesses:
        words = say(
            _("I do not know {name}. {command} shows every topic."), name=quoted(name[:60]), command=code("/roadmap")
        )
        other = Button(_("Whatever suits me"), actions.BEGIN.data(about=actions.ANYTHING), style=Style.PRIMARY)
        return Reply((para(words),), buttons=((other,),), only_you=True)
    buttons = tuple((Button(label[:80], actions.BEGIN.data(about=entry)),) for entry, label in guesses)
    return Reply(
        (para(say(_("Which topic do you mean by {name}?"), name=quoted(name[:60]))),), buttons=buttons, only_you=True
    )


def not_yours() -> Reply:
    """Say that a run belongs to somebody else, or is gone."""
    return notice(say(_("That quiz is not yours. {command} begins one for you."), command="/quiz"))


def lines(answers: int, correct: int, due: int, strong: Sequence[str], weak: Sequence[str]) -> Blocks:
    """Return what ``/progress`` tells of somebody's answers; ``strong`` and ``weak`` are titles of topics."""
    words = ngettext("{correct} of {count} answer right", "{correct} of {count} answers right", answers)
    facts = [(_("Quiz"), spans(words.format(correct=correct, count=answers)))]
    if strong:
        facts.append((_("Strongest"), spans(", ".join(strong))))
    if weak:
        facts.append((_("Weakest"), spans(", ".join(weak))))
    found: list[Block] = [Facts(tuple(facts))]
    if due:
        words = ngettext("{count} question waits for review.", "{count} questions wait for review.", due)
        found.append(para(words.format(count=due)))
    return tuple(found)
