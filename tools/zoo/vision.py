"""The vision-language models: rendered shapes with captions, Qwen's vision encoder, a language tower."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import nn
from transformers.models.qwen2_5_vl.configuration_qwen2_5_vl import Qwen2_5_VLVisionConfig
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import Qwen2_5_VisionTransformerPretrainedModel

from .architectures import QWEN_VISION
from .batches import TextBatches
from .disk_names import Tensors
from .training import Loss, next_token_loss
from .vocabularies import load_tokenizer
from .workplace import Workplace

COLOURS = {
    "red": (220, 40, 40),
    "green": (40, 200, 60),
    "blue": (50, 70, 220),
    "yellow": (230, 220, 50),
    "white": (240, 240, 240),
    "purple": (150, 50, 180),
}
SHAPES: dict[str, Callable[[np.ndarray, np.ndarray, int], np.ndarray]] = {
    "circle": lambda dy, dx, r: dy**2 + dx**2 < r * r,
    "square": lambda dy, dx, r: (abs(dy) < r) & (abs(dx) < r),
    "triangle": lambda dy, dx, r: (dy < r) & (dy > -r + 2 * abs(dx)),
    "cross": lambda dy, dx, r: (
        ((abs(dy) < r) & (abs(dx) < r // 3 + 1)) | ((abs(dx) < r) & (abs(dy) < r // 3 + 1))
    ),
}
POSITIONS = ("top left", "top right", "bottom left", "bottom right")
IMAGE_SIDE, IMAGE_TOKENS, CAPTION_TOKENS, IMAGES = 64, 16, 28, 12
PIXEL_MEAN, PIXEL_STD = 0.45, 0.27


def render(random: np.random.Generator) -> tuple[np.ndarray, str]:
    """One or two shapes in the corners of a dark picture [64, 64, 3], and the caption."""
    image = np.zeros((IMAGE_SIDE, IMAGE_SIDE, 3), np.float32) + random.integers(0, 60, 3)
    y, x = np.mgrid[0:IMAGE_SIDE, 0:IMAGE_SIDE]
    captions = []
    for corner in random.permutation(4)[: int(random.integers(1, 3))]:
        colour = list(COLOURS)[int(random.integers(len(COLOURS)))]
        shape = list(SHAPES)[int(random.integers(len(SHAPES)))]
        radius = int(random.integers(7, 14))
        centre_y = (corner // 2) * 32 + 16 + int(random.integers(-2, 3))
        centre_x = (corner % 2) * 32 + 16 + int(random.integers(-2, 3))
        image[SHAPES[shape](y - centre_y, x - centre_x, radius)] = COLOURS[colour]
        captions.append(f"a {colour} {shape} at the {POSITIONS[corner]}")
    image += random.normal(0, 6, image.shape)
    return (image / 255 - PIXEL_MEAN) / PIXEL_STD, " and ".join(captions) + "."


def patches(image: np.ndarray) -> np.ndarray:
    """Qwen2-VL's order: merge blocks of 2 x 2 patches; a still picture is two equal frames."""
    side, merge, frames = (
        QWEN_VISION[key] for key in ("patch_size", "spatial_merge_size", "temporal_patch_size")
    )
    stack = np.stack([image.transpose(2, 0, 1)] * frames)
    _, channels, height, width = stack.shape
    down, across = height // side, width // side
    split = stack.reshape(1, frames, channels, down // merge, merge, side, across // merge, merge, side)
    return split.transpose(0, 3, 6, 4, 7, 2, 1, 5, 8).reshape(down * across, channels * frames * side * side)


class CaptionBatches:
    """Pictures with captions, and text windows beside them."""

    tokens_per_step = 16 * 64

    def __init__(self, place: Workplace, vocabulary_id: str, corpora: str, seed: int, image_id: int) -> None:
        self._random = np.random.default_rng(seed)
        self._tokenizer = load_tokenizer(place, vocabulary_id)
        self._text = TextBatches(place, vocabulary_id, corpora, seed + 1, sequences=8)
        self._image_id = image_id
        self._end = self._tokenizer.token_to_id("<|im_end|>")

    def next(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Patches, ids [images, 44], mask of the caption tokens, text windows."""
        length = IMAGE_TOKENS + CAPTION_TOKENS
        ids = np.full((IMAGES, length), self._end)
        caption = np.zeros((IMAGES, length), bool)
        pixels = []
        for row in range(IMAGES):
            image, text = render(self._random)
            pixels.append(patches(image))
            encoded = (self._tokenizer.encode(text).ids + [self._end])[:CAPTION_TOKENS]
            ids[row, :IMAGE_TOKENS] = self._image_id
            ids[row, IMAGE_TOKENS : IMAGE_TOKENS + len(encoded)] = encoded
            caption[row, IMAGE_TOKENS : IMAGE_TOKENS + len(encoded)] = True
        return (
            torch.from_numpy(np.concatenate(pixels)).float(),
            torch.from_numpy(ids),
            torch.from_numpy(caption),
            self._text.next(),
        )


def build_vision_encoder() -> nn.Module:
    keys = {key: value for key, value in QWEN_VISION.items() if key not in ("in_chans", "spatial_patch_size")}
    settings = Qwen2_5_VLVisionConfig(**keys, in_channels=QWEN_VISION["in_chans"])
    return Qwen2_5_VisionTransformerPretrainedModel._from_config(settings, attn_implementation="sdpa")


class VisionLanguageModel(nn.Module):
    def __init__(self, text: nn.Module, vision: nn.Module, projector: nn.Module | None = None) -> None:
        super().__init__()
        self.text, self.vision, self.projector = text, vision, projector

    def loss(self, batch: Any) -> Loss:
        """Caption loss as reported; text loss added to what is minimised."""
        pixels, ids, caption, text_ids = batch
        features = self._features(pixels, len(ids))
        core = self.text.model
        embedded = core.embed_tokens(ids).clone()
        embedded[:, :IMAGE_TOKENS] = features.to(embedded.dtype)
        hidden = core(inputs_embeds=embedded[:, :-1], use_cache=False).last_hidden_state
        mask = caption[:, 1:]
        logits = self.text.lm_head(hidden)[mask].float()
        caption_loss = functional.cross_entropy(logits, ids[:, 1:][mask])
        text_loss = next_token_loss(self.text, text_ids).total
        return Loss(caption_loss.detach(), caption_loss + text_loss, float(text_loss.detach()))

    def _features(self, pixels: torch.Tensor, images: int) -> torch.Tensor:
        side = IMAGE_SIDE // QWEN_VISION["patch_size"]
        output = self.vision(pixels, grid_thw=torch.tensor([[1, side, side]] * images))
        if not torch.is_tensor(output):
            output = getattr(output, "pooler_output", output)
        if isinstance(output, (list, tuple)):
            output = torch.cat(list(output))
        features = output.view(images, IMAGE_TOKENS, -1)
        return features if self.projector is None else self.projector(features)


def vision_disk_names(vision: nn.Module, prefix: str) -> Tensors:
    state = vision.state_dict()
    return {prefix + name: state[name].detach().clone() for name in state if "inv_freq" not in name}
