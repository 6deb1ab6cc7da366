import pytest

from assay.claims.snapshot import Snapshot
from assay.errors import StoreError
from assay.report.pages.svg import inline
from assay.report.pages.write import write_report
from assay.store import Store
from assay.store.log import Diverged
from tests.report.made_up_runs import SMALL, fill, made_up_log, write_run, write_study
from tests.report.page import Page, one_line


def test_hostile_text_stays_text(tmp_path) -> None:
    hostile = "</title><script>alert(1)</script>&amp; $x_{$ \\u0027\\u0022"
    text = SMALL.replace('"Small"', f'"{hostile}"').replace('"Short"', f'"{hostile}"')
    text = text.replace('"Long strings are slower."', f'"{hostile}"')
    study, store = write_study(tmp_path, text), Store(tmp_path / "store")
    fill(store, study.arms("quick"))
    html = write_report(Snapshot(study, "quick", store), tmp_path / "out").read_text(
        encoding="utf-8"
    )
    assert html.count("<script") == html.count("</script") == 1  # the page's own
    assert "alert(1)" not in html[html.index("<script") :]
    page = Page(html)
    assert study.file.title == "</title><script>alert(1)</script>&amp; $x_{$ '\""
    assert study.file.title in page.text


def test_an_incomplete_store_says_so(small_study, tmp_path) -> None:
    store = Store(tmp_path / "store")
    for config in small_study.arms("quick")[0].runs:
        write_run(store, config, made_up_log(config))
    target = write_report(Snapshot(small_study, "quick", store), tmp_path / "out")
    text = one_line(Page(target.read_text(encoding="utf-8")).text)
    assert "2 of 6 runs finished (4 not started)" in text
    assert "2 of its 4 runs are missing." in text
    assert "No run of this figure is finished." in text
    assert "Figure 2: Long. 2 of its 2 runs are missing." in text
    assert "no run of short[learning_rate=0.0001] has ended" in text
    assert not (tmp_path / "out" / "figures" / "figure-2.svg").exists()


def test_a_diverged_run_is_said(small_study, tmp_path) -> None:
    store = Store(tmp_path / "store")
    fill(store, small_study.arms("quick")[1:])
    for config in small_study.arms("quick")[0].runs:
        write_run(store, config, [Diverged(3)], status="diverged")
    target = write_report(Snapshot(small_study, "quick", store), tmp_path / "out")
    text = one_line(Page(target.read_text(encoding="utf-8")).text)
    assert "6 of 6 runs finished (2 of them diverged)" in text
    assert "2 diverged" in text


def test_a_study_without_claims_has_a_report(tmp_path) -> None:
    study = write_study(tmp_path, 'title = "t"\n[experiments.e]\nepochs = 1\n')
    store = Store(tmp_path / "store")
    fill(store, study.arms("full"))
    target = write_report(Snapshot(study, "full", store), tmp_path / "out")
    text = Page(target.read_text(encoding="utf-8")).text
    assert "verdict" not in text
    assert "Claims" not in text


def test_a_figures_file_stays_in_its_folder(tmp_path) -> None:
    text = 'title = "t"\n[experiments.e]\n[[figures]]\nid = "../x y"\ntitle = "f"\n'
    study = write_study(tmp_path, text + 'experiments = ["e"]\n')
    store = Store(tmp_path / "store")
    fill(store, study.arms("full"))
    write_report(Snapshot(study, "full", store), tmp_path / "out")
    names = {path.name for path in (tmp_path / "out" / "figures").iterdir()}
    assert names == {"figure--x-y.svg", "figure--x-y.png"}


def test_an_inlined_svg_needs_its_size() -> None:
    with pytest.raises(ValueError, match="viewBox"):
        inline(b"<svg><g/></svg>", "a")


def test_an_empty_store_has_no_report(small_study, tmp_path) -> None:
    store = Store(tmp_path / "none")
    with pytest.raises(
        StoreError, match=r"no finished run of own.*: assay run .* --profile quick --store"
    ):
        write_report(Snapshot(small_study, "quick", store), tmp_path / "out")
    assert not (tmp_path / "out").exists()
