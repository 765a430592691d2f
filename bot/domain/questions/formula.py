"""Arithmetic as contributors write it, computed without running code: numbers, + - * / // % **, and a few functions."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from typing import Final

LONGEST: Final = 200
"""Characters of a formula."""
DEEPEST: Final = 30
LARGEST: Final = 1e15

_BINARY: Final[Mapping[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
    ast.Pow: lambda a, b: _real(a**b),  # of floats: overflows instead of growing
}
_FUNCTIONS: Final[Mapping[str, Callable[..., float]]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
    "floor": math.floor,
    "ceil": math.ceil,
    "comb": lambda n, k: float(math.comb(_small(n), _small(k))),
    "factorial": lambda n: float(math.factorial(_small(n))),
    "abs": abs,
    "round": lambda value, places=0: round(value, int(places)),
    "min": min,
    "max": max,
}
_NAMES: Final[Mapping[str, float]] = {"pi": math.pi, "e": math.e}


def compute(formula: str) -> float:
    """Return the value of a formula. Raises ``ValueError`` with a sentence if it is none or cannot be computed."""
    if len(formula) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters")
    try:
        tree = ast.parse(formula.strip(), mode="eval")
        value = _value(tree.body, 0)
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError("is not arithmetic") from None
    except (ArithmeticError, TypeError) as error:
        raise ValueError(f"cannot be computed: {error}") from None
    if not math.isfinite(value):
        raise ValueError("has no finite value")
    return value


def _value(node: ast.expr, depth: int) -> float:
    if depth > DEEPEST:
        raise ValueError("is nested too deeply")
    match node:
        case ast.Constant(value=bool()):
            raise ValueError("holds a truth value")
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in _NAMES:
            return _NAMES[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, depth + 1)
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _value(inner, depth + 1)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _bounded(_BINARY[type(op)](_value(left, depth + 1), _value(right, depth + 1)))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            return _bounded(float(_FUNCTIONS[name](*(_value(inner, depth + 1) for inner in arguments))))
        case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)):
            raise ValueError(f"uses “{name}”; known are {', '.join((*_FUNCTIONS, *_NAMES))}")
    raise ValueError("is not arithmetic")


def _real(value: float | complex) -> float:
    if isinstance(value, float):
        return value
    raise ValueError("takes a root of a negative number")


def _small(number: float) -> int:
    if number != int(number) or not 0 <= number <= 170:
        raise ValueError("counts with whole numbers from 0 to 170")
    return int(number)


def _bounded(value: float) -> float:
    if abs(value) > LARGEST:
        raise ValueError(f"grows beyond {LARGEST:.0e}")
    return value
