"""How much the web chat takes, keeps and serves."""

from __future__ import annotations

from typing import Final

BODY_BYTES: Final = 64 * 1024
"""Largest request body: a form of five long answers, with room for percent-encoding."""

UPLOAD_BYTES: Final = 8 * 1024 * 1024
"""Bytes read of a form with files in all; what is too large is dropped as it comes, so that the rest is not lost."""

UPLOAD_SECONDS: Final = 60.0
"""How long a form with files may take to arrive."""

PARTS: Final = 100
"""Fields of a form with files; forms have five and the page adds a few."""

TEXT_LONGEST: Final = 4_000
"""Characters of one typed message; a little less than Telegram's 4,096, so that habits carry over."""

EVENT_LETTERS: Final = 16
"""Letters of an event id made here: 32 to the power of 16 of them, so no two are ever the same."""

EVENT_LONGEST: Final = 64
"""Characters of an event id made by the page."""

EVENTS_REMEMBERED: Final = 256
"""Events whose outcome is told again to a second delivery; older ones the database still refuses to keep twice."""

PAGE_MESSAGES: Final = 100
"""Messages drawn on one page of history, and sent at once to a window that comes back."""

ROOM_MESSAGES: Final = 2_000
"""Messages kept in a room; older ones are deleted."""

TRIM_EVERY: Final = 50
"""Old messages are looked for at every so many new ones."""

STREAMS: Final = 64
"""Windows that get live updates at the same time."""

STREAM_PAUSE_SECONDS: Final = 20.0
"""Longest silence on a live stream; a comment is sent then, so that proxies and dead peers are noticed."""

STREAM_WRITE_SECONDS: Final = 10.0
"""A window that takes longer than this to read an update is let go."""

STREAM_RETRY_MS: Final = 2_000
"""How long a browser waits before it opens a lost stream again."""

SUGGESTIONS: Final = 8
"""Completions offered while typing."""

REMARKS: Final = 200
"""Remarks kept for pages without script until they are shown once."""

FINISH_SECONDS: Final = 2.5
"""What requests in hand get to finish when the bot stops; stopping as a whole must end within five seconds."""

HANG_UP_SECONDS: Final = 1.5
"""What connections get after that to send their last bytes."""

SESSION_SECONDS: Final = 30 * 24 * 3600
"""How long a login lasts."""

LOGIN_TRIES: Final = 10
"""Wrong secrets from one address within ``LOGIN_WINDOW_SECONDS`` before it has to wait."""

LOGIN_WINDOW_SECONDS: Final = 60.0

LOGIN_ADDRESSES: Final = 1_000
"""Addresses whose wrong tries are remembered."""
