"""The forms in which moderators write questions, and what they read when something does not fit. Pure wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.questions.shapes import CODE_LINES, CODE_WIDTH, EXPLANATION, STEM, Kind, Question
from bot.features.questions import actions, rules
from bot.kit.problems import Problem
from bot.kit.reply import Button, Field, FieldKind, Form, Reply, Style, Tone
from bot.kit.text import Block, CodeBlock, Spans, bold, bullets, para, small, spans
from bot.kit.uploads import MOST_BYTES
from bot.kit.wording import N_, _, ngettext, quoted, say

CHOSEN = "place"
"""Names the field in which an option is chosen by its position."""
MOST_TOLD = 10
MOST_NAMES = 5
LONGEST_PASTED = 100_000
EXAMPLE = """\
- id: q-mine-1
  topic: alg-knn
  level: easy
  stem: What does k-NN keep of its data?
  answer:
    - text: All of its rows
      why: Neighbors are looked for among them.
  wrong:
    - text: The mean of each class
      why: A centroid method keeps that.
    - text: A line between classes
      why: A linear model keeps that.
  explanation: The rows themselves are the model.
  source: google-mlcc
"""
OPTIONS_LONGEST = 1500
_LABELS = {
    "topic": N_("Topic and level"),
    "stem": N_("Question"),
    "right": N_("Right answer"),
    "wrong": N_("Wrong answers, one a line"),
    "explanation": N_("Why, in a sentence or two"),
    "code": N_("Code"),
}


def fix(question: Question, seen: int, values: Mapping[str, str] | None = None) -> Form:
    """Return the form in which a question is reworded, filled in with what was typed or with what it says."""
    now = {
        "stem": question.stem,
        "right": rules.lines_of(question.answer),
        "wrong": rules.lines_of(question.wrong),
        "explanation": question.explanation,
        "code": question.code or "",
    } | dict(values or {})
    fields = [_stem(now), _right(question, now)]
    if question.how is not Kind.ORDER:
        fields.append(_wrong(now, required=question.how is not Kind.NUMERIC))
    fields.append(_explanation(now))
    if question.code is not None:
        fields.append(Field("code", _label("code"), FieldKind.TEXT, longest=CODE_LINES * (CODE_WIDTH + 1),
                            value=now["code"]))  # fmt: skip
    data = actions.FIXED.data(question=question.id, seen=seen)
    return Form(_("Fix the words"), tuple(fields), data, _("Save"))


def key(question: Question, seen: int, order: Sequence[int]) -> Reply:
    """Ask in a form, which nobody else sees, which option is right; ``order`` is that in which they are shown."""
    now = question.answer[0].text
    choices = tuple((str(place), question.options[place].text[:80]) for place in order)
    field = Field(CHOSEN, _("Which one is right instead?"), FieldKind.CHOICE, choices=choices,
                  hint=_("Now right: {answer}").format(answer=now)[:100])  # fmt: skip
    data = actions.CHOSEN.data(question=question.id, seen=seen)
    return ask(Form(_("Another answer is right"), (field,), data, _("Save")))


def add(values: Mapping[str, str]) -> Form:
    """Return the form of a new question, filled in with what was typed."""
    topic = Field("topic", _label("topic"), longest=120, value=values.get("topic", ""),
                  hint=_("Such as “k-nearest neighbors, hard”; medium if you leave the level out"))  # fmt: skip
    fields = (topic, _stem(values), _right(None, values), _wrong(values, required=True), _explanation(values))
    return Form(_("Add a question"), fields, actions.ADDED.data(), _("Add"))


def _label(field: str) -> str:
    label = _LABELS[field]  # looked up apart, or the name of the field would become a sentence to translate
    return _(label)


def _stem(now: Mapping[str, str]) -> Field:
    return Field("stem", _label("stem"), FieldKind.TEXT, longest=STEM, value=now.get("stem", ""))


def _right(question: Question | None, now: Mapping[str, str]) -> Field:
    many = question is not None and question.how in rules.MANY_LINES
    hint = (
        _("One a line; a reason may follow behind a dash")
        if many
        else _("A reason may follow behind a dash: 4 — 2 + 2")
    )
    return Field("right", _label("right"), FieldKind.TEXT, longest=OPTIONS_LONGEST if many else 240, hint=hint,
                 value=now.get("right", ""))  # fmt: skip


def _wrong(now: Mapping[str, str], *, required: bool) -> Field:
    return Field("wrong", _label("wrong"), FieldKind.TEXT, required=required, longest=OPTIONS_LONGEST,
                 hint=_("Two or three that somebody could believe; reasons behind a dash"),
                 value=now.get("wrong", ""))  # fmt: skip


def _explanation(now: Mapping[str, str]) -> Field:
    return Field("explanation", _label("explanation"), FieldKind.TEXT, longest=EXPLANATION,
                 hint=_("Everybody reads it after answering"), value=now.get("explanation", ""))  # fmt: skip


def ask(form: Form) -> Reply:
    """Show a form."""
    return Reply(form=form, only_you=True)


def mend(form: Form, faults: Sequence[rules.Fault]) -> Reply:
    """Say what does not fit yet, field by field, and give the form back as it was filled in."""
    blocks: list[Block] = [para(_("Nothing is saved yet, and nothing you typed is lost. Please mend:"))]
    blocks.append(bullets(_fault(fault) for fault in faults[:MOST_TOLD]))
    return Reply(tuple(blocks), tone=Tone.WARNING, form=form, only_you=True)


def _fault(fault: rules.Fault) -> Spans:
    field, line, what = fault
    label = _label(field) if field in _LABELS else field
    where = _(", line {number}").format(number=line) if line else ""
    return spans(bold(label + where), ": ", _what(what))


def _what(what: str | rules.Miscount | rules.NoTopic | rules.NoLevel) -> Spans:
    match what:
        case rules.Miscount():
            return spans(_miscount(what))
        case rules.NoTopic("", _guesses):
            return spans(_("is empty"))
        case rules.NoTopic(name, guesses):
            words = say(_("I know no topic called {name}."), name=quoted(name[:60]))
            guessed = say(_("Did you mean {names}?"), names=", ".join(guesses))
            return spans(words, " ", guessed) if guesses else words
        case rules.NoLevel(name):
            levels = "easy, medium, hard"  # as they are typed, in every language
            return say(_("I know no level called {name}. The levels are {levels}."), name=quoted(name[:60]),
                       levels=levels)  # fmt: skip
        case _:
            return spans(what)


def _miscount(what: rules.Miscount) -> str:
    if not what.found:
        return _("is empty")
    if not what.least:
        words = ngettext("at most {most} fits, and there are {count}.", "at most {most} fit, and there are {count}.",
                         what.most)  # fmt: skip
    else:
        words = ngettext(
            "{least} to {most} are needed, one a line, and there is {count}.",
            "{least} to {most} are needed, one a line, and there are {count}.",
            what.found,
        )
    return words.format(least=what.least, most=what.most, count=what.found)


def changed_since(form: Form, now: Question) -> Reply:
    """Say that somebody was faster, show what they made of it, and give back what was typed."""
    blocks: list[Block] = [
        para(_("Somebody changed this question while you were typing, so nothing is saved yet. Now it reads:")),
        para(bold(now.stem)),
        bullets(option.text for option in now.options),
        para(now.explanation),
        para(_("What you typed is kept in the form. Send it to put it in the place of theirs.")),
    ]
    return Reply(tuple(blocks), tone=Tone.WARNING, form=form, only_you=True)


def bring(text: str = "") -> Form:
    """Return the form that takes many questions: as a file, or with ``text`` filled in where it can be pasted."""
    file = Field("file", _("File with questions (YAML)"), FieldKind.FILE, required=False,
                 hint=_("Written like the example; at most 200 at a time"))  # fmt: skip
    pasted = Field("yaml", _("Or their text"), FieldKind.TEXT, required=False, longest=LONGEST_PASTED,
                   value=text if len(text) <= LONGEST_PASTED else "", instead_of="file")  # fmt: skip
    return Form(_("Import questions"), (file, pasted), actions.IMPORTED.data(), _("Import"))


def importing() -> Reply:
    """Ask for many questions, and show how they are written."""
    blocks = (
        para(_("Send a file with a list of questions, or their text. One looks like this:")),
        CodeBlock(EXAMPLE.rstrip("\n"), "yaml"),
        small(_("The ids you write are not kept: each question gets one of its own here.")),
    )
    return Reply(blocks, form=bring(), only_you=True)


def one_of_both(text: str) -> Reply:
    """Say that a file or a text is needed, and not both."""
    words = (
        _("Nothing was imported: you sent a file and a text. Please keep the one you mean.")
        if text
        else _("Nothing was imported, since nothing came. Please choose a file or paste its text.")
    )
    return Reply((para(words),), tone=Tone.WARNING, form=bring(text), only_you=True)


def not_imported(problems: Sequence[Problem], text: str) -> Reply:
    """Say what to mend, by lines, and that nothing was imported; give back ``text`` that was pasted."""
    words = ngettext(
        "Nothing was imported: {count} thing has to be mended first.",
        "Nothing was imported: {count} things have to be mended first.",
        len(problems),
    )
    lines = bullets(spans(bold(_("line {number}").format(number=one.spot.line)), ": ", one.sentence)
                    for one in problems[:MOST_TOLD])  # fmt: skip
    blocks: list[Block] = [para(words.format(count=len(problems))), lines]
    if (more := len(problems) - MOST_TOLD) > 0:
        blocks.append(small(ngettext("{count} more.", "{count} more.", more).format(count=more)))
    return Reply(tuple(blocks), tone=Tone.WARNING, form=bring(text), only_you=True)


def too_much(count: int, size: int) -> Reply:
    """Say that a text is too long to be imported at once."""
    if count:
        words = _(
            "Nothing was imported: that is {count} questions, and at most 200 fit at a time. Please send it in parts."
        )
        return Reply((para(words.format(count=count)),), tone=Tone.WARNING, only_you=True)
    words = _(
        "Nothing was imported: that is {size} KiB, and at most {most} KiB fit at a time. Please send it in parts."
    )
    words = words.format(size=-(-size // 1024), most=MOST_BYTES // 1024)
    return Reply((para(words),), tone=Tone.WARNING, only_you=True)


def added(names: Sequence[str], change: int, own: Sequence[str] = ()) -> Reply:
    """Say which questions were added, what they are called instead of their ``own`` names, and offer to undo it."""
    count = len(names)
    words = ngettext(
        "Added: {first}. It may be asked here from now on.",
        "{count} questions added, {first} to {last}. They may be asked here from now on.",
        count,
    )
    buttons = (
        Button(_("Look at it"), actions.SHOW.data(question=names[0]), style=Style.PRIMARY),
        Button(_("Undo"), actions.UNDO.data(change=change)),
    )
    blocks: list[Block] = [para(words.format(first=names[0], last=names[-1], count=count))]
    renamed = [(was, now) for was, now in zip(own, names, strict=False) if was != now]
    if renamed:
        pairs = ", ".join(f"{was} → {now}" for was, now in renamed[:MOST_NAMES])
        sentence = (
            _("Their ids here: {pairs}, and so on in the order of the file.")
            if len(renamed) > MOST_NAMES
            else _("Its id here: {pairs}.")
            if count == 1
            else _("Their ids here: {pairs}.")
        )
        blocks.append(small(sentence.format(pairs=pairs)))
    return Reply(tuple(blocks), tone=Tone.GOOD, buttons=(buttons,), only_you=True, in_place=True)
