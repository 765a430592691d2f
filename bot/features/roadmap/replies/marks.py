"""What was marked, what to do next, and how to take it back."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.curriculum.curriculum import Curriculum
from bot.domain.curriculum.shapes import Topic
from bot.features.roadmap import actions
from bot.features.roadmap.replies.phrases import hours, resource_line, span
from bot.features.roadmap.rules import Reason, Standing, Status, Step
from bot.kit.markup import marked
from bot.kit.reply import Button, Choice, Menu, Reply, Style, Tone, notice
from bot.kit.text import Block, Spans, Words, bold, join, para, small, spans
from bot.kit.wording import _, ngettext, say


def marked_as(
    curriculum: Curriculum,
    name: str,
    topics: Sequence[Topic],
    status: Status | None,
    standing: Standing,
    opened: Sequence[Topic],
    change: int | None,
) -> Reply:
    """Say what was marked, what that opened up, and offer to undo it. ``change`` is None if nothing changed."""
    title = bold(name)
    blocks: list[Block] = []
    if change is None:
        blocks.append(para(_unchanged(title, status)))
    elif status is Status.DONE:
        blocks.append(para(say(_("Done: {topic}."), topic=title), _many(topics)))
    elif status is Status.LEARNING:
        blocks.append(para(say(_("You are learning {topic} now."), topic=title)))
    else:
        blocks.append(para(say(_("{topic} has no mark any more."), topic=title)))
    if opened:
        names = join([bold(topic.title) for topic in opened[:5]])
        blocks.append(para(say(_("This opens up: {topics}."), topics=names)))
    if status is Status.DONE and topics:
        stage = curriculum.places[topics[0].id].stage
        inside = tuple(topic for subtopic in stage.subtopics for topic in subtopic.topics)
        done, total = curriculum.hours(inside, standing.done)
        if total:
            blocks.append(
                small(
                    say(_("Stage {number} is {percent} % done."), number=stage.number, percent=int(100 * done / total))
                )
            )
    tone = Tone.GOOD if status is Status.DONE and change is not None else Tone.NEUTRAL
    buttons = [] if change is None else [Button(_("Undo"), actions.UNDO.data(change=change))]
    buttons.append(Button(_("What next?"), actions.NEXT.data(skip=0), style=Style.PRIMARY))
    return Reply(tuple(blocks), buttons=(tuple(buttons),), only_you=True, tone=tone, look="roadmap.marked")


def _many(topics: Sequence[Topic]) -> str:
    """Say how many topics a mark on a whole sub-topic set."""
    if len(topics) < 2:
        return ""
    return " " + ngettext("That makes {count} topic.", "That makes {count} topics.", len(topics)).format(
        count=len(topics)
    )


def really(asked: str, name: str, entry: str, length: float, opens: str) -> Reply:
    """Ask before marking something that was not named itself, but is what the name belongs to."""
    shown = asked if len(asked) <= 60 else asked[:59] + "…"
    return Reply(
        (
            para(
                say(
                    _("“{asked}” belongs to {topic} ({hours}). Is all of that done?"),
                    asked=shown,
                    topic=bold(name),
                    hours=hours(length),
                )
            ),
        ),
        buttons=(
            (
                Button(_("Yes, mark it as done"), actions.MARK.data(status="done", entry=entry), style=Style.PRIMARY),
                Button(_("Open it first"), opens),
            ),
        ),
        only_you=True,
    )


def _unchanged(words: Words, status: Status | None) -> Spans:
    if status is Status.DONE:
        return say(_("{topic} was marked as done before."), topic=words)
    if status is Status.LEARNING:
        return say(_("{topic} was marked as learning before."), topic=words)
    return say(_("{topic} had no mark."), topic=words)


def undone(curriculum: Curriculum, topics: Sequence[str] | None, standing: Standing) -> Reply:
    """Say what was taken back, and how things are now. ``standing`` is the one after."""
    if topics is None:
        return notice(_("That was undone before."))
    names = [curriculum.places[topic].topic.title for topic in topics if topic in curriculum.places]
    if not names:
        return notice(_("You changed that again since, so I left it as it is."))
    blocks = [para(say(_("Undone: {topics}."), topics=join([bold(name) for name in names])))]
    buttons = [Button(_("What next?"), actions.NEXT.data(skip=0))]
    if len(topics) == 1:
        blocks.append(small(_now(standing.status.get(topics[0]))))
        buttons.insert(0, Button(_("Open"), actions.TOPIC.data(topic=topics[0])))
    return Reply(tuple(blocks), buttons=(tuple(buttons),), only_you=True, edits=True)


def _now(status: Status | None) -> str:
    if status is Status.DONE:
        return _("It is done again.")
    return _("It is back to learning.") if status is Status.LEARNING else _("It has no mark now.")


def not_yours() -> Reply:
    """Say that somebody else's mark cannot be taken back."""
    return notice(_("Only the person who marked this can undo it."))


