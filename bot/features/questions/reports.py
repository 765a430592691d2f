"""``Something wrong?``: the button under every answer, for everybody who belongs to a community."""

from __future__ import annotations

from typing import Final

from bot.domain.contributions import QuestionButton
from bot.features.questions import actions
from bot.features.questions.card import Heard
from bot.features.questions.flags import Flagging
from bot.features.questions.replies import flags as replies
from bot.kit.feature import handles
from bot.kit.reply import Reply
from bot.kit.request import Request, Role
from bot.kit.wording import N_

OTHER: Final = "other"


class Reports:
    """Asks what is wrong, and passes it on."""

    def __init__(self, flagging: Flagging) -> None:
        self._flagging = flagging
        self.button = QuestionButton(N_("Something wrong?"), lambda question: actions.FLAG.data(question=question))

    @handles(actions.FLAG, needs=Role.MEMBER)
    async def flag(self, request: Request, question: str) -> Reply:
        """Ask what is wrong."""
        return replies.why(question) if await self._flagging.knows(request, question) else replies.unknown()

    @handles(actions.WHY, needs=Role.MEMBER)
    async def why(self, request: Request, question: str, reason: str) -> Reply:
        """Take one of the reasons, or ask for words."""
        if reason == OTHER:
            return replies.note(question)
        return await self._pass_on(request, question, reason)

    @handles(actions.NOTE, needs=Role.MEMBER)
    async def note(self, request: Request, question: str) -> Reply:
        """Take a reason in words."""
        note = " ".join(request.values.get("note", "").split())[: replies.LONGEST_NOTE]
        return await self._pass_on(request, question, OTHER, note)

    async def _pass_on(self, request: Request, question: str, reason: str, note: str = "") -> Reply:
        match await self._flagging.flag(request, question, reason, note):
            case Heard.KEPT:
                return replies.thanks(reason)
            case Heard.NOWHERE:
                return replies.nowhere()
            case Heard.UNKNOWN:
                return replies.unknown()
