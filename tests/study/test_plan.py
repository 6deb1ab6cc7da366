from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assay.api import Study
from assay.config import GanConfig, MemoryConfig, RunConfig, kind_named
from assay.errors import AssayError, StudyError
from assay.study import StudyPlan, for_kind, load_study, shipped_studies

SHORT = ("rnn_short", "lstm_short")

OWN = """
title = "Does a GRU remember as long as an LSTM?"
[defaults]
length = 20
epochs = 5
[experiments.recall]
grid = { cell = ["lstm", "gru"], length = [10, 20] }
"""


def updates_of(config: RunConfig) -> int:
    return kind_named(config.kind).updates(config)


def _write(folder: Path, text: str) -> str:
    path = folder / "own.toml"
    path.write_text(text)
    return str(path)


def test_a_short_study_has_profiles_figures_and_arms(tmp_path: Path) -> None:
    study = load_study(_write(tmp_path, OWN))
    arms = study.arms("full")
    assert [arm.key for arm in arms] == [
        "recall[cell=lstm, length=10]",
        "recall[cell=lstm, length=20]",
        "recall[cell=gru, length=10]",
        "recall[cell=gru, length=20]",
    ]
    assert [config.seed for config in arms[0].runs] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert (list(study.file.profiles), study.first_profile) == (["full"], "full")
    assert [figure.experiments for figure in study.figures] == [["recall"]]


def test_the_flagship_declares_the_report() -> None:
    assert "cs324_a3" in shipped_studies()
    study = load_study("cs324_a3")
    reported = [*(f"R{n}" for n in range(9)), *(f"G{n}" for n in range(1, 10))]
    both = [claim for claim in study.claims if not claim.control_of]
    assert [claim.id for claim in both if len(claim.id) == 2 and not claim.restated_as] == reported
    for claim in both:
        if claim.restated_as:
            assert claim.id == f"{claim.restated_as[0]}-0"
    assert {"1", "2", "4", "5", "6", "7", "8", "9"} <= {figure.id for figure in study.figures}
    full = {arm.key: arm for arm in study.arms("full") if arm.config.kind == "memory"}
    assert all(arm.seeds == 8 and arm.config == arm.declared for arm in full.values())
    for arm in full.values():
        assert isinstance(arm.config, MemoryConfig)
        assert arm.config.epochs == 100
        if arm.experiment.endswith("_short"):
            assert (arm.config.updates, arm.first_seed) == (625, 8)
    lengths = {
        figure.id: {
            full_arm.config.length
            for full_arm in full.values()
            if full_arm.experiment in figure.experiments
        }
        for figure in study.figures
        if figure.kind == "curves"
    }
    assert {key: lengths[key] for key in "126789"} == {
        "1": {5},
        "2": {20},
        "6": {5},
        "7": {20},
        "8": {30},
        "9": {20},
    }
    rates = {
        arm.config.learning_rate for arm in full.values() if arm.experiment in ("fig6", "fig7")
    }
    assert rates == {1e-2, 1e-4}
    for name in ("fig1", "fig2"):
        assert {arm.config.lstm_form for arm in full.values() if arm.experiment == name} == {
            "standard",
            "as_reported",
        }
    assert full["fig9"].config.cell == "rnn"
    assert full["fig8"].config.learning_rate == 1e-4


def test_the_control_of_r4_asks_the_same_of_longer_trainings() -> None:
    study = load_study("cs324_a3")
    claims = {claim.id: claim for claim in study.claims}
    control = claims["R4c"]
    assert control.control_of == "R4"
    arms = study.arms("full")
    for part, same in zip(claims["R4"].parts, control.parts, strict=True):
        moved = {"sentence", "of", "against"}
        assert part.model_dump(exclude=moved) == same.model_dump(exclude=moved)
        for before, after in zip(part.selectors, same.selectors, strict=True):
            short, long = (study.select(selector, arms).config for selector in (before, after))
            assert long == short.replace(updates=62_500)
            assert updates_of(long) == 625 * short.epochs


def test_the_flagship_declares_the_reports_gan() -> None:
    full = {arm.key: arm for arm in load_study("cs324_a3").arms("full")}
    gan, dcgan = full["gan"], full["dcgan"]
    assert gan.config.replace(seed=0) == GanConfig()
    assert updates_of(gan.config) == 187_600
    assert updates_of(dcgan.config) == 23_450
    assert gan.seeds == dcgan.seeds == 6
    short = full["gan_short"]
    assert short.config == gan.config.replace(updates=23_450)
    assert short.first_seed == 5
    changed = dcgan.config.replace(network="mlp", beta1=0.9, epochs=200)
    assert changed == gan.config


