"""Writes the same results with every real package, in one process: python -m tests.readers.written.

Ten runs, two arms of five seeds; `accuracy` at steps 0 to 3.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ARMS = {"lstm": 0.9, "rnn": 0.6}
SEEDS = 5
STEPS = 4


def accuracy(model: str, seed: int, step: int) -> float:
    """What every source holds."""
    return round(ARMS[model] * (step + 1) / STEPS + seed / 100, 4)


def runs() -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Model, seed and settings."""
    for model in ARMS:
        for seed in range(SEEDS):
            yield model, seed, {"model": model, "seed": seed, "optimizer": {"lr": 0.1}}


def lightning(folder: Path) -> None:
    from pytorch_lightning.loggers import CSVLogger

    for model, seed, settings in runs():
        logger = CSVLogger(folder, name=model, version=seed)
        logger.log_hyperparams(settings)
        for step in range(STEPS):
            # Validation has rows of its own, whose step is that of the last update.
            logger.log_metrics({"train_loss": 1.0}, 10 * step)
            logger.log_metrics({"accuracy": accuracy(model, seed, step)}, 10 * step + 9)
        logger.log_metrics({"train_loss": float("nan")}, 10 * STEPS)
        logger.save()


def keras(folder: Path) -> None:
    os.environ["KERAS_BACKEND"] = "torch"
    import numpy as np
    from keras import Input, Sequential, callbacks, layers

    inputs = np.ones((4, 1))
    for model, seed, _ in runs():
        network = Sequential([Input((1,)), layers.Dense(1)])
        network.compile(loss="mse")
        file = folder / f"{model}-seed{seed}.csv"
        folder.mkdir(exist_ok=True)
        known = callbacks.LambdaCallback(
            on_epoch_end=lambda step, logs, model=model, seed=seed: logs.update(
                accuracy=accuracy(model, seed, step)
            )
        )
        network.fit(
            inputs, inputs, epochs=STEPS, verbose=0, callbacks=[known, callbacks.CSVLogger(file)]
        )


def huggingface(folder: Path) -> None:
    from transformers.trainer_callback import TrainerState

    for model, seed, _ in runs():
        for end in (2, STEPS):
            state = TrainerState()
            state.global_step = end
            for step in range(end):
                state.log_history.append({"loss": 1.0, "epoch": step, "step": step})
                state.log_history.append(
                    {"eval_accuracy": accuracy(model, seed, step), "epoch": step, "step": step}
                )
            checkpoint = folder / f"{model}-seed-{seed}" / f"checkpoint-{end}"
            checkpoint.mkdir(parents=True)
            state.save_to_json(str(checkpoint / "trainer_state.json"))


def optuna(file: Path) -> None:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(
        study_name="models", storage=f"sqlite:///{file}", direction="maximize"
    )
    for model, seed, _ in runs():
        study.enqueue_trial({"model": model})
        trial = study.ask()
        trial.suggest_categorical("model", list(ARMS))
        trial.suggest_float("lr", 1e-4, 1e-1, log=True)
        trial.set_user_attr("seed", seed)
        for step in range(STEPS):
            trial.report(accuracy(model, seed, step), step)
        study.tell(trial, accuracy(model, seed, STEPS - 1))
    study.tell(study.ask(), state=optuna.trial.TrialState.FAIL)
    study.ask()  # it runs still


def mlflow(address: str) -> None:
    os.environ |= {"MLFLOW_ALLOW_FILE_STORE": "true", "MLFLOW_DISABLE_TELEMETRY": "true"}
    from mlflow import MlflowClient
    from mlflow.entities import Metric, Param

    client = MlflowClient(address)
    experiment = client.create_experiment("models")
    for model, seed, _ in runs():
        run = client.create_run(experiment, run_name=f"{model}-{seed}").info.run_id
        metrics = [
            Metric("accuracy", accuracy(model, seed, step), 0, step) for step in range(STEPS)
        ]
        params = [Param("model", model), Param("seed", str(seed)), Param("lr", "1e-3")]
        client.log_batch(run, [*metrics, Metric("loss", 1.0, 0, 0)], params)
        client.set_terminated(run)


def wandb(folder: Path) -> None:
    quiet = {"MODE": "offline", "SILENT": "true", "DISABLE_GIT": "true", "DISABLE_CODE": "true"}
    os.environ |= {f"WANDB_{name}": value for name, value in quiet.items()}
    import wandb

    folder.mkdir()
    off = {"x_disable_stats": True, "x_disable_meta": True, "console": "off"}
    for model, seed, settings in runs():
        run = wandb.init(
            project="models",
            name=f"{model}-{seed}",
            config=settings,
            dir=folder,
            settings=wandb.Settings(**off),
        )
        for step in range(STEPS):
            run.log({"loss": 1.0}, step=2 * step)
            run.log({"val": {"accuracy": accuracy(model, seed, step)}}, step=2 * step + 1)
        run.summary["test_accuracy"] = accuracy(model, seed, STEPS - 1)
        run.finish()


def tensorboard(folder: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter

    for model, seed, _ in runs():
        named = SummaryWriter(str(folder / "named" / f"model={model},seed={seed}"))
        told = SummaryWriter(str(folder / "hparams" / f"run{seed}{model}"))
        told.add_hparams({"model": model, "seed": seed, "bias": True}, {"best": 1.0})
        for step in range(STEPS):
            for writer in (named, told):
                writer.add_scalar("val/accuracy", accuracy(model, seed, step), step)
        for writer in (named, told):
            writer.close()


def write(folder: Path) -> None:
    """All of them."""
    lightning(folder / "lightning")
    keras(folder / "keras")
    huggingface(folder / "huggingface")
    optuna(folder / "optuna.db")
    mlflow(f"sqlite:///{folder / 'mlflow.db'}")
    mlflow((folder / "mlruns").as_uri())
    wandb(folder / "wandb")
    tensorboard(folder / "tensorboard")
    table = [
        {"model": model, "seed": seed, "step": step, "accuracy": accuracy(model, seed, step)}
        for model, seed, _ in runs()
        for step in range(STEPS)
    ]
    (folder / "table.jsonl").write_text("".join(json.dumps(row) + "\n" for row in table))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
