"""A page as a reader without any script gets it: elements, their attributes and their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "input", "hr", "br", "path", "circle", "rect"}


@dataclass(slots=True)
class Element:
    """One element; ``words`` are its own and its children's characters in order."""

    tag: str
    attributes: dict[str, str]
    parts: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def kinds(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def all(self, tag: str = "", kind: str = "", **attributes: str) -> Iterator[Element]:
        """Every element below with this tag, class and attributes, in reading order."""
        for part in self.parts:
            if isinstance(part, Element):
                if (
                    tag in {"", part.tag}
                    and (not kind or kind in part.kinds)
                    and all(part.attributes.get(name) == value for name, value in attributes.items())
                ):
                    yield part
                yield from part.all(tag, kind, **attributes)

    def one(self, tag: str = "", kind: str = "", **attributes: str) -> Element:
        """The only such element."""
        found = list(self.all(tag, kind, **attributes))
        assert len(found) == 1, f"{len(found)} elements {tag}.{kind} {attributes} in {self.text!r}"
        return found[0]

    def fields(self) -> dict[str, str]:
        """What this form sends if nothing in it is touched."""
        sent = {
            entry.attributes["name"]: entry.attributes.get("value", "")
            for entry in self.all("input")
            if entry.attributes.get("type") in {"hidden", "text", "password"}
        }
        return sent | {area.attributes["name"]: area.text for area in self.all("textarea")}


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        # A browser drops one line end right after these tags.
        if self.open[-1].tag in {"textarea", "pre"} and not self.open[-1].parts:
            data = data.removeprefix("\n")
        self.open[-1].parts.append(data)


def parse(html: str) -> Element:
    """Read a page or a piece of one; every element must be closed in order."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert len(builder.open) == 1, f"<{builder.open[-1].tag}> is never closed"
    return builder.root
