"""The questions as a community has them: with its fixes and additions, without what it hid or retired."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from bot.kit.database import Transaction

if TYPE_CHECKING:
    from bot.domain.questions.bank import Bank


class Corrections:
    """Reads what communities changed about the questions. Runs inside units of work."""

    async def bank(self, tx: Transaction, base: Bank, communities: Collection[int]) -> Bank:
        """Return ``base`` as these communities have it; ``base`` itself where nothing was changed."""
        return base

    async def bank_of(self, tx: Transaction, base: Bank, person: int, community: int | None) -> Bank:
        """Return ``base`` as somebody has it: as their community does, in private as all they belong to do together."""
        return base
