"""Cells and their gradients from the equations, in float64 and plain loops, sharing no code.

Weights come by name as arrays: W_x (G H, D), W_h (G H, H), b (G H), and b_n (H) of the GRU. Inputs
x are (T, N, D); states (N, H).
"""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Weights = dict[str, Array]


def sigmoid(a: float) -> float:
    return 1.0 / (1.0 + math.exp(-a))


def product(W: Array, row: int, v: Array) -> float:
    return math.fsum(W[row, column] * v[column] for column in range(len(v)))


def affine(w: Weights, row: int, x: Array, h: Array) -> float:
    return product(w["W_x"], row, x) + product(w["W_h"], row, h) + w["b"][row]


def rnn_step(w: Weights, x: Array, state: tuple[Array, ...]) -> tuple[Array, ...]:
    (h,) = state
    return (np.array([math.tanh(affine(w, j, x, h)) for j in range(len(h))]),)


def lstm_step(w: Weights, x: Array, state: tuple[Array, ...], form: str) -> tuple[Array, ...]:
    h, c = state
    H = len(h)
    new_h, new_c = np.zeros(H), np.zeros(H)
    for j in range(H):
        i = sigmoid(affine(w, 0 * H + j, x, h))
        f = sigmoid(affine(w, 1 * H + j, x, h))
        g = math.tanh(affine(w, 2 * H + j, x, h))
        o = sigmoid(affine(w, 3 * H + j, x, h))
        new_c[j] = g * i + c[j] * f
        new_h[j] = o * math.tanh(new_c[j]) if form == "standard" else math.tanh(new_c[j] * o)
    return new_h, new_c


def gru_step(w: Weights, x: Array, state: tuple[Array, ...]) -> tuple[Array, ...]:
    (h,) = state
    H = len(h)
    new = np.zeros(H)
    for j in range(H):
        r = sigmoid(affine(w, j, x, h))
        z = sigmoid(affine(w, H + j, x, h))
        recurrent = product(w["W_h"], 2 * H + j, h) + w["b_n"][j]
        n = math.tanh(product(w["W_x"], 2 * H + j, x) + w["b"][2 * H + j] + r * recurrent)
        new[j] = (1 - z) * n + z * h[j]
    return (new,)


def unroll(name: str, w: Weights, x: Array, hidden: int) -> list[tuple[Array, ...]]:
    """The state after each step, each part (N, H); `name` is rnn, gru, or a form of the LSTM."""
    T, N, _ = x.shape
    samples = []
    for n in range(N):
        state: tuple[Array, ...] = (np.zeros(hidden),)
        if name in ("standard", "as_reported"):
            state = (np.zeros(hidden), np.zeros(hidden))
        history = []
        for t in range(T):
            if name == "rnn":
                state = rnn_step(w, x[t, n], state)
            elif name == "gru":
                state = gru_step(w, x[t, n], state)
            else:
                state = lstm_step(w, x[t, n], state, name)
            history.append(state)
        samples.append(history)
    return [
        tuple(np.stack(parts) for parts in zip(*(history[t] for history in samples), strict=True))
        for t in range(T)
    ]


def lstm_gradients(w: Weights, x: Array, dh_last: Array, form: str) -> Weights:
    """Backpropagation through time by hand: dL/dW_x, dL/dW_h, dL/db, given dL/dh_T (N, H)."""
    T, N, _ = x.shape
    H = dh_last.shape[1]
    tape = []
    h = c = np.zeros((N, H))
    for t in range(T):
        a = x[t] @ w["W_x"].T + h @ w["W_h"].T + w["b"]
        i, f = 1 / (1 + np.exp(-a[:, :H])), 1 / (1 + np.exp(-a[:, H : 2 * H]))
        g, o = np.tanh(a[:, 2 * H : 3 * H]), 1 / (1 + np.exp(-a[:, 3 * H :]))
        new_c = g * i + c * f
        tape.append((x[t], h, c, i, f, g, o, new_c))
        h, c = (o * np.tanh(new_c) if form == "standard" else np.tanh(new_c * o)), new_c

    grads = {name: np.zeros_like(w[name]) for name in ("W_x", "W_h", "b")}
    dh, dc = dh_last, np.zeros((N, H))
    for x_t, h_before, c_before, i, f, g, o, c_t in reversed(tape):
        if form == "standard":
            do = dh * np.tanh(c_t)
            dc = dc + dh * o * (1 - np.tanh(c_t) ** 2)
        else:
            inner = dh * (1 - np.tanh(c_t * o) ** 2)
            do, dc = inner * c_t, dc + inner * o
        da = np.concatenate(
            [
                dc * g * i * (1 - i),
                dc * c_before * f * (1 - f),
                dc * i * (1 - g**2),
                do * o * (1 - o),
            ],
            axis=1,
        )
        grads["W_x"] += da.T @ x_t
        grads["W_h"] += da.T @ h_before
        grads["b"] += da.sum(axis=0)
        dh, dc = da @ w["W_h"], dc * f
    return grads
