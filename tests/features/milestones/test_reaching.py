"""From a stage to its badge: test, project, a review by a peer or moderator, and one warm post."""

from __future__ import annotations

import pytest

from bot.kit.reply import Reply, Tone
from bot.kit.request import Role
from tests.fakes.core import PRIVATE, ROOM, Message, Person, words
from tests.fakes.surroundings import FakeSurroundings
from tests.features.milestones.conftest import LINK, Hall

TITLE = "First dataset explained"


async def test_the_card_says_step_by_step_how_far_somebody_is(hall: Hall, ana: Person) -> None:
    first = await ana.says("/milestone", ROOM)
    assert not first.public
    assert TITLE in first.reply.title
    assert "○ Test of the stage: not passed yet" in first.text
    assert "○ Project: no link yet" in first.text
    assert "not asked for yet" in first.text
    assert "Three labeled charts" in first.text
    assert first.labels == ["Take the test", "Give my project", "Ask for a review"]
    ready = await hall.ready(ana)
    assert "✔ Test passed on" in ready.text
    assert "✔ Project given" in ready.text
    assert LINK in ready.text
    assert ready.labels == ["Change my project", "Ask for a review"]


async def test_the_button_on_the_card_of_a_stage_leads_here(hall: Hall, ana: Person) -> None:
    stage = await ana.says("/roadmap 2")
    assert "Milestone" in stage.labels
    assert "First model measured" in (await ana.presses("Milestone")).reply.title


async def test_stages_are_found_by_number_and_name_and_others_are_offered(hall: Hall, ana: Person) -> None:
    assert "stage 4" in (await ana.says("/milestone 4")).reply.title
    assert "stage 4" in (await ana.says("/milestone deep learning")).reply.title
    odd = await ana.says("/milestone 17")
    assert "no stage called “17”" in odd.text
    assert "stage 2" in (await ana.presses("Stage 2 · First model measured", odd)).reply.title
    assert "stage 3" in (await ana.presses("Stage 3 · First model tuned")).reply.title


@pytest.mark.parametrize(
    "link",
    ["", "github.com/ana", "ftp://example.org/x", "javascript:alert(1)", "https://github.com@evil.example/x",
     "https://", "https://localhost/x", "https://example.org/a b", "https://example.org/" + "x" * 300,
     "https://exa\u202emple.org/", "https://example.org:99999999/"],
)  # fmt: skip
async def test_what_is_no_plain_address_of_the_web_is_not_taken(hall: Hall, ana: Person, link: str) -> None:
    await ana.says("/milestone 1")
    form = await ana.presses("Give my project")
    told = await ana.fills(form, link=link, summary="A project.")
    assert told.text.startswith("That is no link I can show")
    assert typed(told) == {"link": link.strip()[:300], "summary": "A project."}, "what was typed is not lost"
    assert "no link yet" in (await ana.says("/milestone 1")).text
    assert "✔ Project given" in (await ana.fills(told, link=LINK, summary="A project.")).text


def typed(shown: Message) -> dict[str, str]:
    """What a form has in it."""
    assert shown.reply.form is not None
    return {field.name: field.value for field in shown.reply.form.fields}


async def test_a_link_is_declared_as_one_so_that_it_can_be_refused_before_the_next_question(ana: Person) -> None:
    await ana.says("/milestone 1")
    form = (await ana.presses("Give my project")).reply.form
    assert form is not None
    assert [field.name for field in form.fields if field.is_link] == ["link"]


async def test_a_sentence_about_the_project_is_wanted_and_has_a_limit(hall: Hall, ana: Person) -> None:
    await ana.says("/milestone 1")
    form = await ana.presses("Give my project")
    for summary in ("", "   ", "x" * 301):
        told = await ana.fills(form, link=LINK, summary=summary)
        assert told.text.startswith("Please say in one sentence")
        assert "no link I can show" not in told.text
        assert typed(told) == {"link": LINK, "summary": summary.strip()[:300]}
    both = await ana.fills(form, link="nowhere", summary="")
    assert "no link I can show" in both.text
    assert "in one sentence" in both.text
    assert "✔ Project given" in (await ana.fills(form, link=LINK, summary="x" * 300)).text


