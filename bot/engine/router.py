"""From what somebody typed or pressed to the answer: finds who asks and what for, checks rights, never raises."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.engine import replies
from bot.engine.askers import Askers
from bot.engine.budget import Budgets, Verdict
from bot.engine.discover import Registry
from bot.engine.health import Outcome, ended
from bot.engine.inbox import answering
from bot.engine.replies import RUN
from bot.kit.action import BadActionDataError, name_of
from bot.kit.clock import Dice
from bot.kit.command import BadArgumentError, Command
from bot.kit.errors import AlreadyHandledError, StorageError
from bot.kit.feature import Arrival
from bot.kit.platform import Answer, Delivery
from bot.kit.posting import Address
from bot.kit.reply import Reply
from bot.kit.request import Asker, Incoming, Request, Role, Setting, Trigger
from bot.kit.text import reading_in
from bot.kit.wording import Catalogue, speaking

log = logging.getLogger("roadmate.router")


@dataclass(frozen=True, slots=True)
class Router:
    """Answers events.

    Attributes:
        registry: commands and actions by name.
        askers: finds and meets whoever asks.
        catalogue: the sentences of a language.
        dice: makes references for errors.
        budgets: how much anybody may ask; None: without limit.
        words_mean: the command that plain words in a private chat stand for.
    """

    registry: Registry
    askers: Askers
    catalogue: Callable[[str], Catalogue]
    dice: Dice
    budgets: Budgets | None = None
    words_mean: str = "search"

    async def respond(self, incoming: Incoming) -> Answer:
        """Answer one event. Whatever goes wrong becomes a kind reply; details go to the log under its reference."""
        with speaking(self.catalogue(incoming.sender.language)):
            if self.budgets is not None:
                verdict, pause = self.budgets.spend(incoming, _what(incoming))
                if verdict is not Verdict.ANSWER:
                    ended(Outcome.TOO_MUCH)
                    if verdict is Verdict.LEAVE and incoming.trigger is Trigger.COMMAND:
                        return Answer(Reply(), Delivery.NOTHING, only_you=False)
                    return _settle(incoming, replies.too_fast(pause))
            try:
                return await self._respond(incoming)
            except AlreadyHandledError:
                ended(Outcome.REPEATED)
                return _settle(incoming, replies.already_handled())
            except StorageError as error:
                reference = self.dice.token(6)
                ended(Outcome.STORAGE)
                said = {"reference": reference}
                log.error("reference %s: %s", reference, error, extra=said)  # noqa: TRY400 - the sentence says it all
                return _settle(incoming, replies.storage_trouble(reference))
            except Exception:
                reference = self.dice.token(6)
                ended(Outcome.MISTAKE)
                said = {"reference": reference}
                log.exception("reference %s: %s %s failed", reference, incoming.trigger, _what(incoming), extra=said)
                return _settle(incoming, replies.our_mistake(reference))

    async def _respond(self, incoming: Incoming) -> Answer:
        match incoming.trigger:
            case Trigger.COMMAND:
                return await self._command(incoming)
            case Trigger.ADDED | Trigger.JOINED:
                return await self._arrived(incoming)
            case _:
                return await self._action(incoming)

    async def _arrived(self, incoming: Incoming) -> Answer:
        """Let features know that the bot or a person is new somewhere; what they have to say they post."""
        where = incoming.where
        arrival = Arrival(
            community=await self.askers.found(incoming),
            here=_address(incoming),
            setting=where.setting,
            language=incoming.sender.language,
            at=incoming.at,
            event=incoming.event,
            title=where.title if incoming.trigger is Trigger.ADDED else incoming.sender.name,
        )
        told = self.registry.added if incoming.trigger is Trigger.ADDED else self.registry.joined
        for tell in told:
            await tell(arrival)
        return Answer(Reply(), Delivery.NOTHING, only_you=False)

    async def _command(self, incoming: Incoming) -> Answer:
        name, text = _split(incoming.text)
        if name is None:
            if incoming.where.setting is not Setting.PRIVATE:
                return Answer(Reply(), Delivery.NOTHING, only_you=False)
            word = text.lower()  # somebody who leaves the slash out means the command all the same
            name, text = (word, "") if word in self.registry.commands else (self.words_mean, text)
        name = name or "help"
        command = self.registry.commands.get(name)
        if command is None:
            return _settle(incoming, replies.unknown_command(name, self._similar(name, incoming.sender.role)))
        first = " ".join(incoming.values.get(one.name, "") for one in command.params) if incoming.values else text
        if not await self._may(incoming, needs := command.needs_for(first)):
            return _settle(incoming, replies.not_allowed(needs))
        try:
            values = command.check(incoming.values) if incoming.values else command.parse(text)
        except BadArgumentError as error:
            return _settle(incoming, replies.bad_argument(error.sentence, command))
        request = await self._request(incoming, public=not command.private)
        with speaking(self.catalogue(request.language)), reading_in(_zone_of(request)), answering(incoming):
            reply = await _ask(command.handler, request, values)
        return _settle(incoming, replace(reply, only_you=True) if command.private else reply)

    async def _action(self, incoming: Incoming) -> Answer:
        if name_of(incoming.text) == RUN.name:
            return await self._run(incoming)
        handler = self.registry.actions.get(name_of(incoming.text))
        try:
            if handler is None:
                return _settle(incoming, replies.expired("help"))
            values = handler.action.read(incoming.text)
        except BadActionDataError:
            assert handler is not None  # noqa: S101 - read() was called on it
            return _settle(incoming, replies.expired(handler.action.fresh))
        if not await self._may(incoming, handler.needs):
            return _settle(incoming, replies.not_allowed(handler.needs))
        request = await self._request(incoming, public=incoming.on_public)
        with speaking(self.catalogue(request.language)), reading_in(_zone_of(request)), answering(incoming):
            reply = await _ask(handler.handler, request, values)
        return _settle(incoming, reply)

    async def _run(self, incoming: Incoming) -> Answer:
        """Answer a button that stands for a command, as if it had been typed."""
        try:
            name = RUN.read(incoming.text)["command"]
        except BadActionDataError:
            return _settle(incoming, replies.expired("help"))
        return await self._command(replace(incoming, trigger=Trigger.COMMAND, text=f"/{name}", values={}))

    async def _may(self, incoming: Incoming, needs: Role) -> bool:
        """Return whether a sender may do something: by what the platform says, or by a role the community gave them."""
        role = incoming.sender.role
        if role.may(needs):
            return True
        if incoming.where.setting is Setting.PRIVATE:
            return False
        if role is Role.STRANGER:
            await self.askers.left(incoming)
            return False
        known, _values = await self.askers.known(incoming)
        return known.given.may(needs)

    async def _request(self, incoming: Incoming, *, public: bool) -> Request:
        known, values = await self.askers.known(incoming)
        sender = incoming.sender
        role = sender.role if known.community is not None or sender.role is not Role.STRANGER else Role.MEMBER
        if role is not Role.STRANGER and known.given.rank > role.rank:
            role = known.given
        is_public = public and incoming.where.setting is not Setting.PRIVATE
        language = known.language or sender.language or "en"
        return Request(
            asker=Asker(
                person=known.person,
                name=known.name,
                role=role,
                language=language,
                zone=known.zone,
                day_start=known.day_start,
                app_language=sender.language,
            ),
            community=known.community,
            setting=incoming.where.setting,
            public=is_public,
            trigger=incoming.trigger,
            at=incoming.at,
            values=incoming.values,
            here=_address(incoming),
            place=incoming.where.title,
            settings=values,
            community_zone=known.community_zone,
            language=known.community_language or language if is_public else language,
        )

    def _similar(self, name: str, role: Role) -> list[Command]:
        from difflib import get_close_matches

        open_to = {one.name: one for one in self.registry.commands.values() if role.may(one.needs)}
        return [open_to[near] for near in get_close_matches(name, open_to, n=3, cutoff=0.6)]


def _zone_of(request: Request) -> str:
    """Return the zone of whoever will read an answer: the community's where all of it does."""
    return request.community_zone if request.public and request.community is not None else request.asker.zone


