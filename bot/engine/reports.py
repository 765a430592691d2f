"""What moderators read about posts that met trouble. The wording is pure; the report is itself a post."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.kit.posting import Address, Doubt, Post
from bot.kit.reply import Button, Reply, Style, Tone, reply
from bot.kit.text import Paragraph, Spans, code, small, spans
from bot.kit.wording import _, say


@dataclass(frozen=True, slots=True)
class ReportButtons:
    """The data of the buttons under a report, by the id of the post it is about."""

    resend: Callable[[int], str]
    leave: Callable[[int], str]


def unknown(post: int, key: str, to: Address, buttons: ReportButtons) -> Reply:
    """Say that nobody knows whether a post arrived, and ask what to do."""
    return reply(
        say(_("I don't know whether a post in {place} arrived. Please have a look there."), place=_place(to)),
        _about(key),
        buttons=(
            (
                Button(_("Send it again"), buttons.resend(post), style=Style.PRIMARY),
                Button(_("It is there, leave it"), buttons.leave(post)),
            ),
        ),
        tone=Tone.WARNING,
    )


def failed(key: str, to: Address, why: str) -> Reply:
    """Say that a post was not sent, or could not be changed, and why."""
    return reply(
        say(_("A post in {place} went wrong: {why}."), place=_place(to), why=_(why).rstrip(".")),
        _about(key),
        tone=Tone.WARNING,
    )


def closed(to: Address, why: str) -> Reply:
    """Say that a place cannot be written to any more and what brings it back."""
    return reply(
        say(_("I can't write in {place} any more: {why}."), place=_place(to), why=_(why).rstrip(".")),
        _("I send nothing there until somebody asks me something there again."),
        tone=Tone.WARNING,
    )


def report(event: str, to: Address, said: Reply, community: int | None) -> Post:
    """Return the post that carries a report of an event. Saying it twice is better than not at all."""
    return Post(
        to=to,
        reply=said,
        key=f"engine.report:{event}",
        community=community,
        expires=timedelta(days=3),
        doubt=Doubt.REPEAT,
    )


def _place(to: Address) -> Spans:
    return spans(f"{to.platform.title()} ", code(f"{to.chat}/{to.thread}" if to.thread else to.chat))


def _about(key: str) -> Paragraph:
    return small(say(_("It is known as {key}."), key=code(key)))
