"""Reading ``content/quiz/`` into a bank: strict, and all problems of all files at once."""

from __future__ import annotations

import ast
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.curriculum.loading import ReadFolder
from bot.domain.questions.bank import Bank
from bot.domain.questions.formula import compute
from bot.domain.questions.shapes import (
    CODE_LINES,
    CODE_WIDTH,
    LINE_FEEDS,
    Kind,
    Option,
    Question,
    Subject,
    number_of,
)
from bot.kit.content import json_schema, read_list
from bot.kit.problems import Problems, Spot

FOLDER: Final = "quiz"
SUBJECTS: Final = "subjects.yaml"
SCHEMAS: Final[tuple[tuple[str, type[Any], bool, str], ...]] = (
    ("questions", Question, True, "Questions of the quiz"),
    ("subjects", Subject, True, "What questions may be about beside the roadmap"),
)
"""Each kind of file: schema name, shape, whether it is a list, title."""

VERDICTS: Final = ("True: ", "False: ")
"""What the options of a true-false question begin with; the reason follows."""

_COUNTS: Final = {
    Kind.SINGLE: ((1, 1), (2, 3)),
    Kind.CODE: ((1, 1), (2, 3)),
    Kind.TRUE_FALSE: ((1, 1), (2, 3)),
    Kind.SEVERAL: ((2, 5), (1, 4)),
    Kind.NUMERIC: ((1, 1), (0, 3)),
    Kind.ORDER: ((3, 6), (0, 0)),
}
"""How many right and how many wrong options each kind has, from and to."""


def load_bank(read_folder: ReadFolder, curriculum: Curriculum, problems: Problems) -> Bank | None:
    """Read all questions; return None, with ``problems`` filled, if anything is wrong with any of them."""
    questions: list[Question] = []
    subjects: list[Subject] = []
    before = len(problems.found)
    for path, tree in read_folder(FOLDER, problems):
        if path.rpartition("/")[2] == SUBJECTS:
            subjects += read_list(Subject, tree, problems)
        else:
            questions += read_list(Question, tree, problems)
    known = {*curriculum.places, *(subject.id for subject in subjects)}
    check(questions, known, curriculum, problems)
    _once(((subject.id, subject.spot) for subject in subjects), "subject id", problems)
    for subject in subjects:
        if subject.id in curriculum.places:
            problems.add(subject.spot, f"“{subject.id}” is a topic of the roadmap already")
    if len(problems.found) > before:
        return None
    return Bank(questions, subjects)


def check(questions: Sequence[Question], topics: Collection[str], curriculum: Curriculum, problems: Problems) -> None:
    """Note what is wrong with questions that were read: with each, with their ids, and with what they name.

    ``topics`` are the ids of topics and subjects that questions may be about.
    """
    for question in questions:
        for spot, sentence in faults(question):
            problems.add(spot, sentence)
    _once(((question.id, question.spot) for question in questions), "question id", problems)
    for question in questions:
        for spot, sentence in _loose_ends(question, topics, curriculum):
            problems.add(spot, sentence)


def _once(entries: Iterable[tuple[str, Spot]], what: str, problems: Problems) -> None:
    first: dict[str, Spot] = {}
    for name, spot in entries:
        if (before := first.setdefault(name, spot)) != spot:
            problems.add(spot, f"the {what} “{name}” is taken by {before}")


def _loose_ends(question: Question, topics: Collection[str], curriculum: Curriculum) -> Iterator[tuple[Spot, str]]:
    if question.topic not in topics:
        yield question.spot, f"“{question.id}” names the topic “{question.topic}”, which does not exist"
    if question.source not in curriculum.resources:
        yield question.spot, f"“{question.id}” names the resource “{question.source}”, which does not exist"


def faults(question: Question) -> Iterator[tuple[Spot, str]]:
    """Yield what one question breaks by itself, beyond the shape of its fields: place and sentence."""
    kind = question.how
    (least, most), (fewest, many) = _COUNTS[kind]
    if not least <= len(question.answer) <= most:
        yield question.spot, f"a {kind} question has {_span(least, most)} under “answer”, not {len(question.answer)}"
    if not fewest <= len(question.wrong) <= many:
        yield question.spot, f"a {kind} question has {_span(fewest, many)} under “wrong”, not {len(question.wrong)}"
    if kind is Kind.SEVERAL and not 4 <= len(question.options) <= 6:
        yield question.spot, f"a several question has 4 to 6 options in all, not {len(question.options)}"
    yield from _text_faults(question)
    yield from _code_faults(question)
    if kind is Kind.NUMERIC:
        yield from _number_faults(question)
    else:
        for name, value in (("formula", question.formula), ("tolerance", question.tolerance), ("unit", question.unit)):
            if value:
                yield question.spot, f"“{name}” belongs to numeric questions; this one is {kind}"
    if kind is Kind.TRUE_FALSE:
        for option in question.options:
            if not option.text.startswith(VERDICTS):
                yield option.spot, "an option of a true-false question begins with “True: ” or “False: ”, then says why"
        if len({option.text.partition(":")[0] for option in question.options}) == 1:
            yield question.spot, "all options give the same verdict; offer True and False"


