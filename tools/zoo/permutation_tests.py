"""Reference implementation of the residual-axis permutation test and of the Gram-Mantel test, in float64."""

import math
import re
from typing import Any

import numpy as np

from .residual_tensors import Key, Model

Pair = tuple[Key, np.ndarray, np.ndarray]
GRAM_PERMUTATIONS = 400
ATTENTION_ROLE = re.compile(r"self_attn\.([qkv])_proj")
MLP_ROLE = re.compile(r"(?:mlp|experts|shared_experts?)\.(gate|up)(?:_proj)?")


def _trace_and_variance(product: np.ndarray) -> tuple[float, float]:
    """Trace minus its mean over all permutations, and its variance (Hoeffding 1951, equation 6)."""
    d = len(product)
    rows, columns = product.mean(1, keepdims=True), product.mean(0, keepdims=True)
    variance = ((product - rows - columns + product.mean()) ** 2).sum() / (d - 1)
    return float(np.trace(product) - product.sum() / d), float(variance)


def _normalised(values: np.ndarray) -> np.ndarray | None:
    """Unit Frobenius norm, vectors centred; None when nothing is left."""
    if values.shape[1] == 1:
        values = values - values.mean()
    length = np.linalg.norm(values)
    return values / length if length > 1e-9 else None


def paired(left: Model, right: Model, component: str, layer_map: list[int] | None = None) -> list[Pair]:
    """Tensors of equal key and shape; embeddings by shared tokens. `layer_map`: left layer to right layer."""
    out: list[Pair] = []
    for key, a in left.residual.items():
        if key.component != component:
            continue
        layer = key.layer
        if layer is not None and layer_map is not None and component == "text":
            layer = layer_map[layer]
        b = right.residual.get(key._replace(layer=layer))
        if b is None:
            continue
        if key.role in ("embed", "lm_head"):
            if left.tokens is None or right.tokens is None:
                continue
            shared = sorted(left.tokens.keys() & right.tokens.keys())
            a = a[[left.tokens[token] for token in shared]].T
            b = b[[right.tokens[token] for token in shared]].T
        if a.shape == b.shape:
            out.append((key, a, b))
    return out


def joint_test(pairs: list[Pair]) -> dict[str, Any] | None:
    """One permutation of the residual axis for all tensors, each weighted by 1 / sqrt(its variance)."""
    total: np.ndarray | None = None
    scores: list[float] = []
    dot = left_square = right_square = 0.0
    for _, a, b in pairs:
        x, y = _normalised(a), _normalised(b)
        if x is None or y is None:
            continue
        product = x @ y.T
        trace, variance = _trace_and_variance(product)
        if variance < 1e-30:
            continue
        weighted = product / math.sqrt(variance)
        total = weighted if total is None else total + weighted
        scores.append(trace / math.sqrt(variance))
        if a.shape[1] > 1:
            dot += float((a * b).sum())
            left_square += float((a * a).sum())
            right_square += float((b * b).sum())
    if total is None:
        return None
    trace, variance = _trace_and_variance(total)
    energy = math.sqrt(left_square * right_square)
    return {
        "z": round(trace / math.sqrt(variance), 3),
        "tensors": len(scores),
        "element_r": round(dot / energy, 5) if energy > 0 else None,
        "per_tensor_z_mean": round(float(np.mean(scores)), 3),
        "per_tensor_z_sd": round(float(np.std(scores)), 3),
    }


def parts_test(pairs: list[Pair]) -> dict[str, Any]:
    parts = sorted({key.part for key, _, _ in pairs})
    return {part: joint_test([pair for pair in pairs if pair[0].part == part]) for part in parts}


def gram_matrices(model: Model) -> dict[tuple[str, int, str], np.ndarray]:
    """W'W of the text tower's attention and MLP inputs, zero diagonal, centred, unit norm; experts summed."""
    sums: dict[tuple[str, int, str], np.ndarray] = {}
    for key, values in model.residual.items():
        if key.component != "text" or key.layer is None:
            continue
        attention, mlp = ATTENTION_ROLE.fullmatch(key.role), MLP_ROLE.fullmatch(key.role)
        if attention:
            name = ("attn", key.layer, attention[1])
        elif mlp:
            dense = key.role.startswith("mlp.")
            name = ("mlp", key.layer, ("dense " if dense else "experts ") + mlp[1])
        else:
            continue
        sums[name] = sums.get(name, 0) + values @ values.T
    out: dict[tuple[str, int, str], np.ndarray] = {}
    for name, gram in sums.items():
        d = len(gram)
        np.fill_diagonal(gram, 0)
        gram = gram - gram.sum() / (d * (d - 1))
        np.fill_diagonal(gram, 0)
        out[name] = gram / np.linalg.norm(gram)
    return out


def gram_test(
    left: dict[tuple[str, int, str], np.ndarray], right: dict[tuple[str, int, str], np.ndarray]
) -> dict[str, Any]:
    """Mantel's test (1967) with simultaneous row and column permutations; blind to head and unit order."""
    out: dict[str, Any] = {}
    for kind in ("attn", "mlp"):
        names = [name for name in left if name[0] == kind and name in right]
        if not names:
            continue
        a, b = np.stack([left[name] for name in names]), np.stack([right[name] for name in names])
        random = np.random.default_rng(0)
        null = []
        for _ in range(GRAM_PERMUTATIONS):
            order = random.permutation(a.shape[1])
            null.append(np.vdot(a, b[:, order[:, None], order]))
        z = (np.vdot(a, b) - np.mean(null)) / np.std(null)
        out[kind] = {"z": round(float(z), 2), "tensors": len(names)}
    return out
