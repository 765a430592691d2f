"""How settings, the audit list and roles read. Pure wording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from bot.domain.community.preferences import MILESTONE as MILESTONE_CHANGE
from bot.domain.community.preferences import ROLE as ROLE_CHANGE
from bot.domain.community.preferences import ROOM as ROOM_CHANGE
from bot.domain.community.store import Change
from bot.domain.community.store.rooms import Member
from bot.features.settings import actions, question_replies
from bot.kit.action import Action
from bot.kit.preference import Preference
from bot.kit.reply import Button, Choice, Field, Form, Menu, Reply, Style, Tone, notice, rows
from bot.kit.request import Role
from bot.kit.text import Block, Facts, Spans, When, bold, bullets, code, para, small, spans
from bot.kit.wording import N_, _, quoted, say

MOST_CHOICES = 25
_ROLE_NAMES = {
    Role.STRANGER: N_("not a member"),
    Role.MEMBER: N_("member"),
    Role.HOST: N_("host"),
    Role.MODERATOR: N_("moderator"),
    Role.OWNER: N_("owner"),
}

_RESETS = {"language": N_("Go by my app"), "our-language": N_("Go by each reader's app")}
"""What going back to the first value is called where its own words would make no sentence."""


def mine(preferences: Sequence[Preference], values: Mapping[str, str], *, moderates: bool) -> Reply:
    """List what is set for oneself."""
    blocks: list[Block] = [_facts(preferences, values)]
    if moderates:
        blocks.append(small(say(_("What holds for everybody here: {command}"), command=code("/settings community"))))
    return Reply(
        tuple(blocks),
        title=_("Your settings"),
        menu=_menu(preferences, actions.OPEN),
        only_you=True,
        edits=True,
        look="settings.mine",
    )


def ours(preferences: Sequence[Preference], values: Mapping[str, str], place: str) -> Reply:
    """List what is set for a community."""
    buttons = (Button(_("Who changed what"), actions.CHANGES.data()), Button(_("Roles"), actions.PEOPLE.data()))
    return Reply(
        (_facts(preferences, values),),
        title=_("Settings of {place}").format(place=place),
        menu=_menu(preferences, actions.OUR_OPEN),
        buttons=(buttons,),
        only_you=True,
        in_place=True,
        edits=True,
        look="settings.ours",
    )


def one(preference: Preference, value: str, *, ours: bool, saved: bool = False) -> Reply:
    """Show one setting with what it can be."""
    put, ask, reset, back = (
        (actions.OUR_SET, actions.OUR_TYPE, actions.OUR_RESET, actions.OURS)
        if ours
        else (actions.SET, actions.TYPE, actions.RESET, actions.MINE)
    )
    kind = preference.kind
    blocks: list[Block] = [para(say(_("Now: {value}"), value=bold(kind.show(value)))), para(_(preference.summary))]
    if saved:
        blocks.insert(0, para(_("Saved.")))
    choices = [
        Button(kind.show(choice), put.data(name=preference.name, value=choice),
               style=Style.PRIMARY if choice == value else Style.NORMAL)
        for choice in kind.choices
    ]  # fmt: skip
    last = [Button(_("Back"), back.data())]
    if kind.is_open:
        last.insert(0, Button(_("Type it"), ask.data(name=preference.name)))
    if value != preference.default:
        own = _RESETS.get(preference.name)
        words = _(own) if own else _("Reset to {value}").format(value=kind.show(preference.default))
        last.append(Button(words[:80], reset.data(name=preference.name)))
    return Reply(
        tuple(blocks),
        title=_(preference.label),
        tone=Tone.GOOD if saved else Tone.NEUTRAL,
        buttons=(*rows(choices, 3), tuple(last)),
        only_you=True,
        in_place=ours,
        edits=True,
        look="settings.one",
    )


def back(data: str) -> Button:
    """Return the way back to what ``data`` shows."""
    return Button(_("Back"), data)


def ask(preference: Preference, value: str, *, ours: bool) -> Reply:
    """Ask for a value to be typed."""
    typed = actions.OUR_TYPED if ours else actions.TYPED
    field = Field(
        "value", _(preference.label)[:45], required=False, hint=_(preference.summary)[:100],
        value=preference.kind.show(value) if value and not preference.kind.choices else "",
    )  # fmt: skip
    form = Form(_(preference.label)[:45], (field,), typed.data(name=preference.name), _("Save"))
    return Reply(form=form, only_you=True)


def refused(sentence: Spans, preference: Preference, *, ours: bool) -> Reply:
    """Say why a value cannot be used, and offer to try again."""
    again = actions.OUR_TYPE if ours else actions.TYPE
    open_ = actions.OUR_OPEN if ours else actions.OPEN
    buttons = (
        Button(_("Try again"), again.data(name=preference.name), style=Style.PRIMARY),
        Button(_("Leave it"), open_.data(name=preference.name)),
    )
    return Reply((para(sentence),), tone=Tone.WARNING, buttons=(buttons,), only_you=True, in_place=ours)


def no_such(word: str, preferences: Sequence[Preference]) -> Reply:
    """Say that there is no such setting, and list those there are."""
    names = bullets(spans(code(f"/settings {one.name}"), "  ", _(one.label)) for one in preferences)
    return Reply(
        (para(say(_("There is no setting called {word}. There are:"), word=quoted(word))), names), only_you=True
    )


def only_in_communities() -> Reply:
    """Say that this belongs into a community."""
    return Reply(
        (para(_("That is about a community. Please type it in the group, channel or server it is meant for.")),),
        only_you=True,
        tone=Tone.WARNING,
    )


def not_yours(needed: Role) -> Reply:
    """Say who may change something."""
    return notice(say(_("Only a {role} can change that."), role=_(_ROLE_NAMES[needed])))


def changes(found: Sequence[Change], declared: Mapping[str, Preference], zone: str) -> Reply:
    """List who changed what, with a way to undo the latest."""
    if not found:
        return Reply(
            (para(_("Nobody has changed anything here yet. Each change will be listed, with a way to undo it.")),),
            title=_("Who changed what"), buttons=((Button(_("Back"), actions.OURS.data()),),), only_you=True,
            in_place=True, edits=True,
        )  # fmt: skip
    lines = bullets(_change_line(change, declared, zone) for change in found)
    undoable = {*declared, ROOM_CHANGE, ROLE_CHANGE}
    open_ = [
        change for change in found
        if not change.undone and (change.name in undoable or question_replies.is_question(change))
    ][:5]  # fmt: skip
    buttons = [
        Button(_("Undo: {what}").format(what=_name(change, declared))[:40], actions.UNDO.data(change=change.id))
        for change in _latest_of_each(open_)
    ]
    return Reply(
        (lines,), title=_("Who changed what"), buttons=(*rows(buttons, 2), (Button(_("Back"), actions.OURS.data()),)),
        only_you=True, in_place=True, edits=True, look="settings.changes",
    )  # fmt: skip


def undone(what: str) -> Reply:
    """Say that a change was taken back."""
    return notice(say(_("Taken back: {what}."), what=what))


def not_undone() -> Reply:
    """Say that a change stays."""
    return notice(_("That was changed again since, or is taken back already. The list shows how things are now."))


def name_of(change: Change, declared: Mapping[str, Preference]) -> str:
    """Return what a change was about, in words."""
    return _name(change, declared)


def people(members: Sequence[Member], searched: str) -> Reply:
    """List who has which role here, and whom one could be given to."""
    given = [member for member in members if member.role is not Role.MEMBER]
    blocks: list[Block] = [
        para(_("The platform says who is owner and moderator. Besides, members can be made hosts, and an owner "
               "can make them moderators."))
    ]  # fmt: skip
    if given:
        blocks.append(bullets(spans(bold(member.name), ", ", _(_ROLE_NAMES[member.role])) for member in given))
    if not members:
        words = (
            say(_("I know nobody here called {name}. I know people once they have asked me something here."),
                name=quoted(searched))
            if searched else spans(_("I know nobody here yet. I know people once they have asked me something here."))
        )  # fmt: skip
        blocks.append(para(words))
        menu = None
    else:
        choices = tuple(
            Choice(
                member.name[:80] or "–",
                actions.PERSON.data(person=member.person),
                "" if member.role is Role.MEMBER else _(_ROLE_NAMES[member.role]),
            )
            for member in members[:MOST_CHOICES]
        )
        menu = Menu(_("Choose somebody"), choices)
    blocks.append(small(say(_("To find somebody: {example}"), example=code("/roles Ana"))))
    return Reply(
        tuple(blocks), title=_("Roles"), menu=menu, only_you=True, in_place=True, edits=True, look="settings.people"
    )


def person(member: Member, *, may_make_moderators: bool, saved: bool = False) -> Reply:
    """Show one member's role and what it could be."""
    offered = [Role.MEMBER, Role.HOST, *([Role.MODERATOR] if may_make_moderators else [])]
    buttons = [
        Button(_(_ROLE_NAMES[role]), actions.ROLE.data(person=member.person, role=role.value),
               style=Style.PRIMARY if role is member.role else Style.NORMAL)
        for role in offered
    ]  # fmt: skip
    words = say(_("{name}, role given here: {role}."), name=bold(member.name), role=_(_ROLE_NAMES[member.role]))
    blocks: list[Block] = [para(_("Saved."))] if saved else []
    blocks.append(para(words))
    return Reply(
        tuple(blocks), title=_("Roles"), tone=Tone.GOOD if saved else Tone.NEUTRAL,
        buttons=(tuple(buttons), (Button(_("Back"), actions.PEOPLE.data()),)), only_you=True, in_place=True, edits=True,
    )  # fmt: skip


