"""Checks what is sent to Discord as its API would, and reads it as a person does. Knows none of our code."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.discord_markdown import Seen, read

ROW, BUTTON, SELECT, INPUT, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 1, 2, 3, 4, 10, 12, 13, 14, 17, 18
UPLOAD = 19
V2 = 1 << 15
EPHEMERAL = 1 << 6


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, nested ones included, in reading order."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        if "component" in component:
            yield from walk([component["component"]])


def characters(text: str) -> int:
    """UTF-16 units: the strictest way of counting."""
    return len(text.encode("utf-16-le")) // 2


NO_FILES: Mapping[str, bytes] = {}
_attachment_ids = itertools.count(90_001)


def attached(message: dict[str, Any], files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The attachments that come with a message, as Discord keeps them."""
    told = {str(file["id"]): file for file in message.get("attachments") or []}
    return [
        {"id": str(next(_attachment_ids)), "filename": name, "size": len(data),
         "description": told.get(str(number), {}).get("description")}
        for number, (name, data) in enumerate(files.items())
    ]  # fmt: skip


def refusals(
    message: dict[str, Any], files: Mapping[str, bytes] = NO_FILES, kept: Sequence[str] = ()
) -> list[str]:  # fmt: skip
    """Why Discord would refuse a message; empty if it would not. ``kept`` are files the edited message has already."""
    found: list[str] = []
    known = {"components", "flags", "allowed_mentions", "content", "embeds", "attachments", "nonce", "enforce_nonce"}
    found += [f"unknown field {name}" for name in message.keys() - known]
    listed = {str(file["id"]) for file in message.get("attachments") or []}
    found += [f"a file {name} that is not listed" for number, name in enumerate(files) if str(number) not in listed]
    if sum(map(len, files.values())) > 10 * 2**20:
        found.append("files are too large")
    if message.get("allowed_mentions") != {"parse": []}:
        found.append("somebody could be pinged")
    flags = message.get("flags", 0)
    if not flags & V2:
        if not 1 <= characters(message.get("content", "").strip()) <= 2000:
            found.append("content must have 1 to 2000 characters")
        return found + (["components without V2"] if message.get("components") else [])
    if message.get("content"):
        found.append("content is not for V2")
    parts = list(walk(message["components"]))
    if not 1 <= len(parts) <= 40:
        found.append(f"{len(parts)} components")
    if sum(characters(part["content"]) for part in parts if part["type"] == TEXT) > 4000:
        found.append("text over 4000 characters")
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    if len(ids) != len(set(ids)):
        found.append("custom ids are not unique")
    for part in parts:
        found += _refused(part)
        medias = [item["media"] for item in part.get("items", ())] if part["type"] == GALLERY else []
        for media in [*medias, *([part["file"]] if part["type"] == FILE else [])]:
            name = media["url"].removeprefix("attachment://")
            if name == media["url"] or name not in (*files, *kept):
                found.append(f"a file that is not there: {media['url']}")
    return found