async def test_asking_too_early_says_what_comes_first_and_posts_nothing(hall: Hall, ana: Person) -> None:
    await ana.says("/milestone 1", ROOM)
    refused = await ana.presses("Ask for a review")
    assert "Pass the test of this stage first" in refused.text
    assert refused.reply.tone is Tone.WARNING
    await hall.tested(ana)
    refused = await ana.presses("Ask for a review")
    assert "Give the link to your project first" in refused.text
    assert refused.reply.tone is Tone.WARNING
    assert await hall.posts() == []


async def test_without_a_test_of_the_stage_none_is_asked_for(untested: Hall) -> None:
    ana = untested.person("Ana")
    card = await untested.asks(ana)
    assert "Ana asks you" in card.text
    assert "Test" not in (await ana.says("/milestone 1")).text


async def test_a_request_stands_in_the_room_with_link_and_rubric(hall: Hall, ana: Person) -> None:
    card = await hall.asks(ana)
    assert "Ana asks you to look at a project for a milestone: First dataset explained (stage 1)." in card.text
    assert LINK in card.text
    assert "Prices of houses" in card.text
    assert "A worked example of Bayes' theorem" in card.text
    assert card.labels == ["Approve", "Say what is missing"]
    assert "◐ Review: asked for in Hall" in ana.seen[-1].text
    assert ana.seen[-1].labels == ["Withdraw the request"]


async def test_in_private_the_learner_says_which_community_is_asked(hall: Hall, ana: Person) -> None:
    await hall.ready(ana, PRIVATE)
    where = await ana.presses("Ask for a review")
    assert "Everybody there will see your name" in where.text
    assert await hall.posts() == []
    asked = await ana.presses("Hall")
    assert "Asked." in asked.text
    assert len(await hall.cards()) == 1


async def test_whoever_has_no_community_with_a_room_is_told_the_way(hall: Hall) -> None:
    eve = hall.person("Eve")
    await eve.says("/start")
    await hall.tested(eve)
    await eve.says("/milestone 1")
    await eve.presses("Give my project")
    await eve.fills(link=LINK, summary="Mine.")
    assert "I know no community of yours" in (await eve.presses("Ask for a review")).text
    told = await eve.sends("milestones.ask.room:1:1", eve.seen[-1])
    assert "I do not know you in that community" in told.text
    assert await hall.posts() == []


async def test_a_second_request_while_one_is_open_shows_the_open_one(hall: Hall, ana: Person) -> None:
    await hall.asks(ana)
    again = await ana.sends("milestones.ask:1", ana.seen[-1])
    assert "You have asked already" in again.text
    assert "◐ Review: asked for in Hall" in again.text
    project = await ana.sends("milestones.project:1", ana.seen[-1])
    assert "Withdraw it first" in project.text
    assert len(await hall.cards()) == 1


async def test_approving_goes_through_the_rubric_once_more_and_then_counts(hall: Hall, ana: Person) -> None:
    card = await hall.asks(ana)
    sure = await hall.mo.presses("Approve", card)
    assert "☐ Three labeled charts" in sure.text
    assert not sure.public
    assert await hall.posts("news") == []
    assert TITLE not in (await ana.says("/progress")).text
    assert "It counts: Ana has" in (await hall.mo.presses("Yes, all of it")).text
    (news,) = await hall.posts("news")
    assert "Ana reached First dataset explained. Well done!" in news.text
    (card,) = await hall.cards()
    assert "Mo looked at the project of Ana and approved it" in card.text
    assert card.labels == []
    mine = await ana.says("/milestone 1", ROOM)
    assert "✔ Approved by Mo in Hall on" in mine.text
    assert mine.labels == []
    assert "Milestones: First dataset explained" in (await ana.says("/progress")).text
    assert "stage 2" in (await ana.says("/milestone")).reply.title


async def test_who_asked_in_private_is_told_there_alone(hall: Hall, ana: Person) -> None:
    await hall.ready(ana, PRIVATE)
    await ana.presses("Ask for a review")
    await ana.presses("Hall")
    (card,) = await hall.cards()
    await hall.mo.presses("Approve", card)
    await hall.mo.presses("Yes, all of it")
    (told,) = await hall.alone(ana)
    assert "You reached First dataset explained. Mo looked at your project" in told


