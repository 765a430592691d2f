"""Reading content files: YAML with every trap refused, as trees that know their lines.

Aliases, anchors and tags are refused (a few bytes of aliases can grow to gigabytes), so are duplicate keys, symbolic
links, very large and very deep files, names that differ only in case, and anything that is not UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import yaml

from bot.kit.content import Node
from bot.kit.problems import Problems, Spot

MOST_BYTES: Final = 1024 * 1024
DEEPEST: Final = 20
_LOADER: Final[type[Any]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER: Final = yaml.resolver.Resolver
_CORE: Final = {
    "tag:yaml.org,2002:str",
    "tag:yaml.org,2002:int",
    "tag:yaml.org,2002:float",
    "tag:yaml.org,2002:bool",
    "tag:yaml.org,2002:null",
    "tag:yaml.org,2002:seq",
    "tag:yaml.org,2002:map",
}


def content_folder() -> Traversable:
    """Return the content that came with this copy of Roadmate: inside the package, or beside it in a work tree."""
    from importlib.resources import files

    inside = files("bot").joinpath("_content")
    if inside.is_dir():
        return inside
    return Path(__file__).resolve().parents[2] / "content"


def read_folder(folder: Traversable, under: str, shown: str, problems: Problems) -> Iterator[tuple[str, Node]]:
    """Yield (path as shown, tree) of each ``*.yaml`` file in the folder ``under``, sorted by name.

    Args:
        folder: the root of a content folder.
        under: a folder below it, such as ``roadmap``; nothing is yielded if it is missing.
        shown: what paths are shown to begin with, such as ``content``.
        problems: where files that cannot be read are noted.
    """
    place = folder.joinpath(under)
    if not place.is_dir():
        return
    seen: dict[str, str] = {}
    for entry in sorted(place.iterdir(), key=lambda entry: entry.name):
        path = f"{shown}/{under}/{entry.name}"
        if entry.name.startswith(".") or not entry.name.endswith((".yaml", ".yml")):
            continue
        if isinstance(entry, Path) and entry.is_symlink():
            problems.add(Spot(path, 1), "is a symbolic link; put the file itself here")
            continue
        if (other := seen.setdefault(entry.name.lower(), entry.name)) != entry.name:
            problems.add(Spot(path, 1), f"differs only in case from {other}; some systems cannot keep both")
            continue
        tree = read_text(path, entry.read_bytes() if entry.is_file() else b"", problems)
        if tree is not None:
            yield path, tree


def read_text(path: str, data: bytes, problems: Problems) -> Node | None:
    """Read one file's bytes into a tree, or note why not and return None."""
    if len(data) > MOST_BYTES:
        problems.add(Spot(path, 1), f"is {len(data):,} bytes long; at most {MOST_BYTES:,} are read")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.add(Spot(path, line), "is not UTF-8 here; save the file as UTF-8")
        return None
    if not _is_shallow(path, text, problems):
        return None
    try:
        return _compose(path, text, problems)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.add(Spot(path, mark.line + 1 if mark else 1), f"is not YAML here: {error.problem or error.context}")
    except (yaml.YAMLError, ValueError) as error:
        problems.add(Spot(path, 1), f"is not YAML: {str(error).splitlines()[0]}")
    return None


def _is_shallow(path: str, text: str, problems: Problems) -> bool:
    """Refuse deep nesting before anything recurses; cheap checks by characters, exact enough for real content."""
    for number, line in enumerate(text.splitlines(), 1):
        indent = len(line) - len(line.lstrip(" "))
        dashes = re.match(r"\s*(?:-\s+)*", line)
        if (
            line.count("[") + line.count("{") > 200
            or indent > 4 * DEEPEST
            or (dashes and dashes[0].count("-") > DEEPEST)
        ):
            problems.add(Spot(path, number), f"is nested too deeply; at most {DEEPEST} levels are read")
            return False
    return True


def _compose(path: str, text: str, problems: Problems) -> Node | None:
    before = len(problems.found)
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:  # before anything recurses
            problems.add(Spot(path, line), f"is nested too deeply; at most {DEEPEST} levels are read")
            return None
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            problems.add(Spot(path, line), f"uses the alias *{anchor}; write the value out")
        elif anchor:
            problems.add(Spot(path, line), f"sets the anchor &{anchor}; content has none")
        elif tag:
            problems.add(Spot(path, line), f"uses the tag {tag}; content has none")
    if len(problems.found) > before:
        return None
    loader = _LOADER(text)
    try:
        root = loader.get_single_node()
    finally:
        loader.dispose()
    if root is None:
        problems.add(Spot(path, 1), "is empty")
        return None
    return _node(path, root, problems, 0)


def _node(path: str, node: yaml.Node, problems: Problems, depth: int) -> Node:
    spot = Spot(path, node.start_mark.line + 1)
    if depth > DEEPEST:
        raise ValueError(f"nested more than {DEEPEST} levels deep")
    if node.tag not in _CORE:
        # dates and such: we have no use for them, and quotes make them text
        return Node(str(node.value), spot)
    if isinstance(node, yaml.SequenceNode):
        return Node(tuple(_node(path, item, problems, depth + 1) for item in node.value), spot)
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Node] = {}
        keys: dict[str, Spot] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in values:
                problems.add(Spot(path, key.start_mark.line + 1), f"the key “{name}” is here twice")
            keys[name] = Spot(path, key.start_mark.line + 1)
            values[name] = _node(path, value, problems, depth + 1)
        return Node(values, spot, keys)
    return Node(_scalar(node), spot)


def _scalar(node: yaml.Node) -> str | int | float | bool | None:
    text = str(node.value)
    match node.tag.rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return text.lower() in ("true", "yes", "on")
        case "int" if re.fullmatch(r"[-+]?\d+", text):
            return int(text)
        case "float" if re.fullmatch(r"[-+]?\d*\.?\d+(e[-+]?\d+)?", text, re.IGNORECASE):
            return float(text)
        case _:
            return text
