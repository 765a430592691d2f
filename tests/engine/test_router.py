"""From an event to an answer: slips, rights, second deliveries, trouble, and who sees what."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TypeVar

import pytest

from bot.engine.discover import join
from bot.engine.inbox import OnceOnly
from bot.kit.action import Action, small_int
from bot.kit.command import Command, Param
from bot.kit.database import Database, Transaction, Work
from bot.kit.errors import StorageError
from bot.kit.feature import ActionHandler, Feature
from bot.kit.reply import Button, Reply, reply
from bot.kit.request import Request, Role
from tests.fakes.core import ROOM, CoreWorld, Person

Result = TypeVar("Result")
COUNT = Action("sample.count", fresh="count", by=small_int)
RULE = Action("sample.rule")


@dataclass
class Sample:
    """A feature made for these tests: counts presses, has a moderators' corner, and can break."""

    database: Database

    async def count(self, request: Request, by: str = "1") -> Reply:
        async def work(tx: Transaction) -> int:
            row = await tx.one(
                "INSERT INTO roadmap_snooze (person_id, topic, until) VALUES (:person, 'count', :by)"
                " ON CONFLICT (person_id, topic) DO UPDATE SET until = roadmap_snooze.until + :by RETURNING until",
                person=request.asker.person,
                by=int(by or 1),
            )
            assert row is not None
            return int(row["until"])

        total = await self.database.write(work)
        return reply(
            f"{request.asker.name} {total}",
            buttons=((Button("More", COUNT.data(by=1)), Button("Rule", RULE.data())),),
            edits=True,
            only_you=not request.public,
        )

    async def press(self, request: Request, by: int) -> Reply:
        return await self.count(request, str(by))

    async def rule(self, request: Request) -> Reply:
        return reply(f"{request.asker.name} rules")

    async def broken(self, request: Request) -> Reply:
        raise RuntimeError("a secret detail")

    def feature(self) -> Feature:
        return Feature(
            "sample",
            commands=(
                Command(
                    "count",
                    "Count",
                    self.count,
                    (Param("by", "By how much", choices=("1", "2")),),
                    example="/count 2",
                    needs=Role.STRANGER,
                ),
                Command("rule", "Rule", self.rule, needs=Role.MODERATOR),
                Command("secret", "Secret", self.rule, private=True, needs=Role.STRANGER),
                Command("broken", "Break", self.broken, needs=Role.STRANGER),
            ),
            actions=(
                ActionHandler(COUNT, self.press, needs=Role.STRANGER),
                ActionHandler(RULE, self.rule, Role.MODERATOR),
            ),
        )


@pytest.fixture
def sampled(world: CoreWorld) -> CoreWorld:
    """A world whose only features are the sample and the real search and help."""
    sample = Sample(world.app.tools.database)
    registry = join([*world.app.features, sample.feature()])
    router = replace(world.app.router, registry=registry)
    world.app = replace(world.app, router=router, registry=registry)
    return world


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/roadmap@roadmate_bot 1", "Stage 1"),
        ("  /ROADMAP   1  ", "Stage 1"),
        ("/roadmap\n1", "Stage 1"),
        ("/rodmap", "Did you mean /roadmap"),
        ("/", "What you can ask"),
        ("next", "Next:"),
        ("Help", "What you can ask"),
        ("/" + "x" * 4000, "There is no /xxx"),
        ("//", "There is no //"),
        ("", "What are you looking for?"),
    ],
)
async def test_typed_commands_are_understood(ana: Person, typed: str, answer: str) -> None:
    assert answer in (await ana.says(typed)).text


async def test_a_mistyped_command_offers_the_right_one_as_a_button(ana: Person) -> None:
    await ana.says("/progres")
    assert "Your progress" in (await ana.presses("/progress")).text


async def test_rights_are_checked_at_every_press(sampled: CoreWorld) -> None:
    ana, mo = sampled.person("Ana"), sampled.person("Mo", Role.MODERATOR)
    card = await mo.says("/count", ROOM)
    await ana.presses("Rule", on=card)
    assert ana.notices == ["Only moderators of this community can do that."]
    assert (await mo.presses("Rule", on=card)).text == "Mo rules"
    mo.role = Role.MEMBER
    await mo.presses("Rule", on=card)
    assert mo.notices == ["Only moderators of this community can do that."], "yesterday's rights do not count"
    await ana.says("/rule", ROOM)
    assert len(ana.notices) == 2


async def test_moderators_commands_are_hidden_from_others_in_help(sampled: CoreWorld) -> None:
    object.__setattr__(sampled.app.tools, "commands", lambda: tuple(sampled.app.registry.commands.values()))
    assert "/rule" not in (await sampled.person("Ana").says("/help")).text
    assert "/rule" in (await sampled.person("Mo", Role.MODERATOR).says("/help")).text


async def test_a_second_delivery_has_no_second_effect(sampled: CoreWorld) -> None:
    ana = sampled.person("Ana")
    assert (await ana.says("/count", event="u1")).text == "Ana 1"
    assert "already saved" in (await ana.says("/count", event="u1")).text
    assert (await ana.says("/count", event="u2")).text == "Ana 2"


