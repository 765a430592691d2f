"""The whole roadmap in memory, checked, with the questions everyone asks of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.domain.curriculum.names import slug
from bot.domain.curriculum.shapes import Resource, Stage, Subtopic, Term, Tip, Topic


@dataclass(frozen=True, slots=True)
class Spotted:
    """A topic with the stage and sub-topic it belongs to."""

    topic: Topic
    subtopic: Subtopic
    stage: Stage


@dataclass(frozen=True)
class Curriculum:
    """Stages in order, and everything else by id. Built by ``loading.load``, never changed afterwards."""

    stages: tuple[Stage, ...]
    resources: Mapping[str, Resource]
    terms: tuple[Term, ...]
    tips: tuple[Tip, ...] = ()
    version: str = field(default="", compare=False)

    @cached_property
    def places(self) -> Mapping[str, Spotted]:
        """Every topic with its stage and sub-topic, by topic id, in study order."""
        return {
            topic.id: Spotted(topic, subtopic, stage)
            for stage in self.stages
            for subtopic in stage.subtopics
            for topic in subtopic.topics
        }

    @cached_property
    def subtopics(self) -> Mapping[str, Subtopic]:
        """Every sub-topic by id, in study order."""
        return {subtopic.id: subtopic for stage in self.stages for subtopic in stage.subtopics}

    @cached_property
    def term_ids(self) -> Mapping[str, Term]:
        """Every term of the glossary by the id made from its name."""
        return {slug(term.term): term for term in self.terms}

    @cached_property
    def alternatives(self) -> Mapping[str, frozenset[str]]:
        """For each topic that is one of several, all topics of its group; finishing one is enough."""
        groups: dict[str, set[str]] = {}
        for spotted in self.places.values():
            if spotted.topic.one_of:
                groups.setdefault(spotted.topic.one_of, set()).add(spotted.topic.id)
        return {topic: frozenset(group) for group in groups.values() for topic in group}

    @cached_property
    def core(self) -> tuple[Topic, ...]:
        """The topics that count in progress, in study order."""
        return tuple(spotted.topic for spotted in self.places.values() if spotted.topic.core)

    @cached_property
    def core_hours(self) -> float:
        """Hours of the shortest honest path."""
        return sum(topic.hours for topic in self.core)

    @cached_property
    def unlocks(self) -> Mapping[str, tuple[str, ...]]:
        """For each topic, the topics that require it or an alternative to it."""
        found: dict[str, list[str]] = {topic: [] for topic in self.places}
        for spotted in self.places.values():
            for needed in spotted.topic.requires:
                for topic in self.alternatives.get(needed, frozenset((needed,))):
                    found[topic].append(spotted.topic.id)
        return {topic: tuple(later) for topic, later in found.items()}

    @cached_property
    def stage_ids(self) -> Mapping[str, Stage]:
        """Stages by id."""
        return {stage.id: stage for stage in self.stages}

    def stage(self, number: int) -> Stage | None:
        """Return the stage with this number, or None."""
        return next((stage for stage in self.stages if stage.number == number), None)

    def is_covered(self, topic: str, done: Collection[str]) -> bool:
        """Whether a topic is finished, or one of its alternatives is."""
        return topic in done or any(other in done for other in self.alternatives.get(topic, ()))

    def missing(self, topic: str, done: Collection[str]) -> tuple[str, ...]:
        """Return the prerequisites of a topic that are not covered yet."""
        spotted = self.places[topic]
        return tuple(needed for needed in spotted.topic.requires if not self.is_covered(needed, done))

    def hours(self, topics: Collection[Topic] | tuple[Topic, ...], done: Collection[str]) -> tuple[float, float]:
        """Return (hours finished, hours in all) of the core topics among ``topics``."""
        core = [topic for topic in topics if topic.core]
        return (
            sum(topic.hours for topic in core if self.is_covered(topic.id, done)),
            sum(topic.hours for topic in core),
        )

    def of_resource(self, resource: str) -> Iterator[Spotted]:
        """Yield the topics that list a resource, in study order."""
        for spotted in self.places.values():
            if resource in spotted.topic.resources:
                yield spotted

    def of_term(self, topic: str) -> Iterator[Term]:
        """Yield the glossary's terms that belong to a topic."""
        return (term for term in self.terms if term.topic == topic)
