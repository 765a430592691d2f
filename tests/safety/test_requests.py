"""Ten thousand command lines and ten thousand presses on each run: whatever is sent, the answer helps."""

from __future__ import annotations

import logging
import random
from dataclasses import replace

import pytest

from bot.engine import replies
from bot.kit.action import Action
from bot.kit.platform import Answer, Delivery
from bot.kit.reply import Reply
from bot.kit.request import Incoming, Setting, Trigger
from tests.fakes.core import CoreWorld, presses_of, words
from tests.safety.check import refused
from tests.safety.requests import Crowd

MISTAKE = words(replies.our_mistake("")).partition("\n")[0]


def crowd(world: CoreWorld, seed: int) -> Crowd:
    actions: dict[str, Action] = {name: handler.action for name, handler in world.app.registry.actions.items()}
    return Crowd(random.Random(seed), world.clock.now(), world.app.commands, actions)


def is_silent(incoming: Incoming) -> bool:
    """Whether nobody expects an answer: words among others, and what other bots are told."""
    said = incoming.text.strip()
    return incoming.trigger is Trigger.COMMAND and incoming.where.setting is not Setting.PRIVATE and said[:1] != "/"


def trouble(incoming: Incoming, answer: Answer) -> str:
    """Say what is wrong with an answer; empty if it helps."""
    if answer.delivery is Delivery.NOTHING:
        return "" if is_silent(incoming) else "no answer"
    said = words(answer.reply)
    if not said and answer.reply == Reply():
        return "an empty answer"
    return "a mistake" if MISTAKE in said else "" if said or answer.reply.picture else "an answer without words"


def cannot_be_shown(number: int, answer: Answer) -> list[str]:
    """Return why a platform would refuse the words of an answer; looked at for one in five, as drawing takes long."""
    return [] if number % 5 or answer.delivery is Delivery.NOTHING else refused(replace(answer.reply, document=None))


@pytest.mark.parametrize("seed", range(1, 11))
async def test_a_thousand_command_lines_are_all_met_with_something_that_helps(
    world: CoreWorld, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    people = crowd(world, seed)
    for number in range(1000):
        incoming = people.types()
        answer = await world.app.respond(incoming)
        wrong = trouble(incoming, answer) or cannot_be_shown(number, answer)
        assert not wrong, (wrong, incoming)
        assert not caplog.records, incoming


@pytest.mark.parametrize("seed", range(11, 21))
async def test_a_thousand_presses_that_nobody_offered_do_no_harm(
    world: CoreWorld, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    people = crowd(world, seed)
    for number in range(1000):
        incoming = people.presses()
        answer = await world.app.respond(incoming)
        wrong = trouble(incoming, answer) or cannot_be_shown(number, answer)
        assert not wrong, (wrong, incoming)
        assert not caplog.records, incoming
        people.seen += presses_of(answer.reply).values()
        if answer.reply.form is not None:
            people.seen.append(answer.reply.form.data)


def test_the_check_notices_answers_that_do_not_help(world: CoreWorld) -> None:
    asked = crowd(world, 1).presses()
    assert trouble(asked, Answer(replies.our_mistake("AB12"), Delivery.NEW, only_you=True)) == "a mistake"
    assert trouble(asked, Answer(Reply(), Delivery.NEW, only_you=True)) == "an empty answer"
    assert trouble(asked, Answer(Reply(), Delivery.NOTHING, only_you=True)) == "no answer"
