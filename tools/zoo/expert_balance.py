"""Keeps routers from collapsing onto few experts."""

import torch
from torch import nn

BIAS_STEP = 2e-3
AUXILIARY_WEIGHT = 0.01


class ExpertBalance:
    """Loss-free balancing where a router has a correction bias, the usual auxiliary loss elsewhere.

    Loss-free: after a step, the bias of an expert moves by a fixed amount towards equal load.
    """

    def __init__(self, model: nn.Module) -> None:
        self._loads: dict[str, torch.Tensor] = {}
        self._biases: dict[str, torch.Tensor] = {}
        self._auxiliary: list[torch.Tensor] = []
        self._hooks = []
        for name, module in model.named_modules():
            bias = getattr(module, "e_score_correction_bias", None)
            if bias is not None:
                self._biases[name] = bias
                self._hooks.append(module.register_forward_hook(self._load_counter(name)))
            elif type(module).__name__.lower().endswith("router"):
                self._hooks.append(module.register_forward_hook(self._add_auxiliary))

    def _load_counter(self, name: str):
        def count(module: nn.Module, _inputs, outputs) -> None:
            experts = module.weight.shape[0]
            self._loads[name] = torch.bincount(outputs[2].flatten(), minlength=experts).float()

        return count

    def _add_auxiliary(self, module: nn.Module, _inputs, outputs) -> None:
        experts = module.weight.shape[0]
        probability = outputs[0].float().view(-1, experts).softmax(-1).mean(0)
        load = torch.bincount(outputs[2].flatten(), minlength=experts).float() / outputs[2].numel()
        self._auxiliary.append(experts * (probability * load).sum())

    def loss(self) -> torch.Tensor | float:
        total = AUXILIARY_WEIGHT * sum(self._auxiliary) if self._auxiliary else 0.0
        self._auxiliary = []
        return total

    def step(self) -> None:
        for name, load in self._loads.items():
            self._biases[name] += BIAS_STEP * torch.sign(load.mean() - load)

    def close(self) -> None:
        for hook in self._hooks:
            hook.remove()