def _refused(part: dict[str, Any]) -> Iterator[str]:
    match part["type"]:
        case 1:
            kinds = {child["type"] for child in part["components"]}
            if kinds == {SELECT} and len(part["components"]) == 1:
                return
            if kinds != {BUTTON} or len(part["components"]) > 5:
                yield "a row holds one menu or up to five buttons"
        case 2:
            yield from _length("label", part["label"], 80)
            if part["style"] == 5:
                yield from _length("url", part["url"], 512)
                address = urlsplit(part["url"])
                if address.scheme not in ("http", "https") or "." not in (address.hostname or ""):
                    yield f"not a well formed address: {part['url']}"
            else:
                yield from _length("custom_id", part["custom_id"], 100)
                if part["style"] not in (1, 2, 3, 4):
                    yield "unknown style"
        case 3:
            yield from _length("custom_id", part["custom_id"], 100)
            if "placeholder" in part:
                yield from _length("placeholder", part["placeholder"], 150)
            if not 1 <= len(part["options"]) <= 25:
                yield f"{len(part['options'])} options"
            if len({option["value"] for option in part["options"]}) != len(part["options"]):
                yield "option values are not unique"
            if not 0 <= part.get("min_values", 1) <= part.get("max_values", 1) <= len(part["options"]):
                yield "it asks for more choices than there are"
            for option in part["options"]:
                for name in ("label", "value", *(["description"] if "description" in option else [])):
                    yield from _length(name, option[name], 100)
        case 4:
            yield from _length("custom_id", part["custom_id"], 100)
            if not 1 <= part["max_length"] <= 4000:
                yield "max_length must be 1 to 4000"
            if characters(part.get("value", "")) > 2 * part["max_length"]:
                yield "value is too long"
            if "placeholder" in part:
                yield from _length("placeholder", part["placeholder"], 100)
        case 10:
            yield from _length("text", part["content"], 4000)
        case 12:
            if not 1 <= len(part["items"]) <= 10:
                yield f"{len(part['items'])} pictures"
            for item in part["items"]:
                yield from _length("description", item["description"], 1024)
        case 13 | 14:
            return
        case 17:
            if not part["components"]:
                yield "an empty container"
            if not {child["type"] for child in part["components"]} <= {ROW, TEXT, SEPARATOR, GALLERY}:
                yield "a container holds rows, texts, pictures and separators here"
        case 18:
            yield from _length("label", part["label"], 45)
            if "description" in part:
                yield from _length("description", part["description"], 100)
        case 19:
            yield from _length("custom_id", part["custom_id"], 100)
            if part.get("required", True) and part.get("min_values") == 0:
                yield "a file is required and may be left out"
        case _:
            yield f"unknown component {part['type']}"


def _length(name: str, text: str, most: int) -> Iterator[str]:
    if not characters(text.strip()) >= 1 or characters(text) > most:
        yield f"{name} must have 1 to {most} characters: {text[:40]!r}"


def modal_refusals(modal: dict[str, Any]) -> list[str]:
    """Why Discord would refuse a modal."""
    found = [*_length("custom_id", modal["custom_id"], 100), *_length("title", modal["title"], 45)]
    if not 1 <= len(modal["components"]) <= 5:
        found.append(f"{len(modal['components'])} components")
    if not {part["type"] for part in modal["components"]} <= {TEXT, LABEL}:
        found.append("a modal holds texts and labels")
    ids = [part["custom_id"] for part in walk(modal["components"]) if "custom_id" in part]
    if len(ids) != len(set(ids)):
        found.append("custom ids are not unique")
    for part in walk(modal["components"]):
        found += _refused(part)
    return found


def texts(payload: dict[str, Any], zone: str = "UTC") -> Iterator[Seen]:
    """What a person reads in each text of a message or modal."""
    if payload.get("content"):
        yield read(payload["content"], zone)
    for part in walk(payload.get("components", [])):
        if part["type"] == TEXT:
            yield read(part["content"], zone)


def labels(payload: dict[str, Any]) -> Iterator[str]:
    """The words on everything that can be touched; none of them is markdown."""
    for part in walk(payload.get("components", [])):
        if part["type"] in (BUTTON, LABEL):
            yield part["label"]
            yield part.get("description", "")
        if part["type"] == SELECT:
            yield part.get("placeholder", "")
            for option in part["options"]:
                yield option["label"]
                yield option.get("description", "")


def shown(payload: dict[str, Any], zone: str = "UTC") -> str:
    """Everything a person reads of a message or modal, in order."""
    pictures = [item["description"] for part in walk(payload.get("components", [])) if part["type"] == GALLERY
                for item in part["items"]]  # fmt: skip
    pictures += [part["file"]["url"].removeprefix("attachment://") for part in walk(payload.get("components", []))
                 if part["type"] == FILE]  # fmt: skip
    lines = [payload.get("title", ""), *pictures, *(seen.text for seen in texts(payload, zone)), *labels(payload)]
    return "\n".join(filter(None, lines))


def touchables(payload: dict[str, Any]) -> dict[str, str]:
    """Data by label of everything that can be pressed or chosen."""
    found: dict[str, str] = {}
    for part in walk(payload.get("components", [])):
        if part["type"] == BUTTON and "custom_id" in part:
            found[part["label"]] = part["custom_id"]
        if part["type"] == SELECT:
            found |= {option["label"]: option["value"] for option in part["options"]}
    return {label: re.sub(r"#\d+$", "", data) for label, data in found.items()}
