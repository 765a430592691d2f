"""What is stored about people here, in plain words."""

from __future__ import annotations

from typing import Final

from bot.engine.inbox import REMEMBERED_SECONDS
from bot.engine.outbox import KEPT
from bot.kit.personal import MICROSECONDS, SECONDS, Impersonal, Kept, Owned, Parent, Personal, Spoken
from bot.kit.wording import N_

_POSTS: Final = Kept(KEPT.days, "expires_at", MICROSECONDS, by_owner=True)
_CHAT: Final = {
    "chat": "your own chat is found, every other is a group's",
    "report_chat": "where moderators of a community read about trouble",
}

PERSONAL: Final = Owned(
    "engine",
    (
        Personal(
            "engine_occurrence",
            N_("When something planned for you was due"),
            parent=Parent("plan", "engine_plan"),
            times={"at": SECONDS, "until": SECONDS},
        ),
        Personal("engine_plan", N_("What is planned for you"), people=("person",), times={"next_due": SECONDS}),
        Personal(
            "engine_message",
            N_("Messages that were sent to you unasked"),
            parent=Parent("post", "engine_post"),
            times={"tried_at": MICROSECONDS},
        ),
        Personal(
            "engine_post",
            N_("What was to be sent to you unasked"),
            chats=("chat",),
            times={
                "turn": MICROSECONDS,
                "expires_at": MICROSECONDS,
                "next_try": MICROSECONDS,
                "lease_until": MICROSECONDS,
                "sent_at": MICROSECONDS,
            },
            kept=_POSTS,
        ),
        Spoken("engine_post", N_("Posts in groups"), ("id",), ("title", "reply"), _POSTS, _CHAT),
        Spoken("engine_message", N_("Messages in groups"), ("post", "number"), ("part", "wanted")),
        Personal(
            "engine_place",
            N_("That your own chat with me cannot be reached"),
            chats=("chat",),
            times={"disabled_at": MICROSECONDS},
        ),
        Personal("engine_pace", N_("How fast I may write into your own chat"), chats=("chat",)),
        Impersonal(
            "engine_inbox",
            "the platform's numbers of events, which name nobody",
            Kept(REMEMBERED_SECONDS // 86_400, "at"),
        ),
        Impersonal("engine_zone_data", "the edition of the time zone data"),
        Impersonal("engine_salt", "a random word"),
        Impersonal("schema_migration", "which tables there are", innocent={"name": "a file's", "owner": "of tables"}),
    ),
)
