"""What happens when somebody types or presses: the engine answers, and the answer goes where it belongs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.kit.clock import Clock, Dice
from bot.kit.command import Command
from bot.kit.errors import StorageError
from bot.kit.naming import Names
from bot.kit.platform import Answer, Delivery, Respond
from bot.kit.reply import Button, Reply, notice, reply
from bot.kit.request import Incoming, Setting, Trigger, Where
from bot.kit.text import bold
from bot.kit.wording import Catalogue, _, say, speaking
from bot.platforms.telegram import forms
from bot.platforms.telegram.api import ForbiddenError, RefusedError, TelegramTroubleError
from bot.platforms.telegram.dialogues import CANCEL, SKIP, Dialogues, Fetch
from bot.platforms.telegram.incoming import Heard, Orphan, Vote
from bot.platforms.telegram.limits import ALERT_FROM, DOOR_LETTERS
from bot.platforms.telegram.render import Message, gist, remark, render, short_remark
from bot.platforms.telegram.roles import Roles
from bot.platforms.telegram.speaker import Speaker
from bot.platforms.telegram.store import Dialogue, TelegramStore, Waiting
from bot.platforms.telegram.votes import Ballots, Votes
from bot.platforms.telegram.voting.store import BallotStore

log = logging.getLogger("roadmate.telegram")
START = "start"


class Conversation:
    """Carries what people do to the engine and its answers back to them."""

    def __init__(
        self,
        *,
        respond: Respond,
        store: TelegramStore,
        ballots: BallotStore,
        speaker: Speaker,
        roles: Roles,
        clock: Clock,
        dice: Dice,
        commands: Callable[[], Sequence[Command]],
        catalogue: Callable[[str], Catalogue],
        username: str,
        names: Names,
        fetch: Fetch,
    ) -> None:
        self._respond = respond
        self._store = store
        self._speaker = speaker
        self._roles = roles
        self._clock = clock
        self._dice = dice
        self._commands = commands
        self._catalogue = catalogue
        self._username = username
        self._names = names
        self._dialogues = Dialogues(store, speaker, clock, fetch)
        self._votes = Votes(ballots, clock, self._answer)
        self._ballots = Ballots(ballots, clock, self.take_early_votes)

    async def take(self, heard: Heard | Orphan | Vote) -> None:
        """Answer what somebody did. Trouble in sending is logged; nothing is raised for it."""
        language = heard.language if isinstance(heard, Orphan) else heard.sender.language
        with speaking(self._catalogue(language)):
            try:
                if isinstance(heard, Orphan):
                    gone = notice(_("This message is too old for its buttons. Send the command once more."))
                    await self._speaker.answer_press(heard.query, short_remark(gone), alert=True)
                elif isinstance(heard, Vote):
                    said = await self._votes.take(heard)
                    if said is not None:
                        await self._say(*said)
                elif heard.query:
                    await self._pressed(heard)
                else:
                    await self._typed(heard)
            except TelegramTroubleError as trouble:
                log.warning("an answer in chat %s was not delivered: %s", getattr(heard, "chat", "?"), trouble)

    async def take_early_votes(self) -> None:
        """Count votes that came before the id of their poll was known."""
        await self._votes.take_waiting()

    async def meet(self, somebody: Incoming) -> None:
        """Let the engine know who arrived. What there is to say about it comes as a post."""
        try:
            if somebody.trigger is Trigger.ADDED and await self._store.came_from_elsewhere(somebody.where.chat):
                return  # a group that became a supergroup lets nobody in anew
        except StorageError as trouble:
            log.warning("nobody can tell whether a group moved: %s", trouble)
        with speaking(self._catalogue(somebody.sender.language)):
            await self._respond(somebody)

    async def _typed(self, heard: Heard) -> None:
        heard = replace(heard, text=self._names.translated(heard.text, heard.sender.language))
        if not heard.is_private:
            if heard.command == START:
                heard = replace(heard, text="/start")  # what a link into a group carries is not for the engine
            if heard.addressed or heard.command in {command.name for command in self._commands()}:
                await self._ask(heard, heard.incoming(self._clock.now()))
            return  # other bots have commands too
        payload = heard.text.partition(" ")[2].strip() if heard.command == START else ""
        if payload and await self._collected(heard, payload):
            return
        dialogue = await self._open_dialogue(heard)
        if dialogue is not None:
            if not heard.command or heard.command in (CANCEL, SKIP):
                filled = await self._dialogues.typed(heard, dialogue)
                if filled is not None:
                    await self._filled(heard, filled)
                return
            await self._dialogues.end(dialogue)  # whoever asks for something else has left the form
        elif heard.command in (CANCEL, SKIP):
            await self._speaker.say(heard.chat, render(notice(_("There is no form open, so there is nothing to do."))))
            return
        if heard.text.strip():
            await self._ask(replace(heard, text="/start") if payload else heard, None)

    async def _open_dialogue(self, heard: Heard) -> Dialogue | None:
        try:
            return await self._dialogues.open_with(heard)
        except StorageError as trouble:  # the engine says it kindly
            log.warning("nobody can tell whether a form is open: %s", trouble)
            return None

    async def _pressed(self, heard: Heard) -> None:
        if heard.text.startswith(forms.PREFIX):
            filled = await self._dialogues.pressed(heard)
            if filled is not None:
                await self._filled(replace(heard, query=""), filled)
            return
        try:
            await self._ask(heard, None)
        except Exception:
            await self._speaker.answer_press(heard.query)
            raise

    async def _filled(self, heard: Heard, filled: Incoming) -> None:
        """Have a filled-in form answered: in the private chat where it was filled in, or in the place it is about."""
        answer = await self._answer(filled)
        await self._store.end_dialogue(heard.sender.account, filled.event)
        if answer.reply.in_place and filled.where.setting is not Setting.PRIVATE:
            try:  # the answer's own buttons mean nothing elsewhere
                await self._say(filled.where, answer.reply)
            except (ForbiddenError, RefusedError) as trouble:
                log.info("an answer about chat %s is said in private (%s)", filled.where.chat, trouble)
            else:
                await self._say(heard.where, _answered_there(filled.where.title))
                return
        await self._deliver(heard, answer, filled)

    async def _ask(self, heard: Heard, incoming: Incoming | None) -> None:
        incoming = incoming or heard.incoming(self._clock.now())
        await self._deliver(heard, await self._answer(incoming), incoming)

    async def _answer(self, incoming: Incoming) -> Answer:
        role = await self._roles.of(incoming)
        if role is not incoming.sender.role:
            incoming = replace(incoming, sender=replace(incoming.sender, role=role))
        return await self._respond(incoming)

    async def _deliver(self, heard: Heard, answer: Answer, incoming: Incoming) -> None:
        """Bring an answer where it belongs; a press is answered in every case."""
        reply = answer.reply
        if answer.delivery is Delivery.NOTHING:
            await self._settle(heard)
        elif heard.is_private:
            await self._deliver_alone(heard, answer, incoming)
        elif (answer.only_you and not reply.in_place) or reply.form is not None:
            await self._deliver_hidden(heard, answer, incoming)
        elif answer.delivery is Delivery.NOTICE and heard.query:
            await self._settle(heard, short_remark(reply))
        else:
            await self._settle(heard)
            if not await self._changed(heard, answer):
                await self._say(heard.where, reply, answers=None if heard.query else heard.message or None)

    async def _deliver_alone(self, heard: Heard, answer: Answer, incoming: Incoming) -> None:
        reply = answer.reply
        if answer.delivery is Delivery.NOTICE and heard.query and (words := remark(reply)) is not None:
            await self._settle(heard, words)
            return
        await self._settle(heard)
        if incoming.trigger is Trigger.FORM or not await self._changed(heard, answer):
            await self._say(heard.where, reply)
        if reply.form is not None:
            await self._dialogues.begin(heard.sender.account, incoming.event, reply.form, incoming.where)

    async def _deliver_hidden(self, heard: Heard, answer: Answer, incoming: Incoming) -> None:
        """Bring an answer to its asker alone: as a remark on the press, else in their chat, else by a link there.

        Where the remark is only the gist, the whole follows in their chat if they have one, without a sound.
        """
        reply = answer.reply
        if heard.query and (words := gist(reply)) is not None:
            await self._settle(heard, words)
            if heard.alone is not None and remark(reply) is None:
                await self._say_quietly(heard.alone, reply)
            return
        if heard.alone is None:
            await self._say_hidden(heard, _said_as_group())
            return
        try:
            await self._say(Where(str(heard.alone), Setting.PRIVATE), reply)
            if reply.form is not None:
                await self._dialogues.begin(heard.sender.account, incoming.event, reply.form, incoming.where)
        except ForbiddenError:
            await self._leave_at_the_door(heard, reply, incoming)
            return
        if heard.query:
            await self._settle(heard, _("The answer is in our private chat."))
        else:
            await self._say_hidden(heard, _answered_alone(self._link()))

    async def _leave_at_the_door(self, heard: Heard, reply: Reply, incoming: Incoming) -> None:
        """Keep an answer for somebody whom Telegram does not let us write to before they open the chat."""
        door = self._dice.token(DOOR_LETTERS)
        waiting = Waiting(heard.sender.account, incoming.event, reply, incoming.where)
        await self._store.put_aside(door, waiting, int(self._clock.now().timestamp()))
        if heard.query:
            await self._speaker.answer_press(heard.query, url=self._link(door))
        else:
            await self._say_hidden(heard, _waits_for_you(self._link(door)))

    async def _collected(self, heard: Heard, payload: str) -> bool:
        """Bring the answer that waits behind a link; returns whether one did."""
        waiting = await self._store.waiting(payload, int(self._clock.now().timestamp()))
        if waiting is None or waiting.account != heard.sender.account:
            return False
        await self._say(heard.where, waiting.reply)
        if waiting.reply.form is not None:
            await self._dialogues.begin(waiting.account, waiting.event, waiting.reply.form, waiting.origin)
        return True

    async def _changed(self, heard: Heard, answer: Answer) -> bool:
        """Put an answer in the place of the pressed message where it belongs there; returns whether it stands there."""
        if answer.delivery is not Delivery.EDIT or not heard.query or not heard.can_edit:
            return False
        first, *rest = self._drawn(heard.where, answer.reply) or (None,)
        if first is None or not await self._speaker.change(
            heard.chat, heard.message, first, is_photo=heard.on_photo
        ):  # fmt: skip
            return False
        count = self._ballots.counted(heard.where)
        await self._speaker.say(heard.chat, rest, thread=heard.thread, count=count)
        return True

    async def _say(self, where: Where, reply: Reply, *, answers: int | None = None) -> None:
        """Say a reply somewhere, as a new message."""
        thread = int(where.thread) if where.thread else None
        count = self._ballots.counted(where)
        await self._speaker.say(int(where.chat), self._drawn(where, reply), thread=thread, answers=answers, count=count)

    async def _say_quietly(self, alone: int, reply: Reply) -> None:
        """Say a reply in somebody's private chat without a sound; whoever has none misses nothing they wait for."""
        try:
            await self._speaker.say(alone, self._drawn(Where(str(alone), Setting.PRIVATE), reply), quiet=True)
        except (ForbiddenError, RefusedError) as trouble:
            log.debug("nothing more is said to %s: %s", alone, trouble)

    def _drawn(self, where: Where, reply: Reply) -> tuple[Message, ...]:
        """Return a reply as messages; a channel takes no poll whose voters are known."""
        return render(reply, polls=where.setting is not Setting.CHANNEL, pictures=self._speaker.draws)

    async def _settle(self, heard: Heard, text: str = "") -> None:
        """Answer a press, if it was one."""
        if heard.query:
            await self._speaker.answer_press(heard.query, text, alert=len(text) > ALERT_FROM)

    async def _say_hidden(self, heard: Heard, line: Reply) -> None:
        """Say a line in the group that shows nothing of the answer."""
        if heard.query:
            await self._settle(heard, short_remark(line))
            return
        await self._say(heard.where, line, answers=heard.message)

    def _link(self, door: str = "") -> str:
        return f"https://t.me/{self._username}" + (f"?start={door}" if door else "")


def _said_as_group() -> Reply:
    return reply(_("This answer is for you alone, but you write in the name of the group. Ask me in our private chat."))


def _answered_alone(link: str) -> Reply:
    return reply(_("I have answered you in our private chat."), buttons=((Button(_("Open it"), url=link),),))


def _answered_there(place: str) -> Reply:
    return reply(say(_("Thank you. It goes on in {place}."), place=bold(place or _("the group"))))


def _waits_for_you(link: str) -> Reply:
    return reply(
        _("This answer is for you alone. It waits in our private chat: open it and press Start."),
        buttons=((Button(_("Read it there"), url=link),),),
    )
