"""Translations of what people read: gettext catalogues shipped in ``bot/locale``, read when first spoken."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

from bot.kit.wording import ENGLISH, N_, Catalogue

# Translators: the name of YOUR language in itself, such as Deutsch or Polski
OWN_NAME: Final = N_("English")


@lru_cache(maxsize=32)
def catalogue(language: str) -> Catalogue:
    """Return the sentences of a language tag such as ``pt-BR``, else of ``pt``, else English."""
    tag = language.replace("-", "_")
    if not re.fullmatch(r"[A-Za-z]{2,8}(_[A-Za-z0-9]{1,8})*", tag):
        return ENGLISH
    for name in dict.fromkeys((tag, tag.partition("_")[0])):
        file = files("bot").joinpath("locale", name, "LC_MESSAGES", "roadmate.mo")
        if name and file.is_file():
            with file.open("rb") as stream:
                return gettext.GNUTranslations(stream)
    return ENGLISH


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """Return the language tags there are catalogues for, English not among them."""
    folder = files("bot").joinpath("locale")
    if not folder.is_dir():
        return ()
    found = (one.name for one in folder.iterdir() if one.joinpath("LC_MESSAGES", "roadmate.mo").is_file())
    return tuple(sorted(name.replace("_", "-") for name in found))


class Catalogues(Mapping[str, Catalogue]):
    """Every catalogue there is by its language tag; each is read when it is first asked for."""

    def __getitem__(self, language: str) -> Catalogue:
        """Return a language's sentences; raise ``KeyError`` for a tag there is no catalogue for."""
        if language not in languages():
            raise KeyError(language)
        return catalogue(language)

    def __iter__(self) -> Iterator[str]:
        """Yield the language tags, English not among them."""
        return iter(languages())

    def __len__(self) -> int:
        """Return how many languages there are, English not counted."""
        return len(languages())


def spoken() -> list[tuple[str, str]]:
    """Return every language Roadmate speaks: its code and what it is called in itself, English first."""
    return [("en", OWN_NAME), *((code, catalogue(code).gettext(OWN_NAME)) for code in languages())]
