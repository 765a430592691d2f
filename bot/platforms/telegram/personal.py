"""What is stored about people here, in plain words."""

from __future__ import annotations

from typing import Final

from bot.kit.personal import SECONDS, Impersonal, Kept, Owned, Personal
from bot.kit.wording import N_
from bot.platforms.telegram.limits import DIALOGUE_DAYS, EARLY_DAYS, POLL_DAYS, UPDATES_KEPT_SECONDS, WAITING_DAYS

PERSONAL: Final = Owned(
    "telegram",
    (
        Personal(
            "telegram_update",
            N_("What you sent that is not answered yet"),
            platform="telegram",
            mentions={"body": '"id":{account}'},
            becomes={"body": ""},  # the number stays, so that a second delivery is recognised
            times={"at": SECONDS},
            kept=Kept(UPDATES_KEPT_SECONDS // 86_400, "at"),
        ),
        Personal(
            "telegram_dialogue",
            N_("A form you began to fill in"),
            platform="telegram",
            accounts=("account",),
            times={"at": SECONDS},
            kept=Kept(DIALOGUE_DAYS, "at"),
        ),
        Personal(
            "telegram_waiting",
            N_("Answers that wait for you to collect them"),
            platform="telegram",
            accounts=("account",),
            times={"at": SECONDS},
            kept=Kept(WAITING_DAYS, "at"),
        ),
        Personal(
            "telegram_poll",
            N_("Polls in your own chat with me"),
            platform="telegram",
            mentions={"origin": '"chat": "{account}'},
            times={"at": SECONDS},
            kept=Kept(POLL_DAYS, "at"),
        ),
        Personal(
            "telegram_asking",
            N_("Polls on their way into your own chat with me"),
            platform="telegram",
            mentions={"origin": '"chat": "{account}'},
            times={"at": SECONDS},
            kept=Kept(EARLY_DAYS, "at"),
        ),
        Personal(
            "telegram_vote",
            N_("Votes of yours that are not counted yet"),
            platform="telegram",
            accounts=("account",),
            times={"at": SECONDS},
            kept=Kept(EARLY_DAYS, "at"),
        ),
        Impersonal("telegram_moved", "groups that have another id"),
        Impersonal(
            "telegram_topic", "topics of groups", innocent={"name": "of a topic", "chat": "only groups have topics"}
        ),
    ),
    own_chat=lambda account: account,
)
