"""What a community can set about its help and its welcome."""

from __future__ import annotations

from typing import Final

from bot.kit.preference import SWITCH, Preference, Scope, WebAddress, Words
from bot.kit.wording import N_

_OURS: Final = Scope.COMMUNITY
LINKS: Final = (
    Preference("link-rules", N_("Rules"), N_("Where newcomers read what holds here."), WebAddress(), "", _OURS),
    Preference("link-chat", N_("Discussion"), N_("Where people of this community talk."), WebAddress(), "", _OURS),
    Preference(
        "link-shared", N_("Shared resources"), N_("What this community collected for itself."), WebAddress(), "", _OURS
    ),
    Preference("meetups", N_("Meetups"), N_("When and where people meet, in one line."), Words(200), "", _OURS),
)
WELCOME: Final = Preference(
    "welcome",
    N_("Welcome newcomers"),
    N_("A short word when somebody joins, with the first two things to try."),
    SWITCH,
    "off",
    _OURS,
)
