"""What is said of a precision before a run that asks for it."""

from typing import Literal


def of_precision(precision: Literal["float32", "bfloat16"]) -> list[str]:
    """One sentence if this processor has no instructions for it, and so emulates it."""
    if precision == "float32":
        return []
    import torch  # here: a plan of runs that are done does without

    if torch.cpu._is_avx512_bf16_supported():
        return []
    return [
        "precision = 'bfloat16' is slower than float32 here: this processor has no instructions "
        "for it (AVX-512 BF16) and emulates them"
    ]
