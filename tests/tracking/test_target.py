"""A password in the address of a tracker is seen by nobody but the tracker."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from assay.cli import call
from assay.errors import ConfigError
from assay.tracking.target import check_target, parse_target, without_password

SECRET = "mlflow:http://me:hush@127.0.0.1"


@pytest.fixture
def port() -> Iterator[int]:
    """Of a server that is well."""

    class Well(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/health" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Well) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_the_tracker_has_it_and_messages_do_not(port: int) -> None:
    target = parse_target(f"{SECRET}:{port}")
    check_target(target)
    assert target.place == f"http://me:hush@127.0.0.1:{port}"
    assert target.text == f"mlflow:http://***@127.0.0.1:{port}"


@pytest.mark.parametrize("text", [f"{SECRET}:1", "wandb://me:hush@host", f"{SECRET}:port"])
def test_what_goes_wrong_is_told_without_it(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_target(parse_target(text))
    assert "hush" not in str(caught.value)
    assert "://***@" in str(caught.value)


def test_the_command_tells_it_without_it(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(["run", "demo", "--track", f"{SECRET}:1"]) == 2
    told = capsys.readouterr().err
    assert "no server answers there" in told
    assert "hush" not in told


@pytest.mark.parametrize(
    "text", ["tensorboard:logs", "mlflow:sqlite:///a@b.db", "mlflow:http://h/x@y"]
)
def test_what_is_no_password_stays(text: str) -> None:
    assert without_password(text) == text
