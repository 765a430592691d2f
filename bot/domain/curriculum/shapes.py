"""What the files under ``content/`` hold. Each class is a schema: its fields are the keys a contributor writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from bot.kit.content import Address, Id, Rule
from bot.kit.problems import NOWHERE, Spot

Title = Annotated[str, Rule("A short name in sentence case.", 60)]
Alias = Annotated[str, Rule("Another name people type for it.", 60)]
Aliases = Annotated[
    tuple[Alias, ...], Rule("Other names people type; each only once in all files of the kind.", many=20)
]
Ids = Annotated[tuple[Id, ...], Rule("Ids of entries that exist.", many=20)]
Hours = Annotated[float, Rule("Hours of study and practice for a newcomer.", least=0.25, most=200)]

ResourceKind = Literal[
    "article", "book", "community", "competition", "conference", "course", "dataset", "docs", "interactive",
    "newsletter", "paper-site", "platform", "project-list", "question-bank", "repo", "tool", "video",
]  # fmt: skip
ResourceStatus = Literal[
    "current",
    "renamed",
    "moved",
    "new-edition",
    "relaunched",
    "self-paced",
    "quiet",
    "archived",
    "superseded",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class Resource:
    """Something to learn from: a book, a course, a page of documentation."""

    id: Id
    name: Annotated[str, Rule("Its present official name.", 90)]
    url: Address
    by: Annotated[str, Rule("Who made it.", 120)]
    kind: Annotated[ResourceKind, Rule("What it is.")]
    cost: Annotated[Literal["free", "freemium", "paid", "unknown"], Rule("What it costs; freemium: free in part.")]
    level: Annotated[Literal["beginner", "intermediate", "advanced", "all"], Rule("Whom it suits.")]
    status: Annotated[ResourceStatus, Rule("Its state; anything but current is explained in note.")]
    verified: Annotated[
        Literal["http_checked", "page_stored", "url_seen", "unverified"], Rule("How well the address was checked.")
    ]
    note: Annotated[str, Rule("What it is good for, which part to use, what changed.", 200)]
    hours: Annotated[float | None, Rule("Hours to work through it; leave out where that makes no sense.")] = None
    formerly: Annotated[
        tuple[Annotated[str, Rule("An earlier or common name.", 90)], ...], Rule("Names people know it by.")
    ] = ()
    successor: Annotated[Id | None, Rule("The resource that replaces it.")] = None
    spot: Spot = NOWHERE


@dataclass(frozen=True, slots=True)
class Project:
    """A small project to try what was learned."""

    title: Title
    text: Annotated[str, Rule("What to build, with which data.", 240)]
    hours: Hours


@dataclass(frozen=True, slots=True)
class Topic:
    """The smallest thing on the roadmap that can be learned and marked as done."""

    id: Id
    title: Title
    hours: Hours
    core: Annotated[bool, Rule("Whether it counts in progress; alternatives and extras do not.")]
    why: Annotated[str, Rule("Why it matters, in a sentence or two.", 240)]
    learn: Annotated[
        tuple[Annotated[str, Rule("Something you can do or explain afterwards.", 120)], ...],
        Rule("What to learn.", fewest=3, many=6),
    ]
    resources: Annotated[tuple[Id, ...], Rule("Resource ids, the best first.", fewest=1, many=12)]
    aliases: Aliases = ()
    one_of: Annotated[Id | None, Rule("Topics with the same word are alternatives: one of them is enough.")] = None
    requires: Ids = ()
    helps: Annotated[tuple[Id, ...], Rule("Topics that make this one easier but are not needed.", many=20)] = ()
    spot: Spot = NOWHERE


@dataclass(frozen=True, slots=True)
class Subtopic:
    """A group of topics that belong together, such as 1.2 Math for machine learning."""

    id: Id
    number: Annotated[
        str, Rule("Stage and position.", 4, r"[1-9]\.[1-9]", "stage and position such as '1.2', in quotes")
    ]
    title: Title
    why: Annotated[str, Rule("Why it matters for machine learning.", 400)]
    topics: Annotated[tuple[Topic, ...], Rule("Its topics in study order.", fewest=1, many=9)]
    aliases: Aliases = ()
    note: Annotated[str | None, Rule("A remark on the whole, such as a choice to make.", 300)] = None
    projects: Annotated[tuple[Project, ...], Rule("Project ideas.", many=5)] = ()
    tips: Annotated[tuple[Annotated[str, Rule("Study advice.", 200)], ...], Rule("Study advice.", many=4)] = ()
    more: Ids = ()
    spot: Spot = NOWHERE


@dataclass(frozen=True, slots=True)
class Milestone:
    """What somebody who finished a stage can show."""

    title: Annotated[str, Rule("The badge's name.", 50)]
    text: Annotated[str, Rule("What you can do then.", 200)]
    evidence: Annotated[
        tuple[Annotated[str, Rule("What a peer could look at.", 120)], ...],
        Rule("How a peer can tell.", fewest=2, many=4),
    ]


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the six parts of the roadmap; one file each."""

    id: Id
    number: Annotated[int, Rule("Position on the roadmap.", least=1, most=9)]
    title: Title
    why: Annotated[str, Rule("What this stage gives you and why now.", 400)]
    milestone: Milestone
    subtopics: Annotated[tuple[Subtopic, ...], Rule("Its sub-topics in study order.", fewest=1, many=9)]
    aliases: Aliases = ()
    spot: Spot = NOWHERE


@dataclass(frozen=True, slots=True)
class Tip:
    """General study advice that belongs to no single sub-topic."""

    id: Id
    title: Title
    text: Annotated[str, Rule("The advice.", 300)]
    topics: Ids = ()
    resources: Ids = ()
    spot: Spot = NOWHERE


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the glossary."""

    term: Annotated[str, Rule("The word as experts write it.", 60)]
    topic: Id
    definition: Annotated[str, Rule("What it is, in plain words.", 300)]
    example: Annotated[str | None, Rule("A concrete example.", 200)] = None
    aliases: Aliases = ()
    see: Annotated[tuple[str, ...], Rule("Other terms of the glossary, spelled as there.", many=4)] = ()
    spot: Spot = NOWHERE