def counts(kind: Kind) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return how many right and how many wrong options a kind has, each from and to."""
    return _COUNTS[kind]


def _span(least: int, most: int) -> str:
    entries = "entry" if most == 1 else "entries"
    return f"{least} {entries}" if least == most else f"{least} to {most} {entries}"


def _text_faults(question: Question) -> Iterator[tuple[Spot, str]]:
    texts: list[tuple[str, str, Spot, int]] = [
        ("stem", question.stem, question.spot, LINE_FEEDS),
        ("explanation", question.explanation, question.spot, LINE_FEEDS),
    ]
    for option in question.options:
        texts += [("text", option.text, option.spot, 0), ("why", option.why, option.spot, 0)]
    for name, text, spot, feeds in texts:
        if text != text.strip():
            yield spot, f"“{name}” begins or ends with a space or an empty line"
        elif text.count("\n") > feeds:
            yield spot, f"“{name}” has {text.count(chr(10))} line feeds; at most {feeds} fit"
        elif not text.replace("\n", "").isprintable():
            yield spot, f"“{name}” holds a character that cannot be seen"
    seen: dict[str, Option] = {}
    for option in question.options:
        if seen.setdefault(option.text.casefold(), option) is not option:
            yield option.spot, f"the option “{option.text}” is here twice"


def _code_faults(question: Question) -> Iterator[tuple[Spot, str]]:
    if question.code is None:
        if question.how is Kind.CODE:
            yield question.spot, "a code question shows code; “code” is missing"
        if question.proof is not None:
            yield question.spot, "“proof” belongs to questions with code"
        return
    lines = question.code.rstrip("\n").split("\n")
    if len(lines) > CODE_LINES:
        yield question.spot, f"“code” has {len(lines)} lines; at most {CODE_LINES} fit a phone"
    for line in lines:
        if len(line) > CODE_WIDTH:
            yield question.spot, f"a line of “code” has {len(line)} characters; at most {CODE_WIDTH} fit a phone"
    if question.how is Kind.CODE and question.language != "python" and question.proof is None:
        yield question.spot, f"{question.language} cannot be run by itself; add “proof”, Python that runs it"
    for name, text in (("code", question.code if question.language == "python" else ""), ("proof", question.proof)):
        try:
            ast.parse(text or "")
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            yield question.spot, f"“{name}” is not Python: {error.args[0] if error.args else 'too deep'}"


def _number_faults(question: Question) -> Iterator[tuple[Spot, str]]:
    numbers: list[tuple[Option, float]] = []
    for option in question.options:
        try:
            numbers.append((option, number_of(option.text)))
        except ValueError as error:
            yield option.spot, f"{error}; a numeric question has numbers as its answers"
    if len(numbers) < len(question.options) or len(question.answer) != 1:
        return
    right = numbers[0][1]
    for option, number in numbers[1:]:
        if abs(number - right) <= question.tolerance + 1e-12 * abs(right):
            yield option.spot, f"{option.text} is called wrong, but is as near to the answer as the tolerance allows"
    if question.formula is None:
        yield question.spot, "a numeric question has a formula that gives its number; “formula” is missing"
        return
    try:
        value = compute(question.formula)
    except ValueError as error:
        yield question.spot, f"“formula” {error}"
        return
    if abs(value - right) > max(question.tolerance, 1e-9 * abs(right)):
        yield question.spot, f"“formula” gives {value:.6g}, the answer says {question.answer[0].text}"


def schemas() -> dict[str, str]:
    """Return the JSON Schema of each kind of file, as text by file name."""
    return {
        f"{name}.json": json.dumps(json_schema(shape, title=title, is_list=is_list), indent=2, ensure_ascii=False)
        + "\n"
        for name, shape, is_list, title in SCHEMAS
    }
