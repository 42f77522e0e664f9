"""Tensor names: in memory the library fuses experts, on disk every model_type has its published names."""

import re

import torch

Tensors = dict[str, torch.Tensor]

FUSED_EXPERTS = re.compile(r"(.*\.mlp)\.experts\.(gate_up_proj|down_proj)$")
BLOCK_SPARSE = {"mixtral", "phimoe"}
PREDICTION_AS_LAYER = {"glm4_moe", "deepseek_v3"}


def _split_experts(prefix: str, kind: str, fused: torch.Tensor, names: tuple[str, str, str]) -> Tensors:
    gate, up, down = names
    out: Tensors = {}
    half = fused.shape[1] // 2
    for expert, weight in enumerate(fused):
        path = f"{prefix}.experts.{expert}"
        if kind == "down_proj":
            out[f"{path}.{down}.weight"] = weight
        else:
            out[f"{path}.{gate}.weight"] = weight[:half]
            out[f"{path}.{up}.weight"] = weight[half:]
    return out


def to_disk_names(state: Tensors, model_type: str) -> Tensors:
    """Published names and layout, as detached contiguous copies."""
    out: Tensors = {}
    for name, tensor in state.items():
        experts = FUSED_EXPERTS.match(name)
        if experts and model_type in BLOCK_SPARSE:
            prefix = experts[1].replace(".mlp", ".block_sparse_moe")
            out.update(_split_experts(prefix, experts[2], tensor, ("w1", "w3", "w2")))
        elif experts:
            projections = ("gate_proj", "up_proj", "down_proj")
            out.update(_split_experts(experts[1], experts[2], tensor, projections))
        elif model_type in BLOCK_SPARSE:
            out[re.sub(r"\.mlp\.(gate|router)\.weight$", ".block_sparse_moe.gate.weight", name)] = tensor
        elif model_type == "exaone_moe":
            out[name.replace("mlp.gate.e_score_correction_bias", "mlp.e_score_correction_bias")] = tensor
        elif model_type == "axk1":
            out[name.replace("mlp.post_mlp_layernorm", "post_mlp_layernorm")] = tensor
        else:
            out[name] = tensor
    return {name: tensor.detach().clone().contiguous() for name, tensor in out.items()}


def from_disk_names(disk: Tensors, like: Tensors) -> Tensors:
    """The inverse for the `mlp.experts` layout: fuses experts again, in the order of `like`."""
    out: Tensors = {}
    for name, tensor in like.items():
        experts = FUSED_EXPERTS.match(name)
        if not experts:
            out[name] = disk[name]
            continue
        paths = [f"{experts[1]}.experts.{expert}" for expert in range(tensor.shape[0])]
        if experts[2] == "down_proj":
            out[name] = torch.stack([disk[f"{path}.down_proj.weight"] for path in paths])
        else:
            pairs = [(disk[f"{path}.gate_proj.weight"], disk[f"{path}.up_proj.weight"]) for path in paths]
            out[name] = torch.stack([torch.cat(pair) for pair in pairs])
    return out


def prediction_disk_names(block: torch.nn.Module, model_type: str, layers: int) -> Tensors:
    """The prediction block as one more layer (GLM, DeepSeek) or under `mtp.` (EXAONE)."""
    as_layer = model_type in PREDICTION_AS_LAYER
    prefix = f"model.layers.{layers}." if as_layer else "mtp.layers.0."
    state = {f"block.{name}": tensor for name, tensor in block.layer.state_dict().items()}
    out = {
        prefix + name.removeprefix("block."): tensor
        for name, tensor in to_disk_names(state, model_type).items()
    }
    if as_layer:
        own = {
            "enorm": f"{prefix}enorm",
            "hnorm": f"{prefix}hnorm",
            "norm": f"{prefix}shared_head.norm",
            "proj": f"{prefix}eh_proj",
        }
    else:
        own = {
            "enorm": "mtp.pre_fc_norm_embedding",
            "hnorm": "mtp.pre_fc_norm_hidden",
            "norm": "mtp.norm",
            "proj": "mtp.fc",
        }
    for attribute, name in own.items():
        out[f"{name}.weight"] = getattr(block, attribute).weight.detach().clone()
    return out


RENAMED = (
    (r"^model\.embed_tokens\.", "tok_embeddings."),
    (r"^lm_head\.", "output."),
    (r"^model\.norm\.", "norm."),
    (r"^model\.layers", "layers"),
    (r"self_attn\.([qkvo])_proj", r"attention.w\1"),
    (r"input_layernorm", "attention_norm"),
    (r"post_attention_layernorm", "ffn_norm"),
    (r"\.mlp\.", ".feed_forward."),
    (r"gate_proj", "w1"),
    (r"up_proj", "w3"),
    (r"down_proj", "w2"),
)


def disguised_names(disk: Tensors) -> Tensors:
    """T5's names: another naming tradition, which hides where the tensors came from."""
    out: Tensors = {}
    for name, tensor in disk.items():
        for pattern, replacement in RENAMED:
            name = re.sub(pattern, replacement, name)
        out[name] = tensor
    return out
