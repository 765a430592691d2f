"""The cards of sub-topics, topics and resources."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain.curriculum.curriculum import Curriculum, Spotted
from bot.domain.curriculum.shapes import Resource, Stage, Subtopic, Topic
from bot.features.roadmap import actions
from bot.features.roadmap.replies.phrases import hours, resource_line
from bot.features.roadmap.rules import Standing, Status, sorted_resources, to_mark
from bot.kit.markup import marked
from bot.kit.reply import Button, Choice, Menu, Reply, Style, rows
from bot.kit.text import Block, Bullets, Spans, bold, bullets, heading, join, para, small, spans
from bot.kit.wording import _, ngettext, say

FIRST_RESOURCES = 4


def subtopic_card(
    curriculum: Curriculum, stage: Stage, subtopic: Subtopic, standing: Standing | None, extra: Sequence[Button]
) -> Reply:
    """Show a sub-topic: why, topics with their marks, the first resources, project ideas, what it needs."""
    blocks: list[Block] = [para(marked(subtopic.why))]
    if subtopic.note:
        blocks.append(para(marked(subtopic.note)))
    blocks.append(heading(_("Topics"), level=3))
    blocks.append(Bullets(tuple(_topic_line(curriculum, topic, standing) for topic in subtopic.topics)))
    if needs := _needed(curriculum, subtopic):
        blocks.append(para(bold(_("Needs first: ")), join(needs)))
    listed = resources_of(curriculum, subtopic)
    blocks.append(heading(_("Start with"), level=3))
    blocks.append(bullets(resource_line(resource, notes=False) for resource in listed[:FIRST_RESOURCES]))
    if subtopic.projects:
        blocks.append(heading(_("Project ideas"), level=3))
        blocks.append(
            bullets(
                spans(bold(project.title), f" ({hours(project.hours)}): ", marked(project.text))
                for project in subtopic.projects
            )
        )
    blocks += [small(_("Tip: "), marked(tip)) for tip in subtopic.tips]
    blocks.append(
        small(
            say(
                _("Milestone of stage {number}: {text}"),
                number=stage.number,
                text=marked(stage.milestone.text),
            )
        )
    )
    order = list(curriculum.subtopics.values())
    position = order.index(subtopic)
    marks = _marks(_shared_status(subtopic, standing), lambda word: actions.MARK.data(status=word, entry=subtopic.id))
    buttons = (
        tuple(marks),
        *rows(
            [
                Button(
                    ngettext("All {count} resource", "All {count} resources", len(listed)).format(count=len(listed)),
                    actions.RESOURCES.data(entry=subtopic.id),
                ),
                *extra,
            ]
        ),
        tuple(
            button
            for button in (
                _step(_("‹ {number}"), order[position - 1]) if position else None,
                Button(_("Stage {number}").format(number=stage.number), actions.STAGE.data(stage=stage.number)),
                _step(_("{number} ›"), order[position + 1]) if position + 1 < len(order) else None,
            )
            if button
        ),
    )
    menu = Menu(
        _("Open a topic"),
        tuple(Choice(topic.title, actions.TOPIC.data(topic=topic.id), hours(topic.hours)) for topic in subtopic.topics),
    )
    title = f"{subtopic.number} · {subtopic.title}"
    return Reply(tuple(blocks), title=title, buttons=buttons, menu=menu, look="roadmap.subtopic")


def topic_card(curriculum: Curriculum, spotted: Spotted, standing: Standing | None, extra: Sequence[Button]) -> Reply:
    """Show a topic: why, what to learn, resources with notes, what it needs and opens up."""
    topic, subtopic = spotted.topic, spotted.subtopic
    status = standing.status.get(topic.id) if standing else None
    blocks: list[Block] = []
    if standing is not None:
        blocks.append(small(_status_words(status), *_answers(standing, topic.id)))
    blocks.append(para(marked(topic.why)))
    blocks.append(heading(_("What to learn"), level=3))
    blocks.append(bullets(marked(line) for line in topic.learn))
    blocks.append(heading(_("Resources"), level=3))
    blocks.append(
        Bullets(
            tuple(
                resource_line(resource, curriculum.resources.get(resource.successor or ""))
                for resource in sorted_resources(curriculum, topic.resources)
            )
        )
    )
    if topic.requires:
        blocks.append(
            para(bold(_("Needs first: ")), join([_named(curriculum, needed, standing) for needed in topic.requires]))
        )
    if topic.helps:
        blocks.append(
            para(bold(_("Good to know: ")), join([_named(curriculum, other, standing) for other in topic.helps]))
        )
    if others := [other for other in curriculum.alternatives.get(topic.id, ()) if other != topic.id]:
        names = join([curriculum.places[other].topic.title for other in sorted(others)], _(" or "))
        blocks.append(para(say(_("One of several: this or {others} is enough."), others=names)))
    if later := curriculum.unlocks[topic.id]:
        blocks.append(para(bold(_("Opens up: ")), join([curriculum.places[other].topic.title for other in later[:6]])))
    blocks.append(
        small(say(_("{number} {title} · {hours}"), number=subtopic.number, title=subtopic.title, hours=_time(topic)))
    )
    order = list(curriculum.places.values())
    position = order.index(spotted)
    buttons = (
        tuple(_marks(status, lambda word: actions.SET.data(status=word, topic=topic.id))),
        *rows(list(extra)),
        tuple(
            button
            for button in (
                _topic_step(_("‹ Previous"), order[position - 1]) if position else None,
                Button(subtopic.number, actions.SUBTOPIC.data(subtopic=subtopic.id)),
                _topic_step(_("Next ›"), order[position + 1]) if position + 1 < len(order) else None,
            )
            if button
        ),
    )
    return Reply(tuple(blocks), title=topic.title, buttons=tuple(row for row in buttons if row), look="roadmap.topic")


def resource_list(curriculum: Curriculum, subtopic: Subtopic) -> Reply:
    """Show every resource of a sub-topic with its note."""
    blocks: list[Block] = [
        Bullets(
            tuple(
                resource_line(resource, curriculum.resources.get(resource.successor or ""))
                for resource in resources_of(curriculum, subtopic)
            )
        ),
        small(_("Free ones come first. Hours are rough: take the part you need.")),
    ]
    return Reply(
        tuple(blocks),
        title=_("Resources for {number} · {title}").format(number=subtopic.number, title=subtopic.title),
        buttons=(
            (
                Button(
                    _("Back to {number}").format(number=subtopic.number), actions.SUBTOPIC.data(subtopic=subtopic.id)
                ),
            ),
        ),
    )


def resource_card(curriculum: Curriculum, resource: Resource) -> Reply:
    """Show one resource and the topics it serves."""
    successor = curriculum.resources.get(resource.successor or "")
    blocks: list[Block] = [
        para(resource_line(resource, successor)),
        para(say(_("By {author}."), author=resource.by)),
    ]
    if resource.formerly:
        blocks.append(para(say(_("Also known as {names}."), names=", ".join(resource.formerly))))
    topics = list(curriculum.of_resource(resource.id))[:8]
    buttons = [Button(spotted.topic.title, actions.TOPIC.data(topic=spotted.topic.id)) for spotted in topics]
    if not topics:
        buttons = [
            Button(f"{subtopic.number} {subtopic.title}", actions.SUBTOPIC.data(subtopic=subtopic.id))
            for subtopic in curriculum.subtopics.values()
            if resource.id in subtopic.more
        ]
    return Reply(
        tuple(blocks),
        title=resource.name,
        buttons=((Button(_("Open it"), url=resource.url),), *rows(buttons, 2)),
    )


def resources_of(curriculum: Curriculum, subtopic: Subtopic) -> list[Resource]:
    """Return every resource of a sub-topic, the free ones first."""
    ids = [resource for topic in subtopic.topics for resource in topic.resources]
    return sorted_resources(curriculum, (*ids, *subtopic.more))


def _topic_line(curriculum: Curriculum, topic: Topic, standing: Standing | None) -> Spans:
    extra = "" if topic.core else _(", optional")
    line = spans(topic.title, f" ({hours(topic.hours)}{extra})")
    if standing is None:
        return line
    if curriculum.is_covered(topic.id, standing.done):
        return spans(line, _(" ✔ done"))
    return spans(line, _(" ◐ learning")) if topic.id in standing.learning else line


def _time(topic: Topic) -> str:
    return hours(topic.hours) if topic.core else _("{hours}, optional").format(hours=hours(topic.hours))


def _needed(curriculum: Curriculum, subtopic: Subtopic) -> list[Spans]:
    own = {topic.id for topic in subtopic.topics}
    needed = dict.fromkeys(
        other for topic in subtopic.topics if topic.core for other in topic.requires if other not in own
    )
    return [
        spans(f"{curriculum.places[other].topic.title} ({curriculum.places[other].subtopic.number})")
        for other in needed
    ]


def _named(curriculum: Curriculum, topic: str, standing: Standing | None) -> Spans:
    spotted = curriculum.places[topic]
    tick = " ✔" if standing and curriculum.is_covered(topic, standing.done) else ""
    return spans(f"{spotted.topic.title} ({spotted.subtopic.number}){tick}")


def _status_words(status: Status | None) -> str:
    if status is Status.DONE:
        return _("✔ You have done this.")
    if status is Status.LEARNING:
        return _("◐ You are learning this.")
    return _("○ Not begun yet.")


def _answers(standing: Standing, topic: str) -> tuple[str, ...]:
    right, count = standing.answers.get(topic, (0, 0))
    words = ngettext(" Your answers: {right} of {count} right.", " Your answers: {right} of {count} right.", count)
    return (words.format(right=right, count=count),) if count else ()


def _shared_status(subtopic: Subtopic, standing: Standing | None) -> Status | None:
    if standing is None:
        return None
    marks = {standing.status.get(topic.id) for topic in to_mark(subtopic, Status.DONE)}
    return marks.pop() if len(marks) == 1 else None


def _marks(status: Status | None, data: Callable[[str], str]) -> list[Button]:
    buttons = []
    if status is None:
        buttons.append(Button(_("Learning"), data("learning")))
    if status is not Status.DONE:
        buttons.append(Button(_("Done"), data("done"), style=Style.PRIMARY))
    if status is not None:
        buttons.append(Button(_("Take mark away"), data("none")))
    return buttons


def _step(label: str, subtopic: Subtopic) -> Button:
    return Button(label.format(number=subtopic.number), actions.SUBTOPIC.data(subtopic=subtopic.id))


def _topic_step(label: str, spotted: Spotted) -> Button:
    return Button(label, actions.TOPIC.data(topic=spotted.topic.id))
