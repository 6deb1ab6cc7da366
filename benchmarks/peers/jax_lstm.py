"""JAX: lax.scan over time, the whole update compiled, RMSprop written out.

T: steps, N: batch, D: input features, H: hidden units, K: classes.
"""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from report_way import CLASSES, LEARNING_RATE, MAX_NORM

from peers.serve import serve
from peers.strings import Arrays

Weights = dict[str, jax.Array]
DECAY, EPSILON = 0.99, 1e-8


def loss_of(weights: Weights, x_NTD: jax.Array, labels_N: jax.Array) -> jax.Array:
    """Mean cross-entropy on the last step."""

    def step(state: tuple[jax.Array, jax.Array], x_ND: jax.Array) -> Any:
        h_NH, c_NH = state
        gates = x_ND @ weights["W_x"] + h_NH @ weights["W_h"] + weights["b"]
        i_NH, f_NH, g_NH, o_NH = jnp.split(gates, 4, axis=1)
        c_NH = jax.nn.sigmoid(f_NH) * c_NH + jax.nn.sigmoid(i_NH) * jnp.tanh(g_NH)
        return (jax.nn.sigmoid(o_NH) * jnp.tanh(c_NH), c_NH), None

    zeros_NH = jnp.zeros((x_NTD.shape[0], weights["W_h"].shape[0]))
    (h_NH, _), _ = lax.scan(step, (zeros_NH, zeros_NH), x_NTD.swapaxes(0, 1))
    log_NK = jax.nn.log_softmax(h_NH @ weights["W_p"] + weights["b_p"])
    return -jnp.take_along_axis(log_NK, labels_N[:, None], axis=1).mean()


@partial(jax.jit, donate_argnums=(0, 1))
def update(
    weights: Weights, squares: Weights, x_NTD: jax.Array, labels_N: jax.Array
) -> tuple[Weights, Weights, jax.Array]:
    """One update: clipped gradient, RMSprop; also the loss before it."""
    loss, gradient = jax.value_and_grad(loss_of)(weights, x_NTD, labels_N)
    norm = jnp.sqrt(sum(jnp.sum(g**2) for g in gradient.values()))
    scale = jnp.minimum(1.0, MAX_NORM / (norm + 1e-6))
    gradient = {name: scale * g for name, g in gradient.items()}
    squares = {
        name: DECAY * square + (1 - DECAY) * gradient[name] ** 2 for name, square in squares.items()
    }
    weights = {
        name: weight - LEARNING_RATE * gradient[name] / (jnp.sqrt(squares[name]) + EPSILON)
        for name, weight in weights.items()
    }
    return weights, squares, loss


class Jitted:
    """The compiled update in a loop; nothing waits for a loss before the end."""

    path = "jax"

    def __init__(self, length: int, hidden_size: int) -> None:
        rng = np.random.default_rng(0)

        def uniform(limit: float, *shape: int) -> jax.Array:
            return jnp.asarray(rng.uniform(-limit, limit, shape).astype(np.float32))

        narrow = hidden_size**-0.5
        self._weights = {
            "W_x": uniform(1.0, 1, 4 * hidden_size),
            "W_h": uniform(narrow, hidden_size, 4 * hidden_size),
            "b": uniform(1.0, 4 * hidden_size),
            "W_p": uniform(narrow, hidden_size, CLASSES),
            "b_p": uniform(narrow, CLASSES),
        }
        self._squares = {name: jnp.zeros_like(weight) for name, weight in self._weights.items()}
        self.parameters = sum(weight.size for weight in self._weights.values())
        self._arrays = Arrays(length)

    def train(self, updates: int) -> list[jax.Array]:
        """Make updates."""
        losses = []
        for _ in range(updates):
            inputs, labels = self._arrays.batch()
            self._weights, self._squares, loss = update(
                self._weights, self._squares, inputs, labels
            )
            losses.append(loss)
        jax.block_until_ready(self._weights)
        return losses


def build(setup: dict[str, Any]) -> Jitted:
    return Jitted(setup["length"], setup["hidden_size"])


if __name__ == "__main__":
    serve(build)
