"""Formulas are computed without running code, and whatever is not arithmetic is refused in bounded time."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.questions.formula import compute
from bot.domain.questions.shapes import number_of


@pytest.mark.parametrize(
    ("formula", "value"),
    [("1 + 2 * 3", 7), ("-(2 - 5)", 3), ("7 // 2 + 7 % 2", 4), ("2 ** 0.5", math.sqrt(2)), ("log2(8)", 3),
     ("comb(5, 2)", 10), ("round(2 / 3, 2)", 0.67), ("max(1, 2) * min(3, 4)", 6), ("exp(1) - e", 0), ("0x10", 16)],
)  # fmt: skip
def test_arithmetic_is_computed(formula: str, value: float) -> None:
    assert compute(formula) == pytest.approx(value)


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("__import__('os')", "uses “__import__”"),
        ("().__class__", "is not arithmetic"),
        ("[1 for x in y]", "is not arithmetic"),
        ("'a' * 9", "is not arithmetic"),
        ("True + 1", "holds a truth value"),
        ("9 ** 9 ** 9 ** 9", "cannot be computed"),
        ("1e14 * 1e14", "grows beyond"),
        ("1 / 0", "cannot be computed"),
        ("sqrt(-1)", "math domain error"),
        ("(-1) ** 0.5", "a root of a negative number"),
        ("comb(10 ** 9, 5)", "whole numbers from 0 to 170"),
        ("factorial(2.5)", "whole numbers from 0 to 170"),
        ("-" * 150 + "1", "nested too deeply"),
        ("1" * 201, "longer than 200"),
        ("1 +", "is not arithmetic"),
        ("log(1, base=2)", "uses “log”"),
        ("max()", "cannot be computed"),
        ("", "is not arithmetic"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(formula: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence.replace("(", r"\(").replace(")", r"\)")):
        compute(formula)


@given(st.text("0123456789+-*/%(). elog", max_size=60))
def test_any_text_gives_a_finite_number_or_a_refusal(formula: str) -> None:
    try:
        value = compute(formula)
    except ValueError:
        return  # refused, and nothing else
    assert math.isfinite(value)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,024", 1024), ("−0.5", -0.5), ("3/8", 0.375), ("25 %", 25), ("1e-3", 0.001), ("7", 7), (".5", 0.5)],
)
def test_numbers_are_read_as_people_write_them(text: str, number: float) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    "text", ["1,02", ",5", "x", "", "1/0", "inf", "nan", "1,000,00", "3 × 2", "%", "1_0", "-", ".", "e5", "9" * 400]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        number_of(text)
