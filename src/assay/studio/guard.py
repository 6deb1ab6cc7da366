"""Who is answered: its own pages alone, by its own name, and with a token where one is set."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

COOKIE = "assay-studio"
_LONGEST_URL = 8_000
_LOCAL = ("127.0.0.1", "localhost", "[::1]")

SAFE_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
"""Of every answer: nothing from elsewhere runs or is loaded, and no other page holds this one."""


@dataclass(frozen=True)
class Refused:
    """Why a request is not answered."""

    status: int
    why: str


@dataclass(frozen=True)
class Guard:
    """The rules of one server.

    Attributes:
        host: the address that it listens at.
        port: its port.
        token: what a browser has to show; empty at an address of this machine alone.
        edit: whether requests that change something are answered.
    """

    host: str
    port: int
    token: str = field(default="", repr=False)
    edit: bool = False

    @property
    def names(self) -> set[str]:
        """What a request may call the server."""
        hosts = {*_LOCAL, f"[{self.host}]" if ":" in self.host else self.host}
        return {f"{host}:{self.port}" for host in hosts} | (hosts if self.port == 80 else set())

    def refuses(self, method: str, url: str, headers: Mapping[str, str]) -> Refused | None:
        """Why a request is not answered; None if it is.

        Args:
            method: in capitals.
            url: path and query.
            headers: by their names in small letters.
        """
        host = headers.get("host", "")
        if not self._named(host):
            return Refused(421, "this server is not called that: open it by its own address")
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return Refused(403, "another page asked: only the studio's own pages are answered")
        if headers.get("sec-fetch-site") == "cross-site":
            return Refused(403, "another page asked: only the studio's own pages are answered")
        if len(url) > _LONGEST_URL:
            return Refused(414, f"the address is longer than {_LONGEST_URL:,} characters")
        if method not in ("GET", "HEAD") and not (method == "POST" and self.edit):
            return Refused(405, "this studio is read-only: start it with --edit to change anything")
        if method == "POST" and origin is None:
            return Refused(403, "a request that changes something says which page it is from")
        if self.token and not self._knows(url, headers):
            return Refused(401, "the address needs its token: open the one that was printed")
        return None

    def welcome(self, url: str) -> str | None:
        """The cookie to set for a browser that came with the token in its address."""
        if self.token and self._is_token(_query_token(url)):
            return f"{COOKIE}={self.token}; HttpOnly; SameSite=Strict; Path=/"
        return None

    def _named(self, host: str) -> bool:
        if host in self.names:
            return True
        # Of all addresses of this machine, which names it has is not known: the token protects it.
        return bool(self.token) and self.host in ("0.0.0.0", "::") and bool(host)

    def _knows(self, url: str, headers: Mapping[str, str]) -> bool:
        try:
            held = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            held = None
        return self._is_token(held.value if held else "") or self._is_token(_query_token(url))

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())


def _query_token(url: str) -> str:
    return parse_qs(url.partition("?")[2]).get("token", [""])[0]
