"""Checks a request against Telegram's published description: names, types, what is required, lengths."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

SPEC = Path(__file__).resolve().parents[1] / "specs" / "telegram_botapi.json"


@cache
def spec() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SPEC.read_text("utf-8"))
    return loaded


def problems_of(method: str, form: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return a form's values as Telegram reads them, and what is wrong with them."""
    described = spec()["methods"].get(method)
    if described is None:
        return {}, [f"{method}: no such method among those described"]
    found: list[str] = []
    values: dict[str, Any] = {}
    for name, text in form.items():
        field = described["f"].get(name)
        if field is None:
            found.append(f"{method}: unknown parameter {name}")
            continue
        values[name], problem = _read(text, field["t"])
        if problem:
            found.append(f"{method}.{name}: {problem}")
        else:
            found += [f"{method}.{name}{problem}" for problem in _check(values[name], field)]
    found += [f"{method}: {name} is missing" for name, field in described["f"].items() if field.get("r") and name not in form]  # fmt: skip
    return values, found


def _read(text: str, types: list[str]) -> tuple[Any, str]:
    if "String" in types and "Integer" not in types:
        return text, ""
    if types == ["Integer", "String"]:
        return (int(text), "") if text.lstrip("-").isdigit() else (text, "")
    try:
        return json.loads(text), ""
    except ValueError:
        return None, f"{text[:40]!r} is no JSON"


def _check(value: Any, field: dict[str, Any]) -> list[str]:
    tries = [_check_type(value, kind) for kind in field["t"]]
    found = [] if [] in tries else min(tries, key=len)
    if isinstance(value, str):
        size = len(value.encode()) if field.get("unit") == "bytes" else len(value)
        if not field.get("min", 0) <= size <= field.get("max", 1 << 30):
            found = [*found, f": {size} {field.get('unit', 'characters')}"]
    if isinstance(value, list) and "items" in field and not field["items"][0] <= len(value) <= field["items"][1]:
        found = [*found, f": {len(value)} items"]
    return found


def _check_type(value: Any, kind: str) -> list[str]:
    if kind.startswith("[]"):
        if not isinstance(value, list):
            return [": no list"]
        return [f"[{number}]{problem}" for number, item in enumerate(value) for problem in _check_type(item, kind[2:])]
    match kind:
        case "String":
            return [] if isinstance(value, str) else [": no text"]
        case "Integer":
            return [] if type(value) is int else [": no whole number"]
        case "Float":
            return [] if type(value) in (int, float) else [": no number"]
        case "Boolean":
            return [] if type(value) is bool else [": neither true nor false"]
        case "True":
            return [] if value is True else [": not true"]
    described = spec()["types"].get(kind)
    if described is None:
        return [f": {kind} is not described"]
    if "sub" in described:
        tries = [_check_type(value, sub) for sub in described["sub"]]
        return [] if [] in tries else min(tries, key=len)
    if not isinstance(value, dict):
        return [f": no {kind}"]
    found = [f".{name}: unknown in {kind}" for name in value if name not in described["f"]]
    for name, field in described["f"].items():
        if name in value:
            found += [f".{name}{problem}" for problem in _check(value[name], field)]
        elif field.get("r"):
            found.append(f".{name}: missing in {kind}")
    return found
