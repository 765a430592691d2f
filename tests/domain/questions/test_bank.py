"""Questions are found by topic, level and kind, and chosen by a seed that can be repeated."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.questions.bank import Bank, pick, ranked
from bot.domain.questions.seeds import Draws
from bot.domain.questions.shapes import CHOICES, Kind, Level
from tests.domain.questions.samples import question
from tests.fakes.core import shipped_shelf

MANY = [
    question(f"{number}", topic=("py-syntax", "git", "alg-knn")[number % 3], level=("easy", "hard")[number % 2])
    for number in range(60)
]
BANK = Bank([*MANY, question("code", topic="git", kind="code", code="print(1)")])


def test_filters_work_together() -> None:
    assert len(BANK) == 61
    assert len(BANK.find()) == 61
    assert {one.topic for one in BANK.find(topics=["git", "nowhere"])} == {"git"}
    assert {one.level for one in BANK.find(topics=["git"], levels=[Level.HARD])} == {"hard"}
    assert [one.id for one in BANK.find(kinds={Kind.CODE})] == ["q-code"]
    assert len(BANK.find(kinds=CHOICES)) == 61
    assert BANK.find(topics=["git"], without={one.id for one in BANK.topics["git"]}) == []
    assert BANK.get("q-nothing") is None


def test_counts_follow_the_roadmap() -> None:
    counts = BANK.counts(shipped_shelf().curriculum)
    assert next(iter(counts)) == "python"
    assert counts["python"] == Counter({Level.EASY: 21, Level.HARD: 20})
    assert counts["math"] == Counter()


def test_a_seed_decides_and_new_questions_leave_the_order_of_the_others() -> None:
    before = ranked(MANY, "monday")
    assert before == ranked(reversed(MANY), "monday")
    assert before != ranked(MANY, "tuesday")
    assert pick(MANY, "monday") == before[0]
    assert pick([], "monday") is None
    more = ranked([*MANY, question("new")], "monday")
    assert [one for one in more if one.id != "q-new"] == before


def test_over_many_days_each_question_gets_its_turn() -> None:
    chosen = Counter(one.id for day in range(3000) if (one := pick(MANY, str(day))) is not None)
    assert len(chosen) == 60
    assert max(chosen.values()) < 90


@given(st.text(), st.lists(st.integers(), max_size=9))
def test_shuffling_keeps_everything_and_can_be_repeated(seed: str, things: list[int]) -> None:
    assert sorted(Draws(seed).shuffled(things)) == sorted(things)
    assert Draws(seed).shuffled(things) == Draws(seed).shuffled(things)


@given(st.text(), st.integers(-50, 50), st.integers(0, 50), st.integers(1, 7))
def test_whole_numbers_keep_to_their_range(seed: str, least: int, more: int, step: int) -> None:
    draws = Draws(seed)
    assert all(least <= (one := draws.whole(least, least + more, step)) <= least + more and (one - least) % step == 0
               for _ in range(20))  # fmt: skip


def test_numbers_from_a_seed_stay_the_same_for_ever() -> None:
    draws = Draws("roadmate")
    assert [draws.below(100) for _ in range(5)] == [12, 14, 35, 53, 65]
    assert draws.some_of("abc", 2) != draws.some_of("abc", 2)
