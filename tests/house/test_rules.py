"""The house keeps its rules, and each rule really refuses what breaks it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from tests.house import rules
from tests.house.rules import ROOT, Sources, sources

BOT = sources("bot")
BROKEN: list[tuple[Callable[[Sources], list[str]], str, str]] = [
    (rules.kit_stands_alone, "bot/kit/x.py", "import yaml"),
    (rules.kit_stands_alone, "bot/kit/x.py", "from bot.domain import tools"),
    (rules.kit_stands_alone, "bot/kit/x.py", "import os"),
    (rules.sql_lives_in_stores, "bot/features/x/service.py", "q = 'SELECT a FROM b WHERE c'"),
    (rules.sql_lives_in_stores, "bot/app.py", "q = f'''\n   INSERT INTO {table} VALUES (1)'''"),
    (rules.time_and_chance_come_through_ports, "bot/engine/x.py", "now = datetime.now(UTC)"),
    (rules.time_and_chance_come_through_ports, "bot/engine/x.py", "import random\nrandom.choice([1])"),
    (rules.time_and_chance_come_through_ports, "bot/engine/x.py", "from time import monotonic"),
    (rules.time_and_chance_come_through_ports, "bot/platforms/web/x.py", "import asyncio\nasyncio.sleep(1)"),
    (rules.decisions_and_wording_do_not_wait, "bot/features/x/rules.py", "async def f(): ..."),
    (rules.decisions_and_wording_do_not_wait, "bot/features/x/replies/a.py", "async def f():\n    await g()"),
    (rules.names_say_what_is_inside, "bot/kit/utils.py", "'''x'''"),
    (rules.every_module_says_its_purpose, "bot/kit/x.py", "a = 1"),
    (rules.nothing_is_left_undone, "bot/kit/x.py", "a = 1  # " + "TODO later"),
    (rules.nothing_of_one_machine_is_named, "bot/x.py", "a = '/work" + "/main/x'"),
    (rules.nothing_of_one_machine_is_named, "bot/x.py", "a = 'https://py" + "pi.org/simple'"),
]


@pytest.mark.parametrize(
    "rule", dict.fromkeys(rule for rule, _path, _text in BROKEN), ids=lambda rule: str(rule.__name__)
)
def test_the_house_keeps_the_rule(rule: Callable[[Sources], list[str]]) -> None:
    assert rule(BOT) == []


@pytest.mark.parametrize(
    ("rule", "path", "text"), BROKEN, ids=lambda value: getattr(value, "__name__", str(value))[:40]
)
def test_the_rule_refuses_what_breaks_it(rule: Callable[[Sources], list[str]], path: str, text: str) -> None:
    assert rule({path: text})


def test_long_modules_are_explained() -> None:
    architecture = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert rules.modules_can_be_read_in_one_sitting(BOT, architecture) == []
    assert rules.modules_can_be_read_in_one_sitting({"bot/x.py": "a\n" * 401}, "bot/y.py") == ["bot/x.py has 401 lines"]


def test_tests_keep_to_their_own_machine_too() -> None:
    assert rules.nothing_of_one_machine_is_named(sources("tests")) == []
    assert rules.names_say_what_is_inside(sources("tests")) == []


def test_no_file_of_the_project_names_a_registry_or_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    texts = {}
    for name in listed:
        path = ROOT / name
        if (
            path.suffix in {".md", ".toml", ".txt", ".yaml", ".yml", ".json", ".service", ".sql", ".css", ".js", ".pot"}
            or name == ".ci/run"
        ):
            texts[name] = path.read_text("utf-8")
    assert rules.nothing_of_one_machine_is_named(texts) == []
    assert not [name for name in listed if name.endswith(("uv.lock", "poetry.lock")) or "pylock" in name]
