"""HTTP requests to the studio: by the protocol of its own server, without a network."""

import asyncio
import contextlib
import io
import re
import tempfile
from pathlib import Path
from typing import Any

import matplotlib.font_manager  # noqa: F401  # whose folders are made when it is imported
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from assay.errors import ConfigError
from assay.store.archive import Archive
from assay.studio.app import Studio
from assay.studio.guard import Guard
from assay.studio.shown import Shown
from tests.reliability.hostile.mutations import Files

PORT = 8000
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
_REFUSED = {400, 403, 405, 413, 414, 421}
"""Where nothing is looked at; that something is not there, or cannot be done, is an answer."""
_MOST_SECONDS = 30.0


def requests(evidence: Files) -> list[Files]:
    """Beside evidence, one request of each kind that the studio's pages make."""
    with tempfile.TemporaryDirectory() as made:
        for name, content in evidence.items():
            (Path(made) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(made) / name).write_bytes(content)
        store = Archive(Path(made))
        study, run = store.study, store.runs()[0].run_id
    asked = [
        "/", "/page/main.js", "/page/vendor/uplot.js", "/favicon.ico", "/api/about",
        "/api/studies", f"/api/study?study={study}&profile=full", "/api/runs", "/api/events",
        f"/api/strip.svg?study={study}&narrow=1", f"/api/run?run={run}", "/api/training",
        f"/api/what-if?study={study}&profile=full&alpha=0.1&margins=C1.0:0.1",
        f"/api/grid.png?run={run}&update=10", f"/api/weights?run={run}",
        f"/freeze?at=study&name=page&get=%2Fapi%2Fstudy%3Fstudy%3D{study}&get=%2Fapi%2Fruns",
    ]  # fmt: skip
    head = f"Host: 127.0.0.1:{PORT}\r\nOrigin: http://127.0.0.1:{PORT}\r\nCookie: a=b\r\n"
    found = [f"GET {url} HTTP/1.1\r\n{head}Accept: */*\r\n\r\n" for url in asked]
    for url in ("/api/start", "/api/stop"):
        body = f'{{"study": "{study}", "profile": "full", "workers": 1}}'
        found.append(f"POST {url} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}")
    found.append(
        f"POST /api/stop HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n"
    )
    return [{**evidence, "request.http": each.encode()} for each in found]


def answer(folder: Path) -> None:
    """The studio over this evidence, as far as it may be changed, answers a request.

    Raises:
        ConfigError: if it is refused.
        AssertionError: if the studio has a fault, or never answers.
    """
    content = (folder / "request.http").read_bytes() if folder.exists() else b""
    store = Archive(folder)
    studio = Studio(Shown(store, [store.study], edit=True), Guard("127.0.0.1", PORT, edit=True))
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        sent = asyncio.run(_sent(studio, content))
    statuses = {int(each) for each in _STATUS.findall(sent)}
    if statuses & {500, 502, 504} or "Traceback" in said.getvalue():
        raise AssertionError(f"answered with {sent[:600]!r}; said {said.getvalue()[-600:]}")
    if statuses & _REFUSED:
        raise ConfigError("refused")


class _Wire(asyncio.Transport):
    """What a connection would be, with what is sent to the browser."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = bytearray()
        self._closed = False

    def write(self, data: Any) -> None:
        self.sent += data

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"sockname": ("127.0.0.1", PORT), "peername": ("127.0.0.1", 50_000)}.get(
            name, default
        )

    def is_closing(self) -> bool:
        return self._closed

    def close(self) -> None:
        self._closed = True

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        raise AssertionError("there are no web sockets")


async def _sent(studio: Studio, content: bytes) -> bytes:
    """What the browser gets until all is answered, or it goes away from what never ends."""
    config = uvicorn.Config(studio.app, log_level="critical", lifespan="off", ws="none")
    config.load()
    state, wire = ServerState(), _Wire()
    protocol = H11Protocol(config, state, {})
    protocol.connection_made(wire)
    protocol.data_received(content)
    began = asyncio.get_running_loop().time()
    while state.tasks and b"text/event-stream" not in wire.sent and not _asks_for_more(protocol):
        await asyncio.sleep(0.001)
        if asyncio.get_running_loop().time() - began > _MOST_SECONDS:
            raise AssertionError(f"no answer in {_MOST_SECONDS:.0f} s")
    protocol.connection_lost(None)
    if state.tasks:
        await asyncio.wait(state.tasks, timeout=_MOST_SECONDS)
    assert not state.tasks, "a request goes on after its browser has gone"
    return bytes(wire.sent)


def _asks_for_more(protocol: H11Protocol) -> bool:
    """Whether a body is waited for that does not come."""
    cycle = protocol.cycle
    return bool(cycle and cycle.more_body and not cycle.response_started)
