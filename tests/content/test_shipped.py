"""The content that ships: complete, sound, and everything of the original roadmap can be found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.app import open_shelf
from bot.domain.curriculum.loading import schemas
from tests.fakes.core import Message, Person, presses_of, shipped_shelf

CONTENT = Path(__file__).resolve().parents[2] / "content"
LINES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "roadmap_lines.yaml").read_text("utf-8"))
CURRICULUM = shipped_shelf().curriculum
OPTIONAL = {
    "sql", "responsible-ai", "dimensionality-reduction", "interpretability", "time-series", "reinforcement-learning",
    "diffusion", "llms", "prompting", "fine-tuning", "docker", "llm-serving", "rag", "llm-evaluation", "agents",
}  # fmt: skip
"""Topics beside the original roadmap: offered, searched and asked about, but never part of percent or hours."""


def shows(message: Message, entry: str) -> bool:
    """Whether an answer is the card of an entry, links to it, or has a button that opens it."""
    if any(data.endswith(f":{entry}") for data in presses_of(message.reply).values()):
        return True
    if (resource := CURRICULUM.resources.get(entry)) is not None:
        return resource.url in str(message.reply)
    titles = {stage.id: f"Stage {stage.number} · {stage.title}" for stage in CURRICULUM.stages}
    titles |= {part.id: f"{part.number} · {part.title}" for part in CURRICULUM.subtopics.values()}
    titles |= {name: spotted.topic.title for name, spotted in CURRICULUM.places.items()}
    titles |= {tip.id: tip.title for tip in CURRICULUM.tips}
    return titles[entry] in message.text


def test_the_content_has_no_problem() -> None:
    assert [str(problem) for problem in open_shelf().reload()] == []


def test_the_roadmap_has_its_stages_sub_topics_and_topics() -> None:
    assert [stage.number for stage in CURRICULUM.stages] == [1, 2, 3, 4, 5, 6]
    assert len(CURRICULUM.subtopics) == 18
    assert len(CURRICULUM.places) == 52 + 4 + len(OPTIONAL)
    for added in ("model-evaluation", "hyperparameter-tuning", "git", "testing-ml"):
        assert CURRICULUM.places[added].topic.core
    assert CURRICULUM.core_hours == 462 + 25


def test_topics_beyond_the_original_never_count() -> None:
    for name in OPTIONAL:
        topic = CURRICULUM.places[name].topic
        assert not topic.core
        assert topic.why.endswith("Not part of the original roadmap.")
        assert CURRICULUM.hours([topic], {name}) == (0, 0)
    core = {topic.id for topic in CURRICULUM.core}
    for topic in CURRICULUM.core:
        assert not {*topic.requires} & OPTIONAL, "nothing that counts waits for an extra"
    assert not core & OPTIONAL


@pytest.mark.parametrize("line", [line for line in LINES if "finds" in line], ids=lambda line: str(line["line"]))
async def test_every_line_of_the_original_roadmap_is_found(ana: Person, line: dict[str, Any]) -> None:
    typed = line.get("search", line["text"])
    answers = [await ana.says(f"/roadmap {typed}"), await ana.says(f"/search {typed}")]
    assert any(shows(answer, entry) for answer in answers for entry in line["finds"])


@pytest.mark.parametrize("line", [line for line in LINES if "finds" in line], ids=lambda line: str(line["line"]))
async def test_every_entry_behind_a_line_opens_under_its_own_name(ana: Person, line: dict[str, Any]) -> None:
    for entry in line["finds"]:
        if entry.startswith("tip-"):
            tip = next(tip for tip in CURRICULUM.tips if tip.id == entry)
            assert shows(await ana.says(f"/search {tip.title}"), entry)
        else:
            answers = [await ana.says(f"/roadmap {entry}"), await ana.says(f"/search {entry}")]
            assert any(shows(answer, entry) for answer in answers)


def test_lines_left_out_say_why() -> None:
    assert len(LINES) == 130
    for line in LINES:
        assert bool(line.get("finds")) != bool(line.get("dropped")), line


def test_schemas_are_fresh() -> None:
    for name, text in schemas().items():
        stored = (CONTENT / "schemas" / name).read_text("utf-8")
        assert stored == text, f"{name} is stale; run: roadmate check --schemas content/schemas"


@pytest.mark.parametrize("folder", ["roadmap", "resources", "glossary"])
def test_every_file_fits_the_schema_it_names(folder: str) -> None:
    for path in sorted((CONTENT / folder).glob("*.yaml")):
        first, text = path.read_text("utf-8").split("\n", 1)
        schema = json.loads((path.parent / first.split("$schema=")[1].strip()).read_text("utf-8"))
        jsonschema.validate(yaml.safe_load(text), schema)


def test_no_text_promises_too_much() -> None:
    text = "\n".join(path.read_text("utf-8").lower() for path in CONTENT.glob("*/*.yaml"))
    for word in ("todo", "lorem", "best ever", "guaranteed", "in no time", "click here"):
        assert word not in text, word
