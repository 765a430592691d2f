"""Twenty seeds of thirty virtual days, in which things happen four times less often than in the command's stories.

That keeps them to about a minute of one core; four seeds of ten days are as busy as the command's. ``python -m
tests.simulation`` runs as many seeds and days as wanted, each day as busy as it can be.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine.claims import Claims
from bot.kit.posting import Address, Part
from tests.simulation.loop import StuckError
from tests.simulation.scenario import simulate
from tests.simulation.service import ServiceCourier

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("seed", range(1, 21))
def test_thirty_days_lose_nothing_and_double_nothing(seed: int) -> None:
    outcome = simulate(seed, 30, quiet=4)
    assert outcome.troubles == []
    assert outcome.crashes > 10
    assert outcome.posts > 300
    told = "\n".join(outcome.trace)
    for happened in ("the clock is off", "rights back", "That is already saved", "trouble: slow", "trouble: wait"):
        assert happened in told


@pytest.mark.parametrize("seed", range(1, 5))
def test_ten_busy_days_with_crashes_and_faults_lose_nothing_and_double_nothing(seed: int) -> None:
    outcome = simulate(seed, 10)
    assert outcome.troubles == []
    assert outcome.crashes > 20
    assert outcome.posts > 200


def test_one_seed_is_one_trace_byte_for_byte_in_any_process() -> None:
    program = "from tests.simulation.scenario import simulate; print('\\n'.join(simulate(7, 4).trace))"
    elsewhere = [
        subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": salt},
            stdout=subprocess.PIPE, text=True,
        )
        for salt in ("1", "2")
    ]  # fmt: skip
    here = "\n".join(simulate(7, 4).trace)
    there = [process.communicate(timeout=120)[0].rstrip("\n") for process in elsewhere]
    assert [process.returncode for process in elsewhere] == [0, 0]
    assert there == [here, here]
    assert "\n".join(simulate(8, 4).trace) != here


def test_a_platform_that_forgets_what_it_promised_to_remember_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check can fail: without nonces the same message would be said twice."""
    monkeypatch.setattr("tests.simulation.service.Service.by_nonce", lambda _self, _nonce, _chat: None)
    monkeypatch.setattr(ServiceCourier, "remembers_nonce", _for_ever)
    assert any("twice" in trouble for trouble in simulate(1, 6).troubles)


def _for_ever(_self: ServiceCourier, _to: Address, _part: Part) -> timedelta:
    return timedelta(days=1)


def test_occurrences_that_are_not_recorded_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check can fail: a job whose occurrence is not noted is not done once."""

    async def note(*_arguments: object) -> None:
        return None

    monkeypatch.setattr(Claims, "note", note)
    monkeypatch.setattr("tests.simulation.loop.MOST_ALTOGETHER", 200_000)  # four days that go well take 45,000
    try:
        troubles = simulate(1, 4).troubles
    except StuckError:
        return  # done over and over at one moment: noticed as well
    assert any(trouble.startswith("plan ") for trouble in troubles)
