"""Builds the networks that the configurations describe, and the multi-token-prediction block beside them."""

import copy
import re
from collections.abc import Callable

import torch
import transformers
from torch import nn

from .architectures import Config

# Keys that say how a checkpoint was published, not what the network is.
PUBLICATION_KEYS = {
    "architectures",
    "auto_map",
    "model_type",
    "num_nextn_predict_layers",
    "quantization_config",
    "torch_dtype",
    "transformers_version",
}
INITIAL_STD = 0.02


def build_model(config: Config, seed: int) -> nn.Module:
    """A freshly initialised causal language model of the configuration."""
    torch.manual_seed(seed)
    keys = {key: value for key, value in config.items() if key not in PUBLICATION_KEYS}
    if isinstance(keys.get("sliding_window_pattern"), str):
        keys["sliding_window_pattern"] = len(keys["sliding_window_pattern"])
    settings = transformers.AutoConfig.for_model(config["model_type"], **keys)
    if re.search("moe|solar_open|mixtral|deepseek|axk", config["model_type"]):
        settings._experts_implementation = "grouped_mm"
    return transformers.AutoModelForCausalLM.from_config(settings).train()


class MultiTokenPrediction(nn.Module):
    """Predicts token i + 2 from the hidden state at i and the embedding of token i + 1."""

    def __init__(self, layer: nn.Module, hidden: int, new_norm: Callable[[], nn.Module]) -> None:
        super().__init__()
        self.layer = layer
        self.enorm, self.hnorm, self.norm = new_norm(), new_norm(), new_norm()
        self.proj = nn.Linear(2 * hidden, hidden, bias=False)
        nn.init.normal_(self.proj.weight, std=INITIAL_STD)
        for parameter in self.layer.parameters():
            if parameter.dim() >= 2:
                nn.init.normal_(parameter, std=INITIAL_STD)

    def forward(self, core: nn.Module, hidden: torch.Tensor, next_ids: torch.Tensor) -> torch.Tensor:
        embedded = self.enorm(core.embed_tokens(next_ids))
        states = self.proj(torch.cat([embedded, self.hnorm(hidden)], -1))
        positions = torch.arange(states.shape[1])[None]
        rotary = core.rotary_emb(states, positions)
        states = self.layer(states, attention_mask=None, position_ids=positions, position_embeddings=rotary)
        return self.norm(states[0] if isinstance(states, tuple) else states)


def build_prediction_block(model: nn.Module, config: Config) -> MultiTokenPrediction:
    """One more decoder layer of the model's own kind; dense where the published model has it dense."""
    layers = config["num_hidden_layers"]
    settings = copy.deepcopy(model.config)
    index = layers
    if config["model_type"] == "exaone_moe":
        settings.mlp_layer_types = ["dense"] * (layers + 1)
        settings.layer_types = ["full_attention"] * (layers + 1)
        index = 0
    layer = type(model.model.layers[-1])(settings, index)
    norm = type(model.model.norm)
    return MultiTokenPrediction(
        layer, config["hidden_size"], lambda: norm(config["hidden_size"], eps=config["rms_norm_eps"])
    )
