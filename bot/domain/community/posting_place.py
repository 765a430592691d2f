"""Where a community's posts go: whether something planned has no place to go to, and choosing the place one is in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.tools import Tools
from bot.kit.database import Transaction
from bot.kit.platform import Lacking, Room
from bot.kit.posting import Address, DeliveryError, GoneError
from bot.kit.request import Request
from bot.kit.schedule import Job, Owner, Planned


@dataclass(frozen=True, slots=True)
class Chosen:
    """What became of choosing a place: which one, what is missing there, and why it is gone if it is."""

    room: Room
    lacking: Sequence[Lacking] = ()
    gone: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether posts go there from now on."""
        return not self.gone and not any(one.vital for one in self.lacking)


def posts(job: Job) -> bool:
    """Whether a job posts where its community wants it: what it posts can be previewed."""
    return job.preview is not None


async def lacks_place(tools: Tools, tx: Transaction, community: int) -> bool:
    """Return whether something that is due to be posted in a community has no place to go to."""
    return await has_no_place(tools, tx, community, await tools.schedules.of(tx, Owner(community=community)))


async def has_no_place(tools: Tools, tx: Transaction, community: int, planned: Iterable[Planned]) -> bool:
    """Return whether one of these plans of a community posts something, and no place was chosen."""
    jobs = tools.jobs()
    due = (jobs.get(one.plan.job) for one in planned if one.due is not None)
    if not any(job is not None and posts(job) for job in due):
        return False
    return not await tools.preferences.rooms.rooms(tx, community)


async def rooms_near(tools: Tools, request: Request, here: Address) -> tuple[Sequence[Room], bool]:
    """Return the places of a community that posts could go to, ``here`` at least, and whether a platform told them."""
    alone = [Room(here, request.place or here.chat)]
    surroundings = tools.surroundings(here.platform)
    if surroundings is None:
        return alone, True
    try:
        return await surroundings.rooms(here) or alone, True
    except DeliveryError:
        return alone, False


async def lacking_in(tools: Tools, to: Address) -> Sequence[Lacking]:
    """Return the rights that are missing to post in a place; none where nobody can tell: the first post will.

    Raises:
        GoneError: the place cannot be written to any more.
    """
    surroundings = tools.surroundings(to.platform)
    if surroundings is None:
        return ()
    try:
        return await surroundings.lacking(to)
    except GoneError:
        raise
    except DeliveryError:
        return ()


async def choose_here(tools: Tools, request: Request, community: int) -> Chosen | None:
    """Let everything planned be posted where somebody asks from now on, unless a vital right is missing there.

    Returns None where nobody can tell which place that is. Nothing changes if the place cannot be posted in.
    """
    if request.here is None:
        return None
    room = (await rooms_near(tools, request, request.here))[0][0]
    try:
        chosen = Chosen(room, await lacking_in(tools, room.to))
    except GoneError as error:
        return Chosen(room, gone=str(error))
    if chosen.is_taken:

        async def work(tx: Transaction) -> None:
            await tools.preferences.use_room(tx, community, room, by=request.asker.person, at=request.at)

        await tools.database.write(work)
    return chosen
