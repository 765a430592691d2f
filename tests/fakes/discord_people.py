"""People on the fake Discord: they type, press, choose and fill in, and say what they see."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.platforms.discord.adapter import DiscordPlatform
from tests.fakes.discord_payloads import UPLOAD, shown, touchables, walk
from tests.fakes.discord_server import Channel, FakeDiscord, Interaction, Message

COMMAND, PRESS, COMPLETE, FORM = 2, 3, 4, 5


@dataclass
class DiscordPerson:
    """Somebody in the server, or alone with the bot."""

    server: FakeDiscord
    platform: Callable[[], DiscordPlatform]
    account: str
    name: str = ""
    alone: bool = False
    permissions: int = 0
    locale: str = "en-US"
    channel: str = ""
    latest: Message | None = None
    modal: Interaction | None = None
    seen: list[Interaction] = field(default_factory=list)

    async def does(self, kind: int, data: dict[str, Any], source: Message | None = None) -> Interaction:
        """Do something and wait for the first sign of an answer."""
        one = await self.server.interact(
            kind, self.account, data, name=self.name, alone=self.alone, source=source, permissions=self.permissions,
            locale=self.locale, channel=self.channel,
        )  # fmt: skip
        self.seen.append(one)
        async with asyncio.timeout(10):
            await one.answered.wait()
        return one

    @property
    def chat(self) -> Channel:
        """The private chat with the bot."""
        return self.server.channels.of_person(self.account)

    async def writes(self, text: str, **more: Any) -> list[Message]:
        """Write to the bot alone, wait until it has said everything, and return what it said."""
        number = await self.server.write(self.account, text, name=self.name, **more)
        await self.server.until(lambda: any(_answers(message, number) for message in self.chat.messages))
        await self._at_rest()
        said = [message for message in self.chat.messages if _answers(message, number)]
        self.latest = said[-1]
        return said

    async def _at_rest(self) -> None:
        conversation = self.platform()._conversation
        assert conversation is not None
        async with asyncio.timeout(10):
            while conversation._in_hand:
                await asyncio.gather(*conversation._in_hand)

    async def settled(self, one: Interaction) -> Interaction:
        """Wait until the bot has said everything."""
        await self._at_rest()
        if one.modal is not None:
            self.modal = one
        if one.messages:
            self.latest = one.messages[-1]
        return one

    async def slash(self, name: str, /, **options: str) -> Interaction:
        """Use a slash command."""
        given = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
        return await self.settled(await self.does(COMMAND, {"id": "1", "name": name, "type": 1, "options": given}))

    async def types(self, command: str, option: str, text: str) -> list[dict[str, Any]]:
        """Type in an option and return what is offered."""
        focused = {"name": option, "type": 3, "value": text, "focused": True}
        return (await self.does(COMPLETE, {"id": "1", "name": command, "type": 1, "options": [focused]})).choices

    async def explains(self, content: str) -> Interaction:
        """Pick "Explain this term" on a message."""
        message = {"id": "42", "content": content}
        data = {"id": "2", "name": "Explain this term", "type": 3, "target_id": "42",
                "resolved": {"messages": {"42": message}}}  # fmt: skip
        return await self.settled(await self.does(COMMAND, data))

    async def press(self, label: str, on: Message | None = None) -> Interaction:
        """Press a button or choose an entry by its label."""
        message = on or self.latest
        assert message is not None
        for part in walk(message.payload["components"]):
            if part["type"] == 2 and part["label"] == label and "custom_id" in part:
                return await self.send({"component_type": 2, "custom_id": part["custom_id"]}, message)
            for option in part.get("options", ()):
                if option["label"] == label:
                    data = {"component_type": 3, "custom_id": part["custom_id"], "values": [option["value"]]}
                    return await self.send(data, message)
        raise AssertionError(f"no “{label}” among {list(touchables(message.payload))} in:\n{message.text}")

    async def choose(self, *labels: str, on: Message | None = None) -> Interaction:
        """Choose several entries of one list by their labels."""
        message = on or self.latest
        assert message is not None
        for part in walk(message.payload["components"]):
            values = {option["label"]: option["value"] for option in part.get("options", ())}
            if set(labels) <= set(values):
                assert part.get("min_values", 1) <= len(labels) <= part.get("max_values", 1), (
                    "Discord would not let them"
                )
                data = {"component_type": 3, "custom_id": part["custom_id"], "values": [values[one] for one in labels]}
                return await self.send(data, message)
        raise AssertionError(f"no list with {labels} in:\n{message.text}")

    async def send(self, data: dict[str, Any], on: Message) -> Interaction:
        """Send a press as it is."""
        return await self.settled(await self.does(PRESS, data, on))

    async def fill(self, told: dict[str, Any] | None = None, /, **values: str | bytes) -> Interaction:
        """Fill in the form that was shown last and send it; bytes are files.

        ``told`` is what Discord tells of a file otherwise than it would by itself.
        """
        assert self.modal is not None
        assert self.modal.modal is not None
        parts: list[dict[str, Any]] = []
        files: dict[str, Any] = {}
        for part in self.modal.modal["components"]:
            if "component" not in part:
                continue
            control = part["component"]
            given = values.get(control["custom_id"], "")
            answer: dict[str, Any] = {"value": given}
            if control["type"] == UPLOAD:
                assert given or not control.get("required", True), "Discord would not send it without a file"
                kept = [self.server.files.keep(given) | (told or {})] if isinstance(given, bytes) else []
                files |= {file["id"]: file for file in kept}
                answer = {"values": [file["id"] for file in kept]}
            elif control["type"] == 3:
                answer = {"values": [given] if given else []}
            parts.append(
                {"type": 18, "component": {"custom_id": control["custom_id"], "type": control["type"], **answer}}
            )
        data = {"custom_id": self.modal.modal["custom_id"], "components": parts}
        if files:
            data["resolved"] = {"attachments": files}
        return await self.settled(await self.does(FORM, data, self.modal.source))

    # as every journey asks for

    async def says(self, text: str) -> str:
        """Type a command as one line, its words in the options it has; words alone are looked up.

        In a server words are typed as an option; to the bot alone they are simply written.
        """
        name, _gap, rest = text.removeprefix("/").partition(" ")
        if not text.startswith("/"):
            if self.alone:
                return _plain(message.text for message in await self.writes(text))
            name, rest = "search", text
        known = {command["name"]: command for command in self.server.commands}
        asked = known[name].get("options", []) if name in known else []
        given: dict[str, str] = {}
        for position, option in enumerate(asked, 1):
            listed = [choice["value"] for choice in option.get("choices", ())]
            word, _gap, later = rest.partition(" ") if position < len(asked) else (rest, "", "")
            if word and not (listed and word not in listed and not option.get("required")):
                given[option["name"]], rest = word, later
        return self._read(await self.slash(name, **given))

    async def presses(self, label: str) -> str:
        """Press and return what is seen then."""
        return self._read(await self.press(label))

    async def fills(self, **values: str | bytes) -> str:
        """Fill in and return what is seen then."""
        return self._read(await self.fill(**values))

    def _read(self, one: Interaction) -> str:
        parts = [message.text for message in one.messages]
        if one.modal is not None:
            parts.append(shown(one.modal))
        return _plain(parts)


def _plain(parts: Iterable[str]) -> str:
    return re.sub("\u200b", "", "\n".join(parts))


def _answers(message: Message, number: str) -> bool:
    """Whether a message of the bot answers the one with this id: its nonce begins with it."""
    return message.nonce.partition(".")[0] == number
