"""The studio as an ASGI application."""

import asyncio
import json
import sys
import traceback
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from assay.errors import ConfigError
from assay.studio.answers import Answer, Answers, problem
from assay.studio.guard import SAFE_HEADERS, Guard
from assay.studio.page import frozen, index, page_file
from assay.studio.pulse import Pulse
from assay.studio.shown import NotThereError, Shown
from assay.studio.training import Training

MOST_LISTENERS = 64
_MOST_BODY = 16_384
_LOOK_SECONDS = 0.5
_IMAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class Studio:
    """The pages over what is shown.

    Attributes:
        training: what was started from them.
    """

    def __init__(self, shown: Shown, guard: Guard) -> None:
        self._shown, self._guard = shown, guard
        self._answers, self._pulse = Answers(shown), Pulse(shown.store)
        self.training = Training(shown)
        self._listeners = 0
        self.app = Starlette(
            routes=[Route("/{path:path}", self._handle, methods=["GET", "HEAD", "POST"])]
        )

    async def _handle(self, request: Request) -> Response:
        url = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        refused = self._guard.refuses(request.method, url, request.headers)
        if refused is not None:
            return _said(refused.status, refused.why)
        try:
            response = await self._answered(request)
        except ClientDisconnect:
            return Response(status_code=400)  # read by nobody
        except Exception as error:
            status, why = problem(error)
            if status == 500:
                traceback.print_exception(error, file=sys.stderr)
            return _said(status, why)
        cookie = self._guard.welcome(url)
        if cookie:
            response.headers["set-cookie"] = cookie
        return response

    async def _answered(self, request: Request) -> Response:
        path, query = request.url.path, dict(request.query_params)
        if request.method == "POST":
            return await self._change(request)
        if path == "/":
            return _response(index())
        if path == "/favicon.ico":
            return Response(status_code=204, headers=SAFE_HEADERS)
        if path.startswith("/page/"):
            found = page_file(path.removeprefix("/page/"))
            if found is None:
                raise NotThereError(f"{path[:80]}: there is no such file")
            return _response(found)
        if path == "/api/events":
            return self._events()
        if path == "/api/training":
            return _response(_state(self.training))
        if path == "/freeze":
            urls = request.query_params.getlist("get")
            made = await run_in_threadpool(frozen, self._answers, query.get("at", ""), urls)
            name = quote(query.get("name", "studio")[:60], safe="")
            return _response(made, {"content-disposition": f"attachment; filename={name}.html"})
        return _response(await run_in_threadpool(self._answers.get, path, query))

    async def _change(self, request: Request) -> Response:
        asked = _fields(await _body(request))
        path = request.url.path
        if path == "/api/stop":
            await run_in_threadpool(self.training.stop)
        elif path == "/api/start":
            workers = asked.get("workers")
            if workers is not None and type(workers) is not int:
                raise ConfigError(f"workers = {workers!r:.40}: should be a whole number")
            study, profile = (str(asked.get(name) or "") for name in ("study", "profile"))
            await run_in_threadpool(self.training.start, study, profile, workers)
        else:
            raise NotThereError(f"{path[:80]}: there is nothing to change there")
        return _response(_state(self.training))

    def _events(self) -> Response:
        if self._listeners >= MOST_LISTENERS:
            return _said(503, f"{MOST_LISTENERS} pages listen already: close one")
        return StreamingResponse(
            self._beats(), media_type="text/event-stream", headers=SAFE_HEADERS
        )

    async def _beats(self) -> AsyncIterator[str]:
        """What changed, twice a second at most, until the browser goes away."""
        self._listeners += 1
        try:
            last: object = None
            quiet = 0.0
            while True:
                beat = await run_in_threadpool(self._pulse.look)
                now = {**asdict(beat), "training": asdict(self.training.state)}
                if now != last:
                    yield f"data: {json.dumps(now)}\n\n"
                    last, quiet = now, 0.0
                elif quiet >= 15:
                    yield ": still here\n\n"
                    quiet = 0.0
                await asyncio.sleep(_LOOK_SECONDS)
                quiet += _LOOK_SECONDS
        finally:
            self._listeners -= 1


async def _body(request: Request) -> bytes:
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > _MOST_BODY:
            raise ConfigError(f"the request is longer than {_MOST_BODY:,} bytes")
    return content


def _fields(content: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ConfigError("the request should be a JSON object")
    return found


def _state(training: Training) -> Answer:
    return Answer(json.dumps(asdict(training.state)).encode())


def _response(answer: Answer, more: Mapping[str, str] | None = None) -> Response:
    headers = {**SAFE_HEADERS, **(more or {})}
    if answer.type.startswith("image/"):
        headers["content-security-policy"] = _IMAGE_POLICY
    return Response(answer.content, media_type=answer.type, headers=headers)


def _said(status: int, why: str) -> Response:
    return Response(
        json.dumps({"error": why}), status, media_type="application/json", headers=SAFE_HEADERS
    )
