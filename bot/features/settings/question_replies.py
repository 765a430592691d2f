"""How the audit list tells what was done to questions. Pure wording."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.community.preferences import QUESTION
from bot.domain.community.store import Change
from bot.kit.text import Spans, When, bold, spans
from bot.kit.wording import N_, _, ngettext, say

_GONE = ("hidden", "retired")
_DONE = {
    "added": N_("{when} {who}: added the question {question}"),
    "fixed": N_("{when} {who}: changed the question {question}"),
    "retired": N_("{when} {who}: retired the question {question}"),
    "again": N_("{when} {who}: let the question {question} be asked again"),
    "first": N_("{when} {who}: put the first wording of the question {question} back"),
    "back": N_("{when} {who}: took back what was done to the question {question}"),
}


def is_question(change: Change) -> bool:
    """Whether a change was about a question."""
    return change.name.startswith(QUESTION + " ")


def name_of(change: Change) -> str:
    """Return which question a change was about, or which questions."""
    first, last, count = _which(change)
    if count == 1:
        return _("question {name}").format(name=first)
    return _("questions {first} to {last}").format(first=first, last=last)


def line(change: Change, zone: str) -> Spans:
    """Tell what somebody did to a question or, with an import, to many."""
    when = When(datetime.fromtimestamp(change.at, UTC), zone=zone)
    who = change.who or _("somebody erased since")
    first, last, count = _which(change)
    did = _did(change)
    if count == 1:
        told = say(_(_DONE[did]), when=when, who=who, question=bold(first))
    else:  # only adding is done to many at once
        words = (
            ngettext("{when} {who}: took {count} question back, {first} to {last}",
                     "{when} {who}: took {count} questions back, {first} to {last}", count)
            if did == "back"
            else ngettext("{when} {who}: added {count} question, {first} to {last}",
                          "{when} {who}: added {count} questions, {first} to {last}", count)
        )  # fmt: skip
        told = say(words, when=when, who=who, count=count, first=bold(first), last=bold(last))
    return spans(told, " ", _("(taken back)")) if change.undone and did != "back" else told


def _did(change: Change) -> str:
    """Return what was done, as a key of ``_DONE``."""
    before, _gap, was = change.before.partition(" ")
    after, _gap, now = change.after.partition(" ")
    if change.undone and int(was or 0) > int(now or 0):  # what takes back leads to an earlier state
        return "back"
    if after == "retired":
        return "retired"
    if before in _GONE:
        return "again"
    if not before:
        return "added"
    return "first" if after == "plain" else "fixed"


def _which(change: Change) -> tuple[str, str, int]:
    """Return the first and the last of the questions of a change, and how many they are."""
    first, _gap, more = change.name.partition(" ")[2].partition(" +")
    stem, dash, number = first.rpartition("-")
    last = f"{stem}{dash}{int(number) + int(more)}" if more else first
    return first, last, int(more or 0) + 1
