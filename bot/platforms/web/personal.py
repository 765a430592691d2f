"""What is stored about people here, in plain words."""

from __future__ import annotations

from typing import Final

from bot.kit.personal import SECONDS, Kept, Owned, Personal, Spoken
from bot.kit.wording import N_

HISTORY_DAYS: Final = 400

PERSONAL: Final = Owned(
    "web",
    (
        Personal(
            "web_message",
            N_("What you said in the web chat, and what was answered to you alone"),
            platform="web",
            accounts=("author", "only_for"),
            chats=("chat",),
            times={"at": SECONDS},
            kept=Kept(HISTORY_DAYS, "at"),
        ),
        Spoken(
            "web_message",
            N_("What was said in the web chat to everybody"),
            ("id",),
            ("text", "reply"),
            innocent={"chat": "your own chat is found, every other is a group's"},
        ),
    ),
    own_chat=lambda account: f"roadmate-{account}",
)
