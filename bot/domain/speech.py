"""Which language an answer is in, once what was just chosen holds."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from bot.domain.community.kinds import AUTOMATIC
from bot.domain.tools import Tools
from bot.kit.preference import Preference
from bot.kit.request import Request
from bot.kit.wording import DEFAULT_LANGUAGE, speaking

OWN = "language"
OURS = "our-language"
"""The preferences that say in which language people, and a community together, are answered."""


def answering_with(tools: Tools, request: Request, preference: Preference, value: str) -> AbstractContextManager[None]:
    """Speak as this request is to be answered now that a preference has a value; all but languages change nothing."""
    asker = request.asker
    if preference.name == OURS and request.public:
        spoken = asker.language if value == AUTOMATIC else value
    elif preference.name == OWN and not (request.public and request.settings.get(OURS, AUTOMATIC) != AUTOMATIC):
        spoken = asker.app_language if value == AUTOMATIC else value
    else:
        return nullcontext()
    return speaking(tools.catalogue(spoken or DEFAULT_LANGUAGE))
