"""From what moderators type to questions, and back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Final

from bot.domain.questions.shapes import Kind, Level, Option, Question, number_of
from bot.kit.content import Node, read
from bot.kit.problems import Problems, Spot

MANY_LINES: Final = (Kind.SEVERAL, Kind.ORDER)
"""Kinds whose right answers are several lines."""
SWAPPED: Final = (Kind.SINGLE, Kind.TRUE_FALSE, Kind.CODE, Kind.NUMERIC)
"""Kinds with one right answer, so that another one can take its place."""
GUESSES: Final = 5
LONGEST_ENTRY: Final = 80
"""Characters of an entry in a list to choose from."""
MARK: Final = " — "
_MARKS: Final = re.compile(r"\s+(?:—|–|--)\s+")
_LISTED: Final = re.compile(r"^(?:[-*•]|\(?[A-Fa-f1-6][.)])\s+")
_KEY: Final = re.compile(r"“(stem|explanation|code|topic|level|text)” ?")
_COUNTED: Final = re.compile(
    r"“(answer|wrong)” has \d+ entries|.* under “(answer|wrong)”, not \d+|.* options in all, not"
)
"""Sentences about how many options there are; forms have one of their own for it."""
_TYPED: Final = (
    (re.compile(r"^“why” "), "the reason "),
    (re.compile(r"^the stem of a true-false question is "), "has to be "),
    (re.compile(r"^the stem ends with "), "has to end with "),
    (re.compile(r"^the stem "), ""),
    (re.compile(r"^a line of “code” "), "a line "),
)
"""How sentences about files read where the label of a field stands before them."""
_ELSEWHERE: Final = {"explanation": "explanation", "a line of “code”": "code"}
"""What in a sentence about a whole question tells the field to mend."""
IS_RIGHT: Final = "It is the right answer."
IS_WRONG: Final = "It is not the right answer."
"""Reasons of options to which nobody wrote one; what there is to learn is in English."""


@dataclass(frozen=True, slots=True)
class Miscount:
    """There are ``found`` answers in a field, and ``least`` to ``most`` have to be."""

    found: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class NoTopic:
    """No topic is called ``name``; somebody may mean one of ``guesses``."""

    name: str
    guesses: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class NoLevel:
    """No level is called ``name``."""

    name: str


Fault = tuple[str, int, str | Miscount | NoTopic | NoLevel]
"""What is wrong with a form: name of the field, line in it (0: no matter), what it is."""


def lines_of(options: Sequence[Option]) -> str:
    """Return options as they are typed: one a line, the reason behind a dash where there is one of its own."""
    return "\n".join(
        option.text if option.why in ("", IS_RIGHT, IS_WRONG) else f"{option.text}{MARK}{option.why}"
        for option in options
    )


def options_of(text: str, known: Iterable[Option], *, is_right: bool, many: bool = True) -> list[tuple[int, str, str]]:
    """Read options, one a line; return (line, text, why) of each.

    An option that was there before keeps its reason where none is given. Without ``many`` all of it is one option.
    """
    before = sorted(known, key=lambda option: -len(option.text))
    rows = text.split("\n") if many else [" ".join(text.split("\n"))]
    found: list[tuple[int, str, str]] = []
    for number, row in enumerate(rows, 1):
        line = row.strip()
        if not line:
            continue
        old = next((one for one in before if line == one.text or (_MARKS.match(line.removeprefix(one.text))
                    and line.startswith(one.text))), None)  # fmt: skip
        if old is not None:
            words, rest = old.text, line[len(old.text) :]
            why = _MARKS.sub("", rest, count=1).strip() or old.why
        else:
            bare = _LISTED.sub("", line)
            words, *more = _MARKS.split(bare, maxsplit=1)
            why = more[0] if more else ""
        found.append((number, words.strip(), why or (IS_RIGHT if is_right else IS_WRONG)))
    return found


def draft(values: Mapping[str, str], base: Question, *, is_new: bool) -> tuple[Question | None, list[Fault]]:
    """Return a question as a form says it, and everything that keeps it from being asked.

    Args:
        values: the form's fields: stem, right, wrong, explanation, code.
        base: what else there is to know; its options keep their reasons where they are typed as they were.
        is_new: whether the question was never asked before; else only what is worse than before is a fault.
    """
    from bot.domain.questions.habits import habits  # what checks questions is loaded by who brings one
    from bot.domain.questions.loading import faults

    many = base.how in MANY_LINES
    node = _tree(values, base, many=many)
    problems = Problems()
    question = read(Question, node, problems)
    if question is not None:
        question = _proved(question, base)
        before = set() if is_new else {sentence for _spot, sentence in (*faults(base), *habits(base))}
        for spot, sentence in (*faults(question), *habits(question)):
            if sentence not in before:
                problems.add(spot, sentence)
    found = [_fault(problem.spot, problem.sentence) for problem in problems if not _COUNTED.match(problem.sentence)]
    found = [*_miscounts(values, base, is_new=is_new), *found]
    return (None, found) if found or question is None else (question, [])


def _miscounts(values: Mapping[str, str], base: Question, *, is_new: bool) -> Iterator[Fault]:
    """Yield the fields with too many or too few answers, unless there were as many before."""
    from bot.domain.questions.loading import counts

    many = base.how in MANY_LINES
    right = len(options_of(values.get("right", ""), (), is_right=True, many=many))
    wrong = len(options_of(values.get("wrong", ""), (), is_right=False))
    ours, theirs = counts(base.how)
    if base.how is Kind.SEVERAL and ours[0] <= right <= ours[1]:  # four to six in all
        theirs = max(theirs[0], 4 - right), min(theirs[1], 6 - right)
    for field, found, (least, most), before in (
        ("right", right, ours, len(base.answer)),
        ("wrong", wrong, theirs, len(base.wrong)),
    ):
        if not least <= found <= most and (is_new or found != before):
            yield field, 0, Miscount(found, least, most)


def _tree(values: Mapping[str, str], base: Question, *, many: bool) -> Node:
    """Return a form as the tree that a file of content would have given."""

    def leaf(field: str, value: str | float) -> Node:
        return Node(value, Spot(field, 0))

    def listed(field: str, *, is_right: bool) -> Node:
        spot = Spot(field, 0)
        nodes = []
        rows = options_of(values.get(field, ""), base.options, is_right=is_right, many=many or not is_right)
        for line, words, why in rows:
            here = Spot(field, line if many or not is_right else 0)
            nodes.append(Node({"text": Node(words, here), "why": Node(why, here)}, here, {"text": here, "why": here}))
        return Node(tuple(nodes), spot)

    tree: dict[str, Node] = {
        "id": leaf("stem", base.id),
        "topic": leaf("topic", base.topic),
        "level": leaf("topic", base.level),
        "stem": leaf("stem", values.get("stem", "").strip()),
        "answer": listed("right", is_right=True),
        "explanation": leaf("explanation", values.get("explanation", "").strip()),
        "source": leaf("stem", base.source or "none"),
        "wrong": listed("wrong", is_right=False),
        "kind": leaf("stem", base.kind),
        "language": leaf("code", base.language),
        "tolerance": leaf("stem", base.tolerance),
    }
    code = values.get("code", base.code or "").strip("\n").rstrip()
    for name, value in (("asks", base.asks), ("code", code), ("proof", base.proof), ("formula", base.formula),
                        ("unit", base.unit), ("details", base.details)):  # fmt: skip
        if value:
            tree[name] = leaf("code" if name == "code" else "stem", value)
    if base.tags:
        tree["tags"] = Node(tuple(leaf("stem", tag) for tag in base.tags), Spot("stem", 0))
    return Node(tree, Spot("stem", 0), {name: node.spot for name, node in tree.items()})


def _proved(question: Question, base: Question) -> Question:
    """Let the formula of a number follow an answer that was corrected, and leave out a source nobody named."""
    question = replace(question, source=base.source)
    if question.how is Kind.NUMERIC and question.answer[0].text != base.answer[0].text:
        question = replace(question, formula=_formula(question.answer[0].text) or question.formula)
    return question


def _formula(text: str) -> str:
    try:
        return repr(number_of(text))
    except ValueError:
        return ""


def _fault(spot: Spot, sentence: str) -> Fault:
    named = _KEY.match(sentence)
    field = named[1] if named and spot.file == "stem" else spot.file
    if field == "text":  # an option's, and which one its line tells
        field = spot.file
    if spot.file == "stem":
        field = next((place for word, place in _ELSEWHERE.items() if word in sentence), field)
    words = _KEY.sub("", sentence, count=1) if named else sentence
    for pattern, better in _TYPED:
        words = pattern.sub(better, words)
    return "topic" if field == "level" else field, spot.line, words


def swapped(question: Question, place: int) -> Question | None:
    """Return a question with another one of its options as the right answer; None where that makes no sense.

    Reasons that spoke for the other answer are replaced: they would be wrong now.
    """
    options = list(question.options)
    if question.how not in SWAPPED or not len(question.answer) <= place < len(options):
        return None
    right, was = options[place], options[0]
    options[0], options[place] = Option(right.text, IS_RIGHT), Option(was.text, "It was called right by mistake.")
    return replace(
        question,
        answer=(options[0],),
        wrong=tuple(options[1:]),
        explanation=f"The answer is “{right.text}”. What was called right before is not.",
        details=None,
        formula=_formula(right.text) if question.how is Kind.NUMERIC else question.formula,
    )


def topic_and_level(text: str) -> tuple[str, str]:
    """Split what somebody typed into the name of a topic and a level; medium unless said otherwise."""
    words = text.replace(",", " ").split()
    levels = [word.lower() for word in words if word.lower() in set(Level)]
    name = " ".join(word for word in words if word.lower() not in set(Level))
    return name, levels[-1] if levels else Level.MEDIUM.value


def unknown_level(text: str) -> str:
    """Return what stands behind the last comma if that is no level; else nothing."""
    _name, comma, last = text.rpartition(",")
    word = last.strip()
    return word if comma and word and word.lower() not in set(Level) else ""


def nearest(text: str, questions: Iterable[Question]) -> list[Question]:
    """Return the questions that somebody may mean by part of an id or by words, the likeliest first."""
    from difflib import get_close_matches  # not needed to start

    wanted = text.strip().casefold()
    if not wanted:
        return []
    pool = {question.id: question for question in questions}
    if wanted in pool:
        return [pool[wanted]]
    found = [question for name, question in pool.items() if wanted in name]
    found += [pool[name] for name in get_close_matches(wanted, pool, n=GUESSES, cutoff=0.75)]
    words = wanted.split()
    for question in pool.values():
        said = f"{question.stem} {question.topic.replace('-', ' ')}".casefold()
        if all(word in said for word in words):
            found.append(question)
    return list(dict.fromkeys(found))[:GUESSES]


def is_same(question: Question) -> str:
    """Return a text that two questions share if they ask the same and call the same right."""
    parts = (question.stem, question.code or "", *(option.text for option in question.answer))
    return "\0".join(" ".join(part.casefold().split()) for part in parts)


def tells_apart(discrimination: float) -> int:
    """Say how well a question tells who knows its topic: 2 well, 1 hardly, 0 not at all."""
    return 2 if discrimination >= 0.2 else 1 if discrimination >= 0.05 else 0


def briefly(stem: str) -> str:
    """Return a question's words for an entry of a list: where they are long, cut behind a word, with an ellipsis."""
    if " " not in stem[:LONGEST_ENTRY]:
        return stem[:LONGEST_ENTRY]
    return shorten(stem, LONGEST_ENTRY, placeholder="…", break_on_hyphens=False)
