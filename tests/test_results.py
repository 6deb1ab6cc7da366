"""The committed evidence: verdicts, figures and README follow from the runs in it."""

import base64
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from PIL import Image

from assay import Archive, Study
from assay.claims.further import extended
from tools.verdict_table import PAGES, RESULTS, tables

MOST_BYTES = 25_000_000
STUDIES = sorted(path.parent.name for path in RESULTS.glob("*/evidence.json"))


@dataclass(frozen=True)
class Rebuilt:
    """What the committed runs come to: the verdicts, and the report in a folder of its own."""

    evidence: Archive
    study: Study
    claims: list[dict[str, Any]]
    report: Path

    @property
    def committed(self) -> Path:
        """The folder that is committed."""
        return RESULTS / self.study.name


@pytest.fixture(scope="module", params=STUDIES)
def rebuilt(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rebuilt:
    evidence = Archive(RESULTS / request.param)
    study = Study(evidence.study, evidence)
    folder = tmp_path_factory.mktemp("results")
    study.report(evidence.profile, folder=folder)
    return Rebuilt(evidence, study, study.verdicts(evidence.profile), folder)


def test_verdicts_follow_from_the_committed_numbers(rebuilt) -> None:
    committed = json.loads((rebuilt.committed / "claims.json").read_text(encoding="utf-8"))[
        "claims"
    ]
    assert [claim["id"] for claim in committed] == [claim.id for claim in rebuilt.study.claims]
    assert_same(rebuilt.claims, committed)


def test_figures_follow_from_the_committed_numbers(rebuilt) -> None:
    names = {path.name for path in (rebuilt.committed / "figures").glob("*.svg")}
    assert names == {path.name for path in (rebuilt.report / "figures").glob("*.svg")}
    assert names
    for name in names:
        drawn, committed = (
            folder / "figures" / name for folder in (rebuilt.report, rebuilt.committed)
        )
        assert_same(content(drawn), content(committed), name)


def test_a_notebook_opens_the_evidence(rebuilt, tmp_path, monkeypatch) -> None:
    target = rebuilt.study.report(rebuilt.evidence.profile, "ipynb", tmp_path)
    setup = nbformat.read(target, as_version=4).cells[1].source
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {}
    exec(setup.removeprefix("%matplotlib inline\n"), scope)
    opened = scope["study"].runs(scope["PROFILE"])
    assert [run.folder.run_id for run in opened] == [
        run.folder.run_id for run in rebuilt.study.runs(rebuilt.evidence.profile)
    ]


def test_the_page_is_not_stale(rebuilt) -> None:
    page, committed = (
        (folder / "index.html").read_text(encoding="utf-8")
        for folder in (rebuilt.report, rebuilt.committed)
    )
    assert words_of(page) == words_of(committed), "'make results' writes it again"


def test_tables_are_not_stale(rebuilt) -> None:
    page = PAGES[rebuilt.study.name].read_text(encoding="utf-8")
    found = tables(rebuilt.study, rebuilt.evidence.profile)
    assert found in page, "'make results' writes it again"


def test_it_belongs_to_the_study(rebuilt) -> None:
    profile = rebuilt.evidence.profile
    arms = extended(rebuilt.study.arms(profile), rebuilt.evidence)
    ids = {config.run_id for arm in arms for config in arm.runs}
    if any(claim["multiverse"] for claim in rebuilt.claims):
        planned = rebuilt.study.plan(profile, multiverse=True)
        ids |= {run.config.run_id for run in planned}
    assert {run.run_id for run in rebuilt.evidence.runs()} <= ids


@pytest.mark.parametrize("study", STUDIES)
def test_it_is_small(study: str) -> None:
    files = (path for path in (RESULTS / study).rglob("*") if path.is_file())
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES


def assert_same(found: Any, committed: Any, where: str = "") -> None:
    """Equal, numbers within what another processor's last bits may change."""
    assert type(found) is type(committed), where
    if isinstance(found, dict):
        assert found.keys() == committed.keys(), where
        for key in found:
            assert_same(found[key], committed[key], f"{where}.{key}")
    elif isinstance(found, list):
        assert len(found) == len(committed), where
        for place, pair in enumerate(zip(found, committed, strict=True)):
            assert_same(*pair, f"{where}[{place}]")
    elif isinstance(found, float):
        assert found == pytest.approx(committed, rel=1e-6, abs=1e-9), where
    elif isinstance(found, np.ndarray):
        assert np.array_equal(found, committed), where
    else:
        assert found == committed, where


def content(path: Path) -> dict[str, Any]:
    """What an SVG draws: its text without numbers, its numbers, and the pixels of its images."""
    text = path.read_text(encoding="utf-8")
    images = re.findall(r"data:image/png;base64,([^\"]+)", text)
    text = re.sub(r"data:image/png;base64,[^\"]+", "", text)
    text = re.sub(r"(?<=[#\"])[pm][0-9a-f]{10}\b", "id", text)  # hashes of what is drawn
    number = r"(?<![\w#])-?\d+(?:\.\d+)?"
    return {
        "marks": re.sub(number, "", text),
        "numbers": [float(each) for each in re.findall(number, text)],
        "images": [np.asarray(Image.open(io.BytesIO(base64.b64decode(image)))) for image in images],
    }


def words_of(page: str) -> str:
    """The words and numbers of a page, without its style, its script and its drawings."""
    text = re.sub(r"<(style|svg|script)\b.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
