"""Reading content files: YAML with every trap refused, as trees that know their lines.

Aliases, anchors and tags are refused (a few bytes of aliases can grow to gigabytes), so are duplicate keys, symbolic
links, very large and very deep files, names that differ only in case, and anything that is not UTF-8. Whatever a file
holds, reading it takes bounded time and memory: it is read once, event by event, and nothing recurses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import yaml

from bot.kit.content import Node
from bot.kit.problems import Problems, Spot

MOST_BYTES: Final = 1024 * 1024
MOST_FILES: Final = 1000
"""Files below one folder of content."""
FOLDERS_DEEP: Final = 3
"""Folders inside one another, such as ``quiz/1-foundations``."""
DEEPEST: Final = 20
MOST_VALUES: Final = 100_000
"""Texts, numbers, lists and mappings in one file; a file of 1,000 questions holds about 40,000."""
MOST_PROBLEMS: Final = 100
"""Things to mend told about one file; after so many, the rest would help nobody."""
_LOADER: Final[type[Any]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN: Final = yaml.resolver.Resolver.yaml_implicit_resolvers
"""What a text without quotes may mean, by its first character: pairs of tag and pattern."""


def content_folder() -> Traversable:
    """Return the content that came with this copy of Roadmate: inside the package, or beside it in a work tree."""
    from importlib.resources import files

    inside = files("bot").joinpath("_content")
    if inside.is_dir():
        return inside
    return Path(__file__).resolve().parents[2] / "content"


def read_folder(folder: Traversable, under: str, shown: str, problems: Problems) -> Iterator[tuple[str, Node]]:
    """Yield (path as shown, tree) of each ``*.yaml`` file in and below the folder ``under``, sorted by name.

    Args:
        folder: the root of a content folder.
        under: a folder below it, such as ``roadmap``; nothing is yielded if it is missing.
        shown: what paths are shown to begin with, such as ``content``.
        problems: where files that cannot be read are noted.
    """
    place = folder.joinpath(under)
    found = _files(place, f"{shown}/{under}", problems, 1) if _is_folder(place) else ()
    for number, (path, entry) in enumerate(found, 1):
        if number > MOST_FILES:
            problems.add(Spot(f"{shown}/{under}", 1), f"holds more than {MOST_FILES:,} files; the others were not read")
            return
        data = _bytes(path, entry, problems)
        tree = read_text(path, data, problems) if data is not None else None
        if tree is not None:
            yield path, tree


def _is_folder(place: Traversable) -> bool:
    try:
        return place.is_dir()
    except OSError:
        return False


def _files(place: Traversable, shown: str, problems: Problems, deep: int) -> Iterator[tuple[str, Traversable]]:
    """Yield every content file of a folder and of those inside it; note what has no place there."""
    if isinstance(place, Path) and place.is_symlink():
        problems.add(Spot(shown, 1), "is a symbolic link; put the folder itself here")
        return
    try:
        entries = sorted(place.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        problems.add(Spot(shown, 1), f"cannot be read: {error.strerror}")
        return
    seen: dict[str, str] = {}
    for entry in entries:
        name = entry.name.encode("utf-8", "replace").decode()
        path = f"{shown}/{name}"
        is_folder = _is_folder(entry)
        if name.startswith(".") or not (is_folder or name.lower().endswith((".yaml", ".yml"))):
            continue
        if not is_folder and not name.endswith((".yaml", ".yml")):
            problems.add(Spot(path, 1), "would be left out; let its name end in .yaml, in lower case")
        elif (other := seen.setdefault(name.casefold(), name)) != name:
            problems.add(Spot(path, 1), f"differs only in case from {other}; some systems cannot keep both")
        elif not is_folder:
            yield path, entry
        elif deep == FOLDERS_DEEP:
            problems.add(Spot(path, 1), f"is a folder too deep; {FOLDERS_DEEP} inside one another are read")
        else:
            yield from _files(entry, path, problems, deep + 1)


def _bytes(path: str, entry: Traversable, problems: Problems) -> bytes | None:
    """Return a file's bytes, at most one more than are allowed, or note why not and return None."""
    if isinstance(entry, Path) and entry.is_symlink():
        problems.add(Spot(path, 1), "is a symbolic link; put the file itself here")
        return None
    try:
        if not entry.is_file():
            problems.add(Spot(path, 1), "is no ordinary file")
            return None
        with entry.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        problems.add(Spot(path, 1), f"cannot be read: {error.strerror}")
        return None


