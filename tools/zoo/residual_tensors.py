"""Brings the tensors of a zoo model to [residual, m] with a key that means the same in every model."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .stored_tensors import dequantised, read_folder
from .token_bytes import token_bytes


class Key(NamedTuple):
    component: str
    layer: int | None
    role: str
    expert: int | None
    part: str
    """embed, lm_head, attn, mlp, router, experts, norm or proj."""


Residual = dict[Key, np.ndarray]

RENAMED = (
    (r"^model\.language_model\.model\.", "model."),
    (r"^model\.language_model\.lm_head", "lm_head"),
    (r"^tok_embeddings\.", "model.embed_tokens."),
    (r"^output\.", "lm_head."),
    (r"^norm\.", "model.norm."),
    (r"^layers\.", "model.layers."),
    (r"\.attention\.w([qkvo])\.", r".self_attn.\1_proj."),
    (r"attention_norm", "input_layernorm"),
    (r"ffn_norm", "post_attention_layernorm"),
    (r"\.feed_forward\.", ".mlp."),
    (r"\.block_sparse_moe\.", ".mlp."),
    (r"\.w1\.", ".gate_proj."),
    (r"\.w3\.", ".up_proj."),
    (r"\.w2\.", ".down_proj."),
    (r"^visual\.", "model.vision_model."),
)
PREDICTION_NAMES = {
    "fc.weight": "eh_proj.weight",
    "norm.weight": "shared_head.norm.weight",
    "pre_fc_norm_hidden.weight": "hnorm.weight",
    "pre_fc_norm_embedding.weight": "enorm.weight",
}
NORM = re.compile(r"enorm|hnorm|shared_head\.norm|\w*layernorm(\.norm)?")
ATTENTION_INPUT = re.compile(r"self_attn\.(q|k|v|q_a|kv_a)_proj(_with_mqa)?")
MLP = re.compile(r"mlp\.(?:(experts)\.(\d+)\.|(shared_experts?)\.)?(gate|up|down)_proj")


def _column(vector: np.ndarray) -> np.ndarray:
    return vector[:, None]


def _vision(name: str, values: np.ndarray, width: int) -> Residual:
    if name.startswith("patch_embed"):
        return {Key("vision", None, "patch", None, "embed"): values.reshape(width, -1)}
    if name.startswith("merger.ln_q"):
        return {Key("vision", None, "ln_q", None, "norm"): _column(values)}
    if name == "merger.mlp.0.weight":
        split = values.reshape(values.shape[0], 4, width).transpose(2, 1, 0)
        return {Key("vision", None, "merger0", None, "mlp"): split.reshape(width, -1)}
    match = re.match(r"blocks\.(\d+)\.(.*)\.(weight|bias)$", name)
    if not match:
        return {}
    layer, role, kind = int(match[1]), match[2], match[3]
    if role.startswith("norm"):
        return {Key("vision", layer, role, None, "norm"): _column(values)}
    part = role.split(".")[0]
    if role in ("attn.proj", "mlp.down_proj"):
        key = Key("vision", layer, f"{role}.{kind}", None, part)
        return {key: values if kind == "weight" else _column(values)}
    return {Key("vision", layer, role, None, part): values.T} if kind == "weight" else {}


def _top_level(name: str, values: np.ndarray) -> Residual:
    if name == "model.embed_tokens.weight":
        return {Key("text", None, "embed", None, "embed"): values}
    if name == "lm_head.weight":
        return {Key("text", None, "lm_head", None, "lm_head"): values}
    if name in ("model.norm.weight", "model.norm.bias"):
        return {Key("text", None, f"final_{name.rsplit('.', 1)[1]}", None, "norm"): _column(values)}
    return {}


def _layer(component: str, layer: int, path: str, values: np.ndarray) -> Residual:
    role, kind = path.rsplit(".", 1) if path.endswith((".weight", ".bias")) else (path, "weight")
    if NORM.fullmatch(role):
        return {Key(component, layer, f"{role}.{kind}", None, "norm"): _column(values)}
    if role == "eh_proj":
        return {Key(component, layer, role, None, "proj"): values}
    if role == "self_attn.o_proj":
        key = Key(component, layer, f"{role}.{kind}", None, "attn")
        return {key: values if kind == "weight" else _column(values)}
    if kind != "weight":
        return {}
    if ATTENTION_INPUT.fullmatch(role):
        return {Key(component, layer, role, None, "attn"): values.T}
    if role == "mlp.gate" and values.ndim == 2:
        return {Key(component, layer, role, None, "router"): values.T}
    match = MLP.fullmatch(role)
    if not match:
        return {}
    experts, expert, shared, projection = match.groups()
    name = f"{experts or shared}.{projection}" if experts or shared else f"mlp.{projection}_proj"
    key = Key(component, layer, name, int(expert) if expert else None, "experts" if experts else "mlp")
    return {key: values if projection == "down" else values.T}


def residual_tensors(tensors: dict[str, np.ndarray], config: dict[str, Any]) -> Residual:
    out: Residual = {}
    layers = config["num_hidden_layers"]
    for name, values in tensors.items():
        for pattern, replacement in RENAMED:
            name = re.sub(pattern, replacement, name)
        if "vision_projector" in name:
            continue
        if name.startswith("model.vision_model."):
            width = config["vision_config"]["hidden_size"]
            out |= _vision(name.removeprefix("model.vision_model."), values, width)
            continue
        match = re.match(r"model\.layers\.(\d+)\.(.*)$", name)
        if name.startswith("mtp.") or (match and int(match[1]) >= layers):
            path = re.sub(r"^mtp\.(layers\.0\.)?|^model\.layers\.\d+\.", "", name)
            out |= _layer("mtp", 0, PREDICTION_NAMES.get(path, path), values)
        elif match:
            out |= _layer("text", int(match[1]), match[2], values)
        else:
            out |= _top_level(name, values)
    return out


@dataclass(frozen=True)
class Model:
    residual: Residual
    tokens: dict[bytes, int] | None

    @property
    def hidden(self) -> int:
        return self.residual[Key("text", None, "embed", None, "embed")].shape[1]


def load_model(folder: Path) -> Model:
    """A checkpoint below a training run uses the tokenizer of the released model."""
    config = json.loads((folder / "config.json").read_text())
    homes = (folder, folder.parent.parent)
    tokenizer = next((home / "tokenizer.json" for home in homes if (home / "tokenizer.json").exists()), None)
    return Model(
        residual_tensors(dequantised(read_folder(folder), config), config),
        None if tokenizer is None else token_bytes(tokenizer),
    )
