"""Runs that real packages wrote give the verdict that the same numbers give in a plain table."""

import http.server
import json
import re
import shlex
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import assay
from assay.cli import call
from assay.errors import DataError
from assay.readers.find import read_results
from tests.readers.written import SEEDS, STEPS, accuracy

EVENTS = "TensorBoard event folders"
MODELS = ({"model": "lstm"}, {"model": "rnn"})


def by(pattern: str) -> tuple[dict[str, str], dict[str, str]]:
    return {"run": pattern.replace("MODEL", "lstm")}, {"run": pattern.replace("MODEL", "rnn")}


SOURCES: dict[str, tuple[str, str, Any, str]] = {
    "Lightning, by hparams.yaml": ("lightning", "accuracy", MODELS, "CSV logs"),
    "Lightning, by folder": ("lightning", "accuracy", by("MODEL/*"), "CSV logs"),
    "Keras": ("keras", "accuracy", by("MODEL-*"), "CSV logs"),
    "Hugging Face": ("huggingface", "eval_accuracy", by("MODEL-*"), "Hugging Face trainer states"),
    "Optuna, reported": ("optuna.db", "intermediate", MODELS, "Optuna studies"),
    "Optuna, values": ("optuna.db", "value", MODELS, "Optuna studies"),
    "MLflow, SQLite": ("mlflow.db", "accuracy", MODELS, "MLflow runs"),
    "MLflow, files": ("mlruns", "accuracy", by("MODEL-*"), "MLflow runs"),
    "W&B": ("wandb", "val.accuracy", MODELS, "Weights & Biases runs"),
    "W&B, by name": ("wandb/wandb", "val.accuracy", by("MODEL-*"), "Weights & Biases runs"),
    "W&B, summary": ("wandb", "test_accuracy", MODELS, "Weights & Biases runs"),
    "TensorBoard, names": (
        "tensorboard/named",
        "val/accuracy",
        MODELS,
        "TensorBoard event folders",
    ),
    "TensorBoard, hparams": (
        "tensorboard/hparams",
        "val/accuracy",
        MODELS,
        "TensorBoard event folders",
    ),
}


@pytest.mark.parametrize("name", SOURCES)
def test_the_verdict_is_that_of_a_plain_table(name: str, written: Path) -> None:
    path, metric, (of, against), what = SOURCES[name]
    whole = assay.judge(written / "table.jsonl", "accuracy", *MODELS, margin=0.1)
    found = assay.judge(written / path, metric, of, against, margin=0.1)
    runs = 2 * SEEDS + (what == "Optuna studies")
    assert found.notes == [f"Read from {what}: {runs} runs.", *whole.notes]
    assert found.verdict == whole.verdict == "supported"
    effects, wanted = (
        [each.effect for each in judged.claims[0].parts[0].seeds] for judged in (found, whole)
    )
    assert effects == pytest.approx(wanted, abs=1e-6)  # events are float32


STEP = {"lightning": 10, "wandb": 2}


