"""``/start`` and ``/help``."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.community.kinds import AUTOMATIC
from bot.domain.contributions import EntryButton
from bot.domain.tools import Tools
from bot.features.guide import replies
from bot.features.guide.preferences import LINKS, WELCOME
from bot.kit.action import Action
from bot.kit.command import Area, Param, command
from bot.kit.database import Transaction
from bot.kit.feature import Arrival, handles
from bot.kit.posting import Doubt, Post
from bot.kit.preference import NOTHING, Scope
from bot.kit.reply import Button, Reply
from bot.kit.request import Request, Role
from bot.kit.wording import N_, _, speaking

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
        firsts = [
            Button(_(offer.label), data)
            for offer in self._tools.contributions.of(EntryButton)
            if (data := offer.data("start", "")) is not None
        ]
        openers = ([opener] if opener is not None else []) + firsts
        return replies.welcome(request.asker.name, curriculum, openers, Button(_("What can I ask?"), HELP.data()))

    @command(
        "help",
        N_("What you can ask"),
        example="/help",
        area=Area.ABOUT,
        private=True,
        needs=Role.STRANGER,
        role_matters=True,
    )
    async def help(self, request: Request) -> Reply:
        """List what the asker can ask, grouped by what they may want to do."""
        usable = [command for command in self._tools.commands() if request.asker.role.may(command.needs)]
        return replies.help_list(usable, self._links(request.settings))

    async def welcome(self, arrival: Arrival) -> None:
        """Greet somebody new where the community wants that; at most once a minute, however many come."""

        async def work(tx: Transaction) -> None:
            ours = await self._tools.preferences.of(tx, Scope.COMMUNITY, arrival.community)
            if WELCOME.of(ours) == NOTHING:
                return
            language = self._tools.preferences.declared["our-language"].of(ours)
            with speaking(self._tools.catalogue(arrival.language if language == AUTOMATIC else language)):
                words = replies.newcomer(arrival.title, self._links(ours))
            key = f"guide:welcome:{arrival.community}:{arrival.at:%Y-%m-%dT%H:%M}"
            await self._tools.outbox.post(tx, Post(arrival.here, words, key, arrival.community, doubt=Doubt.REPEAT))

        await self._tools.database.write(work)

    def _links(self, values: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return the community's own links that are set, each with its label."""
        return [(_(one.label), found) for one in LINKS if (found := one.of(values))]

    @handles(HELP, needs=Role.STRANGER, role_matters=True)
    async def help_pressed(self, request: Request) -> Reply:
        """Answer the help button."""
        reply = await self.help(request)
        return reply.private()
