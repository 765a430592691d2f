"""Discord passes what every platform passes; what is sent is read by a parser of Discord's own rules."""

from __future__ import annotations

from bot.kit.reply import Reply
from bot.platforms.discord.render import render, render_file, render_form, render_modal
from tests.fakes.discord_payloads import modal_refusals, refusals, shown, texts
from tests.platforms.suite import PlatformSuite

ZONE = "Europe/Berlin"


class TestCard(PlatformSuite):
    """A card as its reader gets it; forms as modals."""

    def shown(self, said: Reply) -> str:
        modal = render_modal(said)
        messages = [] if modal else render(said, "discord.form:1")
        if not modal and said.form:
            modal = render_form(said.form)
        if said.document is not None:
            messages.append(render_file(said.document))
        parts = []
        for message in messages:
            assert refusals(message, {file["filename"]: b"" for file in message.get("attachments", ())}) == []
            parts.append(shown(message, ZONE))
        if modal is not None:
            assert modal_refusals(modal) == []
            parts.append(shown(modal, ZONE))
        for payload in [*messages, *([modal] if modal else [])]:
            for seen in texts(payload):
                assert not seen.mentions
                assert not seen.emoji
        return "\n".join(parts)