async def test_two_who_approve_at_once_make_one_badge_and_one_post(hall: Hall, ana: Person) -> None:
    card = await hall.asks(ana)
    lee = hall.person("Lee", Role.OWNER)
    mine, theirs = await hall.mo.presses("Approve", card), await lee.presses("Approve", card)
    await hall.mo.presses("Yes, all of it", mine)
    await lee.presses("Yes, all of it", theirs)
    assert "answered this already" in lee.notices[-1]
    await lee.presses("Approve", card)
    assert "answered this already" in lee.notices[-1]
    assert len(await hall.posts("news")) == 1
    assert (await ana.says("/progress")).text.count(TITLE) == 1


async def test_nobody_approves_their_own_not_even_a_moderator(hall: Hall) -> None:
    lee = hall.person("Lee", Role.MODERATOR)
    card = await hall.asks(lee)
    for data in ("milestones.approve:1", "milestones.approved:1", "milestones.missing:1"):
        await lee.sends(data, card)
        assert "your own project" in lee.notices[-1]
    assert await hall.posts("news") == []


async def test_a_peer_approves_once_they_have_that_milestone_there(hall: Hall, ana: Person, ben: Person) -> None:
    card = await hall.asks(ana)
    for data in ("milestones.approve:1", "milestones.approved:1", "milestones.missing:1"):
        await ben.sends(data, card)
        assert "people who have this milestone can answer" in ben.notices[-1]
    await hall.reaches(ben, stage=2)
    await ben.sends("milestones.approved:1", card)
    assert "people who have this milestone" in ben.notices[-1]
    await hall.reaches(ben)
    await ben.presses("Approve", card)
    assert "It counts" in (await ben.presses("Yes, all of it")).text
    assert "✔ Approved by Ben" in (await ana.says("/milestone 1", ROOM)).text


async def test_a_request_is_judged_in_its_own_community_alone(hall: Hall, ana: Person) -> None:
    card = await hall.asks(ana)
    boss = hall.person("Boss", Role.OWNER)
    await boss.sends("milestones.approved:1", Message(card.reply, public=True, where="elsewhere"))
    assert "no such request here" in boss.notices[-1]
    await boss.sends("milestones.approved:1", Message(card.reply, public=True, where=PRIVATE))
    assert "no such request here" in boss.notices[-1]
    assert await hall.posts("news") == []


async def test_what_is_missing_reaches_the_learner_alone(hall: Hall, ana: Person) -> None:
    card = await hall.asks(ana)
    form = await hall.mo.presses("Say what is missing", card)
    await hall.mo.fills(form, words="The charts need labels on both axes.")
    assert "to the learner alone" in hall.mo.notices[-1]
    posts = await hall.posts()
    assert all("labels on both axes" not in post.text for post in posts)
    assert "has an answer" in posts[0].text
    assert posts[0].labels == []
    assert "Ana, somebody took the time to look at your project. /milestone 1" in posts[1].text
    mine = await ana.says("/milestone 1", ROOM)
    assert "Mo looked at your project. Still missing:" in mine.text
    assert "The charts need labels on both axes." in mine.text
    assert "◐ Review: looked at, and something is still missing" in mine.text
    assert "not asked for yet" not in mine.text
    assert not mine.public
    await hall.pass_time(days=1)
    again = await ana.presses("Ask for a review")
    assert "Asked." in again.text
    assert "still missing" not in again.text
    assert "asks you to look" in (await hall.cards())[-1].text


async def test_who_asked_in_private_reads_what_is_missing_there_and_nobody_is_named(hall: Hall, ana: Person) -> None:
    await hall.ready(ana, PRIVATE)
    await ana.presses("Ask for a review")
    await ana.presses("Hall")
    form = await hall.mo.presses("Say what is missing", (await hall.cards())[0])
    await hall.mo.fills(form, words="A README, please.")
    (told,) = await hall.alone(ana)
    assert "A README, please." in told
    assert "ask again" in told
    assert len(await hall.posts()) == 1


@pytest.mark.parametrize("said", ["", "   ", "x" * 501])
async def test_an_answer_without_words_or_with_too_many_is_not_sent(hall: Hall, ana: Person, said: str) -> None:
    form = await hall.mo.presses("Say what is missing", await hall.asks(ana))
    await hall.mo.fills(form, words=said)
    assert "up to 500 characters" in hall.mo.notices[-1]
    assert "asked for in Hall" in (await ana.says("/milestone 1", ROOM)).text


