"""Cards as SVG: readable colours, only letters the font has, words that keep to their room, harmless markup."""

from __future__ import annotations

import re
import struct
import zlib
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.infra.pictures import PictureMaker
from bot.kit import drawing
from bot.kit.reply import Picture
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


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def pixel(png: bytes, x: int, y: int) -> tuple[int, ...]:
    """Return the red, green and blue of a pixel of a PNG of one colour to its left and top or of filtered rows."""
    width = struct.unpack(">I", png[16:20])[0]
    packed, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        packed += png[at + 8 : at + 8 + length] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + length
    size = {2: 3, 6: 4}[png[25]]
    data, before = zlib.decompress(packed), bytes(width * size)
    for row in range(y + 1):
        start = row * (width * size + 1)
        line, kind = bytearray(data[start + 1 : start + 1 + width * size]), data[start]
        for place in range(len(line)):
            left = line[place - size] if place >= size else 0
            corner = before[place - size] if place >= size else 0
            line[place] = (line[place] + _predicted(kind, left, before[place], corner)) % 256
        before = bytes(line)
    return tuple(before[x * size : x * size + 3])


def _predicted(kind: int, left: int, above: int, corner: int) -> int:
    """Return what PNG's filters guess a byte to be."""
    if kind < 4:
        return (0, left, above, (left + above) // 2)[kind]
    guess = left + above - corner
    return min((left, above, corner), key=lambda one: abs(guess - one))


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        (drawing.INK, drawing.GROUND),
        (drawing.SOFT, drawing.GROUND),
        (drawing.GROUND, drawing.ROAD),
        (drawing.INK, drawing.PALE),
    ],
)
def test_words_stand_out_from_their_ground_on_dark_and_light_pages(words: str, ground: str) -> None:
    assert contrast(words, ground) >= 4.5
    assert contrast(drawing.LIGHT[words], drawing.LIGHT[ground]) >= 4.5


def test_bars_stand_out_from_their_rail_on_dark_and_light_pages() -> None:
    assert contrast(drawing.RAIL, drawing.ROAD) >= 3
    assert contrast(drawing.LIGHT[drawing.RAIL], drawing.LIGHT[drawing.ROAD]) >= 3


def test_a_card_glares_on_no_dark_screen_and_is_light_on_a_light_page() -> None:
    assert light(drawing.GROUND) < 0.05
    assert light(drawing.LIGHT[drawing.GROUND]) > 0.9


def test_every_colour_of_a_card_has_its_light_one_in_the_style_sheet() -> None:
    parts = [
        drawing.text(0, 20, 18, drawing.INK, "x"),
        drawing.text(0, 20, 18, drawing.SOFT, "x"),
        drawing.bar(0, 0, 9, 9, 1),
    ]
    svg = drawing.card(100, parts)
    sheet, drawn = re.search(
        r"<style>@media \(prefers-color-scheme: light\) \{(.*)\}</style>(.*)", svg, re.DOTALL
    ).groups()  # type: ignore[union-attr]
    used = set(re.findall(r'(fill|stroke)="(#\w+)"', drawn))
    assert len(used) >= 5
    for name, colour in used:
        assert f'[{name}="{colour}"]{{{name}:{drawing.LIGHT[colour]}}}' in sheet


async def test_a_png_has_the_dark_ground() -> None:
    png = await PictureMaker().draw(Picture(drawing.card(40, []), "empty", drawing.WIDTH, 40))
    assert pixel(png, 30, 60) == tuple(bytes.fromhex(drawing.GROUND[1:]))


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


@given(st.sampled_from(NAMES), st.integers(1, 4), st.integers(60, 500))
def test_plain_words_get_more_of_their_room(name: str, times: int, room: int) -> None:
    words = " ".join([name] * times)
    fitted = drawing.fit(words, 20, room, is_bold=False)
    assert 20 * REGULAR.width(fitted) <= room * 1.05
    assert len(fitted) >= len(drawing.fit(words, 20, room))


@given(st.text(max_size=40), st.floats(0, 3))
def test_a_card_is_well_formed_whatever_it_says(words: str, share: float) -> None:
    words = words.encode("utf-8", "ignore").decode()
    svg = drawing.card(100, [drawing.text(10, 20, 18, drawing.INK, words), drawing.bar(0, 0, 100, 10, share)])
    tree = ET.fromstring(svg)  # noqa: S314 - our own
    widths = [float(one.get("width", "0")) for one in tree.iter() if one.get("rx")]
    assert max(widths) <= 100
