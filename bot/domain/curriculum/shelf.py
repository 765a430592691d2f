"""The curriculum in use, with its indexes; replaced as a whole when content is read anew."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.curriculum.loading import ReadFolder, load
from bot.domain.curriculum.lookup import Kind, Lookup
from bot.domain.curriculum.names import slug
from bot.domain.curriculum.search import Document, Search
from bot.kit.problems import Problems


class Indexes:
    """A curriculum with everything derived from it; indexes are built when first asked for."""

    def __init__(self, curriculum: Curriculum) -> None:
        self.curriculum = curriculum

    @cached_property
    def lookup(self) -> Lookup:
        """Finds entries by name."""
        return Lookup(self.curriculum)

    @cached_property
    def search(self) -> Search:
        """Finds entries by any of their words."""
        return Search(_documents(self.curriculum))


class Shelf:
    """Holds the curriculum in use. ``reload`` keeps the old one when the new one has problems."""

    def __init__(self, read_folder: ReadFolder) -> None:
        self._read_folder = read_folder
        self._indexes: Indexes | None = None

    def reload(self) -> Problems:
        """Read the content; use it if it has no problems. Returns the problems, none if all is well."""
        problems = Problems()
        curriculum = load(self._read_folder, problems)
        if curriculum is not None:
            self._indexes = Indexes(curriculum)
        return problems

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
