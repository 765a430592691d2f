"""Fetching updates: one request after another that Telegram holds open until something happens."""

from __future__ import annotations

import logging
from typing import Any

from bot.kit.errors import StorageError
from bot.platforms.telegram.api import Api, ConflictError, RefusedError, RejectedError, TelegramTroubleError
from bot.platforms.telegram.backoff import BackOff
from bot.platforms.telegram.incoming import ALLOWED_UPDATES
from bot.platforms.telegram.intake import Intake, Update, readable

log = logging.getLogger("roadmate.telegram")


async def fetch_for_ever(api: Api, intake: Intake, back_off: BackOff) -> None:
    """Fetch updates; each is kept before the next ones are asked for, which tells Telegram that it arrived.

    A token that seems unknown is noted by ``api`` and looked into elsewhere; here it is only another pause.
    """
    offset: int | None = None
    while True:
        try:
            updates = _readable(await api.poll(offset, ALLOWED_UPDATES))
            await intake.take(updates)
        except RejectedError as rejected:
            log.warning("Telegram refused to hand out updates (%s); trying again in %g s", rejected, back_off.seconds)
            await back_off.pause()
        except ConflictError:
            log.warning(
                "another program fetches this bot's updates, maybe an older Roadmate that is still stopping;"
                " trying again in %g s",
                back_off.seconds,
            )
            await back_off.pause()
        except (TelegramTroubleError, StorageError) as trouble:
            log.warning("no updates from Telegram (%s); trying again in %g s", trouble, back_off.seconds)
            await back_off.pause(trouble)
        else:
            back_off.all_is_well()
            if updates:
                offset = updates[-1]["update_id"] + 1
            await intake.room()


def _readable(updates: Any) -> list[Update]:
    if not isinstance(updates, list):
        raise RefusedError("the answer holds no updates")
    found = readable(updates)
    if updates and not found:
        raise RefusedError("no update carries an id")
    return found
