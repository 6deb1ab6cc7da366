"""Keras 3 on JAX: keras.layers.LSTM and fit, which compiles the step.

The weights are drawn as the report's (the input's from U(-1, 1)), and RMSprop's settings are
PyTorch's.
"""

import os
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from report_way import BATCH_SIZE, CLASSES, LEARNING_RATE, MAX_NORM

from peers.serve import serve
from peers.strings import Arrays


class Fit:
    """fit() on as many batches as there are updates to make."""

    path = "keras, jax"

    def __init__(self, length: int, hidden_size: int) -> None:
        keras.utils.set_random_seed(0)
        wide, narrow = _uniform(1.0), _uniform(hidden_size**-0.5)
        lstm = keras.layers.LSTM(
            hidden_size,
            kernel_initializer=wide,
            recurrent_initializer=narrow,
            bias_initializer=wide,
            unit_forget_bias=False,
        )
        readout = keras.layers.Dense(CLASSES, kernel_initializer=narrow, bias_initializer=narrow)
        self._model = keras.Sequential([keras.Input((length - 1, 1)), lstm, readout])
        self._model.compile(
            optimizer=keras.optimizers.RMSprop(
                LEARNING_RATE, rho=0.99, epsilon=1e-8, global_clipnorm=MAX_NORM
            ),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
        )
        self.parameters = self._model.count_params()
        self._arrays = Arrays(length)

    def train(self, updates: int) -> list[float]:
        """Make updates; their mean loss."""
        inputs, labels = zip(*(self._arrays.batch() for _ in range(updates)), strict=True)
        history = self._model.fit(
            np.concatenate(inputs),
            np.concatenate(labels),
            batch_size=BATCH_SIZE,
            shuffle=False,
            verbose=0,
        )
        return history.history["loss"]


def _uniform(limit: float) -> keras.initializers.Initializer:
    return keras.initializers.RandomUniform(-limit, limit)


def build(setup: dict[str, Any]) -> Fit:
    return Fit(setup["length"], setup["hidden_size"])


if __name__ == "__main__":
    serve(build)
