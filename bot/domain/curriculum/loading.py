"""Reading ``content/`` into a curriculum: strict, and all problems of all files at once."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.curriculum.names import slug, squashed
from bot.domain.curriculum.shapes import Resource, Stage, Subtopic, Term, Tip, Topic
from bot.kit.content import Node, json_schema, read, read_list
from bot.kit.problems import Problems, Spot

ReadFolder = Callable[[str, Problems], Iterator[tuple[str, Node]]]
"""Yields (path, tree) of every file in a folder of content; given by whoever may read files."""

ReadText = Callable[[str, bytes, Problems], Node | None]
"""Reads one text as if it were a file of that name; given by whoever knows the format of content."""

Entry = TypeVar("Entry")

SCHEMAS: tuple[tuple[str, type[Any], bool, str], ...] = (
    ("stage", Stage, False, "A stage of the roadmap"),
    ("resources", Resource, True, "Resources to learn from"),
    ("glossary", Term, True, "Glossary entries"),
    ("tips", Tip, True, "General study tips"),
)
"""Each kind of file: schema name, shape, whether it is a list, title."""


def load(read_folder: ReadFolder, problems: Problems) -> Curriculum | None:
    """Read all content; return None, with ``problems`` filled, if anything is wrong with it."""
    stages: list[Stage] = []
    tips: list[Tip] = []
    for path, tree in read_folder("roadmap", problems):
        if path.rpartition("/")[2].startswith("tips"):
            tips.extend(read_list(Tip, tree, problems))
        elif (stage := read(Stage, tree, problems)) is not None:
            stages.append(stage)
    resources = [
        entry for _path, tree in read_folder("resources", problems) for entry in read_list(Resource, tree, problems)
    ]
    terms = [entry for _path, tree in read_folder("glossary", problems) for entry in read_list(Term, tree, problems)]
    if problems:
        return None  # references into what could not be read would only be noise
    stages.sort(key=lambda stage: stage.number)
    _check_ids(stages, resources, tips, terms, problems)
    curriculum = Curriculum(tuple(stages), {entry.id: entry for entry in resources}, tuple(terms), tuple(tips))
    _check_roadmap(curriculum, problems)
    _check_resources(curriculum, problems)
    _check_glossary(curriculum, problems)
    _check_names(curriculum, problems)
    return None if problems else curriculum


def _check_ids(
    stages: list[Stage], resources: list[Resource], tips: list[Tip], terms: list[Term], problems: Problems
) -> None:
    if not stages:
        problems.add(Spot("content/roadmap", 1), "holds no stage; the roadmap needs at least one file")
    subtopics = [subtopic for stage in stages for subtopic in stage.subtopics]
    topics = [topic for subtopic in subtopics for topic in subtopic.topics]
    _once([(stage.id, stage.spot) for stage in stages], "stage id", problems)
    _once([(str(stage.number), stage.spot) for stage in stages], "stage number", problems)
    _once([(subtopic.number, subtopic.spot) for subtopic in subtopics], "sub-topic number", problems)
    named: list[tuple[str, Spot]] = [(stage.id, stage.spot) for stage in stages]
    named += [(subtopic.id, subtopic.spot) for subtopic in subtopics]
    named += [(topic.id, topic.spot) for topic in topics]
    _once(named, "roadmap id", problems)
    _once([(entry.id, entry.spot) for entry in resources], "resource id", problems)
    _once([(entry.url, entry.spot) for entry in resources], "address", problems)
    _once([(tip.id, tip.spot) for tip in tips], "tip id", problems)
    _once([(slug(term.term), term.spot) for term in terms], "term", problems)
    for stage in stages:
        for position, subtopic in enumerate(stage.subtopics, 1):
            if subtopic.number != (expected := f"{stage.number}.{position}"):
                problems.add(subtopic.spot, f"sub-topic {subtopic.number} stands where {expected} belongs")


def _once(entries: Iterable[tuple[str, Spot]], what: str, problems: Problems) -> None:
    first: dict[str, Spot] = {}
    for name, spot in entries:
        if (before := first.setdefault(name, spot)) != spot:
            problems.add(spot, f"the {what} “{name}” is taken by {before}")


def _check_roadmap(curriculum: Curriculum, problems: Problems) -> None:
    for spotted in curriculum.places.values():
        topic = spotted.topic
        for needed in (*topic.requires, *topic.helps):
            if needed not in curriculum.places:
                problems.add(topic.spot, f"topic “{topic.id}” names the topic “{needed}”, which does not exist")
            elif needed == topic.id:
                problems.add(topic.spot, f"topic “{topic.id}” needs itself")
        _known(topic.resources, topic.spot, curriculum, problems)
    for subtopic in curriculum.subtopics.values():
        _known(subtopic.more, subtopic.spot, curriculum, problems)
    groups = Counter(spotted.topic.one_of for spotted in curriculum.places.values() if spotted.topic.one_of)
    for spotted in curriculum.places.values():
        if spotted.topic.one_of and groups[spotted.topic.one_of] == 1:
            problems.add(
                spotted.topic.spot, f"“{spotted.topic.one_of}” is a choice of one; alternatives need two topics"
            )
    for tip in curriculum.tips:
        _known(tip.resources, tip.spot, curriculum, problems)
        for topic_id in tip.topics:
            if topic_id not in curriculum.places:
                problems.add(tip.spot, f"tip “{tip.id}” names the topic “{topic_id}”, which does not exist")
    _check_cycles(curriculum, problems)


def _known(resources: Iterable[str], spot: Spot, curriculum: Curriculum, problems: Problems) -> None:
    for resource in resources:
        if resource not in curriculum.resources:
            problems.add(spot, f"names the resource “{resource}”, which does not exist")


def _check_cycles(curriculum: Curriculum, problems: Problems) -> None:
    """Refuse prerequisites that lead back to where they began."""
    state: dict[str, int] = {}

    def visit(topic: Topic, trail: tuple[str, ...]) -> None:
        if state.get(topic.id) == 2:
            return
        if state.get(topic.id) == 1:
            circle = " needs ".join((*trail[trail.index(topic.id) :], topic.id))
            problems.add(topic.spot, f"the prerequisites run in a circle: {circle}")
            return
        state[topic.id] = 1
        for needed in topic.requires:
            if needed in curriculum.places:
                visit(curriculum.places[needed].topic, (*trail, topic.id))
        state[topic.id] = 2

    for spotted in curriculum.places.values():
        visit(spotted.topic, ())


def _check_resources(curriculum: Curriculum, problems: Problems) -> None:
    used = {resource for spotted in curriculum.places.values() for resource in spotted.topic.resources}
    used |= {resource for subtopic in curriculum.subtopics.values() for resource in subtopic.more}
    used |= {resource for tip in curriculum.tips for resource in tip.resources}
    used |= {entry.successor for entry in curriculum.resources.values() if entry.successor}
    for entry in curriculum.resources.values():
        if entry.id not in used:
            problems.add(entry.spot, f"no topic, sub-topic or tip uses the resource “{entry.id}”")
        if entry.successor and entry.successor not in curriculum.resources:
            problems.add(entry.spot, f"the successor “{entry.successor}” does not exist")
        if entry.status == "superseded" and not entry.successor:
            problems.add(entry.spot, f"“{entry.id}” is superseded but names no successor")


def _check_glossary(curriculum: Curriculum, problems: Problems) -> None:
    names = {term.term for term in curriculum.terms}
    for term in curriculum.terms:
        if term.topic not in curriculum.places:
            problems.add(term.spot, f"the term “{term.term}” names the topic “{term.topic}”, which does not exist")
        for other in term.see:
            if other not in names:
                problems.add(term.spot, f"“{term.term}” points to “{other}”, which is no term of the glossary")


def _check_names(curriculum: Curriculum, problems: Problems) -> None:
    """Each name leads to one place: once among the roadmap's names, once among the glossary's."""
    entries: list[Stage | Subtopic | Topic] = [*curriculum.stages, *curriculum.subtopics.values()]
    entries += [spotted.topic for spotted in curriculum.places.values()]
    roadmap = [(alias, entry.spot) for entry in entries for alias in entry.aliases]
    glossary = [(name, term.spot) for term in curriculum.terms for name in (term.term, *term.aliases)]
    for names, where in ((roadmap, "roadmap"), (glossary, "glossary")):
        first: dict[str, tuple[str, Spot]] = {}
        for name, spot in names:
            key = squashed(name)
            if not re.search(r"\w", key):
                problems.add(spot, f"the name “{name}” holds no letter or digit")
                continue
            before = first.setdefault(key, (name, spot))
            if before[1] != spot:
                problems.add(spot, f"the name “{name}” is taken in the {where} by {before[1]}")
            elif before[0] != name:
                problems.add(spot, f"the name “{name}” reads the same as “{before[0]}” here; leave it out")


def schemas() -> dict[str, str]:
    """Return the JSON Schema of each kind of file, as text by file name."""
    return {
        f"{name}.json": json.dumps(json_schema(shape, title=title, is_list=is_list), indent=2, ensure_ascii=False)
        + "\n"
        for name, shape, is_list, title in SCHEMAS
    }
