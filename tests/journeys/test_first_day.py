"""From hello to the first finished topic, and back the next day."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.worlds import World


async def test_a_newcomer_finds_the_road_and_takes_the_first_step(anywhere: World) -> None:
    ana = anywhere.person("Ana")
    assert "Roadmate" in await ana.says("/start")
    assert "Stage 1" in await ana.presses("Open stage 1")
    assert "Python" in await ana.presses("1.1")
    assert "What to learn" in await ana.presses("Python syntax")
    assert "learning Python syntax" in await ana.presses("Learning")
    assert "You have begun it" in await ana.presses("What next?")
    assert "Done: Python syntax" in await ana.presses("Done")
    assert "builds on Python syntax" in await ana.presses("What next?")
    assert "1 of 49 core topics" in await ana.says("/progress")


async def test_buttons_and_progress_survive_a_restart(anywhere: World) -> None:
    ana = anywhere.person("Ana")
    await ana.says("/done linear algebra")
    await anywhere.restart()
    ana = anywhere.person("Ana")
    assert "Linear algebra" in await ana.says("/done linear algebra")
    card = await ana.says("/roadmap linear algebra")
    assert "You have done this" in card
    assert "no mark any more" in await ana.presses("Take mark away")
    assert "Undone: Linear algebra" in await ana.presses("Undo")
    assert "You have done this" in await ana.says("/roadmap linear algebra")


async def test_two_people_never_see_each_others_progress(anywhere: World) -> None:
    ana, ben = anywhere.person("Ana"), anywhere.person("Ben")
    await ana.says("/done 1.1")
    assert "6 % of the roadmap" in await ana.says("/progress")
    assert "0 % of the roadmap" in await ben.says("/progress")


async def test_slips_are_met_half_way(anywhere: World) -> None:
    ana = anywhere.person("Ana")
    assert "Did you mean" in await ana.says("/rodmap")
    assert "Machine learning roadmap" in await ana.presses("/roadmap")
    assert "Backpropagation" in await ana.says("/roadmap back propagation")
    assert "Found for “cross validation”" in await ana.says("cross validation")


async def test_words_are_looked_up_through_a_form(anywhere: World) -> None:
    ana = anywhere.person("Ana")
    assert "What are you looking for?" in await ana.says("/search")
    assert "pandas documentation" in await ana.fills(text="pandas")


async def test_a_term_leads_to_its_neighbours_and_its_topic(anywhere: World) -> None:
    ana = anywhere.person("Ana")
    assert "Example" in await ana.says("/define overfitting")
    assert "What to learn" in await ana.presses("Overfitting, underfitting, bias and variance")


async def test_not_today_means_tomorrow(anywhere: World) -> None:
    ana = anywhere.person("Ana")
    await ana.says("/next")
    assert "waits until" in await ana.presses("Not today")
    assert "Python syntax" not in await ana.says("/next")
    anywhere.clock.travel(timedelta(days=1))
    assert "Next: Python syntax" in await ana.says("/next")


async def test_odd_text_is_shown_as_typed(anywhere: World) -> None:
    ana = anywhere.person("Ana")
    for odd in (
        "<b>bold</b> & 'quotes'",
        "@everyone",
        "😀",
        "'; DROP TABLE roadmap_status; --",
        "%s {topic}",
        "x" * 3980,
    ):
        assert odd[:40] in (await ana.says(f"/search {odd}")).replace("\n", "")
    assert "Machine learning roadmap" in await ana.says("/roadmap")
