"""What people get from ``/roadmap``, ``/next``, ``/done`` and ``/progress``."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.kit import codec
from bot.kit.database import Transaction
from bot.kit.markup import marked
from bot.kit.text import Progress, plain
from tests.fakes.core import PRIVATE, ROOM, CoreWorld, Person, shipped_shelf

CURRICULUM = shipped_shelf().curriculum


async def test_the_whole_roadmap_shows_six_stages_and_a_way_into_each(ana: Person) -> None:
    message = await ana.says("/roadmap")
    for stage in CURRICULUM.stages:
        assert stage.title in message.text
    assert message.labels[:6] == ["1", "2", "3", "4", "5", "6"]
    opened = await ana.presses("4")
    assert CURRICULUM.stages[3].milestone.title in opened.text
    assert opened is message, "navigation happens in place"


async def test_in_a_room_the_roadmap_shows_nobodys_progress(ana: Person, ben: Person) -> None:
    await ana.says("/done 1.1")
    public = await ana.says("/roadmap", ROOM)
    assert public.public
    assert "%" not in public.text
    opened = await ben.presses("1", on=public)
    assert opened is public, "everybody may leaf through it"
    assert "%" not in opened.text


async def test_personal_buttons_on_a_public_card_answer_only_the_presser(ana: Person, ben: Person) -> None:
    public = await ana.says("/roadmap", ROOM)
    before = public.text
    mine = await ben.presses("My progress", on=public)
    assert not mine.public
    assert public.text == before


async def test_marking_from_a_public_card_stays_private(ana: Person, ben: Person) -> None:
    card = await ana.says("/roadmap knn", ROOM)
    marked = await ben.presses("Done", on=card)
    assert not marked.public
    assert "Done: K-nearest neighbors" in marked.text
    assert "done this" in (await ben.says("/roadmap knn")).text
    assert "done this" not in (await ana.says("/roadmap knn")).text


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("1.2", "1.2 · "),
        ("knn", "K-nearest neighbors"),
        ("KNN", "K-nearest neighbors"),
        ("back propagation", "Backpropagation"),
        ("3.2", "3.2 · "),
        ("stage 2", "Stage 2 · "),
        ("L2", "Hyperparameter tuning"),
        ("k means", "K-means"),
        ("gradiant boosting", "Gradient boosting"),
        ("1.1.2", CURRICULUM.stages[0].subtopics[0].topics[1].title),
    ],
)
async def test_names_numbers_and_slips_find_the_entry(ana: Person, typed: str, title: str) -> None:
    assert (await ana.says(f"/roadmap {typed}")).text.startswith(title)


async def test_an_uncertain_name_offers_up_to_five_guesses_that_work(ana: Person) -> None:
    message = await ana.says("/roadmap networks")
    assert 1 <= len(message.labels) <= 5
    first = message.labels[0]
    assert first.split(" (")[0].lstrip("0123456789. ") in (await ana.presses(first)).text


async def test_nonsense_is_answered_with_a_way_on(ana: Person) -> None:
    message = await ana.says("/roadmap qwxzvbnm")
    assert "qwxzvbnm" in message.text
    assert "Stage" not in message.text.splitlines()[0]
    assert "Machine learning roadmap" in (await ana.presses("Show the roadmap")).text


@pytest.mark.parametrize("typed", ["9", "7.7", "1.9", "0", "99999999999999999999"])
async def test_a_number_that_does_not_exist_is_no_guess(ana: Person, typed: str) -> None:
    message = await ana.says(f"/roadmap {typed}")
    assert "nothing called" in message.text
    assert message.labels == ["Show the roadmap"]


@pytest.mark.parametrize(
    "odd",
    [
        "x" * 150,
        "😀🤖",
        "\u202eolleh",
        "@everyone",
        "<b>bold</b>",
        "'; DROP TABLE roadmap_status; --",
        "%s {topic} {0}",
    ],
)
async def test_odd_text_is_shown_as_typed(ana: Person, odd: str) -> None:
    message = await ana.says(f"/roadmap {odd}")
    assert odd[:50] in message.text


async def test_giant_text_is_refused_with_the_limit(ana: Person) -> None:
    message = await ana.says("/roadmap " + "x" * 4000)
    assert "4000 characters" in message.text
    assert "200" in message.text


async def test_done_marks_says_what_opened_and_can_be_undone(ana: Person) -> None:
    await ana.says("/done python syntax")
    message = await ana.says("/done data structures")
    assert "opens up" in message.text
    assert "Supervised" in message.text
    undone = await ana.presses("Undo")
    assert "Undone" in undone.text
    assert "Not begun" in (await ana.says("/roadmap 1.1.2")).text


async def test_undo_restores_what_was_there_before(ana: Person) -> None:
    card = await ana.says("/roadmap knn")
    await ana.presses("Learning", on=card)
    done = await ana.says("/done knn")
    await ana.presses("Undo", on=done)
    assert "learning this" in (await ana.says("/roadmap knn")).text


async def test_undo_works_once_and_only_for_its_owner(ana: Person, ben: Person) -> None:
    message = await ana.says("/done knn")
    data = message.reply.buttons[0][0].data
    await ben.sends(data, message)
    assert ben.notices == ["Only the person who marked this can undo it."]
    assert "done this" in (await ana.says("/roadmap knn")).text
    await ana.sends(data, message)
    await ana.sends(data, message)
    assert ana.notices == ["That was undone before."]


async def test_undo_leaves_what_was_changed_again_since(ana: Person) -> None:
    first = await ana.says("/done knn")
    undo = first.reply.buttons[0][0].data
    card = await ana.says("/roadmap knn")
    await ana.presses("Take mark away", on=card)
    await ana.sends(undo, first)
    assert ana.notices == ["You changed that again since, so I left it as it is."]
    assert "Not begun" in (await ana.says("/roadmap knn")).text


async def days_finished(world: CoreWorld) -> list[str]:
    async def work(tx: Transaction) -> list[str]:
        rows = await tx.all(
            "SELECT day FROM learning_record AS r WHERE deed = 'finished'"
            " AND NOT EXISTS (SELECT 1 FROM learning_record AS u WHERE u.retracts = r.id)"
        )
        return [row["day"] for row in rows]

    return await world.database.read(work)


async def test_an_old_undo_leaves_a_mark_that_was_set_anew(ana: Person) -> None:
    first = await ana.says("/done knn")
    undo = first.reply.buttons[0][0].data
    await ana.presses("Take mark away", on=await ana.says("/roadmap knn"))
    await ana.says("/done knn")
    await ana.sends(undo, first)
    assert ana.notices == ["You changed that again since, so I left it as it is."]
    assert "done this" in (await ana.says("/roadmap knn")).text


async def test_undo_of_taking_a_mark_away_restores_the_day_it_was_set(ana: Person, world: CoreWorld) -> None:
    await ana.says("/done knn")
    before = await days_finished(world)
    world.clock.travel(timedelta(days=5))
    taken = await ana.presses("Take mark away", on=await ana.says("/roadmap knn"))
    await ana.presses("Undo", on=taken)
    assert before
    assert await days_finished(world) == before


async def test_what_was_known_before_the_first_day_is_no_pace(ana: Person, world: CoreWorld) -> None:
    await ana.says("/done 1.1")
    await ana.says("/done linear algebra")
    for name in ("calculus", "probability"):
        world.clock.travel(timedelta(days=8))
        await ana.says(f"/done {name}")
    assert "at 30 minutes a day" in (await ana.says("/progress")).text


async def test_a_sub_topic_is_done_with_its_core_topics(ana: Person) -> None:
    await ana.says("/done 4.1")
    assert "done this" in (await ana.says("/roadmap pytorch")).text
    assert "Not begun" in (await ana.says("/roadmap dlf-tf-keras")).text
    assert "100 %" in (await ana.says("/roadmap 4")).text


async def test_a_stage_is_not_done_at_one_stroke(ana: Person) -> None:
    message = await ana.says("/done 2")
    assert "part by part" in message.text
    assert "0 %" in (await ana.says("/progress")).text


async def test_done_without_a_name_offers_likely_topics(ana: Person) -> None:
    message = await ana.says("/done")
    assert message.reply.menu is not None
    chosen = message.reply.menu.choices[0].label
    assert f"Done: {chosen}" in (await ana.presses(chosen)).text


async def test_marking_twice_changes_nothing(ana: Person) -> None:
    await ana.says("/done knn")
    again = await ana.says("/done knn")
    assert "before" in again.text
    assert "Undo" not in again.labels


async def test_a_second_delivery_of_the_same_event_changes_nothing(ana: Person) -> None:
    card = await ana.says("/roadmap knn")
    await ana.presses("Done", on=card, event="press-1")
    await ana.presses("Take mark away", on=await ana.says("/roadmap knn"))
    await ana.sends("roadmap.mark:done:alg-knn", card, event="press-1")
    assert ana.notices == ["That is already saved."]
    assert "Not begun" in (await ana.says("/roadmap knn")).text


async def test_next_offers_one_thing_with_a_reason_and_a_resource(ana: Person) -> None:
    message = await ana.says("/next")
    assert "Next: Python syntax" in message.text
    assert "good place to begin" in message.text
    assert "Start with" in message.text


async def test_next_goes_through_all_that_is_open_and_says_when_it_begins_again(ana: Person) -> None:
    message = await ana.says("/next")
    offered = [message.text.split("Next: ")[1].split(" (")[0]]
    while "Something else" in message.labels:
        message = await ana.presses("Something else")
        offered.append(message.text.split("Next: ")[1].split(" (")[0])
    titles = {spotted.topic.title: spotted.topic for spotted in CURRICULUM.places.values()}
    assert len(set(offered)) == len(offered) >= 3
    assert all(not CURRICULUM.missing(titles[title].id, ()) for title in offered)
    again = await ana.presses("Back to the first")
    assert offered[0] in again.text


async def test_what_is_only_part_of_a_topic_is_asked_before_it_is_marked(ana: Person) -> None:
    asked = await ana.says("/done pandas")
    assert "belongs to" in asked.text
    assert "0 % of the roadmap" in (await ana.says("/progress")).text
    assert "Done: " in (await ana.presses("Yes, mark it as done", on=asked)).text


async def test_suggestions_for_done_are_what_would_be_marked(ana: Person) -> None:
    message = await ana.says("/done linear")
    assert any(label.startswith("Linear regression") for label in message.labels)
    pressed = message.labels[0]
    assert f"Done: {pressed.split(' (')[0]}" in (await ana.presses(pressed, on=message)).text


async def test_a_press_on_a_topics_card_changes_the_card_itself(ana: Person) -> None:
    card = await ana.says("/roadmap knn")
    after = await ana.presses("Learning", on=card)
    assert after is card
    assert "You are learning this" in card.text
    assert "What to learn" in card.text
    undone = await ana.presses("Undo", on=card)
    assert "It has no mark now" in undone.text
    assert "K-nearest" in (await ana.presses("Open", on=undone)).text


async def test_next_prefers_what_was_begun(ana: Person) -> None:
    card = await ana.says("/roadmap calculus")
    await ana.presses("Learning", on=card)
    message = await ana.says("/next")
    assert "Next: Calculus" in message.text
    assert "begun" in message.text


async def test_next_names_what_a_topic_builds_on(ana: Person) -> None:
    await ana.says("/done python syntax")
    message = await ana.says("/next")
    assert "builds on Python syntax" in message.text


async def test_not_today_puts_off_until_the_next_day_begins(ana: Person, world: CoreWorld) -> None:
    await ana.says("/next")
    put_off = await ana.presses("Not today")
    assert "waits until" in put_off.text
    assert "Next: Python syntax" not in (await ana.says("/next")).text
    coming = await world.app.next_event()
    assert coming is not None
    assert coming[0] - world.clock.now() == timedelta(hours=9), "18:00 UTC to 04:00 in Berlin"
    world.clock.travel(timedelta(hours=9, seconds=1))
    assert "Next: Python syntax" in (await ana.says("/next")).text


async def test_everything_put_off_is_answered_kindly(ana: Person) -> None:
    for _turn in range(20):
        message = await ana.says("/next")
        if "Not today" not in message.labels:
            break
        await ana.presses("Not today")
    assert "A day without study is fine" in message.text


async def test_the_end_of_the_road_is_said(ana: Person) -> None:
    for subtopic in CURRICULUM.subtopics.values():
        await ana.says(f"/done {subtopic.number}")
    assert "100 %" in (await ana.says("/progress")).text
    assert "all core topics done" in (await ana.says("/roadmap")).text
    for _turn in range(10):
        message = await ana.says("/next")
        if "Not today" not in message.labels:
            break
        await ana.presses("Not today")
    assert "every core topic" in message.text


async def test_progress_counts_hours_of_core_topics(ana: Person) -> None:
    await ana.says("/done 1.1")
    hours, total = CURRICULUM.hours(
        CURRICULUM.subtopics["python"].topics, {t.id for t in CURRICULUM.subtopics["python"].topics}
    )
    assert hours == total
    message = await ana.says("/progress")
    assert f"{int(100 * hours / CURRICULUM.core_hours)} % of the roadmap" in message.text
    assert message.reply.picture is not None
    assert "core topics" in message.reply.picture.alt


async def test_one_of_several_alternatives_is_enough(ana: Person) -> None:
    await ana.says("/done tensorflow and keras")
    assert "100 %" in (await ana.says("/roadmap 4")).text


async def shared(world: CoreWorld) -> list[tuple[str, str]]:
    """What waits to be posted: (chat, title)."""

    async def work(tx: Transaction) -> list[tuple[str, str]]:
        rows = await tx.all("SELECT chat, reply FROM engine_post ORDER BY id")
        return [(row["chat"], codec.load(row["reply"]).title) for row in rows]

    return await world.database.read(work)


async def test_progress_is_shared_only_on_request_and_once(ana: Person, world: CoreWorld) -> None:
    private = await ana.says("/progress", ROOM)
    assert not private.public
    assert await shared(world) == []
    await ana.presses("Share with everybody here", on=private)
    await ana.presses("Share with everybody here", on=private)
    assert await shared(world) == [(ROOM, "Ana's progress")]
    assert ana.notices == ["Your progress stands in the group."] * 2
    await ana.says("/done 1.1")
    await ana.presses("Share with everybody here", on=private)
    assert len(await shared(world)) == 2


async def test_progress_asked_in_a_group_is_shared_there_from_the_private_chat(ana: Person, world: CoreWorld) -> None:
    card = await ana.says("/progress", ROOM)
    card.where = PRIVATE  # as platforms do that cannot show it to one person in a group
    await ana.presses("Share with everybody here", on=card)
    assert await shared(world) == [(ROOM, "Ana's progress")]


async def test_progress_is_shared_nowhere_else(ana: Person, ben: Person, world: CoreWorld) -> None:
    alone = await ana.says("/progress")
    assert "Share with everybody here" not in alone.labels
    card = await ana.says("/progress", ROOM)
    data = next(button.data for row in card.reply.buttons for button in row if "Share" in button.label)
    await ben.sends(data, await ben.says("/progress"))  # never seen in that group
    await ben.sends(data, await ben.says("/progress", "other room"))
    assert len(ben.notices) == 2
    assert all("cannot share it from here" in notice for notice in ben.notices)
    world.clock.travel(timedelta(days=2))
    card.where = PRIVATE
    await ana.presses("Share with everybody here", on=card)
    assert "cannot share it from here" in ana.notices[0]
    assert await shared(world) == []


async def test_a_pace_is_told_only_after_two_weeks_of_marks(ana: Person, world: CoreWorld) -> None:
    await ana.says("/done 1.1")
    assert "at 30 minutes a day" in (await ana.says("/progress")).text
    for name in ("linear algebra", "calculus", "probability"):
        world.clock.travel(timedelta(days=6))
        await ana.says(f"/done {name}")
    assert "pace of your last four weeks" in (await ana.says("/progress")).text


@pytest.mark.parametrize(
    "data",
    [
        "roadmap.topic:no-such-topic",
        "roadmap.sub:gone",
        "roadmap.resources:gone",
        "roadmap.mark:done:gone",
        "roadmap.later:gone",
    ],
)
async def test_a_button_to_an_entry_that_left_the_roadmap_says_so(ana: Person, data: str) -> None:
    message = await ana.says("/roadmap")
    await ana.sends(data, message)
    assert "no longer on the roadmap" in ana.notices[0]


async def test_a_stage_that_does_not_exist_shows_the_whole(ana: Person) -> None:
    message = await ana.says("/roadmap")
    assert "Machine learning roadmap" in (await ana.sends("roadmap.stage:77", message)).text


async def test_every_entry_of_the_curriculum_has_a_card_that_opens(ana: Person) -> None:
    message = await ana.says("/roadmap")
    for subtopic in CURRICULUM.subtopics.values():
        assert subtopic.title in (await ana.sends(f"roadmap.sub:{subtopic.id}", message)).text
        assert "Free ones come first" in (await ana.sends(f"roadmap.resources:{subtopic.id}", message)).text
    for topic in CURRICULUM.places:
        spotted = CURRICULUM.places[topic]
        card = await ana.sends(f"roadmap.topic:{topic}", message)
        assert card.text.startswith(spotted.topic.title)
        assert all(plain(marked(line)) in card.text for line in spotted.topic.learn)
    for resource in CURRICULUM.resources.values():
        assert resource.name in (await ana.sends(f"roadmap.resource:{resource.id}", message)).text


async def test_a_resource_that_was_replaced_names_its_successor(ana: Person) -> None:
    message = await ana.says("/roadmap svm")
    assert "has a successor" in message.text
    assert "Now better: Hands-On Machine Learning with Scikit-Learn and PyTorch" in message.text


async def test_done_on_the_next_card_takes_the_place_of_its_buttons(ana: Person) -> None:
    card = await ana.says("/next")
    assert "Not today" in card.labels
    told = await ana.presses("Done")
    assert told is card
    assert "Not today" not in card.labels
    assert {"Undo", "What next?"} <= set(card.labels)


async def test_the_picture_names_every_stage_in_full_and_the_words_below_it_are_short(ana: Person) -> None:
    await ana.says("/done 1.1")
    reply = (await ana.says("/progress")).reply
    assert reply.picture is not None
    for stage in CURRICULUM.stages:
        assert f">{stage.number} {stage.title}</text>" in " ".join(reply.picture.svg.split())
        assert stage.title in plain(reply.blocks)
        assert stage.title not in plain(reply.below_picture)
    shares = [f"{block.percent} %" for block in reply.blocks if isinstance(block, Progress)]
    assert f"Stages 1 to {len(CURRICULUM.stages)}: {', '.join(shares)}." in plain(reply.below_picture)
    assert len(set(shares)) > 1
    assert not any(isinstance(block, Progress) for block in reply.below_picture)
