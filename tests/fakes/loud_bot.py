"""``roadmate`` with every log at its most talkative; ``--bare`` as the first word: with nothing hidden in it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import TextIO

from bot import cli, serve
from bot.infra import logs
from bot.infra.secrets_hidden import Redactor


class Bare(Redactor):
    """What would be written if nobody hid secrets."""

    def __call__(self, text: str) -> str:
        return text


def set_up(secrets: Iterable[str], *, quiet: bool = False, stream: TextIO | None = None) -> None:
    """Do what the bot does, then write everything there is."""
    logs.set_up(secrets, quiet=quiet, stream=stream)
    logging.getLogger().setLevel(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).setLevel(logging.NOTSET)


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["--bare"]:
        words = words[1:]
        setattr(logs, "Redactor", Bare)  # noqa: B010 - seen by the formatter, which looks the name up
    setattr(serve, "set_up", set_up)  # noqa: B010
    sys.exit(cli.main(words))
