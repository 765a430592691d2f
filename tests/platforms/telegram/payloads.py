"""Messages as the library would put them on the wire."""

from __future__ import annotations

import json

from bot.platforms.telegram.render import Message


def as_form(message: Message) -> dict[str, str]:
    """The fields of the request that sends a message."""
    parameters = {"chat_id": 1, **message.parameters}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
