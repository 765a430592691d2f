"""What one screen shows: who sits at it, where they are, and the card they have before them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.commons.cast import HALL, Persona, Room
from bot.domain.commons.courier import Happening
from bot.kit.errors import StorageError
from bot.kit.reply import Reply
from bot.kit.text import plain
from bot.kit.wording import _
from bot.platforms.terminal import limits
from bot.platforms.terminal.keyboard import Keyboard
from bot.platforms.terminal.paper import NobodyReadsError, Paper
from bot.platforms.terminal.render import choices_of, clean, render
from bot.platforms.terminal.rooms import ALONE, owner_of, people
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
        self._is_asking = False
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
        if self._is_asking:
            return "… "
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
            takes_over = choices_of(happening.reply) or self._spot not in self._before
            if happening.chat == self.chat and takes_over and not keyboard.is_typing:
                self._before[self._spot] = Card(number, happening.chat, "", happening.reply)
        else:
            text = _("{room}: #{number} has changed. Type #{number} to see it.").format(room=title, number=number)
        try:
            self._paper.put(keyboard.around("\n" + text.rstrip("\n") + "\n"))
        except NobodyReadsError:
            return  # the conversation notices at its next line

    def called(self, name: str) -> Persona | None:
        """Return who is called so here, or None."""
        wanted = name.casefold()
        return next((one for one in self._everybody if wanted in (one.name.casefold(), one.account.casefold())), None)

    async def become(self, name: str) -> None:
        """Be somebody else, in the same room."""
        found = self.called(name)
        if found is None:
            self._paper.tell(_("You can be {names}. Type for example: as Ana").format(names=self.names))
            return
        self.me = found
        words = (
            _("You are {name} ({about}) now, in the study hall.")
            if self.is_hall
            else _("You are {name} ({about}) now, alone with the bot. “hall” leads to the others.")
        )
        self._paper.tell(words.format(name=clean(self.me.name), about=_(self.me.about)))
        await self._face(is_shown=False)

    async def enter(self, room: Room) -> None:
        """Go somewhere, and say where that is; in the hall the newest card is shown."""
        self.room = room
        self._paper.tell(
            _("You are in the study hall, where everybody reads along. “alone” leads back.")
            if self.is_hall
            else _("You are alone with the bot. “hall” leads to the study hall.")
        )
        await self._face(is_shown=self.is_hall)

    async def _face(self, *, is_shown: bool) -> None:
        """Have a card before oneself again: the one of before, or else the newest; shown whole, or only named."""
        newest = await self.newest()
        if newest is None:
            return
        card = self._before.setdefault(self._spot, newest) if not is_shown else newest
        if newest.reply.form is not None:
            self._tell_of_form(newest)
        elif is_shown:
            self.show(card)
        elif self.is_hall:
            name = _("Before you: #{number} {title}. “again” shows it.")
            self._paper.tell(name.format(number=card.number, title=_title(card)))

    async def remind(self) -> None:
        """Say that a form was left unanswered when the terminal was left."""
        card = await self.newest()
        if card is not None and card.reply.form is not None:
            self._tell_of_form(card)

    async def newest(self) -> Card | None:
        """Return the newest card here, or None if nothing was said here."""
        found = await self._store.newest(chat=self.chat, account=self.me.account, count=1)
        return found[0] if found else None

    def _tell_of_form(self, card: Card) -> None:
        self._paper.tell(_("You left #{number} unanswered. Type #{number} to answer it.").format(number=card.number))

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Around a form: its lines have a prompt of their own."""
        self._is_asking = True
        try:
            yield
        finally:
            self._is_asking = False

    async def answered(self, card: Card) -> None:
        """Take the form out of a card whose answer was only a passing word: it is not left unanswered."""
        with suppress(StorageError):
            await self._store.replace(card.number, replace(card.reply, form=None))

    async def list_cards(self) -> None:
        """List what was said here, the newest first."""
        found = await self._store.newest(chat=self.chat, account=self.me.account, count=limits.CARDS_LISTED)
        if not found:
            self._paper.tell(_("Nothing was said here yet."))
        for card in found:
            self._paper.say(f"#{card.number} {_title(card)}")

    async def open_card(self, number: int) -> Card | None:
        """Show one of them again, and return it; None if there is no such card here."""
        card = await self._store.card(number, chat=self.chat, account=self.me.account)
        if card is None:
            self._paper.tell(_("There is no #{number} here. “cards” lists what there is.").format(number=number))
            return None
        self.show(card)
        return card

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


def _title(card: Card) -> str:
    """Return the first words of a card, on one line."""
    said = card.reply
    named = (
        said.title,
        plain(said.blocks),
        said.poll.question if said.poll else "",
        said.form.title if said.form else "",
    )
    first = clean(" ".join(next(filter(None, named), "").split()))
    return first if len(first) <= limits.LONGEST_TITLE else first[: limits.LONGEST_TITLE - 1] + "…"


def _headed(title: str, text: str) -> str:
    return f"── {title} ──\n{text}"
