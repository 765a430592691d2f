"""What is stored about people here, in plain words."""

from __future__ import annotations

from typing import Final

from bot.kit.personal import Impersonal, Kept, Owned
from bot.platforms.discord.limits import ARRIVAL_DAYS, FORM_DAYS

PERSONAL: Final = Owned(
    "discord",
    (
        Impersonal("discord_registered", "which commands Discord knows"),
        Impersonal("discord_form", "empty forms, one for all who are asked the same", Kept(FORM_DAYS, "asked_at")),
        Impersonal("discord_arrived", "servers the bot came into", Kept(ARRIVAL_DAYS, "at")),
    ),
)
