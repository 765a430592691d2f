"""Content files as trees that know their lines, and the strict reading of such a tree into dataclasses.

A dataclass *is* the schema: its fields say which keys a mapping has, what they hold and how long that may be. The
same declaration reads files (all problems at once) and writes the JSON Schema that editors use.
"""

from __future__ import annotations

import dataclasses
import math
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeVar

from bot.kit.problems import NOWHERE, Problems, Spot

Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a content file: text, number, truth, nothing, a tuple of nodes, or a mapping from key to node."""

    value: str | int | float | bool | tuple[Node, ...] | Mapping[str, Node] | None
    spot: Spot
    keys: Mapping[str, Spot] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a text or number must look like, and the sentence that explains it in editors.

    ``longest`` counts characters; ``pattern`` must match the whole text and is explained by ``looks``.
    """

    doc: str = ""
    longest: int = 0
    pattern: str = ""
    looks: str = ""
    least: float | None = None
    most: float | None = None
    fewest: int = 0
    many: int = 0


Id = Annotated[
    str,
    Rule("A stable id: lower-case letters, digits, hyphens.", 40, r"[a-z0-9][a-z0-9-]*", "letters, digits, hyphens"),
]
Address = Annotated[str, Rule("A web address.", 400, r"https?://[^\s<>\"']+", "an address that begins with https://")]


def read(shape: type[Shape], node: Node, problems: Problems) -> Shape | None:
    """Read a tree into a dataclass; return None and add to ``problems`` whatever does not fit."""
    before = len(problems.found)
    value = _read_shape(shape, node, problems)
    return typing.cast("Shape", value) if len(problems.found) == before else None


def read_list(shape: type[Shape], node: Node, problems: Problems) -> tuple[Shape, ...]:
    """Read a list of trees; entries that do not fit are left out and added to ``problems``."""
    if not isinstance(node.value, tuple):
        problems.add(node.spot, f"expected a list of entries, found {_kind(node)}")
        return ()
    return tuple(entry for item in node.value if (entry := read(shape, item, problems)) is not None)


_KNOWN: Final[dict[type[Any], dict[str, tuple[Any, bool]]]] = {}


def _fields(shape: type[Any]) -> dict[str, tuple[Any, bool]]:
    """Return each key's type and whether it must be there. ``spot`` is filled by us and is no key."""
    if shape not in _KNOWN:
        hints = typing.get_type_hints(shape, include_extras=True)
        _KNOWN[shape] = {
            field.name: (
                hints[field.name],
                field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
            )
            for field in dataclasses.fields(shape)
            if field.name != "spot"
        }
    return _KNOWN[shape]


def _read_shape(shape: type[Any], node: Node, problems: Problems) -> Any:
    if not isinstance(node.value, Mapping):
        problems.add(node.spot, f"expected keys and values, found {_kind(node)}")
        return None
    fields = _fields(shape)
    for key, spot in node.keys.items():
        if key not in fields:
            known = ", ".join(fields)
            problems.add(spot, f"unknown key “{key}”; known here: {known}")
    values: dict[str, Any] = {}
    for name, (kind, required) in fields.items():
        inner = node.value.get(name)
        if inner is None:
            if required:
                problems.add(node.spot, f"“{name}” is missing")
            continue
        values[name] = _read_value(kind, inner, name, problems)
    if any(required and name not in values for name, (_kind_, required) in fields.items()):
        return None
    if "spot" in shape.__dataclass_fields__:
        values["spot"] = node.spot
    return shape(**values)


def _read_value(kind: Any, node: Node, name: str, problems: Problems) -> Any:
    rule = Rule()
    if typing.get_origin(kind) is Annotated:
        kind, rule, *_outer = typing.get_args(kind)  # the innermost rule is the strictest
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):  # an optional value
        if node.value is None:
            return None
        kind = next(part for part in typing.get_args(kind) if part is not types.NoneType)
        return _read_value(Annotated[kind, rule], node, name, problems)
    if origin is tuple:
        return _read_tuple(typing.get_args(kind)[0], node, name, rule, problems)
    if origin is Literal:
        words = typing.get_args(kind)
        if node.value not in words:
            problems.add(node.spot, f"“{name}” is {_shown(node)}; it must be one of {', '.join(map(str, words))}")
            return words[0]
        return node.value
    if dataclasses.is_dataclass(kind):
        return _read_shape(typing.cast("type[Any]", kind), node, problems)
    return _read_scalar(kind, node, name, rule, problems)


