"""What the documents say is so: commands, settings, paths, fields and links; and each check can really fail."""

from __future__ import annotations

import ast
import dataclasses
import re
import textwrap
import tomllib
import typing
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal

import pytest

from bot.domain.curriculum import shapes
from bot.domain.curriculum.loading import SCHEMAS
from bot.infra.content_files import read_text
from bot.kit.content import Rule, read_list
from bot.kit.problems import Problems
from bot.settings import DEFAULT_WEB, NAMES, PREFIX
from tests.fakes.core import CoreWorld, shipped_shelf
from tests.house.rules import ROOT

START = "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt . && .venv/bin/roadmate"
TESTS = (
    "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e '.[dev]' && .venv/bin/python -m pytest -n 2"
)
SECTIONS: dict[type[Any], str] = {
    shapes.Stage: "Stage",
    shapes.Milestone: "Milestone",
    shapes.Subtopic: "Sub-topic",
    shapes.Project: "Project",
    shapes.Topic: "Topic",
    shapes.Resource: "Resource",
    shapes.Term: "Term",
    shapes.Tip: "Tip",
}
"""Where ``content/README.md`` describes each shape."""

FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*?\ssrc=\"([^\"]+)\"", re.DOTALL)
SETTING = re.compile(PREFIX + r"[A-Z_]*[A-Z]")
PATH = re.compile(r"`([\w.-]+/[\w./-]*)`")


def read(name: str) -> str:
    """Return a document of the project."""
    return (ROOT / name).read_text("utf-8")


DOCUMENTS: dict[str, str] = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for pattern in ("*.md", "bot/**/*.md", "content/**/*.md", "deploy/**/*.md", "tests/**/*.md")
    for path in sorted(ROOT.glob(pattern))
}


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of a language."""
    return [textwrap.dedent(body).strip() for kind, body in FENCE.findall(text) if kind == language]


def prose(text: str) -> str:
    """Return a document without code blocks and code in lines."""
    return re.sub(r"`[^`\n]+`", "", FENCE.sub("", text))


def section(text: str, title: str) -> str:
    """Return what stands under a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", FENCE.sub("", text), re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def rows(text: str) -> dict[str, str]:
    """Return the rows of tables by the first word in code style of their first cell."""
    return {name: line for line in text.splitlines() if (name := _first_code(line))}


def _first_code(line: str) -> str:
    found = re.match(r"\| \*?`([^`]+)`", line)
    return found[1] if found else ""


def anchors(text: str) -> set[str]:
    """Return what links into a document may end in."""
    titles = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def dead_links(documents: Mapping[str, str], root: Path = ROOT) -> list[str]:
    """Relative links and pictures lead to files, and to headings, that exist."""
    found = []
    for name, text in documents.items():
        for link, picture in LINK.findall(prose(text)):
            target = link or picture
            if re.match(r"[a-z]+:", target):
                continue
            file, _hash, anchor = target.partition("#")
            place = (root / name).parent / file if file else root / name
            if not place.exists():
                found.append(f"{name} links to {target}, which does not exist")
            elif anchor and anchor not in anchors(text if not file else place.read_text("utf-8")):
                found.append(f"{name} links to {target}, where there is no such heading")
    return found


def unknown_settings(documents: Mapping[str, str]) -> list[str]:
    """Every setting a document names exists."""
    return [
        f"{name} names {setting}, which is no setting"
        for name, text in documents.items()
        for setting in SETTING.findall(text)
        if setting.removeprefix(PREFIX).lower() not in NAMES
    ]


def settings_left_out(text: str) -> list[str]:
    """Every setting has a row in the table of settings."""
    return [name for name in NAMES if PREFIX + name.upper() not in rows(text)]


def commands_that_differ(text: str, commands: Iterable[str]) -> list[str]:
    """The README's table lists exactly the commands there are."""
    listed = set(rows(section(text, "What it can do now")))
    return sorted(listed ^ {f"/{name}" for name in commands})


def missing_paths(text: str) -> list[str]:
    """Every path in the table "Where is what" exists; a table without paths is wrong as well."""
    lines = [line for line in section(text, "Where is what").splitlines() if line.startswith("| ")][1:]
    named = [(line, PATH.findall(line.split("|")[2])) for line in lines]
    return [f"no path in: {line}" for line, paths in named if not paths] + [
        path for _line, paths in named for path in paths if not (ROOT / path).exists()
    ]


