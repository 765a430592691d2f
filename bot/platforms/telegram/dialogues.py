"""Forms on Telegram: one question after another in the private chat, kept so that they go on after a restart."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.kit.clock import Clock
from bot.kit.reply import FieldKind, Form, notice
from bot.kit.request import Incoming, Trigger, Where
from bot.kit.text import Spans, spans
from bot.kit.uploads import MOST_BYTES, out_of_reach, too_large
from bot.kit.wording import _
from bot.platforms.telegram import forms
from bot.platforms.telegram.api import TelegramTroubleError
from bot.platforms.telegram.incoming import PLATFORM, Heard, Sent
from bot.platforms.telegram.render import render, short_remark
from bot.platforms.telegram.speaker import Speaker
from bot.platforms.telegram.store import Dialogue, TelegramStore

log = logging.getLogger("roadmate.telegram")
CANCEL, SKIP = "cancel", "skip"
Fetch = Callable[[str], Awaitable[bytes]]
"""Returns what is in a file, by Telegram's id, cut one byte beyond what is taken; raises ``TelegramTroubleError``."""


class Dialogues:
    """Asks the questions of forms and takes the answers."""

    def __init__(self, store: TelegramStore, speaker: Speaker, clock: Clock, fetch: Fetch) -> None:
        self._store = store
        self._speaker = speaker
        self._clock = clock
        self._fetch = fetch

    async def begin(self, account: str, event: str, form: Form, origin: Where) -> None:
        """Ask a form's first question in somebody's private chat."""
        await self._ask(Dialogue(account, f"form-{event}", form.one_by_one, 0, {}, origin))

    async def open_with(self, heard: Heard) -> Dialogue | None:
        """Return the form being filled in by whoever wrote in private."""
        return await self._store.dialogue(heard.sender.account, self._now)

    async def end(self, dialogue: Dialogue) -> None:
        """Forget a form."""
        await self._store.end_dialogue(dialogue.account, dialogue.event)

    async def typed(self, heard: Heard, dialogue: Dialogue) -> Incoming | None:
        """Take a typed answer, a file, ``/skip`` or ``/cancel``; returns the filled-in form once it is complete."""
        if heard.command == CANCEL:
            await self._leave(heard, dialogue)
            return None
        field = dialogue.form.fields[dialogue.step]
        if heard.command == SKIP:
            value, trouble = forms.skip(field)
        elif heard.file is not None and field.kind is FieldKind.FILE:
            value, trouble = await self._read(heard.file)
        else:
            value, trouble = forms.take(field, heard.text)
        if trouble:
            await self._ask(dialogue, trouble)
            return None
        return await self._next(heard, dialogue, value)

    async def _read(self, file: Sent) -> tuple[str, Spans]:
        """Return what a file says and, if it cannot be taken, why not (else nothing)."""
        if file.size > MOST_BYTES:
            return "", spans(str(too_large()))
        try:
            return forms.take_file(await self._fetch(file.id))
        except TelegramTroubleError as trouble:
            log.warning("a file that somebody sent was not fetched: %s", trouble)
            return "", spans(str(out_of_reach()))

    async def pressed(self, heard: Heard) -> Incoming | None:
        """Take the press of one of a question's buttons; returns the filled-in form once it is complete."""
        dialogue = await self._store.dialogue(heard.sender.account, self._now)
        read = forms.read(heard.text)
        if dialogue is None or read is None or read[:2] != (dialogue.event, dialogue.step):
            gone = notice(_("This question is no longer open. Send the command once more to begin anew."))
            await self._speaker.answer_press(heard.query, short_remark(gone), alert=True)
            return None
        await self._speaker.answer_press(heard.query)
        choice = read[2]
        if choice == forms.LEAVE:
            await self._leave(heard, dialogue)
            return None
        field = dialogue.form.fields[dialogue.step]
        if choice == forms.SKIP:
            value, trouble = forms.skip(field)
            if trouble:
                return None
        else:
            if not (choice.isascii() and choice.isdigit() and int(choice) < len(field.choices)):
                return None
            value = field.choices[int(choice)][0]
        shown = dict(field.choices).get(value, value) or "—"
        await self._speaker.change(heard.chat, heard.message, forms.answered(dialogue.form, dialogue.step, shown))
        return await self._next(heard, dialogue, value)

    async def _next(self, heard: Heard, dialogue: Dialogue, value: str) -> Incoming | None:
        answers: Mapping[str, str] = {**dialogue.answers, dialogue.form.fields[dialogue.step].name: value}
        if dialogue.step + 1 < len(dialogue.form.fields):
            await self._ask(replace(dialogue, step=dialogue.step + 1, answers=answers))
            return None
        # The dialogue is forgotten only after it was answered, so its event must be the same if that happens twice.
        return Incoming(
            platform=PLATFORM,
            event=dialogue.event,
            trigger=Trigger.FORM,
            sender=heard.sender,
            where=dialogue.origin,
            text=dialogue.form.data,
            at=self._clock.now(),
            values=answers,
        )

    async def _ask(self, dialogue: Dialogue, trouble: Spans = ()) -> None:
        await self._store.save_dialogue(dialogue, self._now)
        message = forms.ask(dialogue.form, dialogue.step, dialogue.event, trouble)
        await self._speaker.say(int(dialogue.account), [message])

    async def _leave(self, heard: Heard, dialogue: Dialogue) -> None:
        await self.end(dialogue)
        question = dialogue.form.fields[dialogue.step]
        if heard.query and question.kind is FieldKind.CHOICE:
            await self._speaker.change(
                heard.chat, heard.message, forms.answered(dialogue.form, dialogue.step, _("left"))
            )
        await self._speaker.say(heard.chat, render(notice(_("Left without sending."))))

    @property
    def _now(self) -> int:
        return int(self._clock.now().timestamp())