async def test_the_same_event_delivered_many_times_at_once_counts_once(sampled: CoreWorld) -> None:
    ana = sampled.person("Ana")
    await ana.says("/start")
    await asyncio.gather(*(ana.says("/count", event="same") for _turn in range(20)))
    assert (await ana.says("/count", event="last")).text == "Ana 2"


async def test_an_effect_that_failed_may_be_delivered_again(
    sampled: CoreWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = sampled.person("Ana")
    await ana.says("/start")
    real = sampled.database.write

    async def full(work: Work[Result], /) -> Result:
        raise StorageError("the disk is full")

    monkeypatch.setattr(sampled.database, "write", full)
    message = await ana.says("/count", event="u1")
    assert "nothing was changed" in message.text
    assert "reference" in message.text
    assert "disk" not in message.text
    monkeypatch.setattr(sampled.database, "write", real)
    assert (await ana.says("/count", event="u1")).text == "Ana 1"


async def test_reads_are_still_answered_while_nothing_can_be_saved(
    world: CoreWorld, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ana.says("/start")

    async def full(work: Work[Result], /) -> Result:
        raise StorageError("the disk is full")

    monkeypatch.setattr(world.database, "write", full)
    assert "Stage 2" in (await ana.says("/roadmap 2")).text


async def test_a_mistake_of_ours_tells_a_reference_and_no_detail(
    sampled: CoreWorld, caplog: pytest.LogCaptureFixture
) -> None:
    ana = sampled.person("Ana")
    with caplog.at_level(logging.ERROR):
        message = await ana.says("/broken")
    assert "secret detail" not in message.text
    assert "Traceback" not in message.text
    reference = message.text.split("reference ")[1].strip(".\n")
    assert reference in caplog.text
    assert "secret detail" in caplog.text


async def test_private_commands_answer_privately_in_a_room(sampled: CoreWorld) -> None:
    message = await sampled.person("Ana").says("/secret", ROOM)
    assert not message.public


async def test_wrong_choices_are_explained_with_an_example(sampled: CoreWorld) -> None:
    message = await sampled.person("Ana").says("/count seven")
    assert "“seven” is not one of 1, 2" in message.text
    assert "/count 2" in message.text


@pytest.mark.parametrize(
    "data",
    ["", ":", "sample.count", "sample.count:", "sample.count:x", "sample.count:1:2", "sample.count:-1", "sample.count:99999",
     "nobody.home:1", "engine.run", "engine.run:", "engine.run:No", "sample.count:1\n", "💥" * 30],
)  # fmt: skip
async def test_an_altered_button_is_answered_kindly_and_changes_nothing(sampled: CoreWorld, data: str) -> None:
    ana = sampled.person("Ana")
    card = await ana.says("/count")
    answer = await ana.sends(data, card)
    assert "older version" in answer.text or "There is no" in answer.text
    assert (await ana.says("/count")).text == "Ana 2"


async def test_an_expired_button_offers_the_present_state(sampled: CoreWorld) -> None:
    ana = sampled.person("Ana")
    card = await ana.says("/count")
    await ana.sends("sample.count:x", card)
    assert (await ana.presses("/count")).text == "Ana 2"


async def test_somebody_elses_press_on_a_private_card_edits_nothing_public(sampled: CoreWorld) -> None:
    ana = sampled.person("Ana")
    private = await ana.says("/secret", ROOM)
    assert not private.public
    again = await ana.sends("sample.count:1", private)
    assert again is private, "one's own private card is replaced in place"


async def test_a_name_that_changed_is_followed(world: CoreWorld) -> None:
    ana = world.person("Ana")
    await ana.says("/done knn")
    renamed = world.person("Anna")
    renamed.name = "Anna"
    message = await renamed.says("/start")
    assert "Anna" in message.text


async def test_one_person_in_two_places_has_one_progress(ana: Person) -> None:
    await ana.says("/done 1.1", ROOM)
    assert "6 %" in (await ana.says("/progress")).text


def test_two_features_may_not_claim_one_name(world: CoreWorld) -> None:
    sample = Sample(world.database).feature()
    with pytest.raises(ValueError, match="/count is declared twice"):
        join([sample, replace(sample, name="other", actions=())])
    with pytest.raises(ValueError, match="is declared twice"):
        join([sample, replace(sample, commands=())])
    with pytest.raises(ValueError, match="does not begin"):
        join([replace(sample, name="other")])
    with pytest.raises(ValueError, match="offers /count afresh"):
        join([replace(sample, commands=())])


async def test_outside_of_requests_nothing_is_noted(world: CoreWorld) -> None:
    once = OnceOnly(world.database)

    async def count(tx: Transaction) -> int:
        row = await tx.one("SELECT COUNT(*) AS n FROM engine_inbox")
        assert row is not None
        return int(row["n"])

    async def nothing(tx: Transaction) -> None:
        return None

    await once.write(nothing)
    assert await once.read(count) == 0
