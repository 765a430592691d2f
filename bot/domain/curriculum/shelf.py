"""The content in use: the curriculum with its indexes, and the questions; replaced as a whole when it is read anew."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.curriculum.loading import ReadFolder, ReadText, load
from bot.domain.curriculum.lookup import Kind, Lookup
from bot.domain.curriculum.names import slug
from bot.domain.curriculum.search import Document, Search
from bot.kit.content import Node
from bot.kit.errors import ContentError
from bot.kit.problems import Problems

if TYPE_CHECKING:
    from bot.domain.questions.bank import Bank


class Indexes:
    """A curriculum with everything derived from it; indexes are built when first asked for.

    ``bank`` is None until somebody needs the questions; use ``Shelf.bank`` to get them.
    """

    def __init__(self, curriculum: Curriculum, bank: Bank | None = None) -> None:
        self.curriculum = curriculum
        self.bank = bank

    @cached_property
    def lookup(self) -> Lookup:
        """Finds entries by name."""
        return Lookup(self.curriculum)

    @cached_property
    def search(self) -> Search:
        """Finds entries by any of their words."""
        return Search(_documents(self.curriculum))


class Shelf:
    """Holds the content in use. ``reload`` keeps the old one when the new one has problems.

    Questions are many and not needed to start, so they are read when first asked for; ``is_thorough`` reads them at
    once, which suits content that nobody checked yet.
    """

    def __init__(
        self, read_folder: ReadFolder, *, is_thorough: bool = False, read_text: ReadText | None = None
    ) -> None:
        self._read_folder = read_folder
        self._read_text = read_text
        self._is_thorough = is_thorough
        self._indexes: Indexes | None = None
        self._reading = threading.Lock()

    def reload(self, *, is_thorough: bool = False) -> Problems:
        """Read the content; use it if it has no problems. Returns the problems, none if all is well.

        Questions are read as well if asked for here or at the beginning, or if questions are in use already.
        """
        problems = Problems()
        curriculum = load(self._read_folder, problems)
        if curriculum is None:
            return problems
        bank = None
        if is_thorough or self._is_thorough or (self._indexes is not None and self._indexes.bank is not None):
            bank = self._load_bank(curriculum, problems)
        if not problems:
            self._indexes = Indexes(curriculum, bank)
        return problems

    def read_text(self, name: str, data: bytes, problems: Problems) -> Node | None:
        """Read what somebody wrote as they would into a content file; None, with ``problems`` filled, if it is none.

        ``name`` stands for the file in ``problems``. Raises ``RuntimeError`` where nobody said how to read.
        """
        if self._read_text is None:
            raise RuntimeError("this shelf was not told how to read a text")
        return self._read_text(name, data, problems)

    async def bank(self) -> Bank:
        """Return the questions in use; the first call reads them, in a thread, which takes about half a second.

        Call it before a unit of work begins, not inside. Raises ``ContentError`` with every problem there is.
        """
        indexes = self.indexes
        return indexes.bank if indexes.bank is not None else await asyncio.to_thread(self._read_bank, indexes)

    def _read_bank(self, indexes: Indexes) -> Bank:
        with self._reading:  # whoever comes second finds it read
            if indexes.bank is not None:
                return indexes.bank
            problems = Problems()
            bank = self._load_bank(indexes.curriculum, problems)
            if bank is None:
                raise ContentError("\n".join(map(str, problems)))
            indexes.bank = bank
            return bank

    def _load_bank(self, curriculum: Curriculum, problems: Problems) -> Bank | None:
        from bot.domain.questions.loading import load_bank  # not needed to start

        return load_bank(self._read_folder, curriculum, problems)

    @property
    def indexes(self) -> Indexes:
        """The curriculum in use with its indexes. Raises ``RuntimeError`` before content was read once."""
        if self._indexes is None:
            raise RuntimeError("content was not read yet; call reload() first")
        return self._indexes

    @property
    def curriculum(self) -> Curriculum:
        """The curriculum in use."""
        return self.indexes.curriculum


def _documents(curriculum: Curriculum) -> Iterator[Document]:
    for stage in curriculum.stages:
        text = " ".join(
            (stage.why, stage.milestone.title, stage.milestone.text, *stage.milestone.evidence, *stage.aliases)
        )
        yield Document((Kind.STAGE, stage.id), stage.title, f"stage {stage.number} milestone {stage.number} {text}")
    for subtopic in curriculum.subtopics.values():
        projects = [words for project in subtopic.projects for words in (project.title, project.text)]
        text = " ".join(
            (subtopic.number, subtopic.why, subtopic.note or "", *subtopic.aliases, *projects, *subtopic.tips)
        )
        yield Document((Kind.SUBTOPIC, subtopic.id), subtopic.title, text)
    for spotted in curriculum.places.values():
        topic = spotted.topic
        text = " ".join((topic.why, *topic.learn, *topic.aliases, spotted.subtopic.title))
        yield Document((Kind.TOPIC, topic.id), topic.title, text)
    for term in curriculum.terms:
        text = " ".join((term.definition, term.example or "", *term.aliases))
        yield Document((Kind.TERM, slug(term.term)), term.term, text)
    for resource in curriculum.resources.values():
        text = " ".join((resource.by, resource.note, resource.kind, *resource.formerly))
        yield Document((Kind.RESOURCE, resource.id), " ".join((resource.name, *resource.formerly)), text)
    for tip in curriculum.tips:
        yield Document(("tip", tip.id), tip.title, tip.text)