def unknown_person() -> Reply:
    """Say that somebody is not known here."""
    return notice(_("I do not know that person here any more."))


def only_owner() -> Reply:
    """Say who may appoint moderators."""
    return notice(_("Only an owner can make somebody a moderator, or take that back."))


def _facts(preferences: Iterable[Preference], values: Mapping[str, str]) -> Facts:
    return Facts(tuple((_(one.label), spans(one.words(values))) for one in preferences))


def _menu(preferences: Sequence[Preference], opens: Action) -> Menu:
    choices = tuple(
        Choice(_(one.label)[:80], opens.data(name=one.name), _(one.summary)[:100]) for one in preferences[:MOST_CHOICES]
    )
    return Menu(_("Change one"), choices)


def _latest_of_each(found: Iterable[Change]) -> list[Change]:
    latest: dict[tuple[str, int | None], Change] = {}
    for change in found:
        latest.setdefault((change.name, change.about_person), change)
    return list(latest.values())


def _name(change: Change, declared: Mapping[str, Preference]) -> str:
    if change.name == ROOM_CHANGE:
        return _("where I post")
    if change.name == ROLE_CHANGE:
        return _("role of {name}").format(name=change.about or "–")
    if change.name in declared:
        return _(declared[change.name].label)
    if question_replies.is_question(change):
        return question_replies.name_of(change)
    if change.about_person is not None:
        return _("{what} of {name}").format(what=_(change.name), name=change.about or "–")
    return _(change.name) if change.name else "–"


