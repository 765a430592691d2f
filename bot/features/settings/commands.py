"""``/settings``: what one sets for oneself."""

from __future__ import annotations

from bot.domain.speech import answering_with
from bot.domain.tools import Tools
from bot.features.settings import actions, replies
from bot.features.settings.ours import ours_of, shown_changes
from bot.kit.command import Area, BadArgumentError, Param, command
from bot.kit.database import Transaction
from bot.kit.feature import handles
from bot.kit.preference import Preference, Scope
from bot.kit.reply import Reply
from bot.kit.request import Request, Role
from bot.kit.wording import N_

COMMUNITY = "community"
CHANGES = "changes"


class SettingsCommands:
    """Shows and changes what a person sets for themselves; leads moderators to what holds for everybody."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @command(
        "settings",
        N_("Set your time zone, language, quiet hours and more"),
        params=(
            Param("what", N_("What to change; for moderators also: community, changes"), longest=60),
            Param("value", N_("What it should be"), longest=400),
        ),
        example="/settings zone Berlin",
        area=Area.ABOUT,
        private=True,
        needs=Role.STRANGER,
        role_matters=True,
        stricter={COMMUNITY: Role.MODERATOR, CHANGES: Role.MODERATOR},
    )
    async def settings(self, request: Request, what: str = "", value: str = "") -> Reply:
        """List what can be set, show one of it, or set it."""
        word = what.lower()
        if word == COMMUNITY:
            return ours_of(self._tools, request)
        if word == CHANGES:
            return await shown_changes(self._tools, request)
        if not word:
            return self._mine(request)
        preference = self._tools.preferences.declared.get(word)
        if preference is None or preference.scope is not Scope.PERSON:
            return replies.no_such(what, self._own())
        return await self._set_typed(request, preference, value) if value else self._one(request, preference)

    @handles(actions.MINE, needs=Role.STRANGER, role_matters=True)
    async def mine(self, request: Request) -> Reply:
        """Answer the way back to the list."""
        return self._mine(request)

    @handles(actions.OPEN, needs=Role.STRANGER)
    async def open(self, request: Request, name: str) -> Reply:
        """Show one setting."""
        preference = self._find(name)
        return self._mine(request) if preference is None else self._one(request, preference)

    @handles(actions.SET, needs=Role.STRANGER)
    async def set(self, request: Request, name: str, value: str) -> Reply:
        """Set it to one of what it offers."""
        preference = self._find(name)
        if preference is None or value not in preference.kind.choices:
            return self._mine(request)
        return await self._set(request, preference, value)

    @handles(actions.TYPE, needs=Role.STRANGER)
    async def type(self, request: Request, name: str) -> Reply:
        """Ask for a value."""
        preference = self._find(name)
        if preference is None or not preference.kind.is_open:
            return self._mine(request)
        return replies.ask(preference, preference.of(request.settings), ours=False)

    @handles(actions.TYPED, needs=Role.STRANGER)
    async def typed(self, request: Request, name: str) -> Reply:
        """Set it to what was typed."""
        preference = self._find(name)
        if preference is None:
            return self._mine(request)
        return await self._set_typed(request, preference, request.values.get("value", ""))

    @handles(actions.RESET, needs=Role.STRANGER)
    async def reset(self, request: Request, name: str) -> Reply:
        """Set it to what it was at first."""
        preference = self._find(name)
        return self._mine(request) if preference is None else await self._set(request, preference, preference.default)

    def _own(self) -> list[Preference]:
        return [one for one in self._tools.preferences.declared.values() if one.scope is Scope.PERSON and one.is_listed]

    def _find(self, name: str) -> Preference | None:
        found = self._tools.preferences.declared.get(name)
        return found if found is not None and found.scope is Scope.PERSON else None

    def _mine(self, request: Request) -> Reply:
        moderates = request.community is not None and request.asker.role.may(Role.MODERATOR)
        return replies.mine(self._own(), request.settings, moderates=moderates)

    def _one(self, request: Request, preference: Preference) -> Reply:
        return replies.one(preference, preference.of(request.settings), ours=False)

    async def _set_typed(self, request: Request, preference: Preference, text: str) -> Reply:
        try:
            value = preference.kind.read(text)
        except BadArgumentError as error:
            return replies.refused(error.sentence, preference, ours=False)
        return await self._set(request, preference, value)

    async def _set(self, request: Request, preference: Preference, value: str) -> Reply:
        person = request.asker.person

        async def work(tx: Transaction) -> None:
            await self._tools.preferences.change(tx, preference, person, value, by=person, at=request.at)

        await self._tools.database.write(work)
        with answering_with(self._tools, request, preference, value):
            return replies.one(preference, value, ours=False, saved=True)
