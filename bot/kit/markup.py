"""The small markup of content: ``**bold**``, ``*italic*``, `` `code` ``, ``$formula$``, ``[words](address)``.

Only content goes through here. What people type and what feeds deliver is ``Plain``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.kit.text import Bold, Code, Formula, Italic, Link, Plain, Span, Spans, spans

_MARK = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\$(?P<formula>[^$\s](?:[^$]*[^$\s])?)\$"
    r"|\*\*(?P<bold>[^\s*](?:.*?[^\s*])?)\*\*"
    r"|(?<![\w*])\*(?P<italic>[^\s*](?:[^*]*[^\s*])?)\*(?![\w*])"
    r"|\[(?P<words>[^\]]+)\]\((?P<url>https?://[^)\s]+)\)"
)


@lru_cache(maxsize=4096)
def marked(text: str) -> Spans:
    """Read one paragraph of content; whatever is not markup is kept as it is."""
    out: list[Span] = []
    position = 0
    for mark in _MARK.finditer(text):
        out.append(Plain(text[position : mark.start()]))
        position = mark.end()
        if mark["code"] is not None:
            out.append(Code(mark["code"]))
        elif mark["formula"] is not None:
            out.append(Formula(mark["formula"]))
        elif mark["bold"] is not None:
            out.append(Bold(marked(mark["bold"])))
        elif mark["italic"] is not None:
            out.append(Italic(marked(mark["italic"])))
        else:
            out.append(Link(marked(mark["words"]), mark["url"]))
    out.append(Plain(text[position:]))
    return spans(*out)
