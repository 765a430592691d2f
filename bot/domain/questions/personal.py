"""What is stored about people here, in plain words."""

from __future__ import annotations

from typing import Final

from bot.kit.personal import SECONDS, Impersonal, Personal
from bot.kit.wording import N_

PERSONAL: Final = (
    Personal(
        "questions_flag",
        N_("What you said is wrong with questions"),
        people=("person_id",),
        times={"at": SECONDS, "settled_at": SECONDS},
    ),
    Personal(
        "questions_change",
        N_("Questions you fixed, added or retired for a community; they stay, without your name"),
        people=("person_id",),
        becomes={"person_id": None},
        times={"at": SECONDS},
    ),
    Impersonal("questions_revision", "how often a community changed its questions"),
)