async def test_a_request_can_be_withdrawn_by_its_owner_alone(hall: Hall, ana: Person, ben: Person) -> None:
    card = await hall.asks(ana)
    mine = ana.seen[-1]
    await ben.sends("milestones.withdraw:1", mine)
    assert "no such request" in ben.notices[-1]
    assert len(await hall.cards()) == 1
    assert "Taken back. Nobody is asked any more." in (await ana.presses("Withdraw the request", mine)).text
    assert await hall.cards() == []
    await hall.mo.presses("Approve", card)
    assert "taken back" in hall.mo.notices[-1]
    assert "over already" in (await ana.sends("milestones.withdraw:1", mine)).text


async def test_one_request_a_day_for_a_stage_and_community_however_often_it_is_withdrawn(
    hall: Hall, ana: Person
) -> None:
    await hall.asks(ana)
    await ana.presses("Withdraw the request")
    for hours in (1, 22):
        await hall.pass_time(hours=hours)
        await ana.says("/milestone 1", ROOM)
        told = await ana.presses("Ask for a review")
        assert "one request a day for you there. You can ask again from 2026-11-22" in told.text
        assert await hall.cards() == []
    await ana.says("/milestone 1", PRIVATE)
    await ana.presses("Ask for a review")
    assert "one request a day" in (await ana.presses("Hall")).text
    await hall.asks(ana, 2)
    assert len(await hall.cards()) == 1
    await hall.pass_time(hours=1)
    await ana.says("/milestone 1", ROOM)
    assert "Asked." in (await ana.presses("Ask for a review")).text


async def test_who_left_or_was_banned_posts_nothing_from_their_own_chat(hall: Hall, ana: Person) -> None:
    await hall.ready(ana, PRIVATE)
    where = await ana.presses("Ask for a review")
    around = hall.core.app.surroundings["core"]
    assert isinstance(around, FakeSurroundings)
    around.left.add("ana")
    assert "or you have left it" in (await ana.presses("Hall", where)).text
    around.left.clear()
    around.is_silent = True
    await ana.presses("Ask for a review")
    assert "I cannot see just now whether you are in that community" in (await ana.presses("Hall")).text
    assert await hall.posts() == []
    around.is_silent = False
    await ana.presses("Ask for a review")
    assert "Asked." in (await ana.presses("Hall")).text
    assert len(await hall.cards()) == 1


async def test_a_community_somebody_was_seen_to_have_left_is_not_offered(hall: Hall, ana: Person) -> None:
    await hall.ready(ana, PRIVATE)
    ana.role = Role.STRANGER
    assert "Only members" in (await ana.sends("milestones.approve:1", Message(Reply(), public=True, where=ROOM))).text
    ana.role = Role.MEMBER
    await ana.says("/milestone 1")
    assert "I know no community of yours" in (await ana.presses("Ask for a review")).text


async def test_what_was_typed_is_shown_as_it_is_and_means_nothing(hall: Hall, ana: Person) -> None:
    await hall.ready(ana)
    form = await ana.presses("Change my project")
    await ana.fills(form, link=LINK, summary="**bold** <b>x</b>\n@everyone [a](https://evil.example)")
    await ana.presses("Ask for a review")
    (card,) = await hall.cards()
    assert "**bold** <b>x</b> @everyone [a](https://evil.example)" in card.text


async def test_posts_speak_the_language_of_the_community(hall: Hall, ana: Person) -> None:
    spoken = []
    before = hall.core.app.tools.catalogue

    def listened(language: str) -> object:
        spoken.append(language)
        return before(language)

    object.__setattr__(hall.core.app.tools, "catalogue", listened)
    await hall.mo.sends("settings.our.set:our-language:de", await hall.mo.says("/settings community", ROOM))
    await hall.asks(ana)
    assert "de" in spoken


async def test_the_words_of_a_whole_post_fit_every_platform(hall: Hall, ana: Person) -> None:
    for stage in range(1, 7):
        card = await hall.asks(hall.person(f"Ana{stage}"), stage)
        assert len(words(card.reply)) < 2_000
