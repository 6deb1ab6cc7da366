"""The plugin for pytest: a claim is a test."""

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from assay import Study
from assay.store import Store
from tests.claims.made_up_claims import fill, part, write
from tests.claims.test_verdicts import HIGH, LOW, OTHER, THIRD

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module", autouse=True)
def _imported(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What verdicts need: pytester forgets what is imported meanwhile, which NumPy refuses."""
    folder = tmp_path_factory.mktemp("imported")
    path = write(folder, [part()])
    fill(path, Store(folder / "store"), first=HIGH, second=LOW)
    Study(str(path), folder / "store").claim_rows("full")


@pytest.fixture
def own(pytester: pytest.Pytester) -> Path:
    """A study of which C1 is supported, C2 contrary, C3 open, in the current folder."""
    folder = pytester.path
    path = write(folder, [part()], [part(**OTHER)], [part(**THIRD)])
    fill(path, Store(folder / "store"), first=HIGH, second=LOW, third=LOW[:2])
    return path


def outcome(pytester: pytest.Pytester, *arguments: str) -> tuple[dict[str, int], str]:
    """How many tests had which outcome, and what was printed."""
    # Of this process assay.pytest is a plugin already.
    again = ("-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "assay.pytest")
    result = pytester.runpytest_inprocess(*again, "-p", "no:randomly", *arguments)
    return result.parseoutcomes(), result.stdout.str()


def test_each_claim_is_a_test_that_fails_with_the_sentence(pytester, own) -> None:
    counts, text = outcome(pytester, "--assay", "own.toml", "-v")
    assert counts == {"passed": 1, "failed": 2}
    assert "own.toml::C1 PASSED" in text
    assert "claim C2 is contrary, not supported: Contrary: most seeds show the opposite." in text
    assert "claim C3 is open, not supported: Open: 2 of 2 seeds" in text
    assert "Traceback" not in text
    assert "runtest" not in text


@pytest.mark.parametrize(
    ("words", "failed"),
    [
        (["supported,contrary,open"], 0),
        (["C2=contrary", "C3=open"], 0),
        (["C3=open"], 1),
        (["no room", "C1=supported"], 2),
    ],
)
def test_other_words_are_allowed_by_option(words, failed, pytester, own) -> None:
    options = [option for word in words for option in ("--assay-require", word)]
    counts, _ = outcome(pytester, "--assay", "own.toml", *options)
    assert counts.get("failed", 0) == failed
    assert counts["passed"] == 3 - failed


def test_a_study_file_is_named_like_any_test(pytester, own) -> None:
    counts, text = outcome(pytester, "own.toml", "-v")
    assert counts == {"passed": 1, "failed": 2}
    assert "own.toml::C1 PASSED" in text
    assert outcome(pytester, "own.toml::C1")[0] == {"passed": 1}
    assert outcome(pytester, "own.toml", "--assay", "own.toml")[0] == {"passed": 1, "failed": 2}


def test_no_file_is_a_test_that_nobody_named(pytester, own) -> None:
    pytester.makepyfile("def test_one(): pass")
    (pytester.path / "other.toml").write_text("[tool]\n")
    assert outcome(pytester)[0] == {"passed": 1}
    assert outcome(pytester, "--assay", "own.toml")[0] == {"passed": 2, "failed": 2}
    assert outcome(pytester, "--assay", "own.toml", "-k", "C1 or one")[0]["passed"] == 2


def test_the_configuration_file_says_the_same_from_its_folder(pytester, own, monkeypatch) -> None:
    pytester.makepyprojecttoml(
        """
        [tool.pytest.ini_options]
        assay = ["own.toml"]
        assay_store = "store"
        assay_require = ["C2=contrary", "C3=open, not tested"]
        """
    )
    assert outcome(pytester)[0] == {"passed": 3}
    below = pytester.mkdir("below")
    monkeypatch.chdir(below)
    assert outcome(pytester)[0] == {"passed": 3}


def test_evidence_and_shipped_studies(pytester, own) -> None:
    Study("own.toml").keep("full", "kept")
    own.unlink()
    (pytester.path / "store").rename(pytester.path / "gone")
    counts, text = outcome(pytester, "--assay", "kept", "-v")
    assert counts == {"passed": 1, "failed": 2}
    assert "kept::C1 PASSED" in text
    assert outcome(pytester, "--assay", "demo", "--assay-require", "not tested")[0] == {"passed": 2}
    assert not (pytester.path / "store").exists(), "it trains nothing"


def test_a_claim_that_was_restated_is_no_test(pytester) -> None:
    result = pytester.runpytest_inprocess(
        "-p", "assay.pytest", "--assay", "memory_horizon", "--collect-only"
    )
    text = result.stdout.str()
    assert "<ClaimItem H1>" in text
    assert "H1-0" not in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--assay", "no.toml"], "no.toml: no such file, and the shipped studies are"),
        (["--assay", "own.toml", "--assay-profile", "half"], "no profile 'half'"),
        (["--assay", "own.toml", "--assay-require", "C9=open"], "no claim 'C9': did you mean"),
        (["own.toml", "--assay-require", "C9=open"], "no claim 'C9': did you mean"),
        (["own.toml", "--assay-require", "opne"], "no verdict 'opne': did you mean 'open'?"),
    ],
)
def test_a_slip_is_one_sentence(arguments, told, pytester, own) -> None:
    result = pytester.runpytest_inprocess("-p", "assay.pytest", *arguments)
    assert result.ret != 0
    text = result.stdout.str() + result.stderr.str()
    assert told in text
    assert "INTERNALERROR" not in text


def test_a_study_that_is_broken_is_an_error_of_collection(pytester) -> None:
    (pytester.path / "broken.toml").write_text("title = 'x'\n[experiments.a]\nno_such = 1\n")
    counts, text = outcome(pytester, "broken.toml")
    assert counts == {"errors": 1}
    assert "no_such" in text


def test_requirements_are_each_of_one_of_several_studies(pytester, own) -> None:
    options = ["--assay", "own.toml", "--assay", "demo", "--assay-require", "D1=not tested"]
    assert outcome(pytester, *options)[0] == {"passed": 2, "failed": 3}


def test_unused_it_imports_nothing_of_assay(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        "import sys\ndef test_one():\n"
        "    found = {name for name in sys.modules if name.partition('.')[0] == 'assay'}\n"
        "    assert found == {'assay', 'assay.pytest'}\n"
        "    assert 'torch' not in sys.modules\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "assay.pytest", "test_one.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_pytest_finds_it_by_itself() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (target,) = project["entry-points"]["pytest11"].values()
    assert hasattr(import_module(target), "pytest_addoption")
