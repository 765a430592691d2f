"""Questions that moderators bring: by a form or pasted as YAML; all of it sound, or nothing taken."""

from __future__ import annotations

import pytest

from bot.domain.questions.shapes import Question
from bot.kit.content import read_list
from bot.kit.problems import Problems
from bot.kit.text import CodeBlock
from tests.fakes.core import CoreWorld, Message, words
from tests.features.questions.test_moderation import typed, undo_of
from tests.features.questions.world import YAML, Hall, hall_of, yaml_of

FORM = {
    "topic": "k-nearest neighbors, hard",
    "stem": "What does the method keep of its data?",
    "right": "All rows — The rows are looked through",
    "wrong": "One row\nThe mean row",
    "explanation": "The rows themselves are the model.",
}


@pytest.fixture
async def hall(world: CoreWorld) -> Hall:
    return await hall_of(world)


async def paste(hall: Hall, text: str) -> Message:
    await hall.asked("/question import")
    return await hall.mo.fills(yaml=text)


async def test_a_question_is_added_by_a_form_and_may_be_asked_at_once(hall: Hall) -> None:
    form = await hall.asked("/question add hard knn")
    assert typed(form)["topic"] == "K-nearest neighbors (KNN), hard"
    told = await hall.fills(FORM)
    assert "Added: q-c1-1" in told.text
    now = await hall.now("q-c1-1")
    assert (now.topic, now.level, now.kind) == ("alg-knn", "hard", "single")
    assert now.answer[0].why == "The rows are looked through"
    assert [option.text for option in now.wrong] == ["One row", "The mean row"]
    assert now in (await hall.bank()).topics["alg-knn"]
    shown = await hall.mo.presses("Look at it")
    assert "History: written by Mo on " in shown.text
    assert "Source" not in shown.text
    await hall.core.person("Eve").says("/start", "elsewhere")
    assert (await hall.bank("elsewhere")).get("q-c1-1") is None


async def test_an_unknown_topic_is_met_half_way_and_nothing_typed_is_lost(hall: Hall) -> None:
    await hall.asked("/question add")
    told = await hall.fills(FORM | {"topic": "neighbor regression"})
    assert "I know no topic called “neighbor regression”. Did you mean " in told.text
    told = await hall.fills(FORM | {"topic": "xyzzy", "stem": "No question"}, told)
    assert "I know no topic called “xyzzy”" in told.text
    assert "asks no complete question" in told.text
    assert typed(told)["wrong"] == FORM["wrong"]
    assert "I know no topic called “plugh”" in (await hall.asked("/question add plugh")).text


async def test_an_added_question_is_taken_back_fixed_and_restored_like_others(hall: Hall) -> None:
    await hall.asked("/question add")
    added = await hall.fills(FORM)
    await hall.asked("/question fix q-c1-1")
    await hall.fills(typed(hall.mo.seen[-1]) | {"stem": "What stays?"})
    assert (await hall.now("q-c1-1")).stem == "What stays?"
    await hall.mo.sends(undo_of(added), added)
    assert "changed again since" in hall.mo.notices[-1]
    await hall.asked("/question restore q-c1-1")
    assert (await hall.now("q-c1-1")).stem == FORM["stem"]


async def test_taking_an_addition_back_retires_it_and_its_id_is_never_given_again(hall: Hall) -> None:
    await hall.asked("/question add")
    await hall.fills(FORM)
    await hall.mo.presses("Undo")
    assert (await hall.bank()).get("q-c1-1") is None
    await hall.asked("/question add")
    assert "q-c1-2" in (await hall.fills(FORM | {"stem": "What else does it keep?"})).text


async def test_pasted_yaml_is_imported_and_undone_as_one(hall: Hall) -> None:
    told = await paste(hall, yaml_of(3))
    assert "3 questions added, q-c1-1 to q-c1-3" in told.text
    assert (await hall.now("q-c1-3")).stem.endswith("round 2?")
    assert (await hall.now("q-c1-1")).source == "google-mlcc"
    await hall.mo.presses("Undo")
    assert not [one for one in await hall.bank() if one.id.startswith("q-c1-")]


async def test_an_import_is_undone_only_while_all_of_it_stands(hall: Hall) -> None:
    told = await paste(hall, yaml_of(3))
    await hall.asked("/question retire q-c1-2")
    await hall.mo.sends(undo_of(told), told)
    assert "changed again since" in hall.mo.notices[-1]
    assert (await hall.bank()).get("q-c1-1") is not None


