"""Text files that people send into a form: what may be in them, and the sentences that refuse the others. Pure."""

from __future__ import annotations

from typing import Final

from bot.kit.wording import _

MOST_BYTES: Final = 256 * 1024
"""Bytes of a file, and of a text typed in its place in UTF-8. Platforms read no more than one byte beyond."""
_STEERING: Final = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f")
"""Characters that no text has; files that are no text nearly always do."""


class UploadError(Exception):
    """A file cannot be taken; the message is one sentence for whoever sent it, with the next step."""


def text_of(data: bytes) -> str:
    """Return what a file says, its line ends made one kind.

    Raises:
        UploadError: it is too large, empty, or no text in UTF-8.
    """
    if len(data) > MOST_BYTES:
        raise too_large()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise not_text() from None
    if not _STEERING.isdisjoint(text):
        raise not_text()
    if not text.strip():
        raise UploadError(_("That file is empty. Please send one with something in it."))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def too_large() -> UploadError:
    """Say that a file is too large, whether or not it was read."""
    words = _("That file is larger than {most} KiB, so I took nothing of it. Please send it in smaller parts.")
    return UploadError(words.format(most=MOST_BYTES // 1024))


def not_text() -> UploadError:
    """Say that something is no text file."""
    return UploadError(_("That is not a text file, so I cannot read it. Please send plain text, saved as UTF-8."))


def missing() -> UploadError:
    """Say that a file has to be sent."""
    return UploadError(_("There is no file yet. Please choose a text file."))


def out_of_reach() -> UploadError:
    """Say that a file could not be fetched from where the platform keeps it."""
    return UploadError(_("I could not fetch that file, so nothing was done. Please send it once more."))