def _address(incoming: Incoming) -> Address:
    return Address(incoming.platform, incoming.where.chat, incoming.where.thread)


async def _ask(handler: Callable[..., Awaitable[Reply]], request: Request, values: dict[str, Any]) -> Reply:
    return await handler(request, **values)


def _split(text: str) -> tuple[str | None, str]:
    """Return (command name in lower case, the rest); no name if the text is no command. ``/next@bot`` is ``/next``."""
    text = text.strip()
    if not text.startswith("/"):
        return None, text
    word, *rest = text[1:].split(None, 1) or [""]
    return word.partition("@")[0].lower(), "".join(rest).strip()


def _settle(incoming: Incoming, reply: Reply) -> Answer:
    """Decide where a reply belongs.

    A reply that edits takes the place of the pressed message only if that message is the presser's own, or the reply
    shows nothing personal; otherwise the presser gets a copy of their own. Of a reply about the place, which may stand
    where everybody sees it, the platform decides: one that can hide it gives the presser a copy.
    """
    alone = incoming.where.setting is Setting.PRIVATE
    only_you = reply.only_you and not alone
    if reply.in_place and reply.edits and incoming.trigger is not Trigger.COMMAND:
        return Answer(reply, Delivery.EDIT, only_you)
    if reply.notice:
        return Answer(reply, Delivery.NOTICE, only_you=not alone)
    if reply.edits and incoming.trigger is not Trigger.COMMAND and (only_you != incoming.on_public or alone):
        return Answer(reply, Delivery.EDIT, only_you)
    return Answer(reply, Delivery.NEW, only_you)


def _what(incoming: Incoming) -> str:
    """Return what was asked without what was said, for the log."""
    if incoming.trigger is Trigger.COMMAND:
        name, _rest = _split(incoming.text)
        return f"/{name}" if name else "words"
    return name_of(incoming.text)
