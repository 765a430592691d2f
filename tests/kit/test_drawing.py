"""Cards as SVG: readable colours, only letters the font has, words that keep to their room, harmless markup."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit import drawing
from tests.pictures.fonts import Font

REGULAR, BOLD = Font("DejaVuSans.ttf"), Font("DejaVuSans-Bold.ttf")
NAMES = (
    "Ana", "Benedikt von Hohenstein", "Мария Жукова", "Γιώργος Παπαδόπουλος", "علي حسن", "Nguyễn Thị Minh", "WWW MMM",
    "iii lll", "Żółć Ćma", "O’Neil-Smith",
)  # fmt: skip


def light(colour: str) -> float:
    """Return the relative luminance of a colour, as the accessibility guidelines reckon it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        (drawing.INK, drawing.GROUND),
        (drawing.SOFT, drawing.GROUND),
        (drawing.GROUND, drawing.ROAD),
        (drawing.INK, drawing.PALE),
    ],
)
def test_words_stand_out_from_their_ground(words: str, ground: str) -> None:
    low, high = sorted((light(words), light(ground)))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_bars_stand_out_from_their_rail() -> None:
    assert (light(drawing.RAIL) + 0.05) / (light(drawing.ROAD) + 0.05) >= 3


@given(st.text(max_size=30))
def test_what_is_drawable_has_its_letters_in_both_fonts(words: str) -> None:
    kept = drawing.drawable(words)
    assert REGULAR.has(kept)
    assert BOLD.has(kept)


def test_every_letter_called_drawable_is_in_both_fonts() -> None:
    drawn = [letter for letter in map(chr, range(0x20, 0x3000)) if drawing.drawable(f"a{letter}a") == f"a{letter}a"]
    assert len(drawn) > 1300
    assert REGULAR.has("".join(drawn))
    assert BOLD.has("".join(drawn))


def test_names_with_other_letters_are_not_drawn_and_emoji_are_left_out() -> None:
    assert [drawing.drawable(name) for name in NAMES] == list(NAMES)
    assert drawing.drawable("李小龍") == ""
    assert drawing.drawable("Zoë 🌸❤️") == "Zoë"
    assert drawing.drawable("\u202eevil\u202c") == "evil"


@given(st.sampled_from(NAMES), st.integers(1, 4), st.integers(60, 500))
def test_words_keep_to_their_room(name: str, times: int, room: int) -> None:
    fitted = drawing.fit(" ".join([name] * times), 20, room)
    assert 20 * BOLD.width(fitted) <= room * 1.05
    if not fitted.endswith("…"):
        assert fitted == " ".join([name] * times)


@given(st.text(max_size=40), st.floats(0, 3))
def test_a_card_is_well_formed_whatever_it_says(words: str, share: float) -> None:
    words = words.encode("utf-8", "ignore").decode()
    svg = drawing.card(100, [drawing.text(10, 20, 18, drawing.INK, words), drawing.bar(0, 0, 100, 10, share)])
    tree = ET.fromstring(svg)  # noqa: S314 - our own
    widths = [float(one.get("width", "0")) for one in tree.iter() if one.get("rx")]
    assert max(widths) <= 100