def stale_paths(text: str) -> list[str]:
    """Every path that ARCHITECTURE.md names exists, inside ``bot/`` or beside it."""
    named = PATH.findall(FENCE.sub("", text))
    return [path for path in named if not (ROOT / path).exists() and not (ROOT / "bot" / path).exists()]


def dependencies_that_differ(text: str, names: Iterable[str]) -> list[str]:
    """The tables of dependencies list exactly what pyproject.toml asks for."""
    return sorted(set(rows(section(text, "Dependencies"))) ^ set(names))


def dependencies() -> set[str]:
    """Return the name of each dependency of the project, for running and for development."""
    project = tomllib.loads(read("pyproject.toml"))["project"]
    asked = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    return {re.split(r"[<>=!~;\[ ]", name, maxsplit=1)[0] for name in asked}


def fields_that_differ(text: str, shape: type[Any], title: str) -> list[str]:
    """A section describes exactly the keys of a shape, with their limits, and shows which may be left out."""
    described = rows(section(text, title))
    hints = typing.get_type_hints(shape, include_extras=True)
    found = []
    for field in dataclasses.fields(shape):
        if field.name == "spot":
            continue
        row = described.pop(field.name, "")
        if not row:
            found.append(f"{title}.{field.name} is not described")
            continue
        can_be_left_out = field.default is not dataclasses.MISSING
        if can_be_left_out != row.startswith(f"| *`{field.name}`*"):
            found.append(f"{title}.{field.name} should be in italics only if it may be left out")
        cells = re.findall(r"[\w.-]+", row)
        found += [f"{title}.{field.name} does not say {fact}" for fact in facts(hints[field.name]) if fact not in cells]
    return found + [f"{title}.{name} is no key" for name in described]


def facts(kind: Any) -> Iterator[str]:
    """Yield the limits and choices of a field, as they must be written; ids have theirs explained once."""
    rules: list[Rule] = []
    while typing.get_origin(kind) is Annotated:
        kind, *more = typing.get_args(kind)
        rules += more
    origin = typing.get_origin(kind)
    if kind is str and any(rule.pattern and "a-z" in rule.pattern for rule in rules):
        return
    for rule in rules:
        if rule.longest and not rule.pattern:
            yield str(rule.longest)
        yield from (f"{number:g}" for number in (rule.least, rule.most) if number is not None)
        yield from (str(number) for number in (rule.fewest, rule.many) if number)
    if origin in (UnionType, typing.Union, tuple):
        for part in typing.get_args(kind):
            yield from facts(part)
    if origin is Literal:
        yield from typing.get_args(kind)


def test_the_readme_starts_and_tests_with_one_command_each() -> None:
    shown = blocks(read("README.md"), "sh")
    assert shown == [START, TESTS]
    assert blocks("```sh\npip install .\n```\n", "sh") == ["pip install ."]


def test_what_the_commands_name_exists_and_is_what_every_change_is_held_against() -> None:
    assert (ROOT / "constraints.txt").is_file()
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert "dev" in project["optional-dependencies"]
    assert "roadmate" in project["scripts"]
    minimum = project["requires-python"].removeprefix(">=")
    assert f"Python {minimum} or newer" in read("README.md")
    checked = read(".ci/run")
    for part in ("-c constraints.txt -e '.[dev]'", "python -m pytest -n 2"):
        assert part in TESTS
        assert part in checked


def test_constraints_pin_every_dependency() -> None:
    pinned = set(re.findall(r"^([\w.-]+)==", read("constraints.txt"), re.MULTILINE))
    assert {name.replace(".", "-") for name in dependencies()} <= pinned
    assert not {"no-such-package"} <= pinned


async def test_the_readme_lists_the_commands_there_are(world: CoreWorld) -> None:
    commands = [command.name for command in world.app.commands]
    readme = read("README.md")
    assert commands_that_differ(readme, commands) == []
    assert commands_that_differ(readme, [*commands, "mentor"]) == ["/mentor"]
    assert commands_that_differ(readme, commands[1:]) == [f"/{commands[0]}"]


def test_the_readme_counts_what_ships() -> None:
    curriculum = shipped_shelf().curriculum
    counts = {
        "stages": len(curriculum.stages),
        "sub-topics": len(curriculum.subtopics),
        "topics": len(curriculum.places),
        "resources": len(curriculum.resources),
        "glossary terms": len(curriculum.terms),
    }
    for name in ("README.md", "CHANGELOG.md"):
        text = " ".join(read(name).split())
        for what, count in counts.items():
            found = re.search(rf"(more than )?(\d+) {what}\b", text, re.IGNORECASE)
            assert found, f"{name} does not count {what}"
            stated = int(found[2])
            assert count > stated if found[1] else count == stated, f"{name} says {found[0]}; there are {count}"


