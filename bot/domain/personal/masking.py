"""Taking a person's name out of a text that stays, without moving anything else in it."""

from __future__ import annotations

import json
import re
from typing import Any, Final

DOT: Final = "·"
_MEANING: Final = frozenset(
    ("~", "=", "data", "url", "type", "kind", "method", "callback_data", "custom_id", "language", "look", "style")
)
"""Keys of stored messages whose values are no words for people."""


def masked(text: str, name: str, person: int) -> str:
    """Return a text, plain or JSON, with dots in the place of a name, and without the number of its person."""
    try:
        tree = json.loads(text)
    except ValueError:
        return _dotted(text, name)
    if not isinstance(tree, dict | list):
        return _dotted(text, name)
    compact = '": ' not in text
    fresh = _walk(tree, name, person)
    if fresh == tree:
        return text
    return json.dumps(fresh, ensure_ascii=False, separators=(",", ":") if compact else None)


def _walk(node: Any, name: str, person: int) -> Any:
    if isinstance(node, list):
        return [_walk(item, name, person) for item in node]
    if isinstance(node, dict):
        fresh = {key: item if key in _MEANING else _walk(item, name, person) for key, item in node.items()}
        if node.get("~") == "Mention" and node.get("person") == person:
            fresh["person"] = 0
        return fresh
    return _dotted(node, name) if isinstance(node, str) else node


def _dotted(text: str, name: str) -> str:
    """Platforms count positions in UTF-16, so a name becomes as many dots as it has units there."""
    dots = DOT * (len(name.encode("utf-16-le", "surrogatepass")) // 2)
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", dots, text)
