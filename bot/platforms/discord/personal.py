"""What is stored about people here, in plain words."""

from __future__ import annotations

from typing import Final

from bot.kit.personal import SECONDS, Impersonal, Kept, Owned, Personal
from bot.kit.wording import N_
from bot.platforms.discord.limits import ARRIVAL_DAYS, FORM_DAYS, LANGUAGE_DAYS

PERSONAL: Final = Owned(
    "discord",
    (
        Personal(
            "discord_language",
            N_("The language of your Discord app"),
            platform="discord",
            accounts=("account",),
            times={"at": SECONDS},
            kept=Kept(LANGUAGE_DAYS, "at"),
        ),
        Impersonal("discord_registered", "which commands Discord knows"),
        Impersonal("discord_form", "empty forms, one for all who are asked the same", Kept(FORM_DAYS, "asked_at")),
        Impersonal("discord_arrived", "servers the bot came into", Kept(ARRIVAL_DAYS, "at")),
    ),
)
