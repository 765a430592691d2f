from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.kit.meters import MOST_SERIES, Meter, Timer, exposition

LINE = re.compile(r'(\w+)(?:\{((?:\w+="(?:[^"\\\n]|\\[\\n"])*",?)+)\})? (\S+)')


def samples(text: str) -> dict[tuple[str, str], float]:
    """Read a text back as Prometheus would."""
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            matched = LINE.fullmatch(line)
            assert matched, line
            found[matched[1], matched[2] or ""] = float(matched[3])
    return found


def test_counters_and_gauges_are_written_with_help_and_type() -> None:
    requests, ready = (
        Meter("requests_total", "All\nof them.", ("platform", "outcome")),
        Meter("ready", "1 or 0.", (), "gauge"),
    )
    requests.add("telegram", "answered")
    requests.add("telegram", "answered", by=2)
    ready.set(to=0.5)
    assert exposition([requests, ready]) == (
        "# HELP requests_total All\\nof them.\n# TYPE requests_total counter\n"
        'requests_total{platform="telegram",outcome="answered"} 3\n'
        "# HELP ready 1 or 0.\n# TYPE ready gauge\nready 0.5\n"
    )


def test_a_timer_counts_below_each_bound() -> None:
    timer = Timer("answer_seconds", "How long.", ("platform",), (0.1, 1.0))
    for seconds in (0.05, 0.1, 0.5, 7.0):
        timer.observe(seconds, "web")
    assert samples(exposition([timer])) == {
        ("answer_seconds_bucket", 'platform="web",le="0.1"'): 2,
        ("answer_seconds_bucket", 'platform="web",le="1"'): 3,
        ("answer_seconds_bucket", 'platform="web",le="+Inf"'): 4,
        ("answer_seconds_sum", 'platform="web"'): pytest.approx(7.65),
        ("answer_seconds_count", 'platform="web"'): 4,
    }


@given(some.text(max_size=30))
def test_whatever_a_label_holds_the_text_can_be_read(value: str) -> None:
    meter = Meter("x", "y", ("label",))
    meter.add(value)
    lines = [line for line in exposition([meter]).split("\n") if line and not line.startswith("#")]
    assert len(lines) == 1
    assert LINE.fullmatch(lines[0])


def test_nobodys_words_fill_the_memory() -> None:
    meter, timer = Meter("x", "y", ("label",)), Timer("t", "y", ("label",))
    for number in range(MOST_SERIES + 50):
        meter.add(str(number))
        timer.observe(1, str(number))
    assert meter.value("other") == 50
    assert len(list(meter.lines())) == MOST_SERIES + 1
    assert len(list(timer.lines())) < (MOST_SERIES + 2) * 14


def test_a_wrong_number_of_labels_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="has the labels"):
        Meter("x", "y", ("label",)).add()
