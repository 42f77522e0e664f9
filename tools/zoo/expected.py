"""expected.json: what the statistics must give for every pair of the zoo."""

from pathlib import Path
from typing import Any

import numpy as np

from .permutation_tests import gram_matrices, gram_test, joint_test, paired, parts_test
from .residual_tensors import Key, Model, load_model
from .truth import CHECKPOINTS, MODELS, UPCYCLED_LAYERS, relation

DEFINITION = """Residual-axis permutation test (trace of the cross product, moments by Hoeffding 1951).
1. Values as stored, widened to float64; block-FP8: w = q * scale[row // b][column // b].
2. Residual axis first, A [d, m]: q/k/v/q_a/kv_a/gate/up/router weights transposed; o/down/patch_embed as they are;
   norm weights and biases, o and down biases [d, 1]; embed and lm_head: rows of the shared tokens, transposed; MTP
   eh_proj/fc [d, 2d] as it is; vision merger.mlp.0 [M, 4 dv] to (M, 4, dv) to [dv, 4 M]. Left out, without residual
   axis: q_b, kv_b, q/k/v biases, q_norm, k_norm, q_a/kv_a norms, lm_head.bias, correction biases, merger.mlp.2.
3. Pairs: same role, layer (identity, or the layer_map given), expert and m. Tokens are joined by their raw bytes.
4. Vectors are centred; then every A and B is divided by its Frobenius norm; constant vectors are left out.
5. C_t = A_t B_t'; V_t = sum (C_t - row mean - column mean + mean)^2 / (d - 1); C = sum C_t / sqrt(V_t);
   z = (trace C - sum C / d) / sqrt(V of C); element_r = uncentred cosine of all matrices together.
6. gram: W'W of q/k/v and gate/up, experts summed, diagonal 0, centred, unit norm; z from 400 simultaneous row and
   column permutations (numpy default_rng(0)), so within 4 %."""

UPCYCLED = ("T3b", "T3")
REENACTED_REFERENCES = ("R1", "R2", "R3", "R5", "R6s0", "R1b")
REENACTED_LAYERS = 6


def pair_entry(
    subject: str, reference: str, component: str, models: dict[str, Model], grams
) -> dict[str, Any]:
    left, right = models[subject], models[reference]
    entry: dict[str, Any] = {
        "subject": MODELS[subject].folder,
        "reference": MODELS[reference].folder,
        "component": component,
        "relation": relation(subject, component, reference)[0],
    }
    if component in ("text", "mtp") and left.hidden != right.hidden:
        reason = f"residual widths differ ({left.hidden} vs {right.hidden})"
        return {**entry, "z": None, "tensors": 0, "reason": reason}
    pairs = paired(left, right, component)
    entry |= {"layer_map": "identity", **(joint_test(pairs) or {}), "parts": parts_test(pairs)}
    if component != "text":
        return entry
    if left.tokens and right.tokens:
        shared, union = left.tokens.keys() & right.tokens.keys(), left.tokens.keys() | right.tokens.keys()
        entry["shared_tokens"] = len(shared)
        entry["token_jaccard"] = round(len(shared) / len(union), 4)
    entry["gram"] = gram_test(grams[subject], grams[reference])
    return entry


def upcycled_entry(models: dict[str, Model]) -> dict[str, Any]:
    subject, reference = UPCYCLED
    pairs = paired(models[subject], models[reference], "text", UPCYCLED_LAYERS)
    return {
        "subject": MODELS[subject].folder,
        "reference": MODELS[reference].folder,
        "component": "text",
        "relation": "derived",
        "layer_map": UPCYCLED_LAYERS,
        **(joint_test(pairs) or {}),
        "parts": parts_test(pairs),
    }


def norm_reenactment(models: dict[str, Model]) -> list[dict[str, Any]]:
    """Raw cosine and Pearson of norm weights: the comparison of the public dispute, in small."""
    out = []
    for reference in REENACTED_REFERENCES:
        for layer in range(REENACTED_LAYERS):
            for tensor in ("input_layernorm.weight", "post_attention_layernorm.weight"):
                for subject in ("T1", "R1b"):
                    if subject == reference or (subject == "R1b" and reference != "R1"):
                        continue
                    key = Key("text", layer, tensor, None, "norm")
                    a, b = (models[model].residual.get(key) for model in (subject, reference))
                    if a is None or b is None:
                        continue
                    a, b = a[:, 0], b[:, 0]
                    cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
                    out.append(
                        {
                            "subject": MODELS[subject].folder,
                            "reference": MODELS[reference].folder,
                            "layer": layer,
                            "tensor": tensor,
                            "raw_cosine": round(float(cosine), 5),
                            "pearson": round(float(np.corrcoef(a, b)[0, 1]), 5),
                        }
                    )
    return out


def _spread(values: list[float]) -> dict[str, Any]:
    numbers = np.array(values)
    return {
        "n": len(values),
        "mean": round(float(numbers.mean()), 3),
        "sd": round(float(numbers.std()), 3),
        "absmax": round(float(abs(numbers).max()), 3),
    }


def summary(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """How the statistics behave where nothing is shared."""
    null = [entry for entry in entries if entry["relation"] == "independent" and entry["z"] is not None]
    parts = [part["z"] for entry in null for part in entry["parts"].values() if part]
    derived = [
        abs(entry["z"]) for entry in entries if entry["relation"] == "derived" and entry["z"] is not None
    ]
    grams = {
        f"null_gram_{kind}": _spread(
            [entry["gram"][kind]["z"] for entry in null if kind in entry.get("gram", {})]
        )
        for kind in ("attn", "mlp")
    }
    return {
        "null_all_pairs": _spread([entry["z"] for entry in null]),
        **grams,
        "null_part_z": _spread(parts),
        "derived_min_abs_z": min(derived),
        "note": "null pairs that share a lineage repeat nearly the same draw",
    }


def pair_entries(root: Path, only: set[str] | None = None) -> list[dict[str, Any]]:
    """All pairs of the models that are there, the older as reference; `only` restricts the models further."""
    present = [model for model in MODELS if (root / MODELS[model].folder / "config.json").exists()]
    present = [model for model in present if only is None or model in only]
    models = {model: load_model(root / MODELS[model].folder) for model in present}
    grams = {model: gram_matrices(loaded) for model, loaded in models.items()}
    entries = []
    for position, subject in enumerate(present):
        for reference in present[:position]:
            for component in MODELS[subject].components:
                if component in MODELS[reference].components:
                    entries.append(pair_entry(subject, reference, component, models, grams))
            if (subject, reference) == UPCYCLED:
                entries.append(upcycled_entry(models))
    return entries


def expected_values(root: Path) -> dict[str, Any]:
    """Content of expected.json."""
    entries = pair_entries(root)
    used = {*REENACTED_REFERENCES, CHECKPOINTS[-1]}
    models = {model: load_model(root / MODELS[model].folder) for model in used}
    return {
        "definition": DEFINITION,
        "generator": "tools/zoo (numpy float64)",
        "summary": summary(entries),
        "norm_reenactment": norm_reenactment(models),
        "pairs": entries,
    }
