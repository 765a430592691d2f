"""Links that people type: which are taken, and the sentence that refuses the others. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from bot.kit.text import Spans, code
from bot.kit.wording import _, say

_HOST: Final = re.compile(r"(?:[^\s.@:/\\<>\"]+\.)+[^\s.@:/\\<>\"]{2,}\.?")


def read_link(text: str, longest: int) -> str | None:
    """Return an address as typed; None unless it is a plain one of the web: http or https, a host, no credentials.

    ``longest`` counts characters. Nothing is fetched.
    """
    link = text.strip()
    if not 0 < len(link) <= longest or not link.isprintable() or re.search(r"\s", link):
        return None
    try:
        parts = urlsplit(link)
        _port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return None
    return link if _HOST.fullmatch(parts.hostname or "") else None


def no_link(longest: int) -> Spans:
    """Say what a link looks like."""
    words = _("That is no link I can show. It begins with https:// or http://, like {example}, and has at most {most} "
              "characters.")  # fmt: skip
    return say(words, example=code("https://github.com/you/project"), most=longest)
