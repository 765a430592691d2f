"""What one screen shows: who sits at it, where they are, and the card they have before them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.domain.commons.courier import Happening
from bot.kit.errors import StorageError
from bot.kit.reply import Reply
from bot.kit.text import plain
from bot.kit.wording import _
from bot.platforms.terminal import limits
from bot.platforms.terminal.keyboard import Keyboard
from bot.platforms.terminal.paper import NobodyReadsError, Paper
from bot.platforms.terminal.render import clean, render
from bot.platforms.terminal.rooms import ALONE, HALL, Persona, Room, owner_of, people
from bot.platforms.terminal.store import Card, CardStore

NOT_KEPT: Final = 0
"""Stands for the number of a card that could not be stored."""


class View:
    """Somebody at the screen, alone with the bot or in the hall; each person has a card before them in each chat."""

    def __init__(self, store: CardStore, paper: Paper, owner: Persona) -> None:
        self._store = store
        self._paper = paper
        self._everybody = people(owner)
        self._before: dict[tuple[str, str], Card] = {}
        self.me = owner
        self.room: Room = ALONE

    @property
    def chat(self) -> str:
        """The conversation they are in."""
        return self.room.chat(self.me)

    @property
    def is_hall(self) -> bool:
        """Whether everybody reads along."""
        return self.room is HALL

    @property
    def prompt(self) -> str:
        """What stands before the line that is being typed: who types it, and where, unless that is as it began."""
        if self.is_hall:
            return f"{clean(self.me.name)} · {_(HALL.title)} › "
        return "› " if self.me is self._everybody[0] else f"{clean(self.me.name)} › "

    @property
    def names(self) -> str:
        """Those one can be."""
        return ", ".join(clean(persona.name) for persona in self._everybody)

    def heard(self, happening: Happening, keyboard: Keyboard) -> None:
        """Show what came into a chat by itself, wherever somebody is looking."""
        owner = owner_of(happening.chat, self._everybody)
        title = _(HALL.title) if owner is None else _("For {name} alone").format(name=clean(owner.name))
        number = happening.message
        if happening.reply is None:
            text = _("{room}: #{number} was taken back.").format(room=title, number=number)
        elif happening.is_new:
            text = _headed(f"{title} · #{number}", render(happening.reply, self._paper.screen()))
            if happening.chat == self.chat:
                self._before[self._spot] = Card(number, happening.chat, "", happening.reply)
        else:
            text = _("{room}: #{number} has changed. Type #{number} to see it.").format(room=title, number=number)
        try:
            self._paper.put(keyboard.around(f"\n{text}\n"))
        except NobodyReadsError:
            return  # the conversation notices at its next line

    async def become(self, name: str) -> None:
        """Be somebody else."""
        wanted = name.casefold()
        found = [one for one in self._everybody if wanted in (one.name.casefold(), one.account.casefold())]
        if not found:
            self._paper.say(_("You can be {names}. Type for example: as Ana").format(names=self.names))
            return
        self.me = found[0]
        about = _(self.me.about)
        self._paper.say(_("You are {name} ({about}) now.").format(name=clean(self.me.name), about=about))
        await self.enter(self.room)

    async def enter(self, room: Room) -> None:
        """Go somewhere, and say where that is; in the hall the newest card is shown."""
        self.room = room
        if not self.is_hall:
            self._paper.say(_("You are alone with the bot. “hall” leads to the study hall."))
            return
        self._paper.say(_("You are in the study hall, where everybody reads along. “alone” leads back."))
        for card in await self._store.newest(chat=self.chat, account=self.me.account, count=1):
            self.show(card)

    async def list_cards(self) -> None:
        """List what was said here, the newest first."""
        found = await self._store.newest(chat=self.chat, account=self.me.account, count=limits.CARDS_LISTED)
        if not found:
            self._paper.say(_("Nothing was said here yet."))
        for card in found:
            first = " ".join((card.reply.title or plain(card.reply.blocks)).split())
            short = first if len(first) <= limits.LONGEST_TITLE else first[: limits.LONGEST_TITLE - 1] + "…"
            self._paper.say(f"#{card.number} {clean(short)}")

    async def open_card(self, number: int) -> None:
        """Show one of them again."""
        card = await self._store.card(number, chat=self.chat, account=self.me.account)
        if card is None:
            self._paper.say(_("There is no #{number} here. “cards” lists what there is.").format(number=number))
            return
        self.show(card)

    async def card(self) -> Card | None:
        """Return the card one has before oneself as it is now; one that is gone stays as it was seen."""
        seen = self._before.get(self._spot)
        if seen is None or seen.number == NOT_KEPT:
            return seen
        return await self._store.card(seen.number, chat=seen.chat, account=self.me.account) or seen

    def show(self, card: Card, *, reveal: bool = False) -> None:
        """Show a card, which is what numbers press from now on."""
        self._before[self._spot] = card
        text = render(card.reply, self._paper.screen(reveal=reveal))
        if self.is_hall:
            title = _("Only {name} sees this").format(name=clean(self.me.name)) if card.only_for else _(HALL.title)
            text = _headed(title if card.number == NOT_KEPT else f"{title} · #{card.number}", text)
        self._paper.say("\n" + text)

    async def keep(self, reply: Reply, event: str, at: datetime, *, only_me: bool, instead_of: Card | None) -> Card:
        """Keep an answer and return it as a card, in the place of what was pressed where it belongs there."""
        only_for = self.me.account if only_me and self.is_hall else ""
        try:
            # A public card is never turned into a private answer: others would lose it, or see what is not theirs.
            fits = instead_of is not None and not (only_for and not instead_of.only_for)
            if fits and instead_of is not None and await self._store.replace(instead_of.number, reply):
                return Card(instead_of.number, instead_of.chat, instead_of.only_for, reply)
            number = await self._store.add(chat=self.chat, event=event, at=at, reply=reply, only_for=only_for)
        except StorageError as trouble:
            self._paper.say(str(trouble))  # the answer itself is shown all the same
            number = None
        return Card(number or NOT_KEPT, self.chat, only_for, reply)

    @property
    def _spot(self) -> tuple[str, str]:
        return self.chat, self.me.account


def _headed(title: str, text: str) -> str:
    return f"── {title} ──\n{text}"
