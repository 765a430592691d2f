"""What is stored about people here, in plain words."""

from __future__ import annotations

from typing import Final

from bot.kit.personal import SECONDS, Impersonal, Parent, Personal
from bot.kit.wording import N_

PERSONAL: Final = (
    Personal(
        "quiz_asked",
        N_("The questions you were asked, and what you chose"),
        parent=Parent("run_id", "quiz_run"),
        times={"asked_at": SECONDS, "answered_at": SECONDS},
    ),
    Personal(
        "quiz_run",
        N_("When you practised, and about what"),
        people=("person_id",),
        times={"began_at": SECONDS, "ended_at": SECONDS},
    ),
    Personal("quiz_answer", N_("Your answers to questions"), people=("person_id",), times={"at": SECONDS}),
    Personal(
        "quiz_card",
        N_("Questions that come back to you, and when"),
        people=("person_id",),
        times={"due": SECONDS, "reviewed_at": SECONDS},
    ),
    Personal("quiz_skill", N_("How well you know each topic"), people=("person_id",)),
    Personal(
        "quiz_vote", N_("Your answers to your communities' questions"), people=("person_id",), times={"at": SECONDS}
    ),
    Personal("quiz_tally", N_("Your points on the boards of your communities"), people=("person_id",)),
    Impersonal("quiz_round", "questions of a community"),
    Impersonal("quiz_post", "which posts show which question"),
    Impersonal("quiz_item", "how hard a question is for everybody together"),
)
