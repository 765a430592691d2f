"""``/start`` and ``/help``."""

from __future__ import annotations

from bot.domain.contributions import EntryButton
from bot.domain.tools import Tools
from bot.features.guide import replies
from bot.kit.action import Action
from bot.kit.command import Area, Param, command
from bot.kit.feature import handles
from bot.kit.reply import Button, Reply
from bot.kit.request import Request, Role
from bot.kit.wording import N_, _

HELP = Action("guide.help", fresh="help")


class GuideCommands:
    """Welcomes newcomers and lists what can be asked."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @command(
        "start",
        N_("Say hello and see where to begin"),
        params=(Param("what", N_("Where a link led you"), longest=64),),
        example="/start",
        area=Area.ABOUT,
        private=True,
        needs=Role.STRANGER,
    )
    async def start(self, request: Request, what: str = "") -> Reply:
        """Welcome somebody and show the two ways to begin."""
        curriculum = self._tools.shelf.curriculum
        first = curriculum.stages[0]
        opener = next(
            (
                Button(_("Open stage 1"), data)
                for offer in self._tools.contributions.of(EntryButton)
                if (data := offer.data("stage", first.id)) is not None
            ),
            None,
        )
        return replies.welcome(request.asker.name, curriculum, opener, Button(_("What can I ask?"), HELP.data()))

    @command("help", N_("What you can ask"), example="/help", area=Area.ABOUT, private=True, needs=Role.STRANGER)
    async def help(self, request: Request) -> Reply:
        """List what the asker can ask, grouped by what they may want to do."""
        usable = [command for command in self._tools.commands() if request.asker.role.may(command.needs)]
        return replies.help_list(usable)

    @handles(HELP, needs=Role.STRANGER)
    async def help_pressed(self, request: Request) -> Reply:
        """Answer the help button."""
        reply = await self.help(request)
        return reply.private()
