"""What people get from ``/search`` and ``/define``."""

from __future__ import annotations

import pytest

from bot.domain.curriculum.lookup import EVERYTHING, Found, Lookup
from tests.fakes.core import ROOM, CoreWorld, Person, shipped_shelf

CURRICULUM = shipped_shelf().curriculum


async def test_search_finds_across_kinds_and_opens_what_it_found(ana: Person) -> None:
    message = await ana.says("/search gradient boosting")
    assert "glossary" in message.text
    assert "topic" in message.text
    assert len(message.labels) <= 5
    assert "What to learn" in (await ana.presses("Gradient boosting", on=message)).text


async def test_plain_words_in_private_are_looked_up(ana: Person) -> None:
    assert "Found for “cross validation”" in (await ana.says("cross validation")).text


async def test_plain_words_in_a_room_are_none_of_our_business(ana: Person) -> None:
    message = await ana.says("hello everybody", ROOM)
    assert message.text == ""
    assert ana.seen == []


async def test_search_without_words_asks_and_takes_the_answer(ana: Person) -> None:
    asked = await ana.says("/search")
    assert asked.reply.form is not None
    assert "Found for “pandas”" in (await ana.fills(asked, text=" pandas ")).text


async def test_nothing_found_says_so_and_offers_another_try(ana: Person) -> None:
    message = await ana.says("/search qwxzvbnm")
    assert "found nothing for “qwxzvbnm”" in message.text
    assert (await ana.presses("Search again", on=message)).reply.form is not None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        *((typed, "You are welcome.") for typed in ("thanks", "Thank you so much!", "thx", "ok thanks", "Danke schön")),
        *(
            (typed, "Hello!")
            for typed in ("hi", "Hiiii", "hello there", "Guten Morgen", "good morning everybody", "👋")
        ),
        *(
            (typed, "All right.")
            for typed in ("ok", "OK.", "super", "alles klar", "👍", "👍🏽", "👍👍", "❤️", "yes", "nein")
        ),
        *((typed, "See you soon.") for typed in ("bye", "Tschüß", "good night", "bis morgen")),
    ],
)
async def test_small_talk_in_private_gets_one_kind_line_with_what_to_do_next(
    ana: Person, typed: str, told: str
) -> None:
    message = await ana.says(typed)
    assert message.text.startswith(told)
    assert "/next" in message.text
    assert "\n" not in message.text


@pytest.mark.parametrize(
    "typed", ["hi there pandas", "hello world", "thanks for gradient descent", "so much", "no free"]
)
async def test_more_than_small_talk_is_looked_up(ana: Person, typed: str) -> None:
    assert "/next" not in (await ana.says(typed)).text


async def test_what_bears_such_a_name_is_found_all_the_same(
    world: CoreWorld, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Lookup(shipped_shelf().curriculum)
    entry = known.find("overfitting", EVERYTHING).entry
    assert entry is not None
    assert "All right." in (await ana.says("gut")).text
    monkeypatch.setattr(known, "find", lambda text, kinds: Found(entry, exact=True))
    monkeypatch.setattr(world.app.tools.shelf.indexes, "lookup", known)
    assert "Found for “gut”" in (await ana.says("gut")).text


async def test_in_a_room_such_words_are_looked_up_by_whoever_asks_for_it(ana: Person) -> None:
    assert "found nothing for “thanks”" in (await ana.says("/search thanks", ROOM)).text


@pytest.mark.parametrize(
    "odd", ["😀", "\u202e", "@everyone", "<script>alert(1)</script>", "' OR 1=1 --", "{0} {text} %d"]
)
async def test_odd_words_are_shown_as_typed(ana: Person, odd: str) -> None:
    assert odd.strip() in (await ana.says(f"/search {odd}")).text


async def test_four_thousand_characters_are_answered(ana: Person) -> None:
    message = await ana.says("/search " + "überfitting " * 330)
    assert message.text
    assert len(message.text) < 2000


async def test_results_stay_private_in_a_room(ana: Person) -> None:
    assert not (await ana.says("/search pandas", ROOM)).public


async def test_a_tip_is_shown_with_its_links(ana: Person) -> None:
    message = await ana.says("/search interview questions")
    assert "study tip" in message.text
    assert "python-basics" in str(message.reply.blocks)


@pytest.mark.parametrize(
    ("typed", "term"), [("L2", "L2 regularization"), ("OVERFITTING", "overfitting"), ("bayes rule", "Bayes' theorem")]
)
async def test_define_finds_terms_by_any_name(ana: Person, typed: str, term: str) -> None:
    assert (await ana.says(f"/define {typed}")).text.startswith(term)


async def test_a_definition_leads_to_its_neighbours_and_its_topic(ana: Person) -> None:
    message = await ana.says("/define L2")
    near = message.labels[0]
    assert (await ana.presses(near, on=message)).text.startswith(near)


async def test_every_term_is_defined_within_the_limits_and_linked(ana: Person) -> None:
    assert len(CURRICULUM.terms) >= 80
    for term in CURRICULUM.terms:
        message = await ana.says(f"/define {term.term}")
        assert message.text.startswith(term.term)
        assert len(message.labels) <= 5


async def test_an_unknown_term_offers_near_ones_or_search(ana: Person) -> None:
    near = await ana.says("/define overfit")
    assert any("overfitting" in label for label in near.labels) or near.text.startswith("overfitting")
    far = await ana.says("/define qwxzvbnm")
    assert "not in the glossary" in far.text
    assert far.labels == ["Search"]


async def test_define_without_a_term_gives_examples(ana: Person) -> None:
    message = await ana.says("/define")
    assert "overfitting" in message.labels
    assert (await ana.presses("overfitting", on=message)).text.startswith("overfitting")


async def test_a_term_that_left_the_glossary_is_answered_kindly(ana: Person) -> None:
    message = await ana.says("/define L2")
    assert "not in the glossary" in (await ana.sends("lookup.define:no-such-term", message)).text


async def test_a_name_spelled_apart_is_found_first(ana: Person) -> None:
    message = await ana.says("/search back propagation")
    assert "backpropagation" in message.text.splitlines()[1].lower()


@pytest.mark.parametrize("typed", ["bias", "pca", "regularisation"])
async def test_parts_of_terms_lead_to_them(ana: Person, typed: str) -> None:
    message = await ana.says(f"/define {typed}")
    assert "nothing there comes near" not in message.text