def test_where_is_what_names_paths_that_exist() -> None:
    assert missing_paths(read("README.md")) == []
    table = "## Where is what\n\n| I want | Go to |\n|---|---|\n| a | `bot/nowhere.py` |\n| b | elsewhere |\n"
    assert missing_paths(table) == ["no path in: | b | elsewhere |", "bot/nowhere.py"]


def test_the_architecture_names_paths_that_exist() -> None:
    assert stale_paths(read("ARCHITECTURE.md")) == []
    assert stale_paths("See `kit/text.py`, `tests/house/rules.py` and `kit/gone.py`.") == ["kit/gone.py"]


def test_every_setting_is_explained_and_no_other() -> None:
    guide = read("deploy/README.md")
    assert settings_left_out(guide) == []
    assert settings_left_out(guide.replace("| `ROADMATE_CLOCK`", "| `ROADMATE_CLOCKS`")) == ["clock"]
    assert f"`{DEFAULT_WEB}`" in rows(guide)["ROADMATE_WEB"]
    texts = DOCUMENTS | {"unit": read("deploy/roadmate.service")}
    assert unknown_settings(texts) == []
    assert unknown_settings({"x.md": "set ROADMATE_WEB and ROADMATE_WEBB."}) == [
        "x.md names ROADMATE_WEBB, which is no setting"
    ]


def test_links_and_pictures_lead_somewhere() -> None:
    assert {"README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"} <= set(DOCUMENTS)
    assert {"content/README.md", "deploy/README.md"} <= set(DOCUMENTS)
    assert dead_links(DOCUMENTS) == []
    broken = (
        "# One\n[a](gone.md) [b](#two) [c](CHANGELOG.md#nowhere) [d](#one) [e](https://example.org) `[f](x)`"
        '\n<img alt="x"\n src="gone.png">'
    )
    assert dead_links({"README.md": broken}) == [
        "README.md links to gone.md, which does not exist",
        "README.md links to #two, where there is no such heading",
        "README.md links to CHANGELOG.md#nowhere, where there is no such heading",
        "README.md links to gone.png, which does not exist",
    ]


def test_every_dependency_has_its_reason() -> None:
    text = read("ARCHITECTURE.md")
    assert dependencies_that_differ(text, dependencies()) == []
    assert dependencies_that_differ(text, dependencies() - {"aiohttp"} | {"leftpad"}) == ["aiohttp", "leftpad"]


@pytest.mark.parametrize("shape", SECTIONS, ids=lambda shape: str(shape.__name__))
def test_every_field_of_the_content_is_described_with_its_limits(shape: type[Any]) -> None:
    assert fields_that_differ(read("content/README.md"), shape, SECTIONS[shape]) == []


def test_a_wrong_description_of_a_field_is_noticed() -> None:
    text = read("content/README.md")
    assert fields_that_differ(text.replace("| `evidence`", "| `proof`"), shapes.Milestone, "Milestone") == [
        "Milestone.evidence is not described",
        "Milestone.proof is no key",
    ]
    assert fields_that_differ(text.replace("| 300 |", "| 310 |"), shapes.Term, "Term") == [
        "Term.definition does not say 300"
    ]
    assert fields_that_differ(text.replace("*`see`*", "`see`"), shapes.Term, "Term")
    assert fields_that_differ(text.replace("`freemium`", "`cheap`"), shapes.Resource, "Resource")


def test_every_shape_of_the_content_has_a_section() -> None:
    described = set(SECTIONS)
    assert {shape for _name, shape, _is_list, _title in SCHEMAS} <= described
    inside = {thing for thing in vars(shapes).values() if dataclasses.is_dataclass(thing) and isinstance(thing, type)}
    assert {thing for thing in inside if thing.__module__ == shapes.__name__} == described


def test_examples_for_contributors_can_be_read() -> None:
    text = read("CONTRIBUTING.md")
    examples = blocks(text, "python")
    assert len(examples) >= 3
    for example in examples:
        ast.parse(example)
    terms = [example for example in blocks(text, "yaml") if example.startswith("- term:")]
    assert len(terms) == 1
    problems = Problems()
    tree = read_text("CONTRIBUTING.md", terms[0].encode(), problems)
    assert tree is not None
    (term,) = read_list(shapes.Term, tree, problems)
    assert not problems
    curriculum = shipped_shelf().curriculum
    assert term.topic in curriculum.places
    assert set(term.see) <= {known.term for known in curriculum.terms}
