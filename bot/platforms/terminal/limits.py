"""What a terminal can show, as named numbers."""

from __future__ import annotations

from typing import Final

NARROWEST: Final = 40
"""Columns below which lines are not broken any shorter."""

WIDEST: Final = 88
"""Columns above which prose becomes hard to read (typography's rule of thumb: 45 to 90 characters a line)."""

FALLBACK_WIDTH: Final = 80
"""Columns assumed where the terminal does not say."""

LONGEST_LINE: Final = 16_384
"""Characters of one typed line that are read; the rest is dropped and said so."""

CHAT_MESSAGES: Final = 200
"""Cards of one chat that are kept to be come back to."""

CARDS_LISTED: Final = 10
"""Cards that the word ``cards`` lists."""

LONGEST_TITLE: Final = 60
"""Characters of a card's first words in that list."""
