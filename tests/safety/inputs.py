"""Texts that somebody could type, or that an attacker would: the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

MARKUP = [
    "*", "**", "***", "_", "__", "~~", "`", "```", "||", "#", "# ", "## ", "-# ", "> ", ">>> ", "- ", "* ", "1. ", "[", "](", ")",
    "<", ">", "&", "&amp;", "&lt;", "</b>", "<b>", "<i>", "<a href='tg://user?id=1'>", "<tg-spoiler>", "<code>", "\\", "\\\\",
    "<@1>", "<@!12345678901234567>", "<@&1>", "<#1>", "<id:customize>", "</next:1>", "<t:1:R>", "<:x:1>", "<a:x:1>", ":smile:",
    "@everyone", "@here", "@durov", "@a", "@", "/start@bot", "#tag", "$USD", "tg://resolve?domain=a",
    "https://example.org/", "http://x", "www.example.org", "ftp://a.b", "a@b.example", "javascript:alert(1)", "[x](https://a.example)",
    "discord.gg/abc", "t.me/abc", "<https://a.example>", "+49 30 123456", "\n", "\n\n", "\r\n", "\t", " ", "  ", "\u00a0",
]  # fmt: skip
INVISIBLE = [
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e",
    "\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f", "\u061c", "\u2028", "\u2029", "\u034f", "\u3164", "\u115f", "\ufe0f",
    "\x00", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9b", "\ufffd", "\ufffe", "\U000e0001", "\U000e007f",
]  # fmt: skip
WORDS = [
    "Ana", "José", "Zoë", "Łukasz", "Ольга", "نور", "שלום", "山田太郎", "김민준", "मीरा", "สมชาย", "🧑🏽‍💻", "👩‍👩‍👧‍👦", "🇩🇪", "e\u0301", "a\u0308\u0323",
    "Ω", "𝛁", "𝒳𝓎", "😀", "🤖", "ﷺ", "x = y_1 * z_2", "O(n log n)", "p(y|x)", "C++", "a_b_c", "2*3*4", "~50", "it's", "\"quoted\"", "null", "None",
    "'; DROP TABLE x; --", "${HOME}", "{0}", "%s", "%(x)s", "{{7*7}}", "../../etc/passwd",
]  # fmt: skip
BORDERS = [1, 2, 31, 32, 45, 55, 63, 64, 79, 80, 99, 100, 127, 150, 199, 200, 255, 256, 299, 300]


def texts(seed: int, count: int) -> Iterator[str]:
    """Yield ``count`` texts of at most about 4,200 characters; each shows at least one letter."""
    chance = random.Random(seed)
    makers: list[Callable[[random.Random], str]] = [
        _name,
        _salad,
        _salad,
        _salad,
        _any_characters,
        _border,
        _surrogates,
    ]
    for number in range(count):
        text = _long(chance) if number % 500 == 499 else chance.choice(makers)(chance)
        yield text + "x"


def _pieces(chance: random.Random, lists: list[list[str]], most: int) -> str:
    return "".join(chance.choice(chance.choice(lists)) for _piece in range(chance.randint(1, most)))


def _name(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _word in range(chance.randint(1, 3)))


def _salad(chance: random.Random) -> str:
    return _pieces(chance, [MARKUP, MARKUP, INVISIBLE, WORDS, ["a", "b", "Z", "9", ".", ",", "!"]], 14)


def _any_characters(chance: random.Random) -> str:
    return "".join(chr(_code(chance)) for _character in range(chance.randint(1, 30)))


def _code(chance: random.Random) -> int:
    while True:
        code = chance.choice((chance.randrange(0x80), chance.randrange(0x3000), chance.randrange(0x110000)))
        if not 0xD800 <= code < 0xE000:
            return code


def _border(chance: random.Random) -> str:
    size = chance.choice(BORDERS) + chance.randint(-1, 1)
    filler = chance.choice(["a", "ä", "😀", "*", "_", "\\", "<", "&", "@", "漢", "a ", "`"])
    return (filler * size)[:size]


def _surrogates(chance: random.Random) -> str:
    astral = "".join(chr(chance.randrange(0x1F300, 0x1FAFF)) for _one in range(chance.randint(1, 60)))
    return astral if chance.random() < 0.5 else astral.join(chance.sample(MARKUP, 2))


def _long(chance: random.Random) -> str:
    size = chance.choice((1023, 1024, 1025, 1999, 2000, 2001, 3999, 4000, 4001, 4095, 4096, 4097))
    text = ""
    while len(text) < size:
        text += _pieces(chance, [MARKUP, WORDS, ["a", "b ", "c"]], 20)
    return text[:size]
