"""Filled-in forms as browsers send them, with files: read piece by piece, so that nothing large is ever held."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.kit.uploads import MOST_BYTES
from bot.platforms.web.door import read_form
from bot.platforms.web.limits import BODY_BYTES, PARTS, UPLOAD_BYTES, UPLOAD_SECONDS

_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Filled:
    """What came with a form: typed values and chosen files by name, each file cut one byte beyond what is taken."""

    values: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)


async def read_filled(request: web.Request) -> Filled:
    """Read a form that may carry files.

    Raises:
        web.HTTPException: it is too large or too slow, or no form.
    """
    if request.content_type != "multipart/form-data":
        return Filled(await read_form(request))
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            return await _Reading(request).read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (ValueError, AssertionError, LookupError, RuntimeError, HttpProcessingError) as error:
        raise web.HTTPBadRequest from error


class _Reading:
    """One form on its way in."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self._left = UPLOAD_BYTES
        self._text_left = BODY_BYTES

    async def read(self) -> Filled:
        values: dict[str, str] = {}
        files: dict[str, bytes] = {}
        reader = await self._request.multipart()
        for _number in range(PARTS):
            part = await reader.next()
            if part is None:
                return Filled(values, files)
            if not isinstance(part, BodyPartReader) or not part.name:
                raise ValueError("a part that is no field of a form")
            if part.filename is None:
                values[part.name] = (await self._text(part)).decode("utf-8", "replace")
            elif (data := await self._begin(part, MOST_BYTES)) or part.filename:  # else no file was chosen
                files[part.name] = data
            if self._left < 0:  # the rest is not even looked at
                return Filled(values, files)
        raise ValueError("too many parts")

    async def _text(self, part: BodyPartReader) -> bytes:
        data = await self._begin(part, self._text_left)
        self._text_left -= len(data)
        if self._text_left < 0:
            raise web.HTTPRequestEntityTooLarge(max_size=BODY_BYTES, actual_size=BODY_BYTES - self._text_left)
        return data

    async def _begin(self, part: BodyPartReader, most: int) -> bytes:
        """Return a part, cut one byte beyond ``most``; the rest is dropped as it comes."""
        data = bytearray()
        while self._left >= 0 and (piece := await part.read_chunk(_CHUNK)):
            self._left -= len(piece)
            data += piece[: most + 1 - len(data)]
        return bytes(data)