async def test_what_is_wrong_is_told_by_lines_and_nothing_is_imported(hall: Hall) -> None:
    text = yaml_of(2).replace("alg-knn", "no-such-topic", 1) + YAML.replace("q-mine-1", "Bad Id").replace(
        "later", "now"
    )
    told = await paste(hall, text)
    assert "Nothing was imported" in told.text
    assert "line 1: “q-mine-0” names the topic “no-such-topic”, which does not exist" in told.text
    assert f"line {2 * YAML.count(chr(10)) + 1}: " in told.text
    assert typed(told)["yaml"] == text
    assert not [one for one in await hall.bank() if one.id.startswith("q-c1-")]
    assert "q-c1-1 to" in (await hall.mo.fills(told, yaml=yaml_of(2))).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- id: [unclosed", "line "),
        ("just words", "expected a list"),
        ("[]", "holds no question"),
        ("# a remark", "is empty"),
        ("a: &x [1]\nb: *x", "anchor"),
        ("- !!python/object/apply:os.system ['true']", "tag"),
        ("- id: q-x\n\tbad: tab", "line 2: "),
    ],
)
async def test_broken_and_hostile_yaml_gets_a_kind_sentence(hall: Hall, text: str, said: str) -> None:
    told = await paste(hall, text)
    assert "Nothing was imported" in told.text
    assert said in told.text


async def test_at_most_ten_things_are_told_at_once(hall: Hall) -> None:
    told = await paste(hall, yaml_of(30).replace("alg-knn", "nowhere"))
    assert "30 things have to be mended first" in told.text
    assert told.text.count("line ") == 10
    assert "20 more." in told.text


async def test_too_much_at_a_time_is_refused_in_one_sentence(hall: Hall) -> None:
    told = await paste(hall, yaml_of(10_000))
    assert "at most 256 KiB fit at a time" in told.text
    assert len(told.text) < 200
    short = "- {id: q-x}\n" * 201
    told = await paste(hall, short)
    assert "that is 201 questions, and at most 200 fit" in told.text
    assert await hall.bank() is await hall.shipped()


async def test_a_file_is_taken_like_a_text(hall: Hall) -> None:
    await hall.asked("/question import")
    told = await hall.mo.fills(file=yaml_of(2), yaml="")
    assert "2 questions added, q-c1-1 to q-c1-2" in told.text


async def test_exactly_one_of_file_and_text_is_taken(hall: Hall) -> None:
    await hall.asked("/question import")
    both = await hall.mo.fills(file=yaml_of(2), yaml=YAML)
    assert "you sent a file and a text" in both.text
    assert typed(both)["yaml"] == YAML
    none = await hall.mo.fills(both, file=" ", yaml="")
    assert "nothing came" in none.text
    assert await hall.bank() is await hall.shipped()
    assert "Added: q-c1-1" in (await hall.mo.fills(none, file="", yaml=YAML)).text


async def test_the_same_is_not_imported_twice_nor_what_is_there_already(hall: Hall) -> None:
    await paste(hall, YAML)
    again = await paste(hall, YAML)
    assert "line 1: “q-mine-1” asks the same as “q-c1-1”, which is here already" in again.text
    twice = await paste(hall, yaml_of(1) + yaml_of(1).replace("q-mine-0", "q-other"))
    assert "asks the same as “q-mine-0”" in twice.text


async def test_the_pasted_format_is_that_of_the_files() -> None:
    from bot.infra.content_files import read_text

    problems = Problems()
    tree = read_text("x", YAML.encode(), problems)
    assert tree is not None
    (question,) = read_list(Question, tree, problems)
    assert not problems
    assert question.id == "q-mine-1"


async def test_markup_is_refused_because_polls_show_it_as_it_stands(hall: Hall) -> None:
    await hall.asked("/question add")
    told = await hall.fills(FORM | {"wrong": "a <b>bold</b> row\nThe mean row"})
    assert "Wrong answers, one a line, line 1: “<b>” is markup" in told.text
    assert await hall.bank() is await hall.shipped()