def _read_tuple(kind: Any, node: Node, name: str, rule: Rule, problems: Problems) -> tuple[Any, ...]:
    if not isinstance(node.value, tuple):
        problems.add(node.spot, f"“{name}” must be a list, found {_kind(node)}")
        return ()
    count = len(node.value)
    if count < rule.fewest:
        problems.add(node.spot, f"“{name}” has {count} entries; at least {rule.fewest} are needed")
    if rule.many and count > rule.many:
        problems.add(node.spot, f"“{name}” has {count} entries; at most {rule.many} are allowed")
    return tuple(_read_value(kind, item, name, problems) for item in node.value)


def _read_scalar(kind: Any, node: Node, name: str, rule: Rule, problems: Problems) -> Any:
    value = node.value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not kind:
        wanted = {str: "text (put it in quotes)", int: "a whole number", float: "a number", bool: "true or false"}[kind]
        problems.add(node.spot, f"“{name}” must be {wanted}, found {_kind(node)}")
        return kind()
    if isinstance(value, str):
        if not value.strip():
            problems.add(node.spot, f"“{name}” is empty")
        if rule.longest and len(value) > rule.longest:
            problems.add(node.spot, f"“{name}” has {len(value)} characters; at most {rule.longest} fit")
        if rule.pattern and not re.fullmatch(rule.pattern, value):
            problems.add(node.spot, f"“{name}” is {_shown(node)}; it must be {rule.looks}")
    elif isinstance(value, int | float) and not (_least(rule) <= value <= _most(rule)):
        problems.add(node.spot, f"“{name}” is {value}; it must be from {rule.least} to {rule.most}")
    return value


def _least(rule: Rule) -> float:
    return -math.inf if rule.least is None else rule.least


def _most(rule: Rule) -> float:
    return math.inf if rule.most is None else rule.most


def _kind(node: Node) -> str:
    value = node.value
    if isinstance(value, Mapping):
        return "keys and values"
    if isinstance(value, tuple):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the truth value {str(value).lower()}"
    return f"the text {_shown(node)}" if isinstance(value, str) else f"the number {value}"


def _shown(node: Node) -> str:
    text = str(node.value)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


_SCALARS: Final = {str: "string", int: "integer", float: "number", bool: "boolean"}


def json_schema(shape: type[Any], *, title: str, is_list: bool = False) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a file that holds ``shape``, or a list of it."""
    definitions: dict[str, Any] = {}
    top = _schema_of(shape, definitions)
    body: dict[str, Any] = {"type": "array", "items": top} if is_list else top
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **body,
        "$defs": dict(sorted(definitions.items())),
    }


def _schema_of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    rule = Rule()
    if typing.get_origin(kind) is Annotated:
        kind, rule, *_outer = typing.get_args(kind)  # the innermost rule is the strictest
    origin = typing.get_origin(kind)
    schema: dict[str, Any]
    if origin in (types.UnionType, typing.Union):
        part = next(part for part in typing.get_args(kind) if part is not types.NoneType)
        return {"anyOf": [_schema_of(Annotated[part, rule], definitions), {"type": "null"}]}
    if origin is tuple:
        schema = {"type": "array", "items": _schema_of(typing.get_args(kind)[0], definitions)}
        schema |= {"minItems": rule.fewest} if rule.fewest else {}
        schema |= {"maxItems": rule.many} if rule.many else {}
    elif origin is Literal:
        schema = {"enum": list(typing.get_args(kind))}
    elif dataclasses.is_dataclass(kind):
        shape = typing.cast("type[Any]", kind)
        if shape.__name__ not in definitions:
            fields = _fields(shape)
            definitions[shape.__name__] = {
                "type": "object",
                "description": (shape.__doc__ or "").split("\n")[0],
                "additionalProperties": False,
                "required": [name for name, (_kind_, required) in fields.items() if required],
                "properties": {name: _schema_of(inner, definitions) for name, (inner, _required) in fields.items()},
            }
        return {"$ref": f"#/$defs/{shape.__name__}"}
    else:
        schema = {"type": _SCALARS[kind]}
        schema |= {"maxLength": rule.longest} if rule.longest else {}
        schema |= {"pattern": f"^{rule.pattern}$"} if rule.pattern else {}
        schema |= {"minimum": rule.least} if rule.least is not None else {}
        schema |= {"maximum": rule.most} if rule.most is not None else {}
    return schema | ({"description": rule.doc} if rule.doc else {})


__all__ = ["NOWHERE", "Address", "Id", "Node", "Rule", "json_schema", "read", "read_list"]
