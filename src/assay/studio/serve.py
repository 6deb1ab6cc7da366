"""The server: a socket of this machine, and what stops it."""

import os
import secrets
import socket
from collections.abc import Callable

from assay.errors import ConfigError
from assay.studio.guard import Guard
from assay.studio.shown import Shown

_LOCAL = ("127.0.0.1", "localhost", "::1")
_MOST_AT_ONCE = 400


def serve(shown: Shown, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; what was started from the page is saved before it returns.

    Args:
        shown: what is looked at.
        host: the address to listen at; any but this machine's own needs the token of `ready`.
        port: 0 for any that is free.
        ready: called with the address to open, once it is listened at.

    Raises:
        ConfigError: if the extra is not installed, or the port cannot be had.
    """
    try:
        import uvicorn

        from assay.studio.app import Studio
    except ImportError as error:
        raise ConfigError(f"the studio needs {error.name}: pip install 'assay[studio]'") from None
    listening = _listen(host, port)
    number = listening.getsockname()[1]
    guard = Guard(host, number, "" if host in _LOCAL else secrets.token_urlsafe(24), shown.edit)
    studio = Studio(shown, guard)
    config = uvicorn.Config(
        studio.app,
        log_level="critical",
        access_log=False,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=2,
        server_header=False,
        ws="none",
        lifespan="off",
    )
    name = f"[{host}]" if ":" in host else host
    ready(f"http://{name}:{number}/" + (f"?token={guard.token}" if guard.token else ""))
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # as it is meant to end
    finally:
        studio.training.close()
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65_535:
        raise ConfigError(f"--port {port}: should be 0 for any, or up to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # else a port in use could be taken
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(256)
    except OSError as error:
        listening.close()
        why = (error.strerror or str(error)).lower()
        raise ConfigError(
            f"--host {host} --port {port}: {why}; --port 0 takes a free one"
        ) from None
    return listening
