"""The questions as a community has them: with its fixes and additions, without what it hid or retired."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from bot.domain.questions.store import Change, Changes
from bot.kit.database import Transaction

if TYPE_CHECKING:
    from bot.domain.questions.bank import Bank

REMEMBERED: Final = 64
"""Banks with changes that are kept in memory; 1,000 questions take about 100 kB, beside the questions themselves."""

_Marks = tuple[tuple[int, str], ...]


class Corrections:
    """Reads what communities changed about the questions. Runs inside units of work.

    What a community changed holds for it alone: nobody can change what others read.
    """

    def __init__(self) -> None:
        self._changes = Changes()
        self._banks: OrderedDict[_Marks, tuple[Bank, Bank]] = OrderedDict()

    async def bank(self, tx: Transaction, base: Bank, communities: Collection[int]) -> Bank:
        """Return ``base`` as these communities have it; ``base`` itself where nothing was changed."""
        return await self._changed(tx, base, await self._changes.marks(tx, communities))

    async def bank_of(self, tx: Transaction, base: Bank, person: int, community: int | None) -> Bank:
        """Return ``base`` as somebody has it: as their community does, in private as all they belong to do together."""
        if community is not None:
            return await self.bank(tx, base, [community])
        return await self._changed(tx, base, await self._changes.marks_of(tx, person))

    async def _changed(self, tx: Transaction, base: Bank, marks: Sequence[tuple[int, str]]) -> Bank:
        if not marks:
            return base
        key = tuple(marks)
        known = self._banks.get(key)
        if known is None or known[0] is not base:
            changes = [change for community, _mark in marks for change in await self._changes.all(tx, community)]
            known = self._banks[key] = (base, overlaid(base, changes))
            if len(self._banks) > REMEMBERED:
                self._banks.popitem(last=False)
        self._banks.move_to_end(key)
        return known[1]


def overlaid(base: Bank, changes: Sequence[Change]) -> Bank:
    """Return a bank with changes; ``base`` itself if they change nothing.

    Where changes of several communities meet, a question that is not asked in one of them is not asked at all; of
    several wordings the first counts.
    """
    from bot.domain.questions.bank import Bank  # not needed to start
    from bot.domain.questions.body import load

    gone = {change.question for change in changes if not change.kind.is_asked}
    bodies: dict[str, str] = {}
    for change in changes:
        if change.body and change.question not in gone:
            bodies.setdefault(change.question, change.body)
    if not bodies and not gone:
        return base
    kept = [
        load(bodies[question.id]) if question.id in bodies else question for question in base if question.id not in gone
    ]
    added = [load(body) for name, body in sorted(bodies.items()) if base.get(name) is None]
    return Bank([*kept, *added], base.subjects.values(), gone)
