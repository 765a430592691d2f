"""What a feature answers: blocks of text and the things people can touch, free of any platform."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bot.kit.text import Block, Blocks, Words, para

FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}(\.[A-Za-z0-9_-]{1,15})?")


class Style(StrEnum):
    """How much a button asks for attention; never the only sign of its meaning."""

    NORMAL = "normal"
    PRIMARY = "primary"
    DANGER = "danger"


class Tone(StrEnum):
    """The mood of a reply, drawn as an accent where a platform has one."""

    NEUTRAL = "neutral"
    GOOD = "good"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: carries an action's ``data``, or leads to ``url``. Exactly one of the two is set."""

    label: str
    data: str = ""
    url: str = ""
    style: Style = Style.NORMAL

    def __post_init__(self) -> None:
        if bool(self.data) == bool(self.url):
            raise ValueError(f"Button {self.label!r} needs either data or a web address")


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu or poll; choosing it does what its action ``data`` says."""

    label: str
    data: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """A list to choose one entry from; at least one entry, at most 25 are shown at a time."""

    prompt: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Several:
    """A list to choose several entries from and to send in one go; drawn only where a platform has such lists.

    Attributes:
        prompt: what to choose.
        choices: each carries a short value as its ``data``; at least two, at most 25.
        data: the action done with what was chosen; its values arrive as ``request.values["chosen"]``, with commas.
        instead_of: data of the button of the same reply that asks the same in another way. It is left out where the
            list is drawn, and stands alone everywhere else.
    """

    prompt: str
    choices: tuple[Choice, ...]
    data: str
    instead_of: str

    def __post_init__(self) -> None:
        if not 2 <= len(self.choices) <= 25:
            raise ValueError(f"{self.prompt!r} offers {len(self.choices)} choices; two to twenty-five fit every list")


@dataclass(frozen=True, slots=True)
class Poll:
    """A question for everybody in the room; each answer is an action, so votes are kept by the feature that asked.

    Attributes:
        right: positions of the right choices; given, platforms with quizzes of their own show the verdict at once.
        explanation: said with that verdict by such platforms, at most 200 characters; elsewhere the feature tells it.
        retract: data of the action done when somebody takes their vote back, where a platform lets them.
        note: small print below, such as how many answered; platforms with polls of their own count by themselves.
        below: what stands below that; where a platform has polls of its own, above the poll.
        closes: when a platform with polls of its own shall close it, aware; None: it stays open.
        is_closed: no more votes; platforms with polls of their own close it at once.
    """

    question: str
    choices: tuple[Choice, ...]
    right: tuple[int, ...] = ()
    explanation: str = ""
    retract: str = ""
    note: str = ""
    closes: datetime | None = None
    is_closed: bool = False
    below: Blocks = ()

    def __post_init__(self) -> None:
        if any(not 0 <= position < len(self.choices) for position in self.right):
            raise ValueError(f"Poll {self.question!r} calls a choice right that it does not have")


class FieldKind(StrEnum):
    """What a field of a form takes."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    FILE = "file"
    """A text file people send; its value is the text inside, at most ``bot.kit.uploads.MOST_BYTES`` in UTF-8."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    Attributes:
        longest: counts characters; files have a limit of their own.
        choices: (value, label) pairs for ``CHOICE``.
        instead_of: name of a ``FILE`` field of the same form: this one takes the same as typed text, and neither is
            required by itself. It is left out where the text can be typed in place of the file.
        is_link: takes only a plain address of the web. Platforms that can say so at once do; features check as well.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.LINE
    required: bool = True
    longest: int = 300
    hint: str = ""
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    instead_of: str = ""
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One to five questions asked together where a platform can, one after another where it cannot."""

    title: str
    fields: tuple[Field, ...]
    data: str
    submit: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.fields) <= 5:
            raise ValueError(f"Form {self.title!r} has {len(self.fields)} fields; one to five fit every platform")
        files = {field.name for field in self.fields if field.kind is FieldKind.FILE}
        if strays := {field.instead_of for field in self.fields if field.instead_of} - files:
            raise ValueError(f"Form {self.title!r} lets fields stand in for files it does not ask for: {strays}")

    @property
    def one_by_one(self) -> Form:
        """The same form for asking one question after another, each file or its text in a single question."""
        twice = {field.instead_of for field in self.fields} - {""}
        if not twice:
            return self
        fields = tuple(
            replace(field, required=True) if field.name in twice else field
            for field in self.fields
            if not field.instead_of
        )
        return replace(self, fields=fields)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG text, ``width`` by ``height`` pixels, with the words that say the same.

    Attributes:
        beside: what stands below it in place of the reply's blocks: the same, shorter. Empty: the blocks themselves.
    """

    svg: str
    alt: str
    width: int
    height: int
    beside: Blocks = ()

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("A picture needs an alt text: some people hear it, some see only text")


@dataclass(frozen=True, slots=True)
class Document:
    """A file to keep: ``name`` with its ending, the text inside (UTF-8), and its media type.

    A name is up to 64 letters, digits, hyphens and underscores of ASCII and an ending, so that it is harmless
    everywhere.
    """

    name: str
    text: str
    media_type: str

    def __post_init__(self) -> None:
        if not FILE_NAME.fullmatch(self.name):
            raise ValueError(f"A document cannot be called {self.name!r}")


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer.

    Attributes:
        blocks: the text, in reading order.
        title: one line above everything, or empty.
        tone: accent where a platform has one.
        picture: shown above the text; the text must say the same, and is shorter there if the picture says so.
        buttons: rows of buttons; platforms with narrower rows wrap them.
        menu, several, poll, form: at most one of each.
        only_you: shown to the asker alone. Set from the command's declaration; an action may set it itself.
        in_place: about the place it is asked in, and useless elsewhere: a platform that cannot show it there to the
            asker alone shows it to everybody instead.
        notice: a short passing remark (a toast, an alert) of at most 200 characters, nothing to keep.
        edits: replaces the message whose button was pressed, where that message is the presser's own or shows nothing
            personal; otherwise it becomes a new message.
        document: a file that comes with it.
        brief: the gist of it in a line or two, for a platform that can only answer a press with a passing remark where
            others are present; cut there if need be.
        look: a name under which a platform may own a hand-made drawing of this reply.
    """

    blocks: Blocks = ()
    title: str = ""
    tone: Tone = Tone.NEUTRAL
    picture: Picture | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    menu: Menu | None = None
    poll: Poll | None = None
    form: Form | None = None
    only_you: bool = False
    notice: bool = False
    edits: bool = False
    look: str = ""
    document: Document | None = None
    in_place: bool = False
    brief: str = ""
    several: Several | None = None

    @property
    def below_picture(self) -> Blocks:
        """The text where the picture is drawn."""
        return self.picture.beside or self.blocks if self.picture is not None else self.blocks

    def private(self) -> Reply:
        """Return the same reply for the asker's eyes only."""
        return replace(self, only_you=True)


def reply(*blocks: Block | Words, **rest: Any) -> Reply:
    """Make a reply; strings and spans become paragraphs."""
    return Reply(tuple(block if isinstance(block, Block) else para(block) for block in blocks), **rest)


def notice(*words: Words) -> Reply:
    """Make a short passing remark for the asker alone."""
    return Reply((para(*words),), notice=True, only_you=True)


def rows(buttons: list[Button] | tuple[Button, ...], width: int = 5) -> tuple[tuple[Button, ...], ...]:
    """Lay buttons out in rows of at most ``width``."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
