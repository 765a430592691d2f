"""What follows a command is read the same way on every platform."""

from __future__ import annotations

import pytest

from bot.kit.command import BadArgumentError, Command, Param, collect_commands, command
from bot.kit.reply import Reply
from bot.kit.request import Request, Role
from bot.kit.text import plain


async def nothing(request: Request) -> Reply:
    return Reply()


QUIZ = Command(
    "quiz",
    "Practice",
    nothing,
    (Param("level", "Level", choices=("easy", "hard")), Param("topic", "Topic", longest=20)),
    example="/quiz easy knn",
    needs=Role.STRANGER,
)
ASK = Command("ask", "Ask", nothing, (Param("text", "What", required=True),), example="/ask why", needs=Role.STRANGER)


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("", {"level": "", "topic": ""}),
        ("easy", {"level": "easy", "topic": ""}),
        ("HARD  bayes theorem ", {"level": "hard", "topic": "bayes theorem"}),
        ("bayes theorem", {"level": "", "topic": "bayes theorem"}),
        ('"quoted" words', {"level": "", "topic": '"quoted" words'}),
        ("easy\tx", {"level": "", "topic": "easy\tx"}),
    ],
)
def test_typed_text_becomes_values(typed: str, values: dict[str, str]) -> None:
    assert QUIZ.parse(typed) == values


@pytest.mark.parametrize(
    ("declared", "typed", "sentence"),
    [
        (ASK, "", "Please add text, for example /ask why"),
        (QUIZ, "easy " + "x" * 21, "That is 21 characters long; /quiz takes at most 20. Please shorten it."),
    ],
)
def test_what_cannot_be_taken_is_explained(declared: Command, typed: str, sentence: str) -> None:
    with pytest.raises(BadArgumentError) as refused:
        declared.parse(typed)
    assert plain(refused.value.sentence) == sentence


def test_values_told_apart_by_a_platform_are_checked_again() -> None:
    with pytest.raises(BadArgumentError) as refused:
        QUIZ.check({"level": "medium"})
    assert "“medium” is not one of easy, hard." in plain(refused.value.sentence)


@pytest.mark.parametrize("name", ["Quiz", "qu iz", "", "x" * 33, "quiz-now", "1st"])
def test_names_no_platform_takes_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        Command(name, "x", nothing, needs=Role.STRANGER)


def test_summaries_have_to_fit_where_they_are_shown() -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        Command("x", "y" * 101, nothing, needs=Role.STRANGER)
    with pytest.raises(ValueError, match="1 to 100"):
        Command("x", "", nothing, needs=Role.STRANGER)


def test_commands_are_collected_in_the_order_they_are_written() -> None:
    class Some:
        @command("two", "Second", needs=Role.STRANGER)
        async def b(self, request: Request) -> Reply:
            return Reply()

        @command("one", "First", private=True, needs=Role.STRANGER)
        async def a(self, request: Request) -> Reply:
            return Reply()

    found = collect_commands(Some())
    assert [entry.name for entry in found] == ["two", "one"]
    assert found[1].private