def test_the_flagships_settings_are_all_accounted_for() -> None:
    study = load_study("cs324_a3")
    assert study.kinds == ["memory", "gan"]
    for kind, added in (("memory", {"seed"}), ("gan", {"seed", "ema"})):
        defaults, reported, assumed = (
            for_kind(table, kind)
            for table in (study.file.defaults, study.file.reported, study.file.assumed)
        )
        assert set(defaults) | added == set(reported) | set(assumed)
        assert not set(reported) & set(assumed)


def test_quick_runs_short_strings_in_full_and_long_ones_a_few_epochs() -> None:
    for arm in load_study("cs324_a3").arms("quick"):
        if isinstance(arm.config, GanConfig) or arm.experiment in ("T5_long", *SHORT):
            continue
        assert isinstance(arm.config, MemoryConfig)
        assert arm.config.epochs == 100 if arm.config.length == 5 else arm.config.epochs <= 3
        assert arm.seeds == (8 if arm.config.length == 5 else 3)


def test_arms_of_the_same_configuration_share_their_runs(tmp_path: Path) -> None:
    text = 'title = "t"\n[experiments.a]\n[experiments.b]\nlength = 5\n'
    study = Study(_write(tmp_path, text), tmp_path / "store")
    assert len(study.arms("full")) == 2
    assert len(study.plan("full")) == 8


