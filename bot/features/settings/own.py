"""What a person can set for themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.domain.community.kinds import AUTOMATIC, Language, Zone
from bot.domain.tools import Tools
from bot.kit.database import Transaction
from bot.kit.preference import SWITCH, Hours, OneOf, Preference, Scope
from bot.kit.schedule import Owner
from bot.kit.wording import N_

_DAY_STARTS: Final = OneOf({f"{hour:02}:00": f"{hour:02}:00" for hour in range(8)})


def own_preferences(tools: Tools) -> tuple[Preference, ...]:
    """Return them, and the two of a community that everything else stands on."""

    async def follow_zone(tx: Transaction, community: int, zone: str) -> None:
        """Let everything planned keep its hour on the wall of the new zone."""
        await move_plans(tools, tx, Owner(community=community), zone)

    async def follow_own_zone(tx: Transaction, person: int, zone: str) -> None:
        await move_plans(tools, tx, Owner(person=person), zone)

    return (
        Preference(
            "zone", N_("Time zone"), N_("Your days, dates and reminders follow this clock."), Zone(), "UTC",
            Scope.PERSON, obey=follow_own_zone,
        ),
        Preference(
            "day-start", N_("Start of the day"), N_("What you do before this hour still counts for the day before."),
            _DAY_STARTS, "04:00", Scope.PERSON,
        ),
        Preference(
            "language", N_("Language"), N_("In which I answer you. What there is to learn stays in English."),
            Language(tools.languages, N_("as my app says")), AUTOMATIC, Scope.PERSON,
        ),
        Preference(
            "nudges", N_("Nudges"), N_("One message a day at most, if something of yours is due."), SWITCH, "off",
            Scope.PERSON,
        ),
        Preference(
            "quiet", N_("Quiet hours"), N_("I send you nothing by myself in these hours."), Hours(), "22:00-07:00",
            Scope.PERSON,
        ),
        Preference(
            "shown", N_("Visible to others"), N_("Whether boards and shared lists may show your name."), SWITCH, "on",
            Scope.PERSON,
        ),
        Preference(
            "our-language", N_("Language"), N_("In which I post here. What there is to learn stays in English."),
            Language(tools.languages, N_("as each reader's app says")), AUTOMATIC, Scope.COMMUNITY, setup=10,
        ),
        Preference(
            "our-zone", N_("Time zone"), N_("Everything planned here follows this clock."), Zone(), "UTC",
            Scope.COMMUNITY, setup=20, obey=follow_zone,
        ),
    )  # fmt: skip


async def move_plans(tools: Tools, tx: Transaction, owner: Owner, zone: str) -> None:
    """Plan everything of an owner anew in a zone, at the same hour on the wall."""
    for planned in await tools.schedules.of(tx, owner):
        if planned.plan.zone != zone:
            await tools.schedules.plan(tx, replace(planned.plan, zone=zone))
