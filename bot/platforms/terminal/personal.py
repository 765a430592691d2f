"""What is stored about people here, in plain words."""

from __future__ import annotations

from typing import Final

from bot.kit.personal import SECONDS, Kept, Owned, Personal, Spoken
from bot.kit.wording import N_
from bot.platforms.terminal.rooms import ALONE, PLATFORM

HISTORY_DAYS: Final = 400

PERSONAL: Final = Owned(
    PLATFORM,
    (
        Personal(
            "terminal_message",
            N_("What was answered to you alone in the terminal"),
            platform=PLATFORM,
            accounts=("only_for",),
            chats=("chat",),
            times={"at": SECONDS},
            kept=Kept(HISTORY_DAYS, "at"),
        ),
        Spoken(
            "terminal_message",
            N_("What was said in the terminal to everybody"),
            ("id",),
            ("reply",),
            innocent={"chat": "your own chat is found, every other is a group's"},
        ),
    ),
    own_chat=lambda account: f"{ALONE.slug}-{account}",
)
