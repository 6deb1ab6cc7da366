"""What the studio answers, without a socket."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assay.cli import call
from assay.config import MemoryConfig
from assay.store import RunFolder, Store
from assay.store.archive import Archive
from assay.studio.app import Studio
from assay.studio.guard import Guard
from assay.studio.shown import Shown
from tests.studio.conftest import EVIDENCE

Train = Callable[[MemoryConfig], RunFolder]


def client(shown: Shown) -> TestClient:
    studio = Studio(shown, Guard("127.0.0.1", 80, edit=shown.edit))
    return TestClient(studio.app, base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def evidence() -> TestClient:
    found = Archive(EVIDENCE)
    return client(Shown(found, [found.study], profile=found.profile))


def test_a_study_has_the_verdicts_of_its_evidence(evidence: TestClient) -> None:
    name = evidence.get("/api/about").json()["study"]
    found = evidence.get("/api/study", params={"study": name}).json()
    written = json.loads((EVIDENCE / "claims.json").read_text(encoding="utf-8"))["claims"]
    assert [(each["id"], each["verdict"]) for each in found["claims"]] == [
        (each["id"], each["verdict"]) for each in written
    ]
    assert evidence.get("/api/strip.svg", params={"study": name}).content.startswith(b"<?xml")


def test_what_if_nothing_changes_gives_the_verdicts_and_a_huge_margin_does_not(
    evidence: TestClient,
) -> None:
    name = evidence.get("/api/about").json()["study"]
    study = evidence.get("/api/study", params={"study": name}).json()
    asked = {"study": name, "alpha": str(study["study"]["alpha"])}
    same = evidence.get("/api/what-if", params=asked).json()
    claims = {each["id"]: each for each in study["claims"]}
    assert {each["claim"]: each["word"] for each in same} == {
        key: each["verdict"] for key, each in claims.items()
    }
    supported = next(each for each in claims.values() if each["verdict"] == "supported")
    margins = f"{supported['id']}.{supported['weakest']}:1e9"
    other = evidence.get("/api/what-if", params={**asked, "margins": margins}).json()
    changed = next(each for each in other if each["claim"] == supported["id"])
    assert changed["word"] != "supported"
    assert not any(changed["shown"].values())
    assert not (EVIDENCE / "verdicts").exists()


@pytest.mark.parametrize(
    ("status", "url"),
    [
        (404, "/api/nothing"),
        (404, "/page/../api.py"),
        (404, "/page/%2e%2e/%2e%2e/api.py"),
        (404, "/../../etc/passwd"),
        (404, "/api/study?study=../../etc/passwd"),
        (404, "/api/run?run=../0123456789ab"),
        (404, "/api/run?run=0123456789abcdef"),
        (422, "/api/what-if?study=nanogpt&alpha=7"),
        (422, "/api/what-if?study=nanogpt&alpha=nan"),
        (422, "/api/what-if?study=nanogpt&margins=C1:x"),
        (422, "/api/what-if?study=nanogpt&margins=nobody.0:1"),
        (422, "/api/study?study=nanogpt&profile=nobody"),
        (422, "/api/weights?run=0123456789abcdef"),
        (404, "/freeze?get=/api/nothing"),
        (422, "/freeze?" + "&".join(f"get=/api/runs?{n}" for n in range(99))),
    ],
)
def test_bad_input_has_a_status_and_a_sentence(evidence: TestClient, status: int, url: str) -> None:
    answer = evidence.get(url)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_runs_are_rows_and_a_damaged_or_deleted_one_harms_no_other(
    store: Store, train_here: Train, small: MemoryConfig
) -> None:
    one, other = (
        train_here(small.model_copy(update={"seed": seed, "epochs": 1})) for seed in (0, 1)
    )
    asked = client(Shown(store, []))
    rows = asked.get("/api/runs").json()
    assert {(row["seed"], row["status"]) for row in rows} == {(0, "finished"), (1, "finished")}
    assert len({row["arm"] for row in rows}) == 1
    found = asked.get("/api/run", params={"run": one.run_id}).json()
    curve = next(each for each in found["curves"] if each["name"] == "validation.accuracy")
    assert curve["values"] == one.metrics().curve("validation.accuracy")
    (one.path / "record.json").write_bytes(b"{")
    shutil.rmtree(other.path)
    (row,) = asked.get("/api/runs").json()
    assert row["status"] == "damaged"
    assert asked.get("/api/run", params={"run": one.run_id}).status_code == 422
    assert asked.get("/api/run", params={"run": other.run_id}).status_code == 404
    shutil.rmtree(store.root)
    assert asked.get("/api/runs").json() == []


def test_a_change_is_bounded_and_says_what_is_wrong(store: Store) -> None:
    asked = client(Shown(store, [], edit=True))
    own = {"origin": "http://127.0.0.1"}
    assert asked.post("/api/start", headers=own, content=b"x" * 20_000).status_code == 422
    assert asked.post("/api/start", headers=own, content=b"[]").status_code == 422
    assert asked.post("/api/start", headers=own, json={"study": "none"}).status_code == 404
    assert asked.post("/api/delete", headers=own, json={}).status_code == 404
    assert asked.post("/api/stop", json={}).status_code == 403


def test_a_port_in_use_is_a_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert call(["studio", "--from", str(EVIDENCE), "--port", port]) == 2
    assert "--port 0 takes a free one" in capsys.readouterr().err
