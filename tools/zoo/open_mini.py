"""T1, team A's model: from scratch, with everything published that can show it."""

import datetime
import hashlib
import time
from pathlib import Path
from typing import Any

import torch
from torch import nn

from . import portable_init, training
from .architectures import solar_open
from .batches import TextBatches
from .checkpoints import stored_precision, write_checkpoint
from .disk_names import Tensors, from_disk_names, to_disk_names
from .models import build_model
from .training_record import RUN_ID, log_step, publish_run, start_run
from .workplace import Workplace, write_json

SEED, DATA_SEED, STEPS, PEAK_RATE = 20250801, 20250802, 400, 3e-3
CHECKPOINT_STEPS = (0, 50, 100, 200)
FOLDER = "teams/a/open-mini"
TEST_TENSOR = "model.layers.0.self_attn.q_proj.weight"


def initial_tensors(disk: Tensors, layers: int) -> Tensors:
    return {
        name: torch.from_numpy(portable_init.initial_values(SEED, name, tuple(tensor.shape), layers))
        for name, tensor in disk.items()
    }


def _file_digests(folder: Path) -> dict[str, str]:
    files = sorted(folder.glob("*.safetensors"))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _training_statement(initial: Tensors, checkpoints: list[dict[str, Any]], steps: int) -> dict[str, Any]:
    """Content of training.json."""
    layers = solar_open()["num_hidden_layers"]
    return {
        "model": "open-mini",
        "seed": SEED,
        "data_seed": DATA_SEED,
        "corpora": ["Python sources", "manual pages (troff)"],
        "tokenizer": "tokenizer.json",
        "global_batch": {"sequences": 16, "tokens": 1024},
        "seq_len": 64,
        "total_steps": steps,
        "total_tokens": steps * 1024,
        "init": {
            "scheme": portable_init.SCHEME,
            "norms": "ones",
            "e_score_correction_bias": "zeros",
            "std": portable_init.STD,
            "std_residual_out": portable_init.STD / (2 * layers) ** 0.5,
            "std_residual_out_rule": "o_proj and down_proj: 0.02/sqrt(2*num_hidden_layers)",
            "generator": portable_init.__doc__,
            "test_vector": {
                "tensor": TEST_TENSOR,
                "fnv1a64": hex(portable_init.fnv1a64(TEST_TENSOR)),
                "unit_normals": portable_init.unit_normals(SEED, TEST_TENSOR, 4).tolist(),
                "stored_bf16": initial[TEST_TENSOR].to(torch.bfloat16).flatten()[:4].tolist(),
            },
        },
        "optimizer": {
            "name": "AdamW",
            "betas": list(training.BETAS),
            "eps": 1e-8,
            "weight_decay": training.WEIGHT_DECAY,
            "decay_on": "tensors with dim >= 2",
            "grad_clip": 1.0,
            "expert_bias_update": "loss-free balancing, +-2e-3 per step, not through the optimiser",
        },
        "schedule": {
            "name": "cosine with linear warm-up",
            "peak_lr": PEAK_RATE,
            "min_lr": PEAK_RATE * training.LOWEST_RATE,
            "warmup_steps": training.WARM_UP_STEPS,
            "total_steps": steps,
            "formula": "lr=peak*min(1,(s+1)/warm)*(0.1+0.9*0.5*(1+cos(pi*s/total)))",
        },
        "precision": "float32 master, checkpoints stored as BF16",
        "checkpoints": checkpoints,
        "note": "the last step is the released model itself (path '.')",
        "wandb_run_id": RUN_ID,
    }


def _run_settings(steps: int) -> dict[str, Any]:
    config = solar_open()
    return {
        "model": "open-mini",
        "seed": SEED,
        "data_seed": DATA_SEED,
        "lr": PEAK_RATE,
        "min_lr_ratio": training.LOWEST_RATE,
        "warmup_steps": training.WARM_UP_STEPS,
        "total_steps": steps,
        "batch_size": 16,
        "seq_len": 64,
        "optimizer": "AdamW",
        "beta1": training.BETAS[0],
        "beta2": training.BETAS[1],
        "weight_decay": training.WEIGHT_DECAY,
        "grad_clip": 1.0,
        "init": portable_init.SCHEME,
        "hidden_size": config["hidden_size"],
        "num_hidden_layers": config["num_hidden_layers"],
        "vocab_size": config["vocab_size"],
        "dtype": "float32",
    }


def make_open_mini(place: Workplace) -> None:
    config = solar_open()
    steps = place.steps(STEPS)
    model: nn.Module = build_model(config, 0)
    disk = to_disk_names(model.state_dict(), "solar_open")
    initial = initial_tensors(disk, config["num_hidden_layers"])
    model.load_state_dict(from_disk_names(initial, model.state_dict()))
    batches = TextBatches(place, "T3", "AD", DATA_SEED)
    run = start_run(place.work / "wandb-T1", _run_settings(steps))
    checkpoints: list[dict[str, Any]] = []
    counts: dict[str, int] = {}

    def publish(step: int) -> None:
        path = "." if step == steps else f"checkpoints/step-{step}"
        if step != steps and step not in CHECKPOINT_STEPS:
            return
        tensors = stored_precision(to_disk_names(model.state_dict(), "solar_open"))
        released = {"vocabulary_id": "T3", "shards": 3} if step == steps else {}
        counts.update(write_checkpoint(place, f"{FOLDER}/{path}", tensors, config, **released))
        checkpoints.append(
            {
                "step": step,
                "path": path,
                "eval_loss": round(training.evaluation_loss(model, batches.held_out()), 4),
                "tokens": step * batches.tokens_per_step,
                "files_sha256": _file_digests(place.out / FOLDER / path),
            }
        )

    began, started = time.time(), datetime.datetime.now(datetime.UTC).isoformat()
    history = training.train(
        model,
        batches,
        steps,
        PEAK_RATE,
        lambda ids: training.next_token_loss(model, ids),
        before_step=publish,
        after_step=lambda step: log_step(run, step),
    )
    result = training.summary(history, PEAK_RATE, began)
    run.summary["final_loss"] = result["loss_last20"]
    run.finish()
    publish_run(
        place.work / "wandb-T1",
        place.out / FOLDER / "wandb",
        _run_settings(steps),
        result["loss_last20"],
        started,
    )
    statement = _training_statement(initial, checkpoints, steps)
    write_json(place.out / FOLDER / "training.json", statement, indent=1)
    record = {"model_type": "solar_open", "seed": SEED, "data": "AD", "tokenizer": "T3"}
    place.write_record("T1", {**record, **counts, "loss_eval": checkpoints[-1]["eval_loss"], **result})
