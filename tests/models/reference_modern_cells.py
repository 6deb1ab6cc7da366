"""minGRU, LRU and mLSTM from the papers' equations, one sample and one number at a time.

Float64 and complex numbers of Python, no stabiliser, no parallel form; nothing is shared with the
cells. Weights come by the names of the cells' parameters. Inputs x are (T, D); what comes out is h
after each step.
"""

import cmath
import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Weights = dict[str, Array]


def sigmoid(a: float) -> float:
    return 1.0 / (1.0 + math.exp(-a))


def linear(w: Weights, name: str, v: list[float]) -> list[float]:
    """An `nn.Linear`."""
    return [
        math.fsum([*(a * b for a, b in zip(row, v, strict=True)), bias])
        for row, bias in zip(w[f"{name}.weight"].tolist(), w[f"{name}.bias"].tolist(), strict=True)
    ]


def mingru(w: Weights, x: Array, layers: int) -> list[list[float]]:
    """Feng et al. 2024, section 3.1.3: h_t = (1 − z_t) h_{t−1} + z_t h̃_t."""
    sequence = x.tolist()
    for layer in range(layers):
        H = len(w[f"layers.{layer}.bias"]) // 2
        h, above = [0.0] * H, []
        for v in sequence:
            out = linear(w, f"layers.{layer}", v)
            z = [sigmoid(a) for a in out[:H]]
            h = [(1 - z[j]) * h[j] + z[j] * out[H + j] for j in range(H)]
            above.append(h)
        sequence = above
    return sequence


def gelu(a: float) -> float:
    return a * (1 + math.erf(a / math.sqrt(2))) / 2


def lru(w: Weights, x: Array) -> list[list[float]]:
    """Orvieto et al. 2023, equations 2 to 7, read out through GELU and a gated linear unit."""
    H, D = w["D_HD"].shape
    lam = [
        cmath.exp(complex(-math.exp(nu), math.exp(theta)))
        for nu, theta in zip(w["log_nu"], w["log_theta"], strict=True)
    ]
    B, C = (w[name][0] + 1j * w[name][1] for name in ("B_CHD", "C_CHH"))
    s, hs = [0j] * H, []
    for v in x.tolist():
        s = [
            lam[j] * s[j] + math.exp(w["log_gamma"][j]) * sum(B[j, d] * v[d] for d in range(D))
            for j in range(H)
        ]
        y = [
            sum(C[j, i] * s[i] for i in range(H)).real
            + sum(w["D_HD"][j, d] * v[d] for d in range(D))
            for j in range(H)
        ]
        mixed = linear(w, "gated", [gelu(a) for a in y])
        hs.append([mixed[j] * sigmoid(mixed[H + j]) for j in range(H)])
    return hs


def mlstm(w: Weights, x: Array, heads: int, forget_gate: str) -> list[list[float]]:
    """Beck et al. 2024, equations 19 to 27, the gates as they are printed, without stabiliser."""
    H = len(w["keys_values.bias"]) // 2
    K = H // heads
    C = np.zeros((heads, K, K))
    n = np.zeros((heads, K))
    hs = []
    for v in x.tolist():
        kv, qo, gates = (linear(w, name, v) for name in ("keys_values", "query_output", "gates"))
        h = []
        for e in range(heads):
            part = slice(e * K, (e + 1) * K)
            key = np.array(kv[:H][part]) / math.sqrt(K)
            value, query, o = (np.array(each[part]) for each in (kv[H:], qo[:H], qo[H:]))
            i, f = math.exp(gates[e]), gates[heads + e]
            f = math.exp(f) if forget_gate == "exponential" else sigmoid(f)
            C[e] = f * C[e] + i * np.outer(value, key)
            n[e] = f * n[e] + i * key
            found = C[e] @ query / max(abs(float(n[e] @ query)), 1.0)
            centred = found - found.mean()
            normed = centred / math.sqrt(float(np.mean(centred**2)) + 1e-5)
            h += [sigmoid(a) * b for a, b in zip(o, normed, strict=True)]
        hs.append(h)
    return hs
