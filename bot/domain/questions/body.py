"""Questions as JSON and back: what is kept of one that was asked, or that a community changed."""

from __future__ import annotations

import json
from typing import Any, Final

from bot.domain.questions.shapes import Option, Question

_PLAIN: Final = (
    "id", "topic", "level", "stem", "explanation", "source", "kind", "asks", "code", "language", "proof", "formula",
    "tolerance", "unit", "details",
)  # fmt: skip


def dump(question: Question) -> str:
    """Return a question as JSON text; where it stood in a file is left out."""
    tree: dict[str, Any] = {name: getattr(question, name) for name in _PLAIN}
    for name, options in (("answer", question.answer), ("wrong", question.wrong)):
        tree[name] = [[option.text, option.why] for option in options]
    tree["tags"] = list(question.tags)
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Question:
    """Return the question of such a text. Fields a later version adds have their default."""
    tree: dict[str, Any] = json.loads(text)
    for name in ("answer", "wrong"):
        tree[name] = tuple(Option(words, why) for words, why in tree[name])
    tree["tags"] = tuple(tree["tags"])
    return Question(**tree)