def read_text(path: str, data: bytes, problems: Problems) -> Node | None:
    """Read one file's bytes into a tree, or note why not and return None."""
    if len(data) > MOST_BYTES:
        problems.add(Spot(path, 1), f"is more than {MOST_BYTES:,} bytes long; at most so many are read")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.add(Spot(path, line), "is not UTF-8 here; save the file as UTF-8")
        return None
    try:
        return _compose(path, text, problems)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.add(Spot(path, mark.line + 1 if mark else 1), f"is not YAML here: {error.problem or error.context}")
    except (yaml.YAMLError, ValueError) as error:
        problems.add(Spot(path, 1), f"is not YAML: {str(error).splitlines()[0]}")
    return None


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end was not read yet. ``values`` is None for a list; ``key`` waits for its value."""

    spot: Spot
    items: list[Node] = field(default_factory=list)
    values: dict[str, Node] | None = None
    keys: dict[str, Spot] = field(default_factory=dict)
    key: str | None = None

    @property
    def wants_key(self) -> bool:
        """Whether a key of a mapping comes next."""
        return self.values is not None and self.key is None

    def put(self, node: Node) -> None:
        """Add the next value of a list, or the value of the key read last."""
        if self.values is None or self.key is None:
            self.items.append(node)
        else:
            self.values[self.key] = node
            self.key = None

    def close(self) -> Node:
        """Return it as a node."""
        return Node(tuple(self.items), self.spot) if self.values is None else Node(self.values, self.spot, self.keys)


def _compose(path: str, text: str, problems: Problems) -> Node | None:
    """Return the tree of a text, or None after noting what it must not hold."""
    before = len(problems.found)
    stack: list[_Open] = []
    root: Node | None = None
    loader = _LOADER(text)
    event: Any  # the library's own types know neither marks nor values
    count = 0
    try:
        while (event := loader.get_event()) is not None:
            spot = Spot(path, event.start_mark.line + 1)
            count += 1
            if count > 2 * MOST_VALUES:  # each list has an end as well
                problems.add(spot, f"holds too much; at most {MOST_VALUES:,} values a file are read")
                return None
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                problems.add(spot, "is not YAML here: a second document begins")
                return None
            if not isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
                continue
            if isinstance(event, yaml.NodeEvent):
                _refuse_marks(event, spot, problems)
            if isinstance(event, yaml.CollectionStartEvent):
                if len(stack) == DEEPEST:
                    problems.add(spot, f"is nested too deeply; at most {DEEPEST} levels are read")
                    return None
                if stack and stack[-1].wants_key:
                    problems.add(spot, "is not a key; keys are words")
                    return None
                stack.append(_Open(spot, values={} if isinstance(event, yaml.MappingStartEvent) else None))
                continue
            if len(problems.found) - before >= MOST_PROBLEMS:
                problems.add(spot, "has more problems from here on; mend these first")
                return None
            if isinstance(event, yaml.CollectionEndEvent):
                node = stack.pop().close()
            elif stack and stack[-1].wants_key:
                _name(stack[-1], getattr(event, "value", ""), spot, problems)
                continue
            else:
                node = _leaf(event, spot)
            if stack:
                stack[-1].put(node)
            else:
                root = node
    finally:
        loader.dispose()
    if root is None:
        problems.add(Spot(path, 1), "is empty")
    return root if len(problems.found) == before else None


def _refuse_marks(event: Any, spot: Spot, problems: Problems) -> None:
    if isinstance(event, yaml.AliasEvent):
        problems.add(spot, f"uses the alias *{event.anchor}; write the value out")
    elif event.anchor:
        problems.add(spot, f"sets the anchor &{event.anchor}; content has none")
    elif event.tag:
        problems.add(spot, f"uses the tag {event.tag}; content has none")


def _name(parent: _Open, key: str, spot: Spot, problems: Problems) -> None:
    """Let a mapping wait for the value of a key."""
    if key in parent.keys:
        problems.add(spot, f"the key “{key}” is here twice")
    parent.keys[key] = spot
    parent.key = key


def _leaf(event: Any, spot: Spot) -> Node:
    """Return a text, number, truth value or nothing; an alias, refused before, leaves an empty text."""
    if isinstance(event, yaml.AliasEvent):
        return Node("", spot)
    return Node(_plain(event.value) if event.implicit[0] else event.value, spot)


def _plain(text: str) -> str | int | float | bool | None:
    """Return what a text without quotes means. Dates and such stay text: we have no use for them."""
    tag = next((tag for tag, pattern in _PLAIN.get(text[:1], ()) if pattern.match(text)), "")
    match tag.rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return text.lower() in ("true", "yes", "on")
        case "int" if re.fullmatch(r"[-+]?\d{1,400}", text):
            return int(text)
        case "float" if re.fullmatch(r"[-+]?\d*\.?\d+(e[-+]?\d+)?", text, re.IGNORECASE):
            return float(text)
        case _:
            return text
