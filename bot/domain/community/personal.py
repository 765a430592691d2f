"""What is stored about people here, in plain words."""

from __future__ import annotations

from typing import Final

from bot.kit.personal import MICROSECONDS, SECONDS, Impersonal, Kept, Owned, Personal
from bot.kit.wording import N_

ERASED_DAYS: Final = 8
"""Longer than any platform delivers an event again, and than the bot remembers events."""

PERSONAL: Final = Owned(
    "community",
    (
        Personal("community_preference", N_("What you set under /settings"), people=("person_id",)),
        Personal(
            "community_member",
            N_("The communities you were seen in, and the role they gave you"),
            people=("person_id",),
            times={"joined_at": SECONDS, "left_at": SECONDS},
        ),
        Personal(
            "community_change",
            N_("Changes you made to a community, or that were about your role; they stay, without your name"),
            people=("person_id", "about"),
            becomes={"person_id": None, "about": None},
            times={"at": SECONDS},
            innocent={"name": "the name of a setting"},
        ),
        Personal("community_identity", N_("Your accounts on each platform"), people=("person_id",)),
        Personal(
            "community_person",
            N_("Your name, language and time zone"),
            people=("id",),
            becomes={"name": "", "language": "", "zone": "UTC", "day_start": 4, "created_at": 0},
            times={"created_at": SECONDS},
        ),
        Impersonal("community_community", "a group of people, with what it calls itself"),
        Impersonal("community_place", "groups, servers and channels", innocent={"chat": "never a private chat"}),
        Impersonal("community_setting", "what a community set", innocent={"name": "the name of a setting"}),
        Impersonal("community_room", "where a community posts", innocent={"chat": "never a private chat"}),
        Impersonal(
            "community_erased",
            "salted fingerprints of erased accounts, so that a late event brings nobody back",
            Kept(ERASED_DAYS, "at", MICROSECONDS),
        ),
    ),
)
