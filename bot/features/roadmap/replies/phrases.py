"""Small phrases the roadmap's cards share."""

from __future__ import annotations

from bot.domain.curriculum.shapes import Resource
from bot.features.roadmap.rules import months
from bot.kit.markup import marked
from bot.kit.text import Spans, link, spans
from bot.kit.wording import N_, _, decimal, ngettext, say

NO_BREAK = "\u00a0"

KINDS = {
    "article": N_("article"),
    "book": N_("book"),
    "community": N_("community"),
    "competition": N_("competition"),
    "conference": N_("conference"),
    "course": N_("course"),
    "dataset": N_("dataset"),
    "docs": N_("documentation"),
    "interactive": N_("interactive"),
    "newsletter": N_("newsletter"),
    "paper-site": N_("papers"),
    "platform": N_("platform"),
    "project-list": N_("project ideas"),
    "question-bank": N_("questions"),
    "repo": N_("code repository"),
    "tool": N_("tool"),
    "video": N_("video"),
}
COSTS = {"free": N_("free"), "freemium": N_("free in part"), "paid": N_("paid"), "unknown": N_("cost unknown")}
LEVELS = {
    "beginner": N_("beginner"),
    "intermediate": N_("intermediate"),
    "advanced": N_("advanced"),
    "all": N_("any level"),
}
STATES = {
    "renamed": N_("renamed"),
    "moved": N_("moved"),
    "new-edition": N_("new edition"),
    "relaunched": N_("relaunched"),
    "self-paced": N_("self-paced only"),
    "quiet": N_("rarely updated"),
    "archived": N_("archive"),
    "superseded": N_("has a successor"),
    "unknown": N_("state unknown"),
}


def number(value: float) -> str:
    """Write a number with at most one decimal place, as the language being spoken does."""
    return decimal(f"{value:.1f}".removesuffix(".0"))


def hours(value: float) -> str:
    """Write a time span in hours, in minutes below one; number and unit stay on one line."""
    words = _("{minutes} min") if value < 1 else _("{hours} h")
    return words.format(minutes=round(value * 60), hours=number(value)).replace(" ", NO_BREAK)


def span(value: float, minutes_a_day: float = 30) -> str:
    """Write how long so many hours take at so many minutes a day, in the unit that fits."""
    count = months(value, minutes_a_day)
    if count < 1.5:
        weeks = max(1, round(count * 30.4 / 7))
        return ngettext("about {count} week", "about {count} weeks", weeks).format(count=weeks)
    whole = round(count)
    return ngettext("about {count} month", "about {count} months", whole).format(count=whole)


def facts_of(resource: Resource) -> str:
    """Write what is good to know before opening a resource: kind, cost, hours, level."""
    parts = [_(KINDS[resource.kind]), _(COSTS[resource.cost])]
    if resource.hours:
        parts.append(hours(resource.hours))
    parts.append(_(LEVELS[resource.level]))
    if resource.status != "current":
        parts.append(_(STATES[resource.status]))
    return " · ".join(parts)


def resource_line(resource: Resource, successor: Resource | None = None, *, notes: bool = True) -> Spans:
    """Write a resource as one item of a list."""
    line = spans(link(resource.name, resource.url), f" ({facts_of(resource)})")
    if notes:
        line = spans(line, ". ", marked(resource.note))
    if successor is not None:
        line = spans(line, " ", say(_("Now better: {successor}."), successor=link(successor.name, successor.url)))
    return line
