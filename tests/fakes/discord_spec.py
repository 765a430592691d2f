"""Checks a request against Discord's published description: addresses, fields, types, limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

SPEC = Path(__file__).resolve().parents[1] / "specs" / "discord_api.json"
Spec = dict[str, Any]


@cache
def _spec() -> Spec:
    loaded: Spec = json.loads(SPEC.read_text("utf-8"))
    return loaded


@cache
def _operations() -> list[tuple[str, list[str], str, Spec]]:
    found = []
    for name, operation in _spec()["operations"].items():
        method, path = name.split(" ")
        found.append((method, path.split("/"), name, operation))
    return sorted(found, key=lambda entry: sum(part.startswith("{") for part in entry[1]))


@cache
def operation(method: str, path: str) -> tuple[str, Spec] | None:
    """The name of what a request asks for, and its description; None if Discord has no such address."""
    parts = path.split("/")
    for known, template, name, described in _operations():
        if known == method and len(template) == len(parts) and all(map(_fits, template, parts)):
            return name, described
    return None


def _fits(template: str, part: str) -> bool:
    if template.startswith("{"):
        return bool(part) and (part.isdigit() or "token" in template)
    return template == part


def problems_of(method: str, path: str, query: dict[str, str], body: Any) -> list[str]:
    """What is wrong with a request; ``path`` begins after the version, ``body`` is None if there is none."""
    found = operation(method, path)
    if found is None:
        return [f"{method} {path}: no such address"]
    name, described = found
    problems = [f"{name}: unknown parameter {given}" for given in query if given not in described.get("query", ())]
    if "body" in described:
        problems += [f"{name}{problem}" for problem in _check(body, described["body"])]
        problems += [f"{name}{problem}" for problem in _pings(body)]
    elif body is not None:
        problems.append(f"{name} takes no body")
    return problems


def _check(value: Any, spec: Spec) -> Iterator[str]:
    if value is None:
        if not spec.get("nullable") and spec["is"] != "nothing":
            yield ": must not be null"
        return
    match spec["is"]:
        case "text":
            if not isinstance(value, str):
                yield ": no text"
            else:
                yield from _size(len(value.encode("utf-16-le", "surrogatepass")) // 2, spec, "characters")
        case "whole" | "number":
            if type(value) is not int and not (spec["is"] == "number" and type(value) is float):
                yield f": {value!r} is no number"
            else:
                yield from _size(value, spec, "")
        case "yes or no":
            if type(value) is not bool:
                yield ": neither true nor false"
        case "id":
            if not (type(value) is int or (isinstance(value, str) and value.isdigit())):
                yield f": {value!r} is no id"
        case "one of":
            if value not in spec["of"]:
                yield f": {value!r} is none of {spec['of']}"
        case "nothing":
            yield ": must be null"
        case "list":
            if not isinstance(value, list):
                yield ": no list"
                return
            yield from _size(len(value), spec, "items")
            for number, item in enumerate(value):
                yield from (f"[{number}]{problem}" for problem in _check(item, spec["of"]))
        case "map":
            if not isinstance(value, dict):
                yield ": no map"
                return
            for key, item in value.items():
                yield from (f"[{key}]{problem}" for problem in _check(item, spec["of"]))
        case "any of":
            yield from _any(value, spec["of"])
        case name:
            yield from _shape(value, name)


def _any(value: Any, specs: list[Spec]) -> list[str]:
    """Problems with the alternative that fits best: the one of the same ``type`` where there is one."""
    shapes = _spec()["shapes"]
    if isinstance(value, dict) and "type" in value:
        meant = [spec for spec in specs if value["type"] in shapes.get(spec["is"], {}).get("type", {}).get("of", ())]
        if not meant and any("type" in shapes.get(spec["is"], {}) for spec in specs):
            return [f": type {value['type']!r} has no place here"]
        specs = meant or specs
    tries = [list(_check(value, spec)) for spec in specs]
    return min(tries, key=lambda problems: (len(problems), any(" no " in problem for problem in problems)))


def _shape(value: Any, name: str) -> Iterator[str]:
    fields = _spec()["shapes"][name]
    if not isinstance(value, dict):
        yield f": no {name}"
        return
    for given, item in value.items():
        if given not in fields:
            yield f".{given}: unknown in {name}"
        else:
            yield from (f".{given}{problem}" for problem in _check(item, fields[given]))
    yield from (f".{field}: missing in {name}" for field, spec in fields.items()
                if not spec.get("optional") and field not in value)  # fmt: skip


def _size(size: float, spec: Spec, unit: str) -> Iterator[str]:
    if not spec.get("min", float("-inf")) <= size <= spec.get("max", float("inf")):
        yield f": {size} {unit}".rstrip()


def _pings(body: Any) -> Iterator[str]:
    """Everything that says something must forbid pings; the defaults allow them."""
    if not isinstance(body, dict):
        return
    for part in (body, body.get("data"), body.get("message")):
        if not isinstance(part, dict) or "title" in part:
            continue
        if (part.get("components") or part.get("content")) and part.get("allowed_mentions") != {"parse": []}:
            yield ": somebody could be pinged"
