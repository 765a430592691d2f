"""How many answered stands on the card, soon and not too often; what is on its way at the end is still counted."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bot.kit.degrade import BARE, degrade
from bot.kit.reply import Choice, Poll, Reply
from bot.kit.request import Incoming, Role, Sender, Setting, Trigger, Where
from bot.kit.text import plain, small
from bot.platforms.discord.render import render as draw_discord
from bot.platforms.terminal.render import Screen
from bot.platforms.terminal.render import render as draw_terminal
from bot.platforms.web.controls import Drawing
from bot.platforms.web.render import render as draw_web
from tests.fakes.core import ROOM, Message, Person, buttons_of, words
from tests.features.quiz.community import Quiz


async def opened(quiz: Quiz) -> None:
    """Open a round with buttons."""
    await quiz.use_buttons()
    await quiz.pass_time(days=1)


async def test_a_card_tells_how_many_answered_and_nothing_of_who_or_what(quiz: Quiz, ana: Person, ben: Person) -> None:
    await opened(quiz)
    before = words((await quiz.posts())[0])
    await quiz.vote(ana, 0)
    await quiz.vote(ben, 1)
    assert words((await quiz.posts())[0]) == before  # not yet
    await quiz.pass_time(seconds=20)
    after = words((await quiz.posts())[0])
    assert [line for line in after.splitlines() if line not in before.splitlines()] == ["2 answered"]


async def test_the_count_is_right_within_twenty_seconds_and_changes_no_oftener(quiz: Quiz) -> None:
    await opened(quiz)
    seen = [words((await quiz.posts())[0])]
    moments: list[int] = []
    for second in range(90):
        if second % 3 == 0:
            await quiz.vote(quiz.core.person(f"P{second}"), 0)
        await quiz.pass_time(seconds=1)
        if (text := words((await quiz.posts())[0])) != seen[-1]:
            seen.append(text)
            moments.append(second)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert len(moments) >= 4
    assert all(20 <= gap <= 24 for gap in gaps)
    await quiz.pass_time(seconds=20)
    assert "30 answered" in words((await quiz.posts())[0])


async def test_the_count_changes_no_moment_on_the_card(quiz: Quiz, ana: Person) -> None:
    await quiz.mo.sends("settings.our.set:our-zone:Europe/Berlin", await quiz.mo.says("/settings community", ROOM))
    await opened(quiz)

    async def moments() -> list[str]:
        return [line for line in draw_terminal((await quiz.posts())[0], Screen()).splitlines() if "2026" in line]

    before = await moments()
    assert len(before) == 2
    assert all("Europe/Berlin" in line for line in before)
    await quiz.vote(ana, 0)
    await quiz.pass_time(seconds=20)
    assert "1 answered" in words((await quiz.posts())[0])
    assert await moments() == before


async def test_a_late_count_keeps_the_time_of_the_next_quiz_in_the_answer(quiz: Quiz, ana: Person) -> None:
    await quiz.mo.sends("settings.our.set:our-zone:Europe/Berlin", await quiz.mo.says("/settings community", ROOM))
    await quiz.pass_time(days=1)
    in_time = quiz.core.clock.now() + timedelta(hours=11)
    await quiz.pass_time(hours=15)
    (following,) = [line for line in draw_terminal(await quiz.told(), Screen()).splitlines() if "Next quiz" in line]
    assert "Mon 23 Nov 2026, 18:00 (Europe/Berlin)" in following
    await quiz.core.app.router.respond(
        Incoming("core", "x1", Trigger.PRESS, Sender("ana", "Ana", Role.MEMBER, "en"),
                 Where(ROOM, Setting.GROUP, "Hall"), "quiz.vote:1:0", in_time, {}, True)
    )  # fmt: skip
    await quiz.pass_time(seconds=20)
    told = draw_terminal(await quiz.told(), Screen())
    assert "1 of 1 answer right." in told
    assert following in told.splitlines()


async def test_an_answer_told_in_the_hour_that_comes_twice_is_worded_by_the_clock_of_the_community(quiz: Quiz) -> None:
    """In Berlin on 31 October 2027: open from 7:30 for twenty hours, it closes when it is 2:30 for the second time."""
    card = await quiz.mo.says("/settings community", ROOM)
    await quiz.mo.sends("settings.our.set:our-zone:Europe/Berlin", card)
    await quiz.mo.sends("settings.our.set:quiz-open:20", card)
    await quiz.mo.sends("setup.set:quiz-at:07,30", card)
    quiz.core.clock.travel(datetime(2027, 10, 30, 5, 30, tzinfo=UTC) - quiz.core.clock.now())
    await quiz.due()
    await quiz.pass_time(hours=20, minutes=1)
    told = draw_terminal(await quiz.told(), Screen())
    assert "The answer to the quiz" in told
    assert "Next quiz Sun 31 Oct 2027, 07:30 (Europe/Berlin)." in told


async def test_a_poll_carries_the_count_for_platforms_without_polls_of_their_own(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    await quiz.vote(ana, 0)
    await quiz.pass_time(seconds=20)
    poll = (await quiz.posts())[0].poll
    assert poll is not None
    assert (poll.note, poll.is_closed) == ("1 answered", False)


async def test_one_taken_back_is_not_counted(quiz: Quiz, ana: Person, ben: Person) -> None:
    await opened(quiz)
    for who in (ana, ben):
        await quiz.vote(who, 0)
    await quiz.pass_time(seconds=20)
    await ana.sends("quiz.retract:1", Message(Reply(), public=True, where=ROOM))
    await quiz.pass_time(seconds=20)
    assert "1 answered" in words((await quiz.posts())[0])


async def test_a_closed_card_says_so_and_keeps_its_buttons(quiz: Quiz, ana: Person) -> None:
    await opened(quiz)
    await quiz.vote(ana, 0)
    await quiz.pass_time(hours=15)
    card = (await quiz.posts())[0]
    assert "Closed;" in words(card)
    assert "answered" not in words(card)
    assert [button.label for row in card.buttons for button in row][:3] == ["A", "B", "C"]
    before = words(await quiz.told())
    await quiz.vote(quiz.core.person("Late"), 0)
    await quiz.pass_time(minutes=5)
    assert words(await quiz.told()) == before


async def test_a_poll_is_closed_with_its_round(quiz: Quiz) -> None:
    await quiz.pass_time(days=1)
    poll = (await quiz.posts())[0].poll
    assert poll is not None
    assert poll.closes == quiz.core.clock.now() + timedelta(hours=13)  # twelve, and then until eight in the morning
    await quiz.pass_time(hours=15)
    poll = (await quiz.posts())[0].poll
    assert poll is not None
    assert poll.is_closed


async def test_a_vote_given_in_time_and_heard_later_counts_and_the_answer_tells_it(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    await quiz.vote(quiz.core.person("Ben"), 1)
    in_time = quiz.core.clock.now() + timedelta(hours=11)
    await quiz.pass_time(hours=15)
    assert "0 of 1 answer right." in words(await quiz.told())
    assert await quiz.rows("SELECT id FROM engine_plan WHERE job = 'quiz.count' AND removed_at IS NULL") == []
    await quiz.core.app.router.respond(
        Incoming("core", "x1", Trigger.PRESS, Sender("ana", "Ana", Role.MEMBER, "en"),
                 Where(ROOM, Setting.GROUP, "Hall"), "quiz.vote:1:0", in_time, {}, True)
    )  # fmt: skip
    await quiz.pass_time(seconds=20)
    assert "1 of 2 answers right." in words(await quiz.told())
    assert "Ana" in (await ana.says("/leaderboard month", ROOM)).text


async def test_two_presses_at_the_same_moment_are_one_vote(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    message = Message(Reply(), public=True, where=ROOM)
    await ana.says("/start")
    await asyncio.gather(ana.sends("quiz.vote:1:0", message), ana.sends("quiz.vote:1:1", message))
    assert len(await quiz.rows("SELECT * FROM quiz_vote")) == 1
    assert len(await quiz.rows("SELECT * FROM quiz_answer")) == 1


async def test_a_press_a_year_later_is_met_kindly_and_counts_for_learning_alone(quiz: Quiz, ana: Person) -> None:
    await quiz.pass_time(days=1)
    await quiz.pass_time(hours=15)
    quiz.core.clock.travel(timedelta(days=365))
    assert "counts for learning, not for points" in await quiz.vote(ana, 0)
    assert await quiz.rows("SELECT points, is_late FROM quiz_vote") == [(0, 1)]


async def test_somebody_erased_while_a_round_is_open_is_dropped_from_the_tally(quiz: Quiz, ana: Person) -> None:
    await opened(quiz)
    await quiz.vote(ana, 0)
    await quiz.vote(quiz.core.person("Ben"), 1)
    await quiz.pass_time(seconds=20)
    card = await ana.says("/privacy erase")
    await ana.sends(buttons_of(card.reply)[0].data, card)
    assert len(await quiz.rows("SELECT * FROM quiz_vote")) == 1
    await quiz.pass_time(hours=15)
    assert "0 of 1 answer right." in words(await quiz.told())


async def test_a_community_on_two_platforms_shares_round_and_standings(quiz: Quiz, ana: Person) -> None:
    await quiz.core.database.write(
        lambda tx: tx.execute(
            "INSERT INTO community_place (community_id, platform, chat, setting) VALUES (1, 'other', 'far', 'group')"
        )
    )
    await quiz.core.database.write(
        lambda tx: tx.execute(
            "INSERT INTO community_room (community_id, platform, chat, thread, title)"
            " VALUES (1, 'other', 'far', '', 'Far')"
        )
    )
    await quiz.pass_time(days=1)
    assert len(await quiz.posts()) == 2
    assert await quiz.rows("SELECT COUNT(*) FROM quiz_round") == [(1,)]
    await quiz.vote(ana, 0)

    async def far(text: str, trigger: Trigger = Trigger.PRESS) -> str:
        answer = await quiz.core.app.router.respond(
            Incoming("other", quiz.core.next_event(), trigger, Sender("zoe", "Zoe", Role.MEMBER, "en"),
                     Where("far", Setting.GROUP, "Far"), text, quiz.core.clock.now(), {}, trigger is Trigger.PRESS)
        )  # fmt: skip
        return words(answer.reply)

    assert "Right." in await far("quiz.vote:1:0")
    await quiz.pass_time(seconds=20)
    assert [post.poll.note for post in await quiz.posts() if post.poll] == ["2 answered", "2 answered"]
    assert {"Ana", "Zoe"} <= set((await far("/leaderboard", Trigger.COMMAND)).replace("·", " ").split())
    await quiz.pass_time(hours=15)
    assert [words(post).count("2 of 2 answers right.") for post in (await quiz.posts())[2:]] == [1, 1]


def test_what_stands_below_a_poll_is_read_below_its_question_wherever_polls_are_drawn_by_us() -> None:
    choices = tuple(Choice(str(number), f"a.b:{number}") for number in range(30))
    for few in (choices[:2], choices):
        asked = Reply(poll=Poll("1 + 1?", few, note="12 answered", below=(small("The answer comes soon."),)))
        drawn = [draw_terminal(asked, Screen()), draw_web(asked, Drawing(1, 0)), plain(degrade(asked, BARE).blocks),
                 str(draw_discord(asked)[0])]  # fmt: skip
        for shown in drawn:
            question, note, below = map(shown.index, ("1 + 1?", "12 answered", "The answer comes soon."))
            assert question < note < below


def test_the_note_of_a_poll_is_read_wherever_polls_are_drawn_by_us() -> None:
    asked = Reply(poll=Poll("1 + 1?", (Choice("1", "a.b:1"), Choice("2", "a.b:2")), note="12 answered"))
    assert "12 answered" in draw_terminal(asked, Screen())
    assert "12 answered" in draw_web(asked, Drawing(1, 0))
    assert "12 answered" in plain(degrade(asked, BARE).blocks)
