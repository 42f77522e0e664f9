"""Writes and reads checkpoint folders in the layout of the hub."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors.torch import load_file, save_file

from .architectures import Config
from .disk_names import Tensors
from .vocabularies import tokenizer_file
from .workplace import Workplace, write_json

# A shard takes a tensor more when that leaves it within this of an even share.
SHARD_TOLERANCE = 1.02


def natural_key(name: str) -> list[int | str]:
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def stored_precision(tensors: Tensors) -> Tensors:
    """BF16, but for router correction biases and scales, which are published in F32."""
    kept = ("e_score_correction_bias", "weight_scale_inv")
    return {
        name: (tensor.float() if name.endswith(kept) else tensor.to(torch.bfloat16)).contiguous()
        for name, tensor in tensors.items()
    }


def _shards(names: Sequence[str], tensors: Tensors, count: int) -> list[list[str]]:
    share = sum(tensors[name].nbytes for name in names) / count * SHARD_TOLERANCE
    shards: list[list[str]] = [[]]
    size = 0
    for name in names:
        if size + tensors[name].nbytes > share and len(shards) < count:
            shards.append([])
            size = 0
        shards[-1].append(name)
        size += tensors[name].nbytes
    return shards


def write_checkpoint(
    place: Workplace,
    folder: str,
    tensors: Tensors,
    config: Config,
    vocabulary_id: str | None = None,
    shards: int = 1,
    file_name: str = "model",
    order: Sequence[str] | None = None,
) -> dict[str, int]:
    """Writes tensors as given, config, index and tokenizer. Returns the counts for the model's record."""
    path = place.out / folder
    path.mkdir(parents=True, exist_ok=True)
    for old in path.glob("*.safetensors*"):
        old.unlink()
    if config.get("tie_word_embeddings"):
        tensors = {name: tensor for name, tensor in tensors.items() if name != "lm_head.weight"}
    names = sorted(tensors, key=natural_key) if order is None else list(order)
    total = sum(tensors[name].nbytes for name in names)
    groups = _shards(names, tensors, shards)
    weight_map: dict[str, str] = {}
    for index, group in enumerate(groups):
        suffix = "" if shards == 1 else f"-{index + 1:05d}-of-{len(groups):05d}"
        file = f"{file_name}{suffix}.safetensors"
        save_file({name: tensors[name] for name in group}, path / file, metadata={"format": "pt"})
        weight_map.update(dict.fromkeys(group, file))
    if shards > 1:
        index_content = {"metadata": {"total_size": total}, "weight_map": dict(sorted(weight_map.items()))}
        write_json(path / "model.safetensors.index.json", index_content)
    write_json(path / "config.json", config)
    generation = {
        "_from_model_config": True,
        "bos_token_id": config.get("bos_token_id"),
        "eos_token_id": config.get("eos_token_id"),
        "transformers_version": transformers.__version__,
    }
    write_json(path / "generation_config.json", generation)
    if vocabulary_id is not None:
        shutil.copyfile(tokenizer_file(place, vocabulary_id), path / "tokenizer.json")
        tokenizer_settings = {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": config["max_position_embeddings"],
            "clean_up_tokenization_spaces": False,
        }
        write_json(path / "tokenizer_config.json", tokenizer_settings)
    return {"tensors": len(names), "bytes": total}


def read_checkpoint(folder: Path) -> Tensors:
    out: Tensors = {}
    for file in sorted(folder.glob("*.safetensors")):
        out.update(load_file(file))
    return out


def save_master(place: Workplace, model_id: str, state: Any) -> None:
    """Keeps full-precision weights for the models that are made from this one."""
    torch.save(state, place.work / f"master-{model_id}.pt")


def load_master(place: Workplace, model_id: str) -> Any:
    return torch.load(place.work / f"master-{model_id}.pt")
