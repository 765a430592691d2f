"""What moderators set for a community: settings, the audit list, and ``/roles``."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.community import place_words, posting_place
from bot.domain.community.store.rooms import Member
from bot.domain.speech import answering_with
from bot.domain.tools import Tools
from bot.features.settings import actions, replies
from bot.kit.command import Area, BadArgumentError, Param, command
from bot.kit.database import Transaction
from bot.kit.feature import handles
from bot.kit.preference import Preference, Scope
from bot.kit.reply import Reply, Tone
from bot.kit.request import Request, Role
from bot.kit.wording import N_

MOST_MEMBERS = 25
LIST = "list"
"""Stands for the list of all settings where a button carries the name of one."""


def ours_of(tools: Tools, request: Request) -> Reply:
    """List what is set for the community somebody asks in."""
    if request.community is None:
        return replies.only_in_communities()
    declared = [one for one in tools.preferences.declared.values() if one.scope is Scope.COMMUNITY and one.is_listed]
    return replies.ours(declared, request.settings, request.place)


async def shown_changes(tools: Tools, request: Request) -> Reply:
    """List who changed what in the community somebody asks in."""
    if request.community is None:
        return replies.only_in_communities()
    community = request.community
    found = await tools.database.read(lambda tx: tools.preferences.changes(tx, community))
    return replies.changes(found, tools.preferences.declared, request.community_zone)


class OurSettings:
    """Changes what holds for everybody in a community."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._preferences = tools.preferences

    @handles(actions.OURS, needs=Role.MODERATOR)
    async def ours(self, request: Request) -> Reply:
        """Answer the way back to the list."""
        return ours_of(self._tools, request)

    @handles(actions.OUR_OPEN, needs=Role.MODERATOR)
    async def open(self, request: Request, name: str) -> Reply:
        """Show one setting."""
        preference = self._find(request, name)
        if preference is None:
            return ours_of(self._tools, request)
        return replies.one(preference, preference.of(request.settings), ours=True)

    @handles(actions.OUR_SET, needs=Role.MODERATOR)
    async def set(self, request: Request, name: str, value: str) -> Reply:
        """Set it to one of what it offers."""
        preference = self._find(request, name)
        if preference is None or value not in preference.kind.choices:
            return ours_of(self._tools, request)
        return await self._set(request, preference, value)

    @handles(actions.OUR_TYPE, needs=Role.MODERATOR)
    async def type(self, request: Request, name: str) -> Reply:
        """Ask for a value."""
        preference = self._find(request, name)
        if preference is None or not preference.kind.is_open:
            return ours_of(self._tools, request)
        return replies.ask(preference, preference.of(request.settings), ours=True)

    @handles(actions.OUR_TYPED, needs=Role.MODERATOR)
    async def typed(self, request: Request, name: str) -> Reply:
        """Set it to what was typed."""
        preference = self._find(request, name)
        if preference is None:
            return ours_of(self._tools, request)
        try:
            value = preference.kind.read(request.values.get("value", ""))
        except BadArgumentError as error:
            return replies.refused(error.sentence, preference, ours=True)
        return await self._set(request, preference, value)

    @handles(actions.OUR_RESET, needs=Role.MODERATOR)
    async def reset(self, request: Request, name: str) -> Reply:
        """Set it to what it was at first."""
        preference = self._find(request, name)
        if preference is None:
            return ours_of(self._tools, request)
        return await self._set(request, preference, preference.default)

    @handles(actions.HERE, needs=Role.MODERATOR)
    async def here(self, request: Request, name: str) -> Reply:
        """Post what is planned in this place from now on; show again what was being set."""
        preference = self._find(request, name)
        chosen = None
        if request.community is not None:
            chosen = await posting_place.choose_here(self._tools, request, request.community)
        if chosen is None:
            return replies.only_in_communities()
        if not chosen.is_taken:
            here, back = actions.HERE.data(name=name), actions.OUR_OPEN.data(name=name)
            return place_words.not_taken(chosen, here, replies.back(back))
        shown = ours_of(self._tools, request)
        if preference is not None:
            shown = replies.one(preference, preference.of(request.settings), ours=True)
        return replace(shown, blocks=(*place_words.taken(chosen), *shown.blocks), tone=Tone.GOOD)

    @handles(actions.CHANGES, needs=Role.MODERATOR)
    async def changes(self, request: Request) -> Reply:
        """List who changed what."""
        return await shown_changes(self._tools, request)

    @handles(actions.UNDO, needs=Role.MODERATOR)
    async def undo(self, request: Request, change: int) -> Reply:
        """Take a change back."""
        if (community := request.community) is None:
            return replies.only_in_communities()
        person = request.asker.person
        await self._tools.shelf.bank()  # what is taken back may be the change of a question

        async def work(tx: Transaction) -> tuple[str, bool] | None:
            known = {one.id: one for one in await self._preferences.changes(tx, community, 50)}
            outcome = await self._preferences.undo(tx, community, change, by=person, at=request.at)
            if outcome.change is None:
                return None
            what = replies.name_of(known.get(change, outcome.change), self._preferences.declared)
            return what, await posting_place.lacks_place(self._tools, tx, community)

        done = await self._tools.database.write(work)
        if done is None:
            return replies.not_undone()
        what, lacks_place = done
        listed = await shown_changes(self._tools, request)
        told = replace(listed, blocks=(*replies.undone(what).blocks, *listed.blocks))
        return place_words.asking(told, actions.HERE.data(name=LIST)) if lacks_place else told

    @command(
        "roles",
        N_("See and give roles: hosts and moderators"),
        params=(Param("name", N_("Part of somebody's name"), longest=60),),
        example="/roles Ana",
        area=Area.RUN,
        private=True,
        needs=Role.MODERATOR,
    )
    async def roles(self, request: Request, name: str = "") -> Reply:
        """List who has which role, and whom one could be given to."""
        if (community := request.community) is None:
            return replies.only_in_communities()
        wanted = name.strip().lstrip("@").lower()

        async def work(tx: Transaction) -> list[Member]:
            return await self._preferences.rooms.members(tx, community, most=MOST_MEMBERS, named=wanted)

        found = await self._tools.database.read(work)
        if wanted and len(found) == 1:
            return replies.person(found[0], may_make_moderators=request.asker.role.may(Role.OWNER))
        return replies.people(found, name.strip())

    @handles(actions.PEOPLE, needs=Role.MODERATOR)
    async def people(self, request: Request) -> Reply:
        """Answer the way to the roles."""
        return await self.roles(request)

    @handles(actions.PERSON, needs=Role.MODERATOR)
    async def person(self, request: Request, person: int) -> Reply:
        """Show one member's role."""
        member = await self._member(request, person)
        if member is None:
            return replies.unknown_person()
        return replies.person(member, may_make_moderators=request.asker.role.may(Role.OWNER))

    @handles(actions.ROLE, needs=Role.MODERATOR)
    async def give(self, request: Request, person: int, role: str) -> Reply:
        """Give a member a role."""
        member = await self._member(request, person)
        if member is None or request.community is None:
            return replies.unknown_person()
        wanted, community = Role(role), request.community
        is_owner = request.asker.role.may(Role.OWNER)
        if Role.MODERATOR in (wanted, member.role) and wanted is not member.role and not is_owner:
            return replies.only_owner()

        async def work(tx: Transaction) -> None:
            await self._preferences.give_role(tx, community, person, wanted, by=request.asker.person, at=request.at)

        await self._tools.database.write(work)
        return replies.person(Member(person, member.name, wanted), may_make_moderators=is_owner, saved=True)

    async def _member(self, request: Request, person: int) -> Member | None:
        if (community := request.community) is None:
            return None
        return await self._tools.database.read(lambda tx: self._preferences.rooms.member(tx, community, person))

    def _find(self, request: Request, name: str) -> Preference | None:
        found = self._preferences.declared.get(name)
        if found is None or found.scope is not Scope.COMMUNITY or not found.is_listed or request.community is None:
            return None
        return found if request.asker.role.may(found.needs) else None

    async def _set(self, request: Request, preference: Preference, value: str) -> Reply:
        assert request.community is not None  # noqa: S101 - _find refused that
        community, person = request.community, request.asker.person

        async def work(tx: Transaction) -> bool:
            await self._preferences.change(tx, preference, community, value, by=person, at=request.at)
            return preference.obey is not None and await posting_place.lacks_place(self._tools, tx, community)

        lacks_place = await self._tools.database.write(work)
        with answering_with(self._tools, request, preference, value):
            saved = replies.one(preference, value, ours=True, saved=True)
            return place_words.asking(saved, actions.HERE.data(name=preference.name)) if lacks_place else saved
