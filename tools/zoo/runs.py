"""One function for every model of the zoo: how it was made, and what it was made from."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from . import architectures, variants
from .architectures import Config
from .batches import TextBatches
from .checkpoints import (
    load_master,
    natural_key,
    read_checkpoint,
    save_master,
    stored_precision,
    write_checkpoint,
)
from .disk_names import Tensors, disguised_names, prediction_disk_names, to_disk_names
from .models import MultiTokenPrediction, build_model, build_prediction_block
from .open_mini import make_open_mini
from .training import evaluation_loss, next_token_loss, summary, train
from .truth import UPCYCLED_LAYERS
from .vision_runs import make_r4, make_t2
from .workplace import Workplace


def text_training(
    place: Workplace,
    model: nn.Module,
    batches: TextBatches,
    steps: int,
    rate: float,
    block: MultiTokenPrediction | None = None,
) -> dict[str, Any]:
    started = time.time()
    trained = model if block is None else nn.ModuleList([model, block])
    history = train(
        trained, batches, place.steps(steps), rate, lambda ids: next_token_loss(model, ids, block)
    )
    return {
        **summary(history, rate, started),
        "loss_eval": round(evaluation_loss(model, batches.held_out()), 4),
    }


@dataclass(frozen=True)
class FromScratch:
    """A model with its own initialisation and its own training."""

    folder: str
    config: Config
    vocabulary: str
    corpora: str
    seed: int
    steps: int = 320
    shards: int = 2
    prediction_block: bool = False
    data_seed: int | None = None


FROM_SCRATCH = {
    "R1": FromScratch(
        "refs/glm-air-mini",
        architectures.glm4_moe(),
        "T1",
        "AB",
        11,
        steps=400,
        shards=3,
        prediction_block=True,
    ),
    "R2": FromScratch("refs/phi-moe-mini", architectures.phimoe(), "T2", "C", 22),
    "R3": FromScratch("refs/mixtral-mini", architectures.mixtral(), "Tmix", "BC", 33),
    "R5": FromScratch("refs/deepseek-v3-mini", architectures.deepseek_v3(), "Tds", "ABD", 55, shards=3),
    "R6s0": FromScratch(
        "refs/llama-mini-s0", architectures.llama(), "Tll", "BA", 60, shards=1, data_seed=6000
    ),
    "R6s1": FromScratch(
        "refs/llama-mini-s1", architectures.llama(), "Tll", "BA", 61, shards=1, data_seed=6000
    ),
    "R6s2": FromScratch("refs/llama-mini-s2", architectures.llama(), "Tll", "BA", 62, data_seed=6000),
    "T3": FromScratch(
        "teams/c/exa-mini", architectures.exaone_moe(), "Texa", "BD", 333, prediction_block=True
    ),
    "T4": FromScratch("teams/d/axk-mini", architectures.axk1(), "Taxk", "CD", 444),
}


def make_from_scratch(place: Workplace, model_id: str) -> None:
    plan = FROM_SCRATCH[model_id]
    model_type = plan.config["model_type"]
    model = build_model(plan.config, plan.seed)
    block = build_prediction_block(model, plan.config) if plan.prediction_block else None
    data_seed = plan.seed + 1000 if plan.data_seed is None else plan.data_seed
    batches = TextBatches(place, plan.vocabulary, plan.corpora, data_seed)
    result = text_training(place, model, batches, plan.steps, 3e-3, block)
    tensors = to_disk_names(model.state_dict(), model_type)
    if block is not None:
        tensors |= prediction_disk_names(block, model_type, plan.config["num_hidden_layers"])
    counts = write_checkpoint(
        place, plan.folder, stored_precision(tensors), plan.config, plan.vocabulary, plan.shards
    )
    save_master(place, model_id, model.state_dict())
    place.write_record(
        model_id,
        {
            "model_type": model_type,
            "seed": plan.seed,
            "data": plan.corpora,
            "tokenizer": plan.vocabulary,
            **counts,
            **result,
        },
    )


def make_r1b(place: Workplace) -> None:
    """R1 trained on, its prediction block dropped."""
    config = architectures.glm4_moe(num_nextn_predict_layers=0)
    model = build_model(config, 1)
    model.load_state_dict(load_master(place, "R1"))
    result = text_training(place, model, TextBatches(place, "T1", "CD", 1102), 150, 1e-4)
    tensors = stored_precision(to_disk_names(model.state_dict(), "glm4_moe"))
    counts = write_checkpoint(place, "refs/intellect-mini", tensors, config, "T1", shards=2)
    save_master(place, "R1b", model.state_dict())
    place.write_record(
        "R1b",
        {"model_type": "glm4_moe", "parent": "R1", "data": "CD", "tokenizer": "T1", **counts, **result},
    )


def make_r5_fp8(place: Workplace) -> None:
    size = variants.FP8_BLOCK
    quantisation = {
        "activation_scheme": "dynamic",
        "fmt": "e4m3",
        "quant_method": "fp8",
        "weight_block_size": [size, size],
    }
    config = architectures.deepseek_v3(quantization_config=quantisation)
    tensors = variants.fp8_blocks(read_checkpoint(place.out / "refs/deepseek-v3-mini"))
    counts = write_checkpoint(place, "refs/deepseek-v3-mini-fp8", tensors, config, "Tds", shards=2)
    place.write_record("R5fp8", {"model_type": "deepseek_v3", "parent": "R5", "tokenizer": "Tds", **counts})


def upcycled_state(old: Tensors, new: Tensors, seed: int) -> Tensors:
    """Layers repeated by UPCYCLED_LAYERS; experts and router rows copied once more, with noise."""
    generator = torch.Generator().manual_seed(seed)
    out: Tensors = {}
    for name, target in new.items():
        parts = name.split(".")
        if parts[:2] != ["model", "layers"]:
            out[name] = old[name].clone()
            continue
        source = ".".join([*parts[:2], str(UPCYCLED_LAYERS[int(parts[2])]), *parts[3:]])
        weight = old[source].clone()
        if weight.shape != target.shape:
            noise = torch.zeros_like(weight)
            if weight.dim() > 1:
                noise = torch.randn(weight.shape, generator=generator) * weight.std() * 0.3
            weight = torch.cat([weight, weight + noise])
        out[name] = weight
    return out


def make_t3b(place: Workplace) -> None:
    config = architectures.exaone_moe(
        num_hidden_layers=6, num_experts=16, first_k_dense_replace=2, num_nextn_predict_layers=0
    )
    model = build_model(config, 334)
    model.load_state_dict(upcycled_state(load_master(place, "T3"), model.state_dict(), 335))
    result = text_training(place, model, TextBatches(place, "Texa", "ABD", 3360), 300, 1e-3)
    tensors = stored_precision(to_disk_names(model.state_dict(), "exaone_moe"))
    counts = write_checkpoint(place, "teams/c/exa2-mini", tensors, config, "Texa", shards=2)
    record = {"model_type": "exaone_moe", "parent": "T3", "layer_map": UPCYCLED_LAYERS, "tokenizer": "Texa"}
    place.write_record("T3b", {**record, **counts, **result})


def make_t5(place: Workplace) -> None:
    """R1 trained on, then everything that can be permuted without a change of function, permuted."""
    config = architectures.glm4_moe(num_nextn_predict_layers=0)
    model = build_model(config, 5)
    model.load_state_dict(load_master(place, "R1"))
    batches = TextBatches(place, "T1", "CD", 555)
    result = text_training(place, model, batches, 300, 3e-4)
    state, orders = variants.permute_units(model.state_dict(), config, 556)
    permuted = build_model(config, 6)
    permuted.load_state_dict(state)
    ids = batches.held_out()[:, :-1]
    with torch.no_grad():
        model.eval()
        permuted.eval()
        difference = float((permuted(input_ids=ids).logits - model(input_ids=ids).logits).abs().max())
    if difference > 1e-3:
        raise RuntimeError(f"T5: the permutation changed the logits by {difference}")
    tensors = disguised_names(stored_precision(to_disk_names(state, "glm4_moe")))
    counts = write_checkpoint(place, "teams/e/vae-mini", tensors, architectures.vae_moe(), "T1")
    record = {
        "model_type": "vae_moe",
        "parent": "R1",
        "tokenizer": "T1",
        "orders": orders,
        "logit_difference": difference,
    }
    place.write_record("T5", {**record, **counts, **result})


def make_variants(place: Workplace) -> None:
    """Copies of R1: the same bytes in other files, an int8 round trip, a merge with R1b."""
    config = architectures.glm4_moe()
    r1 = read_checkpoint(place.out / "refs/glm-air-mini")
    reverse = sorted(r1, key=natural_key, reverse=True)
    counts = write_checkpoint(
        place,
        "variants/glm-air-mini-reshard",
        r1,
        config,
        "T1",
        shards=2,
        file_name="pytorch_model_shard",
        order=reverse,
    )
    record = {"model_type": "glm4_moe", "parent": "R1", "tokenizer": "T1"}
    place.write_record("V_same", {**record, **counts})

    config = architectures.glm4_moe(num_nextn_predict_layers=0)
    block = f"model.layers.{config['num_hidden_layers']}."
    main = {name: tensor for name, tensor in r1.items() if not name.startswith(block)}
    rounded = stored_precision(variants.int8_round_trip(main))
    counts = write_checkpoint(place, "variants/glm-air-mini-int8-dequant", rounded, config, "T1", shards=2)
    place.write_record("V_int8", {**record, **counts})

    parents = [to_disk_names(load_master(place, model_id), "glm4_moe") for model_id in ("R1", "R1b")]
    merged = stored_precision(variants.slerp(*parents, 0.4))
    counts = write_checkpoint(place, "variants/glm-intellect-slerp", merged, config, "T1")
    place.write_record("V_merge", {**record, "parent": "R1+R1b", **counts})


@dataclass(frozen=True)
class Run:
    make: Callable[[Workplace], None]
    needs: tuple[str, ...] = ()


def _scratch_run(model_id: str) -> Run:
    return Run(lambda place: make_from_scratch(place, model_id))


RUNS: dict[str, Run] = {
    **{model_id: _scratch_run(model_id) for model_id in FROM_SCRATCH},
    "R4": Run(make_r4),
    "T1": Run(make_open_mini),
    "R1b": Run(make_r1b, ("R1",)),
    "R5fp8": Run(make_r5_fp8, ("R5",)),
    "T2": Run(make_t2, ("R4",)),
    "T3b": Run(make_t3b, ("T3",)),
    "T5": Run(make_t5, ("R1",)),
    "variants": Run(make_variants, ("R1", "R1b")),
}
