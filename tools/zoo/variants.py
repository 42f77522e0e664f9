"""Changes of finished weights: rounding to int8 or FP8, merging, and hiding by permutation."""

import re

import torch

from .architectures import Config
from .disk_names import Tensors

INT8_MAX, E4M3_MAX = 127, 448.0
FP8_BLOCK = 64
FP8_TENSORS = re.compile(r"_proj(_with_mqa)?\.weight$")


def int8_round_trip(tensors: Tensors) -> Tensors:
    """Every matrix rounded to symmetric int8 with one scale for each row, and back; float32."""
    out: Tensors = {}
    for name, tensor in tensors.items():
        if tensor.dim() != 2:
            out[name] = tensor
            continue
        weight = tensor.float()
        scale = weight.abs().amax(1, keepdim=True).clamp_min(1e-12) / INT8_MAX
        out[name] = (weight / scale).round().clamp(-INT8_MAX, INT8_MAX) * scale
    return out


def fp8_blocks(tensors: Tensors) -> Tensors:
    """Projections as E4M3 with one `weight_scale_inv` for each block of 64 x 64; w = q * scale."""
    out: Tensors = {}
    for name, tensor in tensors.items():
        if tensor.dim() != 2 or not FP8_TENSORS.search(name):
            out[name] = tensor
            continue
        rows, columns = tensor.shape
        quantised = torch.zeros(rows, columns)
        scales = torch.zeros(-(-rows // FP8_BLOCK), -(-columns // FP8_BLOCK))
        for i in range(scales.shape[0]):
            for j in range(scales.shape[1]):
                where = (
                    slice(i * FP8_BLOCK, (i + 1) * FP8_BLOCK),
                    slice(j * FP8_BLOCK, (j + 1) * FP8_BLOCK),
                )
                block = tensor.float()[where]
                scales[i, j] = block.abs().max() / E4M3_MAX
                quantised[where] = block / scales[i, j]
        out[name] = quantised.to(torch.float8_e4m3fn)
        out[f"{name}_scale_inv"] = scales
    return out


def _slerp(left: torch.Tensor, right: torch.Tensor, t: float) -> torch.Tensor:
    u, v = left.flatten().double(), right.flatten().double()
    length_u, length_v = u.norm(), v.norm()
    if min(float(length_u), float(length_v)) < 1e-9:
        return (1 - t) * left + t * right
    angle = torch.acos((u @ v / length_u / length_v).clamp(-1, 1))
    if float(angle) < 1e-4:
        return (1 - t) * left + t * right
    direction = torch.sin((1 - t) * angle) * u / length_u + torch.sin(t * angle) * v / length_v
    length = (1 - t) * length_u + t * length_v
    return (direction / torch.sin(angle) * length).view_as(left).float()


def slerp(left: Tensors, right: Tensors, t: float) -> Tensors:
    """Spherical interpolation of each tensor (Shoemake 1985), lengths interpolated linearly."""
    return {name: _slerp(left[name], right[name], t) for name in left}


def permute_units(
    state: Tensors, config: Config, seed: int
) -> tuple[Tensors, dict[int, dict[str, list[int]]]]:
    """A GLM state dict with hidden units, experts, KV groups and query heads in another order; same function.

    `state` is in memory layout (fused experts). Returns also each layer's orders.
    """
    generator = torch.Generator().manual_seed(seed)
    heads, groups, size = config["num_attention_heads"], config["num_key_value_heads"], config["head_dim"]
    out = {name: tensor.clone() for name, tensor in state.items()}

    def order(count: int) -> torch.Tensor:
        return torch.randperm(count, generator=generator)

    def rows(head_order: torch.Tensor) -> torch.Tensor:
        return (head_order[:, None] * size + torch.arange(size)).flatten()

    def permute_mlp(path: str) -> None:
        units = order(out[f"{path}gate_proj.weight"].shape[0])
        for projection in ("gate_proj", "up_proj"):
            out[f"{path}{projection}.weight"] = out[f"{path}{projection}.weight"][units]
        out[f"{path}down_proj.weight"] = out[f"{path}down_proj.weight"][:, units]

    orders: dict[int, dict[str, list[int]]] = {}
    for layer in range(config["num_hidden_layers"]):
        attention, mlp = f"model.layers.{layer}.self_attn.", f"model.layers.{layer}.mlp."
        group_order = order(groups)
        per_group = heads // groups
        query_order = torch.cat([int(group) * per_group + order(per_group) for group in group_order])
        orders[layer] = {"q_heads": query_order.tolist(), "kv": group_order.tolist()}
        for projection, head_order in (("q", query_order), ("k", group_order), ("v", group_order)):
            for part in ("weight", "bias"):
                name = f"{attention}{projection}_proj.{part}"
                if name in out:
                    out[name] = out[name][rows(head_order)]
        out[f"{attention}o_proj.weight"] = out[f"{attention}o_proj.weight"][:, rows(query_order)]
        if f"{mlp}gate_proj.weight" in out:
            permute_mlp(mlp)
            continue
        permute_mlp(f"{mlp}shared_experts.")
        experts = order(out[f"{mlp}gate.weight"].shape[0])
        orders[layer]["experts"] = experts.tolist()
        routed = ("gate.weight", "gate.e_score_correction_bias", "experts.gate_up_proj", "experts.down_proj")
        for name in routed:
            out[mlp + name] = out[mlp + name][experts]
        gate_up, down = out[f"{mlp}experts.gate_up_proj"], out[f"{mlp}experts.down_proj"]
        width = down.shape[2]
        for expert in range(len(experts)):
            units = order(width)
            gate_up[expert] = gate_up[expert][torch.cat([units, width + units])]
            down[expert] = down[expert][:, units]
    return out, orders
