"""The server over its socket: many at once, and names that are not its own."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from tests.studio.conftest import Served


def status(served: Served, path: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection(urlsplit(served.address).netloc, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_two_hundred_are_answered_while_fifty_listen(kept: Served) -> None:
    place = urlsplit(kept.address).netloc
    listeners = [http.client.HTTPConnection(place, timeout=60) for _ in range(50)]
    for each in listeners:
        each.request("GET", "/api/events")
    first = [each.getresponse().readline() for each in listeners]
    assert all(line.startswith(b"data: {") for line in first)
    with ThreadPoolExecutor(200) as pool:
        paths = ["/api/about", "/api/runs", "/", "/page/base.js"] * 50
        assert set(pool.map(lambda path: status(kept, path, {}), paths)) == {200}
    for each in listeners:  # as a browser that goes away mid-stream
        each.close()
    assert status(kept, "/api/about", {}) == 200


def test_a_forged_name_or_page_is_refused_over_the_socket(kept: Served) -> None:
    assert status(kept, "/", {"Host": "evil.example"}) == 421
    assert status(kept, "/", {"Origin": "http://evil.example"}) == 403
    assert status(kept, "/%2e%2e/%2e%2e/etc/passwd", {}) == 404
