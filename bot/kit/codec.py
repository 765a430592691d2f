"""Replies as JSON and back, so that what was said can be stored and drawn again after a restart.

The form is stable: a node is an object whose ``~`` names its type, and fields at their defaults are left out, so
stored replies stay readable when a node gains a field.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

from bot.kit import reply as replies
from bot.kit import text as texts
from bot.kit.reply import Reply

_NODES: Final[dict[str, type[Any]]] = {
    name: thing
    for module in (texts, replies)
    for name, thing in vars(module).items()
    if isinstance(thing, type) and dataclasses.is_dataclass(thing)
}
_ENUMS: Final[dict[str, type[Enum]]] = {
    name: thing
    for module in (texts, replies)
    for name, thing in vars(module).items()
    if isinstance(thing, type) and issubclass(thing, Enum) and thing.__module__ == module.__name__
}


def dump(reply: Reply) -> str:
    """Return a reply as JSON text."""
    return json.dumps(_pack(reply), ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Reply:
    """Return the reply that ``dump`` wrote; raise ``ValueError`` for anything else."""
    try:
        value = _unpack(json.loads(text))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("this is not a stored reply") from error
    if not isinstance(value, Reply):
        raise ValueError("this is not a stored reply")  # noqa: TRY004 - bad data, not a wrong call
    return value


def _pack(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            field.name: _pack(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if getattr(value, field.name) != field.default
        }
        return {"~": type(value).__name__, **fields}
    if isinstance(value, tuple):
        return [_pack(item) for item in value]
    if isinstance(value, Enum):
        return {"~": type(value).__name__, "=": value.value}
    if isinstance(value, datetime):
        return {"~": "datetime", "=": value.astimezone(UTC).isoformat()}
    return value


def _unpack(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_unpack(item) for item in value)
    if not isinstance(value, dict):
        return value
    name = value["~"]
    if name == "datetime":
        return datetime.fromisoformat(value["="])
    if name in _ENUMS:
        return _ENUMS[name](value["="])
    return _NODES[name](**{key: _unpack(item) for key, item in value.items() if key != "~"})
