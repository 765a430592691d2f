"""SQL for milestones: projects, requests, reviews and the posts about them."""

from __future__ import annotations

from bot.features.milestones.card import Ask, Project, Review, State
from bot.kit.database import Row, Transaction
from bot.kit.posting import Address

_ASK = """
SELECT r.id AS id, r.person_id AS person, p.name AS name, r.community_id AS community, c.title AS place,
    r.stage AS stage, r.link AS link, r.summary AS summary, r.home_platform AS home_platform, r.home_chat AS home_chat,
    r.asked_at AS asked_at, r.state AS state
FROM milestones_request AS r
JOIN community_person AS p ON p.id = r.person_id
JOIN community_community AS c ON c.id = r.community_id
"""


class RequestStore:
    """One method for each question asked of the database; all run inside a unit of work."""

    async def project(self, tx: Transaction, person: int, stage: str) -> Project | None:
        """Return what somebody has to show for a stage."""
        row = await tx.one(
            "SELECT link, summary, given_at FROM milestones_project WHERE person_id = :person AND stage = :stage",
            person=person,
            stage=stage,
        )
        return None if row is None else Project(str(row["link"]), str(row["summary"]), int(row["given_at"]))

    async def give(self, tx: Transaction, person: int, stage: str, project: Project) -> None:
        """Keep what somebody has to show, in the place of what they gave before."""
        await tx.execute(
            """
            INSERT INTO milestones_project (person_id, stage, link, summary, given_at)
            VALUES (:person, :stage, :link, :summary, :at)
            ON CONFLICT (person_id, stage) DO UPDATE SET link = :link, summary = :summary, given_at = :at
            """,
            person=person,
            stage=stage,
            link=project.link,
            summary=project.summary,
            at=project.given_at,
        )

    async def ask(
        self, tx: Transaction, person: int, stage: str, community: int, project: Project, home: Address | None, at: int
    ) -> int | None:
        """Open a request and return its id; None if one of this person and stage is open already."""
        row = await tx.one(
            """
            INSERT INTO milestones_request
                (person_id, community_id, stage, link, summary, home_platform, home_chat, asked_at, state)
            VALUES (:person, :community, :stage, :link, :summary, :platform, :chat, :at, 'open')
            ON CONFLICT DO NOTHING RETURNING id
            """,
            person=person,
            community=community,
            stage=stage,
            link=project.link,
            summary=project.summary,
            platform=home.platform if home else "",
            chat=home.chat if home else "",
            at=at,
        )
        return None if row is None else int(row["id"])

    async def request(self, tx: Transaction, number: int) -> Ask | None:
        """Return one request."""
        row = await tx.one(f"{_ASK} WHERE r.id = :number", number=number)
        return None if row is None else _ask(row)

    async def latest(self, tx: Transaction, person: int, stage: str) -> Ask | None:
        """Return the open request of a person, else their latest one."""
        row = await tx.one(
            f"{_ASK} WHERE r.person_id = :person AND r.stage = :stage"
            " ORDER BY CASE WHEN r.state = 'open' THEN 0 ELSE 1 END, r.id DESC LIMIT 1",
            person=person,
            stage=stage,
        )
        return None if row is None else _ask(row)

    async def asked_last(self, tx: Transaction, person: int, stage: str, community: int) -> int | None:
        """Return when a person asked a community about a stage for the last time, in Unix seconds."""
        row = await tx.one(
            "SELECT MAX(asked_at) AS at FROM milestones_request"
            " WHERE person_id = :person AND stage = :stage AND community_id = :community",
            person=person,
            stage=stage,
            community=community,
        )
        return None if row is None or row["at"] is None else int(row["at"])

    async def settle(self, tx: Transaction, number: int, state: State, at: int) -> bool:
        """End an open request; return False if it is over already."""
        changed = await tx.execute(
            "UPDATE milestones_request SET state = :state, ended_at = :at WHERE id = :number AND state = 'open'",
            state=state.value,
            at=at,
            number=number,
        )
        return changed == 1

    async def review(self, tx: Transaction, request: int, reviewer: int, words: str, at: int) -> None:
        """Keep what a reviewer said; no words: approved."""
        await tx.execute(
            "INSERT INTO milestones_review (request_id, reviewer_id, words, at)"
            " VALUES (:request, :reviewer, :words, :at)",
            request=request,
            reviewer=reviewer,
            words=words,
            at=at,
        )

    async def said(self, tx: Transaction, request: int) -> Review | None:
        """Return what was said last about a request."""
        row = await tx.one(
            """
            SELECT CASE WHEN COALESCE(s.value, 'on') = 'on' THEN p.name ELSE '' END AS who, v.words AS words,
                v.at AS at
            FROM milestones_review AS v
            JOIN community_person AS p ON p.id = v.reviewer_id
            LEFT JOIN community_preference AS s ON s.person_id = p.id AND s.name = 'shown'
            WHERE v.request_id = :request ORDER BY v.id DESC LIMIT 1
            """,
            request=request,
        )
        return None if row is None else Review(str(row["who"]), str(row["words"]), int(row["at"]))

    async def communities(self, tx: Transaction, person: int, *, most: int) -> list[tuple[int, str]]:
        """Return the communities of a person that have a room to post in: number and title, the latest first."""
        rows = await tx.all(
            """
            SELECT c.id AS id, c.title AS title FROM community_member AS m
            JOIN community_community AS c ON c.id = m.community_id
            WHERE m.person_id = :person AND m.left_at IS NULL
                AND EXISTS (SELECT 1 FROM community_room AS r WHERE r.community_id = c.id)
            ORDER BY m.joined_at DESC, c.id DESC LIMIT :most
            """,
            person=person,
            most=most,
        )
        return [(int(row["id"]), str(row["title"])) for row in rows]

    async def note_post(self, tx: Transaction, post: int, request: int, community: int, kind: str, at: int) -> None:
        """Remember that a post speaks of a request: its card, or the news."""
        await tx.execute(
            """
            INSERT INTO milestones_post (post_id, request_id, community_id, kind, at)
            VALUES (:post, :request, :community, :kind, :at) ON CONFLICT DO NOTHING
            """,
            post=post,
            request=request,
            community=community,
            kind=kind,
            at=at,
        )

    async def posts(self, tx: Transaction, request: int, kind: str) -> list[int]:
        """Return the posts that speak of a request."""
        rows = await tx.all(
            "SELECT post_id FROM milestones_post WHERE request_id = :request AND kind = :kind ORDER BY post_id",
            request=request,
            kind=kind,
        )
        return [int(row["post_id"]) for row in rows]

    async def posts_about(self, tx: Transaction, person: int) -> list[tuple[int, str, int]]:
        """Return every post about requests of a person, with its kind and its community."""
        rows = await tx.all(
            """
            SELECT p.post_id AS post_id, p.kind AS kind, p.community_id AS community FROM milestones_post AS p
            JOIN milestones_request AS r ON r.id = p.request_id
            WHERE r.person_id = :person ORDER BY p.post_id
            """,
            person=person,
        )
        return [(int(row["post_id"]), str(row["kind"]), int(row["community"])) for row in rows]

    async def orphans(self, tx: Transaction, community: int) -> list[tuple[int, str]]:
        """Return the posts, with their kind, whose request was erased."""
        rows = await tx.all(
            """
            SELECT p.post_id AS post_id, p.kind AS kind FROM milestones_post AS p
            WHERE p.community_id = :community
                AND NOT EXISTS (SELECT 1 FROM milestones_request AS r WHERE r.id = p.request_id)
            ORDER BY p.post_id LIMIT 500
            """,
            community=community,
        )
        return [(int(row["post_id"]), str(row["kind"])) for row in rows]

    async def forget_post(self, tx: Transaction, post: int) -> None:
        """Forget that a post spoke of a request."""
        await tx.execute("DELETE FROM milestones_post WHERE post_id = :post", post=post)

    async def forget_posts_before(self, tx: Transaction, community: int, before: int) -> None:
        """Forget posts of before a moment in Unix seconds, which the outbox has forgotten as well."""
        await tx.execute(
            "DELETE FROM milestones_post WHERE community_id = :community AND at < :before",
            community=community,
            before=before,
        )


def _ask(row: Row) -> Ask:
    home = Address(str(row["home_platform"]), str(row["home_chat"])) if row["home_chat"] else None
    return Ask(
        int(row["id"]), int(row["person"]), str(row["name"]), int(row["community"]), str(row["place"]),
        str(row["stage"]), str(row["link"]), str(row["summary"]), home, int(row["asked_at"]), State(row["state"]),
    )  # fmt: skip
