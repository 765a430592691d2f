"""What moderators press under a report about a post of unknown fate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.tools import Tools
from bot.features.delivery import actions, replies
from bot.kit.database import Transaction
from bot.kit.feature import handles
from bot.kit.posting import State
from bot.kit.reply import Reply
from bot.kit.request import Request, Role


class DeliveryCommands:
    """Settles posts of unknown fate. A second press, or a late one, changes nothing."""

    def __init__(self, tools: Tools) -> None:
        self._database = tools.database
        self._outbox = tools.outbox

    @handles(actions.RESEND, needs=Role.MODERATOR)
    async def resend(self, request: Request, post: int) -> Reply:
        """Send a post again."""
        is_done, state = await self._settle(request, post, self._outbox.resend)
        return replies.sent_again() if is_done else replies.settled(state)

    @handles(actions.LEAVE, needs=Role.MODERATOR)
    async def leave(self, request: Request, post: int) -> Reply:
        """Take a post as delivered."""
        is_done, state = await self._settle(request, post, self._outbox.leave)
        return replies.left() if is_done else replies.settled(state)

    async def _settle(
        self, request: Request, post: int, how: Callable[[Transaction, int], Awaitable[bool]]
    ) -> tuple[bool, State | None]:
        """Return whether the press settled the post, and its state before; None if there is none of this community."""

        async def work(tx: Transaction) -> tuple[bool, State | None]:
            fate = await self._outbox.fate(tx, post)
            if fate is None or (fate.community is not None and fate.community != request.community):
                return False, None
            return await how(tx, post), fate.state

        return await self._database.write(work)
