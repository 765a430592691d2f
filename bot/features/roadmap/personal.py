"""What is stored about people here, in plain words."""

from __future__ import annotations

from typing import Final

from bot.kit.personal import SECONDS, Parent, Personal
from bot.kit.wording import N_

PERSONAL: Final = (
    Personal("roadmap_status", N_("The topics you marked"), people=("person_id",), times={"since": SECONDS}),
    Personal(
        "roadmap_change_topic",
        N_("What each of your marks changed"),
        parent=Parent("change_id", "roadmap_change"),
        times={"before_since": SECONDS},
    ),
    Personal(
        "roadmap_change",
        N_("When you marked topics, so that you can undo it"),
        people=("person_id",),
        times={"at": SECONDS, "undone_at": SECONDS},
    ),
    Personal(
        "roadmap_snooze", N_("Topics you did not want to be offered"), people=("person_id",), times={"until": SECONDS}
    ),
)
