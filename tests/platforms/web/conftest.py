"""A running web chat for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.fakes.web_world import WebWorld, web_world


@pytest_asyncio.fixture
async def world() -> AsyncIterator[WebWorld]:
    async with web_world() as opened:
        yield opened
