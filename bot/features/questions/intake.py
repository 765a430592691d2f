"""Reading questions that moderators bring: from a form, or as a file of content, sent or pasted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.curriculum.lookup import Kind as EntryKind
from bot.domain.questions.bank import Bank
from bot.domain.questions.shapes import Option, Question
from bot.domain.tools import Tools
from bot.features.questions import rules
from bot.kit.content import read_list
from bot.kit.problems import Problem, Problems
from bot.kit.request import Request
from bot.kit.uploads import MOST_BYTES

MOST_QUESTIONS: Final = 200
FILE: Final = "pasted"


@dataclass(frozen=True, slots=True)
class Pasted:
    """What came of a text: its questions, or what keeps it from being imported.

    Attributes:
        questions: all of them; none if anything is wrong.
        problems: what is wrong, in the order of the lines.
        count: how many questions or bytes there are, if that is too many.
    """

    questions: list[Question]
    problems: list[Problem]
    bytes: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class Typed:
    """What came of a form: the question, or what keeps it from being asked."""

    question: Question | None
    faults: list[rules.Fault]


@dataclass(frozen=True, slots=True)
class Named:
    """A topic by its name: id and title; where there is none, what is wrong with the name."""

    id: str
    title: str
    fault: rules.Fault | None = None


class Intake:
    """Reads with the same rules that hold for the content Roadmate came with."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def topic(self, text: str) -> Named:
        """Return the topic of a text such as “k-nearest neighbors, hard”, or what is wrong with it."""
        name, _level = rules.topic_and_level(text)
        found = await self._named(name)
        if found.fault is None or not (level := rules.unknown_level(text)):
            return found
        before = await self._named(rules.topic_and_level(text.rpartition(",")[0])[0])
        return found if before.fault is not None else Named("", before.title, ("topic", 0, rules.NoLevel(level)))

    async def _named(self, name: str) -> Named:
        found = self._tools.shelf.indexes.lookup.find(name, frozenset((EntryKind.TOPIC,)))
        if found.entry is not None:
            return Named(found.entry.id, self._tools.shelf.curriculum.places[found.entry.id].topic.title)
        subjects = (await self._tools.shelf.bank()).subjects.values()
        for subject in subjects:
            if name.casefold() in (subject.id, subject.title.casefold()):
                return Named(subject.id, subject.title)
        guesses = [guess.label for guess in found.guesses]
        return Named("", "", ("topic", 0, rules.NoTopic(name, guesses)))

    async def typed(self, values: Mapping[str, str]) -> Typed:
        """Read the form of a new question."""
        topic = await self.topic(values.get("topic", ""))
        _name, level = rules.topic_and_level(values.get("topic", ""))
        blank = Question("q-new", topic.id or "none", level, "", (Option("", ""),), "", "")  # type: ignore[arg-type]
        question, faults = rules.draft(values, blank, is_new=True)
        return Typed(question, faults) if topic.fault is None else Typed(None, [topic.fault, *faults])

    async def pasted(self, request: Request, text: str) -> Pasted:
        """Read a text in the format of the files of questions. All of it is sound, or nothing of it is taken."""
        data = text.encode("utf-8", "replace")
        if len(data) > MOST_BYTES:
            return Pasted([], [], bytes=len(data))
        base = await self._tools.shelf.bank()
        community = request.community or 0
        bank = await self._tools.database.read(lambda tx: self._tools.corrections.bank(tx, base, [community]))
        return await asyncio.to_thread(self._read, data, bank)

    def _read(self, data: bytes, bank: Bank) -> Pasted:
        from bot.domain.questions.habits import habits  # what checks questions is loaded by who brings one
        from bot.domain.questions.loading import check

        problems = Problems()
        tree = self._tools.shelf.read_text(FILE, data, problems)
        if tree is None:
            return Pasted([], list(problems))
        if isinstance(tree.value, tuple) and len(tree.value) > MOST_QUESTIONS:
            return Pasted([], [], count=len(tree.value))
        questions = list(read_list(Question, tree, problems))
        curriculum = self._tools.shelf.curriculum
        check(questions, {*curriculum.places, *bank.subjects}, curriculum, problems)
        here = {rules.is_same(question): question.id for question in bank}
        for question in questions:
            for spot, sentence in habits(question):
                problems.add(spot, sentence)
            if (same := here.get(rules.is_same(question))) is not None:
                problems.add(question.spot, f"“{question.id}” asks the same as “{same}”, which is here already")
            here.setdefault(rules.is_same(question), question.id)
        if not questions and not problems:
            problems.add(tree.spot, "holds no question")
        return Pasted([] if problems else questions, list(problems))
