"""Writing a trained network to one file: its weights, or a program that other libraries run.

T: steps, N: batch, D: features, Z: latent dimensions.
"""

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor, nn

from assay.errors import ConfigError
from assay.inference.portable.about import KEY, About, Draws, Format, Reads, named, needs
from assay.inference.run import Run
from assay.kinds.gan.trained import generator_config, has_generator, load_generator
from assay.kinds.memory.trained import load_trained
from assay.models import SequenceModel
from assay.store.durable import write_atomic
from assay.tasks.encoding import input_size
from assay.training import checkpoint

OPSET = 20
_MOST = 2**16
"""Of a batch and of steps in a program."""


def write_exported(run: Run, format: Format, path: Path, update: int | None = None) -> None:
    """Write the trained network of a run to a file.

    As `onnx` and `torch-export` it is a program: of a recurrent network from `x` (T, N, D) float32
    to `logits` (N, K), for any T and N; of a generator from `z` (N, Z) float32, and of one that is
    told classes `labels` (N,) int64, to `images` (N, C, H, W) in [-1, 1]. As `safetensors` it is
    the weights, from which assay builds the network again.

    Args:
        run: a recurrent network or a GAN that was trained.
        format: of the file.
        path: the file, which is written whole or not at all.
        update: the generator as it was after so many updates.

    Raises:
        ConfigError: for a run of another kind, a network that the format cannot hold, or if what
            the format needs is not installed.
    """
    if has_generator(run.config):
        network, about = _generator(run, update)
    elif update is not None:
        raise ConfigError(f"--update {update}: a recurrent network is exported as it ended")
    else:
        network, about = _recurrent(run)
    if format == "safetensors":
        tensors = {name: each.contiguous() for name, each in network.state_dict().items()}
        content = save(tensors, {KEY: about.text()})
    elif format == "onnx":
        content = _onnx(network, about)
    else:
        content = _program(network, about)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, content)


def _recurrent(run: Run) -> tuple[SequenceModel, About]:
    trained = load_trained(run.folder)
    data = trained.data
    reads = Reads(
        length=data.length,
        features=input_size(data, trained.config.encoding),
        symbols=data.symbols,
        classes=data.classes,
        names=data.names,
    )
    step = checkpoint.of_run(run.folder).step
    return trained.network, About(trained.config, step, reads)


def _generator(run: Run, update: int | None) -> tuple[nn.Module, About]:
    trained = load_generator(run.folder, update)
    images = trained.images.train
    classes = len(images.classes) if trained.config.conditional else 0
    return trained.network, About(trained.config, trained.update, Draws(images.shape, classes))


class _Unrolled(nn.Module):
    """A sequence model step by step, in a loop that a program can hold, for any T and N."""

    def __init__(self, model: SequenceModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, x_TND: Tensor) -> Tensor:
        """Logits (N, K)."""
        from torch._higher_order_ops.scan import scan

        # Neither may two parts of a state be one tensor, nor a part be what went in.
        def step(state: Any, x_ND: Tensor) -> Any:
            after = self.model.cell(x_ND, state)
            return tuple(each.clone() for each in after), after[0].new_zeros(1)

        start = self.model.initial_state(x_TND.shape[1])
        last, _ = scan(step, tuple(each.clone() for each in start), x_TND)
        return self.model.readout(last[0])  # type: ignore[no-any-return]


def _exported(network: nn.Module, about: About) -> torch.export.ExportedProgram:
    """The network as a program, with batch and steps of any size."""
    batch = torch.export.Dim("batch", min=1, max=_MOST)
    for weight in network.parameters():
        weight.requires_grad_(False)
    form = about.form
    if isinstance(form, Reads):
        assert isinstance(network, SequenceModel)
        steps = torch.export.Dim("steps", min=1, max=_MOST)
        given: tuple[Tensor, ...] = (torch.zeros(5, 3, form.features),)
        sizes: tuple[dict[int, Any], ...] = ({0: steps, 1: batch},)
        network = _Unrolled(network).eval()
    else:
        latent_dim = generator_config(about.config).latent_dim
        given, sizes = (torch.zeros(3, latent_dim),), ({0: batch},)
        if form.classes:
            given, sizes = (*given, torch.zeros(3, dtype=torch.int64)), (*sizes, {0: batch})
    try:
        with _quiet():
            return torch.export.export(network, given, dynamic_shapes=sizes, strict=False)
    except Exception as error:  # whatever an own network does that a program cannot
        raise _cannot("torch-export", about, error) from None


def _program(network: nn.Module, about: About) -> bytes:
    buffer = io.BytesIO()
    torch.export.save(_exported(network, about), buffer, extra_files={KEY: about.text()})
    return buffer.getvalue()


def _onnx(network: nn.Module, about: About) -> bytes:
    for name in ("onnx", "onnxscript"):
        needs(name, "--format onnx")
    exported = _exported(network, about)
    inputs = ["x"] if isinstance(about.form, Reads) else ["z", "labels"]
    outputs = ["logits"] if isinstance(about.form, Reads) else ["images"]
    try:
        with _quiet():
            made = torch.onnx.export(
                exported,
                input_names=inputs[: len(exported.example_inputs[0])],
                output_names=outputs,
                opset_version=OPSET,
                dynamo=True,
                verbose=False,
            )
            assert made is not None
            model = made.model_proto
    except Exception as error:  # whatever ONNX has no operator for
        raise _cannot("onnx", about, error) from None
    entry = model.metadata_props.add()
    entry.key, entry.value = KEY, about.text()
    return bytes(model.SerializeToString())


def _cannot(format: Format, about: About, error: Exception) -> ConfigError:
    what = named(about)
    reason = next(iter(str(error).strip().splitlines()), "")[:120]
    return ConfigError(
        f"--format {format}: {what} cannot be written as such a program: safetensors can hold it "
        f"({type(error).__name__}: {reason})"
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what the exporters say of themselves."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
