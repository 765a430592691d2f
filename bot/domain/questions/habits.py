"""The writing rules for one question as code: what makes it guessable, ambiguous or hard to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.questions.shapes import Kind, Option, Question, number_of
from bot.domain.questions.spelling import british
from bot.kit.problems import Spot

SENTENCE_WORDS: Final = 28
"""Words in one sentence; second-language readers lose the thread beyond about 25."""
LONG_WORDS: Final = 6
"""Words of 13 letters or more in one stem."""

_ABOVE: Final = re.compile(
    r"\b(all|none|any|both|neither|either) of (the (above|below|other|others)|these|them)\b"
    r"|\b(both|neither) [A-E] (and|nor) [A-E]\b|^(both|all|none|neither)\.?$|\b[A-E] and [A-E]$",
    re.IGNORECASE,
)
_ABSOLUTE: Final = re.compile(
    r"\b(always|never|completely|totally|absolutely|entirely|impossible|guaranteed?|guarantees|nobody|nothing|"
    r"everything|everybody|everyone|forever|perfectly)\b",
    re.IGNORECASE,
)
_NARROW: Final = re.compile(r"\b(only|must|every|no matter|cannot|exclusively|solely)\b", re.IGNORECASE)
_NEGATIVE: Final = re.compile(
    r"\b(?i:which|what|who)\b(?:(?!\b(?:when|if|because|that|after|while|since|where|although)\b)[^.?,;:(])*?"
    r"\b(?:not|isn't|aren't|doesn't|don't|except)\b[^.?]*\?|\bexcept\b[^.?]*\?"
)
_DOWN: Final = re.compile(r"\b(just|simply|easy|easily|obviously|of course|trivial|clearly)\b", re.IGNORECASE)
_MARKS: Final = re.compile(r"`|\*\*|\$[^$\s]+\$|</?\w+>|\]\(http")
_SENTENCE: Final = re.compile(r"(?<=[.?!:;])\s+")
WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")

_NAMES: Final = frozenset((
    "conda", "dict", "fastai", "git", "k", "llama", "matplotlib", "numpy", "pandas", "pip", "pytest",
    "seaborn", "scikit", "uv", "venv", "vLLM",
))  # fmt: skip
"""Names written in lower case even where a sentence begins."""

Fault = tuple[Spot, str]


def habits(question: Question) -> Iterator[Fault]:
    """Yield what one question breaks of the writing rules."""
    yield from _stem(question)
    yield from _options(question)
    for spot, text in _texts(question):
        yield from _language(spot, text)
        if found := _MARKS.search(text):
            yield spot, f"“{found[0]}” is markup; polls and buttons show it as it stands"
    yield from _language(question.spot, re.sub(r"`[^`]*`", "", question.details or ""))


def _texts(question: Question) -> Iterator[tuple[Spot, str]]:
    yield question.spot, question.stem
    yield question.spot, question.explanation
    for option in question.options:
        yield option.spot, option.text
        yield option.spot, option.why


def _stem(question: Question) -> Iterator[Fault]:
    stem, spot = question.stem, question.spot
    if question.how is Kind.TRUE_FALSE:
        if not stem.endswith("."):
            yield spot, "the stem of a true-false question is a statement that ends with a period"
    elif question.how is Kind.ORDER:
        if not stem.endswith((".", "?")):
            yield spot, "the stem ends with a period or a question mark"
    elif "?" not in stem:
        yield spot, "the stem asks no complete question; end it with a question mark"
    if _NEGATIVE.search(stem):
        yield spot, "the stem asks for what is not so; ask for what is so, or write NOT in capitals"
    if len(long := [word for word in WORD.findall(stem) if len(word) > 12]) > LONG_WORDS:
        yield (
            spot,
            f"the stem has {len(long)} long words ({', '.join(long)}); at most {LONG_WORDS} can be read with ease",
        )


def _options(question: Question) -> Iterator[Fault]:
    is_verdict = question.how is Kind.TRUE_FALSE
    narrow_right = any(_NARROW.search(option.text) for option in question.answer)
    for option in question.options:
        text = option.text.partition(": ")[2] if is_verdict else option.text
        if _ABOVE.search(text):
            yield option.spot, f"“{option.text}” speaks of other options; they are shuffled, so say what is meant"
        if found := _ABSOLUTE.search(text):
            yield option.spot, f"“{found[0]}” gives an option away; readers know that absolute statements are wrong"
    for option in question.wrong:
        if not narrow_right and (found := _NARROW.search(option.text)):
            yield option.spot, f"“{found[0]}” stands in a wrong option alone and gives it away"
    if question.how is Kind.ORDER:
        return
    yield from _parallel(question)
    yield from _distinct(question)
    right, wrong = [len(option.text) for option in question.answer], [len(option.text) for option in question.wrong]
    if wrong and max(right) > 20 and min(right) > 1.7 * max(wrong) + 4:
        yield question.answer[0].spot, "the right answer is far longer than each wrong one"


def _parallel(question: Question) -> Iterator[Fault]:
    """Options of one question look alike: all with a period or none, all numbers or none, all capitalized or none."""
    options = question.options
    if len({option.text.endswith(".") for option in options}) > 1:
        yield options[0].spot, "some options end with a period and some do not"
    if question.how in (Kind.CODE, Kind.NUMERIC):
        return
    if any(" " in option.text for option in options):  # single words are often names, which keep their own case
        first = [option.text.split()[0] for option in options]
        words = [word for word in first if word.isalpha() and word not in _NAMES]
        if len({word[0].isupper() for word in words}) > 1:
            yield options[0].spot, "some options begin with a capital letter and some do not"
    if question.how is Kind.SINGLE and _is_number(options[0].text) != any(_is_number(one.text) for one in options[1:]):
        yield options[0].spot, "the right answer alone is a number, or alone is none"


def _is_number(text: str) -> bool:
    try:
        number_of(text)
    except ValueError:
        return False
    return True


def _distinct(question: Question) -> Iterator[Fault]:
    seen: dict[str, Option] = {}
    for option in question.options:
        bare = re.sub(r"[^\w<>=+\-*/.,\[\]{}()'\"]+", "", option.text.casefold()).rstrip(".")
        if question.how is not Kind.CODE:
            try:
                bare = str(number_of(option.text))
            except ValueError:
                bare = (
                    re.sub(r"^(the|a|an)(?=\w{3})", "", bare)
                    if option.text.lower().startswith(("the ", "a ", "an "))
                    else bare
                )
        one = seen.setdefault(bare, option)
        if one is not option and one.text.casefold() != option.text.casefold():  # else ``faults`` says so
            yield option.spot, f"“{option.text}” says the same as “{one.text}”"


def _language(spot: Spot, text: str) -> Iterator[Fault]:
    for word, better in british(text):
        yield spot, f"“{word}” is British spelling; content writes “{better}”"
    if found := _DOWN.search(text):
        yield spot, f"“{found[0]}” belittles: what is easy for one is a wall for another"
    if "!" in re.sub(r"!=|n!|\d!", "", text):
        yield spot, "has an exclamation mark"
    for sentence in _SENTENCE.split(text):
        count = len(WORD.findall(sentence))
        if count > SENTENCE_WORDS:
            yield (
                spot,
                f"has a sentence of {count} words; at most {SENTENCE_WORDS} are read with ease: “{sentence[:40]}…”",
            )
