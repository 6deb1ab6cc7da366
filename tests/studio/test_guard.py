"""Who is answered."""

import pytest

from assay.studio.guard import COOKIE, Guard

HERE = {"host": "127.0.0.1:8000"}
LOCAL = Guard("127.0.0.1", 8000)
OPEN = Guard("0.0.0.0", 8000, "secret")


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (421, {"host": "evil.example:8000"}),
        (421, {"host": "127.0.0.1:8001"}),
        (421, {}),
        (403, {**HERE, "origin": "http://evil.example"}),
        (403, {**HERE, "origin": "null"}),
        (403, {**HERE, "origin": "http://localhost:8000"}),
        (403, {**HERE, "sec-fetch-site": "cross-site"}),
    ],
)
def test_another_name_or_page_is_refused(status: int, headers: dict[str, str]) -> None:
    refused = LOCAL.refuses("GET", "/", headers)
    assert refused is not None
    assert refused.status == status


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_its_own_names_are_answered(host: str) -> None:
    assert LOCAL.refuses("GET", "/", {"host": host}) is None
    assert LOCAL.refuses("GET", "/", {"host": host, "origin": f"http://{host}"}) is None


def test_nothing_changes_without_edit_or_from_nowhere() -> None:
    own = {**HERE, "origin": "http://127.0.0.1:8000"}
    edit = Guard("127.0.0.1", 8000, edit=True)
    read_only, nowhere = LOCAL.refuses("POST", "/", own), edit.refuses("POST", "/", HERE)
    assert read_only is not None
    assert "--edit" in read_only.why
    assert nowhere is not None
    assert edit.refuses("POST", "/", own) is None
    assert edit.refuses("DELETE", "/", own) is not None


def test_another_address_needs_its_token_once() -> None:
    host = {"host": "box.lan:8000"}
    for url, headers in (("/", host), ("/?token=wrong", host), ("/", {**host, "cookie": "a=b"})):
        refused = OPEN.refuses("GET", url, headers)
        assert refused is not None
        assert refused.status == 401
        assert OPEN.welcome(url) is None
    assert OPEN.refuses("GET", "/?token=secret", host) is None
    cookie = OPEN.welcome("/?token=secret")
    assert cookie is not None
    assert "HttpOnly; SameSite=Strict" in cookie
    assert OPEN.refuses("GET", "/", {**host, "cookie": f"{COOKIE}=secret"}) is None


def test_a_long_address_is_refused() -> None:
    refused = LOCAL.refuses("GET", "/?" + "a" * 9_000, HERE)
    assert refused is not None
    assert refused.status == 414