@pytest.mark.parametrize("level", ["impossible", "for experts"])
async def test_an_unknown_level_is_not_taken_for_a_part_of_the_topic(hall: Hall, level: str) -> None:
    await hall.asked("/question add")
    told = await hall.fills(FORM | {"topic": f"knn, {level}"})
    assert f"I know no level called “{level}”. The levels are easy, medium, hard." in told.text
    assert "no topic" not in told.text
    typed_in = await hall.asked(f"/question add knn, {level}")
    assert f"I know no level called “{level}”" in typed_in.text
    assert typed(typed_in)["topic"] == "K-nearest neighbors (KNN), medium"


async def test_a_comma_within_the_name_of_a_topic_is_no_level(hall: Hall) -> None:
    await hall.asked("/question add")
    told = await hall.fills(FORM | {"topic": "Fairness, privacy and safety"})
    assert "Added: q-c1-1" in told.text
    told = await hall.fills(FORM | {"topic": "xyzzy, plugh"}, await hall.asked("/question add"))
    assert "I know no topic called “xyzzy plugh”" in told.text


@pytest.mark.parametrize(("lines", "said"), [(0, "is empty"), (1, "and there is 1."), (8, "and there are 8.")])
async def test_too_few_and_too_many_answers_are_told_in_the_same_words(hall: Hall, lines: int, said: str) -> None:
    await hall.asked("/question add")
    told = await hall.fills(FORM | {"wrong": "\n".join(f"Row {number}" for number in range(lines))})
    assert f"Wrong answers, one a line: {'2 to 3 are needed, one a line, ' if lines else ''}{said}" in told.text
    assert told.text.count("Wrong answers, one a line: ") == 1
    assert "entries" not in told.text


async def test_a_form_is_mended_in_its_own_words(hall: Hall) -> None:
    await hall.asked("/question add")
    values = {"stem": "Tell me", "right": "All — " + "x" * 141, "wrong": "4\n4\n5", "explanation": ""}
    told = await hall.fills(FORM | values)
    assert "Question: asks no complete question" not in told.text, "first of all it has to be readable"
    assert "Right answer: the reason has 141 characters; at most 140 fit" in told.text
    assert "Why, in a sentence or two: is empty" in told.text
    told = await hall.fills(FORM | {"stem": "Tell me", "wrong": "One row\none row\nThe mean row"}, told)
    assert "Question: asks no complete question; end it with a question mark" in told.text
    for name in ("“text”", "“why”", "“wrong”", "“answer”", "the stem", "single"):
        assert name not in told.text


@pytest.mark.parametrize("ask", ["form", "file"])
async def test_an_option_that_is_here_twice_is_told_once(hall: Hall, ask: str) -> None:
    if ask == "form":
        await hall.asked("/question add")
        told = await hall.fills(FORM | {"wrong": "4\n4\n5", "right": "6"})
        assert "line 2: the option “4” is here twice" in told.text
    else:
        told = await paste(hall, YAML.replace("A line between classes", "The mean of each class"))
        assert "line 11: the option “The mean of each class” is here twice" in told.text
    assert told.text.count("twice") == 1
    assert "says the same" not in told.text


async def test_an_import_shows_how_a_question_is_written_and_takes_just_that(hall: Hall) -> None:
    asked = await hall.asked("/question import")
    (example,) = [block.text for block in asked.reply.blocks if isinstance(block, CodeBlock)]
    assert len(example.split("\n")) <= 16
    assert max(map(len, example.split("\n"))) <= 60
    assert "content/quiz" not in asked.text
    told = await hall.mo.fills(yaml=example)
    assert "Added: q-c1-1." in told.text
    assert "Its id here: q-mine-1 → q-c1-1." in told.text


async def test_every_import_says_what_its_questions_are_called_now(hall: Hall) -> None:
    told = await paste(hall, yaml_of(2))
    assert "Their ids here: q-mine-0 → q-c1-1, q-mine-1 → q-c1-2." in told.text
    told = await paste(hall, yaml_of(9).replace("round", "turn"))
    assert "q-mine-4 → q-c1-7, and so on in the order of the file." in told.text
    assert "q-mine-5" not in told.text


async def test_where_nothing_is_flagged_there_is_something_else_to_do(hall: Hall) -> None:
    listed = await hall.asked("/question flagged")
    assert "look at any question by words of it, as in /question show knn" in listed.text
    assert listed.labels == ["Add a question", "Import questions"]
    assert (await hall.mo.presses("Import questions")).reply.form is not None
    found = await hall.asked("/question show knn")
    assert found.reply.menu is not None
    assert "neighbors" in words(found.reply)
