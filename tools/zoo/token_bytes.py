"""Which bytes a token of a tokenizer.json stands for, so that two vocabularies can be joined."""

import json
import re
from pathlib import Path


def _byte_alphabet() -> dict[str, int]:
    """GPT-2's printable stand-ins for bytes, inverted."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    alphabet = {chr(byte): byte for byte in printable}
    return alphabet | {chr(256 + index): byte for index, byte in enumerate(others)}


def token_bytes(path: Path) -> dict[bytes, int]:
    """Bytes to id, added tokens left out; an ordinary piece wins over a byte piece."""
    content = json.loads(path.read_text(encoding="utf-8"))
    added = {token["content"] for token in content["added_tokens"]}
    vocabulary = {token: id_ for token, id_ in content["model"]["vocab"].items() if token not in added}
    description = json.dumps(content.get("decoder")) + json.dumps(content.get("pre_tokenizer"))
    if "ByteLevel" in description:
        alphabet = _byte_alphabet()
        return {
            bytes(alphabet[character] for character in token): id_
            for token, id_ in vocabulary.items()
            if all(character in alphabet for character in token)
        }
    out: dict[bytes, int] = {}
    byte_pieces: dict[bytes, int] = {}
    for token, id_ in vocabulary.items():
        piece = re.fullmatch(r"<0x([0-9A-F]{2})>", token)
        if piece:
            byte_pieces[bytes([int(piece[1], 16)])] = id_
        else:
            out[token.replace("\u2581", " ").encode()] = id_
    return byte_pieces | out
