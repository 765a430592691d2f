"""What is stored about people here, in plain words."""

from __future__ import annotations

from typing import Final

from bot.kit.personal import SECONDS, Impersonal, Kept, Owned, Personal
from bot.kit.wording import N_

WEEK_DAYS: Final = 100
"""Days after which nobody asks any more how much a community studied in a week."""

PERSONAL: Final = Owned(
    "learning",
    (
        Personal(
            "learning_record",
            N_("What you did about topics: started, studied, answered, finished"),
            people=("person_id",),
            times={"at": SECONDS},
        ),
        Impersonal("learning_week", "how much a community studied each topic in a week", Kept(WEEK_DAYS, "began")),
    ),
)
