"""The one training loop: AdamW, linear warm-up, cosine decay to a tenth, gradient clipping at 1."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
import torch.nn.functional as functional
from torch import nn

from .expert_balance import ExpertBalance
from .models import MultiTokenPrediction

BETAS = (0.9, 0.95)
WEIGHT_DECAY = 0.1
WARM_UP_STEPS = 20
LOWEST_RATE = 0.1
PREDICTION_WEIGHT = 0.3
LAST_STEPS = 20


class Batches(Protocol):
    tokens_per_step: int

    def next(self) -> Any: ...


@dataclass(frozen=True)
class Loss:
    reported: torch.Tensor
    """What the loss curve shows."""
    total: torch.Tensor
    """What is minimised."""
    text: float | None = None


@dataclass(frozen=True)
class Step:
    step: int
    loss: float
    lr: float
    grad_norm: float
    tokens: int
    text_loss: float | None


def next_token_loss(model: nn.Module, ids: torch.Tensor, block: MultiTokenPrediction | None = None) -> Loss:
    """Cross entropy of the next token; with a prediction block, plus 0.3 of that of the token after it."""
    hidden = model.model(input_ids=ids[:, :-1], use_cache=False).last_hidden_state
    loss = functional.cross_entropy(model.lm_head(hidden).flatten(0, 1).float(), ids[:, 1:].flatten())
    if block is None:
        return Loss(loss.detach(), loss)
    ahead = model.lm_head(block(model.model, hidden[:, :-1], ids[:, 1:-1]))
    second = functional.cross_entropy(ahead.flatten(0, 1).float(), ids[:, 2:].flatten())
    return Loss(loss.detach(), loss + PREDICTION_WEIGHT * second)


def learning_rate(peak: float, step: int, steps: int) -> float:
    warm_up = min(1.0, (step + 1) / WARM_UP_STEPS)
    decay = LOWEST_RATE + (1 - LOWEST_RATE) * 0.5 * (1 + math.cos(math.pi * step / steps))
    return peak * warm_up * decay


def decayed_groups(model: nn.Module) -> list[dict[str, Any]]:
    """Weight decay on matrices only; `rate` scales a group's learning rate."""
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return [
        {"params": [p for p in trained if p.dim() >= 2], "weight_decay": WEIGHT_DECAY, "rate": 1.0},
        {"params": [p for p in trained if p.dim() < 2], "weight_decay": 0.0, "rate": 1.0},
    ]


def train(
    model: nn.Module,
    batches: Batches,
    steps: int,
    peak_rate: float,
    loss_of: Callable[[Any], Loss],
    groups: list[dict[str, Any]] | None = None,
    before_step: Callable[[int], None] = lambda step: None,
    after_step: Callable[[Step], None] = lambda step: None,
) -> list[Step]:
    """Trains in place. `before_step` is also called once after the last step, with the number of steps."""
    groups = decayed_groups(model) if groups is None else groups
    optimiser = torch.optim.AdamW(groups, lr=peak_rate, betas=BETAS, eps=1e-8)
    parameters = [parameter for group in groups for parameter in group["params"]]
    balance = ExpertBalance(model)
    history: list[Step] = []
    for step in range(steps):
        rate = learning_rate(peak_rate, step, steps)
        for group in optimiser.param_groups:
            group["lr"] = rate * group["rate"]
        before_step(step)
        loss = loss_of(batches.next())
        optimiser.zero_grad(set_to_none=True)
        (loss.total + balance.loss()).backward()
        norm = float(torch.nn.utils.clip_grad_norm_(parameters, 1.0))
        optimiser.step()
        balance.step()
        tokens = (step + 1) * batches.tokens_per_step
        history.append(Step(step, float(loss.reported), rate, norm, tokens, loss.text))
        after_step(history[-1])
    before_step(steps)
    balance.close()
    return history


def evaluation_loss(model: nn.Module, held_out: torch.Tensor) -> float:
    model.eval()
    with torch.no_grad():
        loss = float(next_token_loss(model, held_out).reported)
    model.train()
    return loss


def summary(history: list[Step], peak_rate: float, started: float) -> dict[str, Any]:
    """What a model's record says about its training."""
    return {
        "steps": len(history),
        "lr": peak_rate,
        "loss_first": round(history[0].loss, 4),
        "loss_last20": round(float(np.mean([step.loss for step in history[-LAST_STEPS:]])), 4),
        "seconds": round(time.time() - started, 1),
        "tokens": history[-1].tokens,
    }