def what_is_done(curriculum: Curriculum, standing: Standing, steps: Sequence[Step]) -> Reply:
    """Ask what was finished, with the likeliest topics to choose from."""
    likely = [step.topic for step in steps if not step.is_done][:10]
    blocks: list[Block] = [para(_("What did you finish?"))]
    if not standing.learning:
        blocks.append(small(_("You can also type it: /done linear regression")))
    if not likely:
        done, total = curriculum.hours(curriculum.core, standing.done)
        return everything_done() if done >= total else nothing_left_today()
    menu = Menu(
        _("Choose a topic"),
        tuple(
            Choice(
                topic.title,
                actions.MARK.data(status="done", entry=topic.id),
                curriculum.places[topic.id].subtopic.title,
            )
            for topic in likely
        ),
    )
    return Reply(tuple(blocks), menu=menu, only_you=True)


def too_big(number: int) -> Reply:
    """Say that a stage is finished part by part."""
    return Reply(
        (para(say(_("Stage {number} is finished part by part. Open it and mark what you know."), number=number)),),
        buttons=((Button(_("Stage {number}").format(number=number), actions.STAGE.data(stage=number)),),),
        only_you=True,
    )


def next_step(step: Step, offers: Sequence[Button] = ()) -> Reply:
    """Offer one thing to do now, with the reason; ``offers`` are what other features have for it, or for beginners."""
    topic, subtopic = step.topic, step.subtopic
    what = spans(bold(topic.title), f" ({subtopic.number}, {hours(topic.hours)})")
    blocks: list[Block] = [para(say(_("Next: {topic}."), topic=what), " ", _reason(step))]
    blocks.append(para(_("First goal: "), marked(topic.learn[0].rstrip(".")), "."))
    if step.resource is not None:
        blocks.append(para(say(_("Start with {resource}."), resource=resource_line(step.resource, notes=False))))
    buttons = (
        (
            Button(_("Open"), actions.TOPIC.data(topic=topic.id), style=Style.PRIMARY),
            *(() if step.is_done else (Button(_("Done"), actions.MARK.data(status="done", entry=topic.id)),)),
        ),
        (
            *(
                (
                    Button(
                        _("Something else") if step.position + 1 < step.of else _("Back to the first"),
                        actions.NEXT.data(skip=(step.position + 1) % min(step.of, 256)),
                    ),
                )
                if step.of > 1
                else ()
            ),
            Button(_("Not today"), actions.LATER.data(topic=topic.id)),
        ),
        *((tuple(offers),) if offers else ()),
    )
    return Reply(tuple(blocks), buttons=buttons, only_you=True, look="roadmap.next")


def _reason(step: Step) -> Spans:
    match step.reason:
        case Reason.CONTINUE:
            return spans(_("You have begun it."))
        case Reason.WRONG:
            return say(
                _("Your answers on {topic} are right less than half the time, so it pays to look again."),
                topic=step.topic.title,
            )
        case Reason.SHAKY:
            return spans(_("Your answers on it were shaky, so it pays to look again."))
        case Reason.FOLLOWS if step.after is not None:
            return say(_("It builds on {topic}, which you finished last."), topic=step.after.title)
        case Reason.START:
            return spans(_("It needs nothing before it, so it is a good place to begin."))
        case _:
            return spans(_("It is next on the road, and you have all it needs."))


def everything_done() -> Reply:
    """Say that the core path is finished."""
    return Reply(
        (
            para(_("You have done every core topic of the roadmap. That is a long road, and you walked it.")),
            para(
                _("What helps now: build something real, help somebody who starts, or look into the optional topics.")
            ),
        ),
        buttons=((Button(_("Stage {number}").format(number=6), actions.STAGE.data(stage=6)),),),
        only_you=True,
        tone=Tone.GOOD,
    )


def nothing_left_today() -> Reply:
    """Say that everything open was put off."""
    return Reply(
        (
            para(_("You put off everything that is open now. A day without study is fine too.")),
            small(_("I offer it again when your next day begins.")),
        ),
        buttons=((Button(_("Show the roadmap"), actions.HOME.data()),),),
        only_you=True,
    )


def put_off(topic: Topic) -> Reply:
    """Say that a topic is offered again tomorrow."""
    return Reply(
        (para(say(_("All right. {topic} waits until tomorrow."), topic=bold(topic.title))),),
        buttons=((Button(_("Something else"), actions.NEXT.data(skip=0)),),),
        only_you=True,
        edits=True,
    )


def left_words(left: float, hours_a_day: float) -> Spans:
    """Say how long the rest takes, at the person's own pace once there is one."""
    if left <= 0:
        return spans(_("All core topics are done."))
    if hours_a_day > 0:
        return say(
            _("{hours} to go: {time} at the pace of your last four weeks."),
            hours=hours(left),
            time=span(left, hours_a_day * 60),
        )
    return say(
        _("{hours} to go: {half} at 30 minutes a day, {full} at an hour a day."),
        hours=hours(left),
        half=span(left, 30),
        full=span(left, 60),
    )
