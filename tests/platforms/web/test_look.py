"""The look: readable in both themes, no word in colour alone, nothing from elsewhere."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from bot.domain.commons.cast import PERSONAS
from bot.platforms import web

STATIC = files(web) / "static"
CSS = (STATIC / "chat.css").read_text("utf-8")
COLOURS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", CSS)
} | {name: (colour, colour) for name, colour in re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", CSS)}

WORDS = [
    *(
        (ink, ground)
        for ink in ("ink", "soft")
        for ground in ("paper", "side", "surface", "sunk", "hover", "picked", "tint")
    ),
    *(("accent", ground) for ground in ("paper", "surface", "sunk", "tint")),
    *(("danger", ground) for ground in ("surface", "sunk", "danger-tint", "paper")),
    ("amber-ink", "amber-tint"),
    ("on-fill", "fill"),
    ("on-fill", "fill-hover"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), WORDS)
def test_words_are_readable(ink: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[ink][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("edge", "ground"), [("edge", "paper"), ("edge", "surface"), ("ring", "paper"), ("fill", "paper")]
)
def test_edges_of_what_can_be_touched_are_visible(edge: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[edge][theme], COLOURS[ground][theme]) >= 3


@pytest.mark.parametrize("person", [persona.account for persona in PERSONAS])
def test_letters_in_faces_are_readable(person: str) -> None:
    assert all(contrast("#ffffff", colour) >= 4.5 for colour in COLOURS[person])


@pytest.mark.parametrize("name", ["chat.css", "chat.js", "theme.js", "logo.svg"])
def test_nothing_is_fetched_from_elsewhere(name: str) -> None:
    text = (STATIC / name).read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert "http" not in text.replace("https", "http").replace("httpEquiv", "")
    assert "@import" not in text
    assert "eval(" not in text


def rules(beginning: str) -> str:
    """Return what stands between the braces of the first rule that begins so."""
    start = CSS.index(beginning) + len(beginning)
    depth, end = 0, start
    while depth or CSS[end] != "}":
        depth += {"{": 1, "}": -1}.get(CSS[end], 0)
        end += 1
    return CSS[start:end]


def test_lettered_options_stand_one_below_the_other_on_a_phone() -> None:
    assert "dl { grid-template-columns: minmax(0, 1fr);" in rules("@media (max-width: 600px) {")


def test_the_strip_of_rooms_shows_no_scroll_bar() -> None:
    assert re.search(r"\.rooms \{[^}]*overflow-x: auto; scrollbar-width: none;", rules("@media (max-width: 46rem) {"))


def test_remarks_leave_the_top_of_the_chat_free_on_a_phone() -> None:
    assert re.search(r"#remarks \{ top: auto; bottom: ", rules("@media (max-width: 46rem) {"))
