"""What is stored about people here, in plain words."""

from __future__ import annotations

from typing import Final

from bot.kit.personal import SECONDS, Impersonal, Kept, Parent, Personal
from bot.kit.wording import N_

PERSONAL: Final = (
    Personal(
        "milestones_project",
        N_("The projects you gave for milestones"),
        people=("person_id",),
        times={"given_at": SECONDS},
    ),
    Personal(
        "milestones_review",
        N_("What was said about your projects, and what you said about others'"),
        people=("reviewer_id",),
        parent=Parent("request_id", "milestones_request"),
        times={"at": SECONDS},
    ),
    Personal(
        "milestones_badge",
        N_("The milestones you reached"),
        people=("person_id",),
        times={"reached_at": SECONDS, "revoked_at": SECONDS},
    ),
    Personal(
        "milestones_errand",
        N_("Roles to be given to you for a milestone"),
        people=("person_id",),
        times={"made_at": SECONDS, "done_at": SECONDS},
    ),
    Personal(
        "milestones_request",
        N_("The reviews you asked for"),
        people=("person_id",),
        times={"asked_at": SECONDS, "ended_at": SECONDS},
    ),
    Impersonal("milestones_post", "which posts speak of which request, so that they lose the name once it is erased"),
    Impersonal(
        "milestones_parting",
        "roles still to be taken from accounts whose owners were erased; a row goes once that is done",
        Kept(2, "at"),
        innocent={"account": "the platform has to be told whose role goes; within a day it does, and this with it"},
    ),
    Impersonal("milestones_role", "which role a community gives for which milestone"),
)
