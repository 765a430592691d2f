"""Polls as Telegram's own: pure, and only where everything fits; otherwise they are drawn as text with buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.kit.reply import Poll
from bot.platforms.telegram.limits import (
    POLL_CHOICE,
    POLL_CHOICES,
    POLL_EXPLANATION,
    POLL_EXPLANATION_LINES,
    POLL_QUESTION,
)
from bot.platforms.telegram.markup import clean, shows_something, unpinged


@dataclass(frozen=True, slots=True)
class Question:
    """A poll of Telegram's own.

    Attributes:
        text: what is asked.
        choices: the words of each answer.
        right: positions of the right ones; none for a poll without right and wrong.
        explanation: shown with the verdict, maybe empty.
        data: what choosing each answer does, in the same order.
        retract: what taking the vote back does, or empty.
        closes: when Telegram closes it by itself, in Unix seconds; None: it stays open.
        is_closed: no more votes.
    """

    text: str
    choices: tuple[str, ...]
    right: tuple[int, ...]
    explanation: str
    data: tuple[str, ...]
    retract: str
    closes: int | None = None
    is_closed: bool = False

    @property
    def parameters(self) -> dict[str, Any]:
        """What ``sendPoll`` takes beside the place to send it to. Votes are never anonymous: they count."""
        taken: dict[str, Any] = {
            "question": self.text, "options": [{"text": choice} for choice in self.choices], "is_anonymous": False
        }  # fmt: skip
        if self.right:
            taken |= {"type": "quiz", "correct_option_ids": list(self.right)}
            if self.explanation:
                taken["explanation"] = self.explanation
        if self.is_closed:
            taken["is_closed"] = True
        elif self.closes is not None:
            taken["close_date"] = self.closes
        return taken


def question(poll: Poll) -> Question | None:
    """Return a poll as Telegram's own, or None if it does not fit there."""
    text = _line(poll.question)
    choices = tuple(_line(choice.label) for choice in poll.choices)
    explanation = unpinged(clean(poll.explanation)).strip() if poll.right else ""
    least, most = POLL_CHOICES
    fits = (
        least <= len(choices) <= most
        and _is_shown(text, POLL_QUESTION)
        and all(_is_shown(choice, POLL_CHOICE) for choice in choices)
        and len(explanation) <= POLL_EXPLANATION
        and len(explanation.split("\n")) <= POLL_EXPLANATION_LINES
    )
    if not fits:
        return None
    right = tuple(sorted(set(poll.right)))
    closes = int(poll.closes.timestamp()) if poll.closes is not None else None
    does = tuple(choice.data for choice in poll.choices)
    return Question(text, choices, right, explanation, does, poll.retract, closes, poll.is_closed)


def _line(words: str) -> str:
    return unpinged(" ".join(clean(words).split()))


def _is_shown(text: str, most: int) -> bool:
    return len(text) <= most and shows_something(text)
