"""Questions made from numbers: each family asks one thing with ever new numbers and computes what is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.questions.families import (
    algebra,
    beyond,
    classics,
    evaluation,
    features,
    language,
    margins,
    networks,
    operations,
    probability,
    training,
    trees,
    vision,
)
from bot.domain.questions.families.family import Family

FAMILIES: Final[Mapping[str, Family[Any]]] = {
    family.id: family
    for module in (
        algebra, probability, evaluation, classics, margins, trees, features, networks, training, vision,
        language, operations, beyond
    )
    for family in module.FAMILIES
}  # fmt: skip
"""Every family by its id."""
