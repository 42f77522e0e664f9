"""The tokenizers: one BPE for each family, trained on the family's own text."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from .corpora import corpus
from .workplace import Workplace

TRAINING_CHARACTERS = 1_200_000
SPACE = "\u2581"


@dataclass(frozen=True)
class Vocabulary:
    corpora: str
    size: int
    specials: tuple[str, ...]
    byte_level: bool = True
    """False: SentencePiece style, spaces as U+2581 and a byte fallback."""
    reserved: int = 0
    specials_last: bool = False


VOCABULARIES = {
    "T1": Vocabulary(
        "AB",
        512,
        ("<|endoftext|>", "[MASK]", "[gMASK]", "<sop>", "<|user|>", "<|assistant|>"),
        specials_last=True,
    ),
    "T2": Vocabulary("C", 512, ("<unk>", "<s>", "</s>", "<|end|>"), byte_level=False),
    "T3": Vocabulary("AD", 512, ("<|startoftext|>", "<|endoftext|>", "<|think|>", "<|tool|>"), reserved=28),
    "Tmix": Vocabulary("BC", 512, ("<unk>", "<s>", "</s>"), byte_level=False),
    "Tqwen": Vocabulary(
        "BC",
        640,
        (
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
            "<|vision_start|>",
            "<|vision_end|>",
            "<|image_pad|>",
        ),
        specials_last=True,
    ),
    "Thcx": Vocabulary(
        "AC", 640, ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|IMAGE_PAD|>"), specials_last=True
    ),
    "Tds": Vocabulary("ABD", 512, ("<|begin_of_sentence|>", "<|end_of_sentence|>", "<|pad|>")),
    "Texa": Vocabulary("BD", 640, ("[BOS]", "<pad>", "[|endofturn|]", "[|user|]")),
    "Taxk": Vocabulary("CD", 512, ("<|endoftext|>", "<|im_start|>", "<|im_end|>"), specials_last=True),
    "Tll": Vocabulary("BA", 512, ("<|begin_of_text|>", "<|end_of_text|>"), specials_last=True),
}


def _byte_level_bpe() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _metaspace_bpe() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend(SPACE), normalizers.Replace(" ", SPACE)])
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace(SPACE, " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    return tokenizer


def _train(place: Workplace, vocabulary: Vocabulary) -> str:
    specials = list(vocabulary.specials) + [f"<|reserved_{i}|>" for i in range(vocabulary.reserved)]
    texts = [
        line for kind in vocabulary.corpora for line in corpus(place, kind)[:TRAINING_CHARACTERS].split("\n")
    ]
    if vocabulary.byte_level:
        tokenizer = _byte_level_bpe()
    else:
        tokenizer = _metaspace_bpe()
        specials += [f"<0x{byte:02X}>" for byte in range(256)]
        texts = [word for text in texts for word in re.findall(r"\s*\S+", text)]
    appended = specials if vocabulary.specials_last else []
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary.size - len(appended),
        special_tokens=[] if appended else specials,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()) if vocabulary.byte_level else [],
        limit_alphabet=1000 if vocabulary.byte_level else 110,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    if appended:
        tokenizer.add_special_tokens(appended)
    if vocabulary.byte_level:
        return tokenizer.to_str(pretty=True)
    # Byte pieces are ordinary vocabulary entries; only the real specials stay added tokens.
    content = json.loads(tokenizer.to_str())
    content["added_tokens"] = [
        token for token in content["added_tokens"] if not token["content"].startswith("<0x")
    ]
    return json.dumps(content, ensure_ascii=False, indent=1)


def tokenizer_file(place: Workplace, vocabulary_id: str) -> Path:
    """Path of the tokenizer.json; trains it when missing."""
    path = place.work / f"tokenizer-{vocabulary_id}.json"
    if not path.exists():
        path.write_text(_train(place, VOCABULARIES[vocabulary_id]), encoding="utf-8")
    return path


def load_tokenizer(place: Workplace, vocabulary_id: str) -> Tokenizer:
    return Tokenizer.from_file(str(tokenizer_file(place, vocabulary_id)))
