"""The settings of a recurrent network on a sequence task."""

from typing import Literal, Self

from pydantic import Field, model_validator

from assay.config.cells import CELL_OPTIONS, options_of_cell
from assay.config.run import Scalar, built_in_or_plugin, is_plugin, options_of_plugin
from assay.config.training import TrainedConfig, Updates

# What a label says in words, and what else it says apart from the settings that are changed.
_IN_WORDS = ("initialisation", "optimizer", "encoding", "loss")
_IN_LABEL = {*_IN_WORDS, "cell", "lstm_form", "precision", "task", "length", "learning_rate"}

BUILT_IN_TASKS = ("palindrome", "copy", "adding", "file")
BUILT_IN_CELLS = ("rnn", "lstm", "gru", *CELL_OPTIONS)


class MemoryConfig(TrainedConfig):
    """One training of a recurrent network on a sequence task.

    The defaults are those of the report (section 2.2) where it names them.
    """

    plugin_fields = ("task", "cell")

    kind: Literal["memory"] = "memory"

    task: str = Field(
        default="palindrome",
        description="palindrome, copy, adding, file, or an own generator as module:attribute.",
    )
    length: int = Field(
        default=5, ge=2, le=100_000, description="Length T of the whole string, its label included."
    )
    encoding: Literal["scalar", "one_hot"] = Field(
        default="scalar", description="How a symbol enters the network."
    )
    data_size: int = Field(
        default=100_000, ge=10, le=10_000_000, description="Sequences, training and validation."
    )
    train_fraction: float = Field(
        default=0.8, gt=0, lt=1, description="Share of the sequences that trains."
    )
    task_options: dict[str, Scalar] = Field(
        default={}, description="Keyword arguments of an own generator."
    )

    cell: str = Field(
        default="lstm",
        description="rnn, lstm, gru, mingru, lru, mlstm, or an own cell as module:attribute.",
    )
    lstm_form: Literal["standard", "as_reported"] = Field(
        default="standard",
        description="Equation 6: h = o * tanh(c), or tanh(c * o) as the report prints it.",
    )
    hidden_size: int = Field(default=128, ge=1, le=16_384, description="Hidden units H.")
    initialisation: Literal["linear", "pytorch", "forget_bias", "orthogonal", "chrono"] = Field(
        default="linear", description="How the weights of an rnn, lstm or gru are drawn."
    )
    cell_options: dict[str, Scalar] = Field(
        default={}, description="Options of mingru, lru, mlstm, or of an own cell."
    )

    loss: Literal["logits", "double_softmax"] = Field(
        default="logits",
        description="Cross-entropy of logits, or of softmax outputs (softmax applied twice).",
    )
    precision: Literal["float32", "bfloat16"] = Field(
        default="float32",
        description="Of the operands of an LSTM's products; sums and weights are float32.",
    )
    optimizer: Literal["rmsprop", "adam"] = Field(default="rmsprop", description="Update rule.")
    max_norm: float = Field(default=10.0, gt=0, description="Gradient norm is clipped at this.")
    stop_accuracy: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="The run ends once two consecutive checks reach this, and else after updates.",
    )
    measure_at: Updates = Field(
        default=(0, 625),
        description="Updates after which the gradient through time is measured, beside the end.",
    )

    @model_validator(mode="after")
    def _combination(self) -> Self:
        built_in_or_plugin("task", self.task, BUILT_IN_TASKS)
        built_in_or_plugin("cell", self.cell, BUILT_IN_CELLS)
        if self.lstm_form != "standard" and self.cell != "lstm":
            raise ValueError(
                f"lstm_form = {self.lstm_form!r} is a form of the lstm, but cell = {self.cell!r}"
            )
        if self.precision != "float32" and self.cell != "lstm":
            raise ValueError(
                f"precision = {self.precision!r} is for cell = 'lstm', but cell = {self.cell!r}"
            )
        if self.initialisation != "linear" and is_plugin(self.cell):
            raise ValueError(
                f"initialisation = {self.initialisation!r} is for built-in cells; "
                f"{self.cell} draws its own weights"
            )
        if self.initialisation != "linear" and self.cell in CELL_OPTIONS:
            raise ValueError(
                f"initialisation = {self.initialisation!r} is for rnn, lstm and gru; "
                f"{self.cell} has its own: leave it out"
            )
        if self.initialisation == "forget_bias" and self.cell in ("rnn", "gru"):
            raise ValueError(
                f"initialisation = 'forget_bias': cell = {self.cell!r} has none; allowed is lstm"
            )
        if self.initialisation == "chrono" and self.cell == "rnn":
            raise ValueError(
                "initialisation = 'chrono' sets gate biases, and cell = 'rnn' has none"
            )
        if self.stop_accuracy is not None and self.updates is None:
            raise ValueError(
                f"stop_accuracy = {self.stop_accuracy:g} needs updates, after which a run ends "
                "that never gets there"
            )
        if (self.data is not None or self.data_sha256 is not None) != (self.task == "file"):
            raise ValueError("data names the file of task = 'file': give both or neither")
        if self.task == "file" and self.length != type(self).model_fields["length"].default:
            raise ValueError("length comes from the data file: leave it out with task = 'file'")
        if self.task == "copy" and self.length < 3:
            raise ValueError(f"length = {self.length}: the copy task needs at least 3")
        if self.task == "adding" and self.loss != "logits":
            raise ValueError("loss = 'double_softmax' is for classification; adding is regression")
        if self.task == "adding" and self.encoding != "scalar":
            raise ValueError("encoding = 'one_hot' is for symbols; adding has continuous inputs")
        options_of_plugin("task_options", self.task_options, self.task)
        if self.cell in CELL_OPTIONS:
            options_of_cell(self.cell, self.cell_options, self.hidden_size)
        else:
            options_of_plugin("cell_options", self.cell_options, self.cell)
        return self

    @property
    def label(self) -> str:  # noqa: D102 - as in RunConfig
        form = " (as reported)" if self.lstm_form == "as_reported" else ""
        form += " bfloat16" if self.precision == "bfloat16" else ""
        fields = type(self).model_fields
        chosen = [
            str(value)
            for name in _IN_WORDS
            if (value := getattr(self, name)) != fields[name].default
        ]
        form += "".join(f" {value}" for value in chosen)
        what = "" if self.task == "palindrome" else f"{self.data or self.task} "
        size = "" if self.task == "file" else f"T={self.length} "
        rest = self.others(_IN_LABEL)
        return f"{self.cell}{form} {what}{size}lr={self.learning_rate}{rest} seed={self.seed}"
