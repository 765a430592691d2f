"""Files in the web chat: a link that saves, for whom the message is for and nobody else."""

from __future__ import annotations

from bot.kit.reply import Document, reply
from tests.fakes.web_world import WebWorld

FILE = Document("roadmate-export.html", "<script>alert('Zoë')</script>", "text/html")


async def test_a_file_is_saved_and_never_shown(world: WebWorld) -> None:
    world.engine.next(reply("Here it is.", document=FILE))
    ana = world.person("ana")
    await ana.says("/roadmap")
    (link,) = [one for one in (await ana.looks()).all("a") if "file/" in one.attributes.get("href", "")]
    async with world.http.get(ana.address + link.attributes["href"]) as response:
        assert await response.text() == FILE.text
        assert response.headers["Content-Disposition"] == f'attachment; filename="{FILE.name}"'
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_a_file_is_only_for_whom_the_message_is_for(world: WebWorld) -> None:
    world.engine.next(reply("Here it is.", document=FILE), only_you=True)
    ana, ben = world.person("ana", "study-hall"), world.person("ben", "study-hall")
    await ana.says("/roadmap")
    (link,) = [one for one in (await ana.looks()).all("a") if "file/" in one.attributes.get("href", "")]
    href = link.attributes["href"]
    for person, status in ((ana, 200), (ben, 404), (world.person("ben"), 404)):
        async with world.http.get(person.address + href) as response:
            assert response.status == status
    async with world.http.get(ana.address + href.replace(FILE.name, "other.html")) as response:
        assert response.status == 404
