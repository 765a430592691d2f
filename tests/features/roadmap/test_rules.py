"""Pure decisions, over any progress people may have made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contributions import Mastered
from bot.features.roadmap import rules
from bot.features.roadmap.rules import Reason, Sign, Standing, Status
from tests.fakes.core import shipped_shelf

CURRICULUM = shipped_shelf().curriculum
TOPICS = sorted(CURRICULUM.places)
standings = st.dictionaries(st.sampled_from(TOPICS), st.sampled_from(list(Status))).map(
    lambda marks: Standing(marks, {topic: 1_000_000 + number for number, topic in enumerate(marks)})
)


@given(standings)
def test_what_is_offered_is_open_and_not_finished(standing: Standing) -> None:
    for step in rules.steps(CURRICULUM, standing, {}, ()):
        topic = step.topic.id
        assert not CURRICULUM.is_covered(topic, standing.done)
        if step.reason is not Reason.CONTINUE:
            assert step.topic.core
            assert not CURRICULUM.missing(topic, standing.done)


@given(standings)
def test_there_is_always_a_next_step_until_the_core_is_done(standing: Standing) -> None:
    done, total = CURRICULUM.hours(CURRICULUM.core, standing.done)
    offered = [step for step in rules.steps(CURRICULUM, standing, {}, ()) if step.topic.core]
    assert bool(offered) == (done < total)


@given(standings, st.sets(st.sampled_from(TOPICS)))
def test_what_was_put_off_is_not_offered(standing: Standing, snoozed: set[str]) -> None:
    assert not snoozed & {step.topic.id for step in rules.steps(CURRICULUM, standing, {}, snoozed)}


@given(standings, st.sampled_from(TOPICS))
def test_finishing_a_topic_never_lowers_progress_and_opens_only_what_was_closed(standing: Standing, topic: str) -> None:
    before, after = standing.done, standing.done | {topic}
    assert CURRICULUM.hours(CURRICULUM.core, after)[0] >= CURRICULUM.hours(CURRICULUM.core, before)[0]
    for opened in rules.opened(CURRICULUM, before, after):
        assert CURRICULUM.missing(opened.id, before)
        assert not CURRICULUM.missing(opened.id, after)
        assert not CURRICULUM.is_covered(opened.id, after)


def test_shaky_answers_bring_a_finished_topic_back() -> None:
    standing = Standing({"py-syntax": Status.DONE}, {"py-syntax": 1})
    weak = {"py-syntax": Mastered(share=0.1, answers=5)}
    assert rules.steps(CURRICULUM, standing, weak, ())[0].reason is Reason.SHAKY
    assert rules.steps(CURRICULUM, standing, weak, (), {"py-syntax": 0.4})[0].reason is Reason.WRONG
    for known in (Mastered(share=0.0, answers=2), Mastered(share=0.5, answers=5)):
        offered = rules.steps(CURRICULUM, standing, {"py-syntax": known}, (), {"py-syntax": 0.4})
        assert all(step.reason not in (Reason.SHAKY, Reason.WRONG) for step in offered)


def test_a_group_is_finished_when_its_core_is() -> None:
    frameworks = CURRICULUM.subtopics["dl-frameworks"].topics
    assert rules.sign(CURRICULUM, frameworks, Standing({}, {})) is Sign.OPEN
    learning = Standing({"dlf-pytorch": Status.LEARNING}, {"dlf-pytorch": 1})
    assert rules.sign(CURRICULUM, frameworks, learning) is Sign.BEGUN
    done = Standing({"dlf-tf-keras": Status.DONE}, {"dlf-tf-keras": 1})
    assert rules.sign(CURRICULUM, frameworks, done) is Sign.FINISHED


def test_free_resources_come_first_and_past_ones_last() -> None:
    everything = rules.sorted_resources(CURRICULUM, CURRICULUM.resources)
    past = [resource.status in ("archived", "superseded") for resource in everything]
    assert past == sorted(past)
    present = [resource for resource, gone in zip(everything, past, strict=True) if not gone]
    free = [resource.cost == "free" for resource in present]
    assert free == sorted(free, reverse=True)


def test_half_an_hour_a_day_is_told_honestly() -> None:
    assert round(rules.months(182.5), 1) == 12.0
    assert round(rules.months(CURRICULUM.core_hours)) == 32