CLAIM = """
[[claims]]
id = "C"
sentence = "s"
[[claims.parts]]
sentence = "p"
metric = "final_accuracy"
test = "greater"
of = { experiment = "recall", cell = "lstm", length = 10 }
against = { experiment = "recall", cell = "gru", length = 10 }
margin = 0.1
unit = "accuracy"
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = [", "is not TOML"),
        ('title = "t"', "experiments is missing"),
        (OWN + "[extra]\n", "unknown key 'extra'"),
        (OWN.replace("epochs", "epoch"), "experiments.recall: unknown key 'epoch': did you mean"),
        (OWN.replace("epochs = 5", "epochs = 0"), "experiments.recall: epochs = 0"),
        (OWN.replace("epochs = 5", "seed = 5"), "seed is set by the profile"),
        (OWN.replace("10, 20", '"ten"'), "experiments.recall: length = 'ten'"),
        (OWN.replace('"gru"', '"my_cells:Cell"'), "there is no module 'my_cells'"),
        (OWN + "[profiles.quick.experiments]\nrecal = { epochs = 1 }", "'recal' is unknown"),
        (OWN + "[profiles.quick]\nseeds = 0", "profiles.quick.seeds = 0"),
        (OWN + "[profiles]\n", "profiles = {}: should have at least 1 item"),
        (
            OWN + '[[figures]]\nid = "1"\ntitle = "t"\nexperiments = ["x"]',
            "figure 1: 'x' is unknown",
        ),
        (OWN + CLAIM + CLAIM, "id 'C' is used twice"),
        (
            OWN + CLAIM.replace('id = "C"', 'id = "C"\ncontrol_of = "C"'),
            "claim C, control_of: 'C' is unknown",
        ),
        (OWN + CLAIM.replace("final_accuracy", "speed"), "claim C: metric = 'speed' is unknown"),
        (
            OWN + CLAIM.replace('"gru", length = 10', '"gru"'),
            "is no arm: there are recall[cell=lstm",
        ),
        (OWN + CLAIM.replace('"greater"', '"above"'), "test = 'above' takes no 'against'"),
        (OWN + CLAIM.replace('"greater"', '"bigger"'), "claims.0.parts.0.test = 'bigger'"),
        (OWN + CLAIM.replace("0.1", "-0.1"), "margin = -0.1"),
        (OWN + "[reported]\nfoo = 'x'", "settings of memory: 'foo' is unknown"),
    ],
)
def test_a_wrong_study_is_told_in_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(AssayError) as error:
        Study(path)
    assert message in str(error.value)
    assert "own.toml" in str(error.value) or "my_cells" in str(error.value)
    assert error.value.exit_code == 2


def test_missing_and_unreadable_studies(tmp_path: Path) -> None:
    with pytest.raises(
        AssayError, match="no such file, and the shipped studies are cs324_a3, demo, mem"
    ):
        Study("nothing.toml")
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AssayError, match="is UTF-16: save it as UTF-8"):
        Study(str(path))


def test_unknown_profiles_and_experiments(tmp_path: Path) -> None:
    study = Study(_write(tmp_path, OWN))
    with pytest.raises(AssayError, match="no profile 'fast': allowed are full"):
        study.arms("fast")
    with pytest.raises(AssayError, match="no experiment matches 'x\\*': there are recall"):
        study.arms("full", "x*")


def test_only_what_the_user_brings_leaves_a_path_behind(tmp_path: Path) -> None:
    assert {arm.config.folder for arm in load_study("cs324_a3").arms("quick")} == {"."}
    (tmp_path / "mine.csv").write_text("sequence,label\n0110,1\n0000,0\n")
    text = 'title = "t"\n[experiments.a]\ntask = "file"\ndata = "mine.csv"\n'
    (arm,) = load_study(_write(tmp_path, text)).arms("full")
    assert arm.config.folder == str(tmp_path)


IMAGES = """
title = "t"
[defaults]
kind = "gan"
updates = 1_000
[experiments.a]
title = "A"
[experiments.own]
task = "images"
data = "pics.npz"
image_size = 8
[experiments.told]
task = "images"
data = "pics.npz"
image_size = 8
conditional = true
"""


@pytest.fixture
def image_study(tmp_path: Path) -> Callable[[str], StudyPlan]:
    """A study of MNIST and of own images of three classes, with these figures."""
    pixels = np.random.default_rng(0).integers(0, 256, (30, 8, 8), dtype=np.uint8)
    np.savez(tmp_path / "pics.npz", images=pixels, labels=np.arange(30) % 3)

    def make(figures: str) -> StudyPlan:
        (tmp_path / "images.toml").write_text(IMAGES + figures)
        return load_study(str(tmp_path / "images.toml"))

    return make


def figure(kind: str, experiment: str, settings: str) -> str:
    return (
        f'[[figures]]\nid = "1"\ntitle = "t"\nkind = "{kind}"\n'
        f'experiments = ["{experiment}"]\n{settings}\n'
    )


def test_a_kind_brings_the_figures_of_a_study_that_declares_none(image_study) -> None:
    study = image_study("")
    of_a = [(each.kind, each.title) for each in study.figures if each.experiments == ["a"]]
    assert of_a == [
        ("samples", "A: samples over the training"),
        ("interpolation", "A: from one noise to another"),
        ("gan_curves", "A: losses"),
        ("quality", "A: quality over the training"),
    ]
    assert len({each.id for each in study.figures}) == len(study.figures) == 12
    (only,) = load_study("mnist_classifier").figures[:1]
    assert only.kind == "curves"


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        (figure("samples", "a", "moments = [750]"), "samples are kept every 500 updates"),
        (figure("samples", "a", "moments = [-500]"), "should be greater than or equal to 0"),
        (figure("samples", "a", "moment = [500]"), "unknown key 'moment': did you mean 'moments'?"),
        (figure("quality", "a", "moments = [500]"), "unknown key 'moments': allowed are at, "),
        (figure("quality", "a", "captoin = 'x'"), "did you mean 'caption'?"),
        (figure("interpolation", "a", "digits = [3, 10]"), "of a: digits = [3, 10]: allowed are 0"),
        (figure("interpolation", "a", "digits = [3]"), "digits = [3]: should"),
        (figure("interpolation", "own", "digits = [0, 1]"), "nothing tells the classes"),
        (figure("interpolation", "told", "digits = [0, 3]"), "allowed are 0 to 2"),
        (figure("interpolation", "a", "paths = { a = 'straight' }"), "should be 'linear', "),
    ],
)
def test_settings_of_a_figure_that_cannot_be_are_told(image_study, figures, message) -> None:
    with pytest.raises(StudyError) as error:
        image_study(figures)
    assert "images.toml, figure 1: " in str(error.value)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_settings_of_a_figure_that_can_be(image_study) -> None:
    study = image_study(figure("samples", "a", "moments = [500, 90_000]"))
    (only,) = study.figures
    assert study.figure_settings(only).moments == [500, 90_000]
    study = image_study(figure("interpolation", "told", "digits = [2, 0]"))
    assert study.figure_settings(study.figures[0]).digits == [2, 0]


def test_no_two_studies_have_one_place(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "week1" / "study.toml"
    for path in (own, tmp_path / "week2" / "study.toml", tmp_path / "cs324_a3.toml"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(OWN, encoding="utf-8")
    places = {name: load_study(name).place("reports") for name in ("cs324_a3", "memory_horizon")}
    for name in ("week1/study.toml", "week2/study.toml", "cs324_a3.toml"):
        places[name] = load_study(name).place("reports")
    assert len(set(places.values())) == 5
    assert places["cs324_a3"] == Path("reports/cs324_a3")
    assert places["week1/study.toml"] == Path("reports/week1/study")
    assert load_study(str(own)).place("reports") == places["week1/study.toml"]
    # From elsewhere its name does not tell which it is.
    monkeypatch.chdir(tmp_path / "week2")
    elsewhere = load_study("../week1/study.toml").place("reports")
    assert elsewhere not in (load_study("study.toml").place("reports"), places["week1/study.toml"])
    assert elsewhere.name.startswith("study-")
