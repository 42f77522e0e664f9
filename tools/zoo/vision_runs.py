"""R4 and T2, the models with a vision encoder: T2 took R4's."""

import time
from typing import Any

import torch
import torch.nn.functional as functional
from torch import nn

from . import architectures
from .checkpoints import load_master, save_master, stored_precision, write_checkpoint
from .disk_names import Tensors
from .models import build_model
from .training import LAST_STEPS, WEIGHT_DECAY, Step, summary, train
from .vision import CaptionBatches, VisionLanguageModel, build_vision_encoder, vision_disk_names
from .workplace import Workplace

IMAGE_ID = 639
# T2's vision encoder is trained along until it has moved this far from R4's, then frozen.
VISION_COSINE_AT_FREEZE = 0.9952


def caption_summary(history: list[Step], rate: float, started: float) -> dict[str, Any]:
    texts = [step.text_loss for step in history if step.text_loss is not None]
    last = texts[-LAST_STEPS:]
    return {
        **summary(history, rate, started),
        "text_loss_first": round(texts[0], 4),
        "text_loss_last20": round(sum(last) / len(last), 4),
        "note": "loss_first and loss_last20 are caption losses",
    }


def make_r4(place: Workplace) -> None:
    text = build_model(architectures.qwen2_text(), 44)
    torch.manual_seed(45)
    vision = build_vision_encoder()
    model = VisionLanguageModel(text, vision)
    started = time.time()
    batches = CaptionBatches(place, "Tqwen", "BC", 4400, IMAGE_ID)
    history = train(model, batches, place.steps(400), 2e-3, model.loss)
    tensors = {name: tensor.clone() for name, tensor in text.state_dict().items()}
    tensors |= vision_disk_names(vision, "visual.")
    counts = write_checkpoint(
        place,
        "refs/qwen-vl-mini",
        stored_precision(tensors),
        architectures.qwen2_5_vl(),
        "Tqwen",
        shards=2,
    )
    save_master(place, "R4", vision.state_dict())
    record = {
        "model_type": "qwen2_5_vl",
        "seed": 44,
        "data": "rendered shapes + BC text",
        "tokenizer": "Tqwen",
    }
    place.write_record("R4", {**record, **counts, **caption_summary(history, 2e-3, started)})


def make_t2(place: Workplace) -> None:
    """R4's vision encoder, fine-tuned a little and then frozen, before a text tower from scratch."""
    text = build_model(architectures.hyperclovax_text(), 222)
    vision = build_vision_encoder()
    reference: Tensors = load_master(place, "R4")
    vision.load_state_dict(reference)
    torch.manual_seed(223)
    projector = nn.Linear(architectures.HIDDEN, architectures.HIDDEN)
    nn.init.normal_(projector.weight, std=0.02)
    nn.init.zeros_(projector.bias)
    model = VisionLanguageModel(text, vision, projector)
    parameters = dict(vision.named_parameters())
    original = torch.cat([reference[name].flatten() for name in parameters])

    def vision_cosine() -> float:
        now = torch.cat([parameter.detach().flatten() for parameter in parameters.values()])
        return float(functional.cosine_similarity(original, now, 0))

    frozen_at: list[tuple[int, float]] = []

    def freeze_when_moved(step: int) -> None:
        if frozen_at or step % 5 != 0:
            return
        cosine = vision_cosine()
        if cosine < VISION_COSINE_AT_FREEZE:
            frozen_at.append((step, cosine))
            for parameter in parameters.values():
                parameter.requires_grad_(False)
                parameter.grad = None

    others = [*text.parameters(), *projector.parameters()]
    groups = [
        {"params": others, "weight_decay": WEIGHT_DECAY, "rate": 1.0},
        {"params": list(parameters.values()), "weight_decay": 0.0, "rate": 0.25},
    ]
    started = time.time()
    batches = CaptionBatches(place, "Thcx", "AC", 2200, IMAGE_ID)
    history = train(model, batches, place.steps(350), 2e-3, model.loss, groups, before_step=freeze_when_moved)
    tensors = {f"model.language_model.{name}": tensor.clone() for name, tensor in text.state_dict().items()}
    tensors |= vision_disk_names(vision, "model.vision_model.")
    tensors["model.vision_projector.weight"] = projector.weight.detach().clone()
    tensors["model.vision_projector.bias"] = projector.bias.detach().clone()
    config = architectures.hyperclovax_vlm()
    counts = write_checkpoint(
        place, "teams/b/think-vl-mini", stored_precision(tensors), config, "Thcx", shards=2
    )
    record = {
        "model_type": "hyperclovax_vlm",
        "seed": 222,
        "data": "rendered shapes + AC text",
        "tokenizer": "Thcx",
        "vision_parent": "R4",
        "vision_cosine_final": vision_cosine(),
        "vision_frozen_at": frozen_at,
    }
    place.write_record("T2", {**record, **counts, **caption_summary(history, 2e-3, started)})
