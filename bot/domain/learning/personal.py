"""What is stored about people here, in plain words."""

from __future__ import annotations

from typing import Final

from bot.kit.personal import SECONDS, Owned, Personal
from bot.kit.wording import N_

PERSONAL: Final = Owned(
    "learning",
    (
        Personal(
            "learning_record",
            N_("What you did about topics: started, studied, answered, finished"),
            people=("person_id",),
            times={"at": SECONDS},
        ),
    ),
)