def _value(change: Change, value: str, declared: Mapping[str, Preference]) -> str:
    if change.name == ROOM_CHANGE:
        return [*value.split(" ", 3), "", "", "", ""][3] or _("nowhere")
    if change.name == ROLE_CHANGE:
        return _(_ROLE_NAMES[Role(value)])
    return declared[change.name].kind.show(value) if change.name in declared else value or "–"


def _change_line(change: Change, declared: Mapping[str, Preference], zone: str) -> Spans:
    if change.name == MILESTONE_CHANGE:  # without the name: where nothing can be hidden, everybody reads this list
        return say(
            _("{when} {who}: took a milestone back, {title}"),
            when=When(datetime.fromtimestamp(change.at, UTC), zone=zone),
            who=change.who or _("somebody erased since"),
            title=bold(change.before),
        )
    if question_replies.is_question(change):
        return question_replies.line(change, zone)
    line = say(
        _("{when} {who}: {what} from {before} to {after}"),
        when=When(datetime.fromtimestamp(change.at, UTC), zone=zone),
        who=change.who or _("somebody erased since"),
        what=_name(change, declared),
        before=_value(change, change.before, declared),
        after=bold(_value(change, change.after, declared)),
    )
    return spans(line, " ", _("(taken back)")) if change.undone else line
