"""Token windows for training, drawn with their own seed; the end of every corpus is held out."""

import numpy as np
import torch

from .corpora import corpus
from .vocabularies import load_tokenizer
from .workplace import Workplace

CHUNK_CHARACTERS = 20_000
HELD_OUT_WINDOWS = 8


def token_ids(place: Workplace, vocabulary_id: str, kind: str) -> np.ndarray:
    kept = place.work / f"ids-{vocabulary_id}-{kind}.npy"
    if not kept.exists():
        text = corpus(place, kind)
        chunks = [text[start : start + CHUNK_CHARACTERS] for start in range(0, len(text), CHUNK_CHARACTERS)]
        encoded = load_tokenizer(place, vocabulary_id).encode_batch(chunks, add_special_tokens=False)
        np.save(kept, np.concatenate([np.array(part.ids, dtype=np.uint16) for part in encoded]))
    return np.load(kept).astype(np.int64)


class TextBatches:
    """Endless random windows [sequences, length + 1] over several corpora with equal weight."""

    def __init__(
        self,
        place: Workplace,
        vocabulary_id: str,
        corpora: str,
        seed: int,
        sequences: int = 16,
        length: int = 64,
    ) -> None:
        self.sequences, self.length = sequences, length
        self._random = np.random.default_rng(seed)
        held_out = HELD_OUT_WINDOWS * (length + 1)
        ids = [token_ids(place, vocabulary_id, kind) for kind in corpora]
        self._held_out = [part[-held_out:].reshape(HELD_OUT_WINDOWS, length + 1) for part in ids]
        self._ids = [part[:-held_out] for part in ids]

    @property
    def tokens_per_step(self) -> int:
        return self.sequences * self.length

    def next(self) -> torch.Tensor:
        batch = np.empty((self.sequences, self.length + 1), np.int64)
        for row in range(self.sequences):
            ids = self._ids[int(self._random.integers(len(self._ids)))]
            start = int(self._random.integers(len(ids) - self.length - 1))
            batch[row] = ids[start : start + self.length + 1]
        return torch.from_numpy(batch)

    def held_out(self) -> torch.Tensor:
        return torch.from_numpy(np.concatenate(self._held_out))
