"""Telegram passes what every platform passes, read back by a reader that knows Telegram and none of our code."""

from __future__ import annotations

from bot.kit.reply import Reply
from bot.platforms.telegram import forms
from bot.platforms.telegram.render import Message, render
from tests.fakes.telegram_reader import read
from tests.fakes.telegram_spec import problems_of
from tests.platforms.suite import PlatformSuite
from tests.platforms.telegram.payloads import as_form


def look(message: Message) -> str:
    """What a person reads of a message and its buttons, if Telegram takes it."""
    form = as_form(message)
    kept = () if message.document is None else (message.document.name,)
    method = "sendDocument" if kept else "sendMessage"
    assert problems_of(method, form | ({"document": "attach://x"} if kept else {}))[1] == []
    found = read(message.text, list(message.entities))
    assert found.problems == ()
    assert found.pings == ()
    assert found.text or kept
    assert bool(not kept) <= len(message.text) <= 4096
    assert all(1 <= len(row) <= 8 for row in message.keyboard)
    assert sum(map(len, message.keyboard)) <= 100
    addresses = [stretch.more for stretch in found.stretches if stretch.kind == "text_link"]
    return "\n".join((found.text, *kept, *addresses, *(key["text"] for row in message.keyboard for key in row)))


class TestTelegram(PlatformSuite):
    """What stands in the chat, and the first question of a form."""

    def shown(self, said: Reply) -> str:
        shown = list(render(said))
        if said.form is not None:
            shown += [forms.ask(said.form, step, "form-1") for step in range(len(said.form.fields))]
        return "\n".join(map(look, shown))