@pytest.mark.parametrize(
    "name", [name for name in SOURCES if "values" not in name and "summary" not in name]
)
def test_steps_are_those_that_were_logged(name: str, written: Path) -> None:
    path, metric, *_ = SOURCES[name]
    table, _ = read_results(str(written / path), metric)
    rows = [row for row in table.to_pylist() if row[metric] is not None]
    assert len(rows) == 2 * SEEDS * STEPS
    size = STEP.get(path.partition("/")[0], 1)
    first = [row[metric] for row in rows if row["step"] // size == 0]
    wanted = [accuracy(model, seed, 0) for model in ("lstm", "rnn") for seed in range(SEEDS)]
    assert sorted(first) == pytest.approx(sorted(wanted))


def test_settings_are_columns(written: Path) -> None:
    def settings(path: str, metric: str) -> dict[str, Any]:
        table, _ = read_results(str(written / path), metric)
        return {name: table[name][0].as_py() for name in table.column_names}

    assert settings("lightning", "accuracy")["optimizer.lr"] == 0.1
    assert settings("wandb", "val.accuracy")["optimizer.lr"] == 0.1
    assert settings("mlflow.db", "accuracy")["lr"] == 0.001
    assert settings("mlflow.db", "accuracy")["experiment"] == "models"
    assert settings("optuna.db", "value")["study"] == "models"
    assert settings("tensorboard/hparams", "val/accuracy")["bias"] == 1
    assert settings("keras", "accuracy")["seed"] in range(SEEDS)


def test_a_failed_trial_counts_against_and_one_that_runs_does_not(written: Path) -> None:
    table, _ = read_results(str(written / "optuna.db"), "value")
    assert table["state"].to_pylist().count("FAIL") == 1
    assert "RUNNING" not in table["state"].to_pylist()
    failed = assay.judge(
        written / "optuna.db", "value", {"state": "FAIL"}, test="above", threshold=0
    )
    assert failed.claims[0].parts[0].missing == 1


def refused(capsys: Any, *arguments: str) -> str:
    assert call(["judge", *arguments, "--test", "above", "--threshold", "0"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.strip().splitlines()) == 1
    return str(shown.err)


def test_a_metric_that_is_not_there_is_answered_with_those_that_are(written, capsys) -> None:
    for path, metric, near in (
        ("lightning", "acuracy", "'accuracy'"),
        ("keras", "val_loss", "'loss'"),
        ("huggingface", "accuracy", "'eval_accuracy'"),
        ("optuna.db", "values", "'value'"),
        ("mlflow.db", "acc", "'accuracy'"),
        ("wandb", "accuracy", "'val.accuracy'"),
        ("tensorboard/named", "accuracy", "'val/accuracy'"),
    ):
        text = refused(capsys, str(written / path), "--metric", metric)
        assert f"no metric '{metric}' in 1" in text
        assert near in text
    text = refused(capsys, str(written / "mlflow.db"), "--metric", "loss", "--of", "modl=lstm")
    assert "there is no column 'modl': did you mean 'model'?" in text


def test_what_there_is_can_be_listed(written: Path, capsys) -> None:
    assert call(["judge", str(written / "mlflow.db"), "--list"]) == 0
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if line]
    assert dict(lines[1:-1]) == {
        "accuracy": "a metric, of 10 of them",
        "loss": "a metric, of 10 of them",
        "run": dict(lines)["run"],
        "experiment": "models",
        "status": "FINISHED",
        "model": "rnn, lstm",
        "seed": "4, 3, 2, 1, 0",
        "lr": "0.001",
    }
    assert dict(lines)["run"].endswith("… (10 values)")
    assert " ".join(lines[-1]) == "Read from MLflow runs: 10 runs."
    assert call(["judge", str(written / "mlflow.db")]) == 2
    assert "there are 'accuracy', 'loss', 'run'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("module", "path", "extra"),
    [
        ("optuna", "optuna.db", "optuna"),
        ("mlflow", "mlflow.db", "mlflow"),
        ("yaml", "lightning", "lightning"),
    ],
)
def test_what_is_not_installed_is_named(module, path, extra, written, capsys, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    text = refused(capsys, str(written / path), "--metric", "accuracy")
    assert f"pip install 'assay[{extra}]'" in text


def test_files_that_are_damaged_are_told_in_a_sentence(written, tmp_path, capsys) -> None:
    (run,) = sorted((written / "wandb").rglob("*.wandb"))[:1]
    broken = bytearray(run.read_bytes())
    broken[len(broken) // 2] ^= 1
    (tmp_path / "run-a.wandb").write_bytes(broken)
    text = refused(capsys, str(tmp_path), "--metric", "test_accuracy")
    assert "run-a.wandb: not a readable file of Weights & Biases: damaged before byte" in text
    (tmp_path / "run-a.wandb").write_bytes(run.read_bytes()[:-20])  # killed while it wrote
    assert (
        call(
            [
                "judge",
                str(tmp_path),
                "--metric",
                "val.accuracy",
                "--test",
                "above",
                "--threshold",
                "0",
            ]
        )
        == 0
    )
    capsys.readouterr()
    for name, content, message in (
        ("trainer_state.json", "{", "cannot be read"),
        ("trainer_state.json", "[]", "there is no 'log_history' in it"),
        ("hparams.yaml", "a: [", "hparams.yaml: cannot be read"),
    ):
        folder = tmp_path / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / name).write_text(content)
        (folder / "sub").mkdir()
        if name == "hparams.yaml":
            (folder / "metrics.csv").write_text("step,accuracy\n0,1\n")
        assert message in refused(capsys, str(folder), "--metric", "accuracy")
    for name in ("optuna.db", "mlflow.db"):
        half = tmp_path / name
        content = (written / name).read_bytes()
        half.write_bytes(content[: len(content) // 2])
        assert str(half) in refused(capsys, str(half), "--metric", "accuracy")


def test_a_chart_that_the_page_of_wandb_exports(tmp_path: Path) -> None:
    names = [f"{model}-{seed} - accuracy" for model in ("lstm", "rnn") for seed in range(SEEDS)]
    columns = [column for name in names for column in (name, f"{name}__MIN", f"{name}__MAX")]
    lines = [",".join(f'"{name}"' for name in ("Step", *columns))]
    for step in range(STEPS):
        cells = [
            f'"{accuracy(model, seed, step)}"' if step % 2 else ""
            for model in ("lstm", "rnn")
            for seed in range(SEEDS)
            for _ in range(3)
        ]
        lines.append(",".join([f'"{step}"', *cells]))
    (tmp_path / "wandb_export.csv").write_text("\n".join(lines) + "\n")
    found = assay.judge(tmp_path / "wandb_export.csv", "accuracy", *by("MODEL-*"), margin=0.1)
    assert found.notes[0] == "Read from a chart of Weights & Biases: 10 runs."
    assert found.verdict == "supported"
    with pytest.raises(DataError, match="no metric 'loss' in 10 runs: there are 'accuracy'"):
        assay.judge(tmp_path / "wandb_export.csv", "loss", *by("MODEL-*"))


@pytest.fixture
def server(written: Path) -> Iterator[str]:
    """The three requests of MLflow's API that reading needs, answered from a real store."""
    from mlflow import MlflowClient
    from mlflow.protos import service_pb2 as protos
    from mlflow.utils.proto_json_utils import message_to_json

    client = MlflowClient(f"sqlite:///{written / 'mlflow.db'}")

    def answer(path: str, asked: dict[str, Any]) -> Any:
        if path.endswith("experiments/search"):
            found = protos.SearchExperiments.Response()
            found.experiments.extend(each.to_proto() for each in client.search_experiments())
        elif path.endswith("runs/search"):
            found = protos.SearchRuns.Response()
            runs = client.search_runs(
                asked["experiment_ids"], page_token=asked.get("page_token"), max_results=4
            )
            found.runs.extend(each.to_proto() for each in runs)
            found.next_page_token = runs.token or ""
        else:
            found = protos.GetMetricHistory.Response()
            (run,), (metric,) = asked["run_id"], asked["metric_key"]
            found.metrics.extend(each.to_proto() for each in client.get_metric_history(run, metric))
        return message_to_json(found)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = json.loads(body) if body else parse_qs(urlsplit(self.path).query)
            content = answer(urlsplit(self.path).path, asked).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()


def test_a_server_of_mlflow(server: str, written: Path) -> None:
    found = assay.judge(server, "accuracy", *MODELS, margin=0.1)
    assert found == assay.judge(written / "mlflow.db", "accuracy", *MODELS, margin=0.1)


def test_a_server_that_is_not_there_is_told_in_a_sentence(capsys, monkeypatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    text = refused(capsys, "http://127.0.0.1:9", "--metric", "accuracy")
    assert "http://127.0.0.1:9: MLflow cannot read it" in text


def test_a_table_of_several_arms_is_no_log_of_a_run(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("model,step,accuracy\nlstm,0,0.5\nlstm,1,0.9\n")
    found = assay.judge(tmp_path, "accuracy", {"model": "lstm"}, test="above", threshold=0.1)
    assert found.notes[:-1] == []


def test_the_page_on_trackers_is_true(written: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(written)
    page = (Path(__file__).parents[2] / "docs/how-to/trackers.md").read_text()
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 9
    for block in blocks:
        program, *words = shlex.split(block)
        assert (program, call(words)) == ("assay", 0), block
        out = capsys.readouterr().out
        assert ("supported" in out) or ("--list" in words and "val.accuracy" in out)
    assert "`Read from CSV logs: 10 runs.`" in page
