"""Checks a finished zoo against itself, with numpy alone."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from . import portable_init
from .expected import pair_entries
from .stored_tensors import Stored, read_folder
from .truth import MODELS, truth_rows

MODEL_FOLDERS = ("refs", "teams", "variants")
GENERATOR = "generator/"
# Sums in another order differ in the last rounded digit; the Gram test draws its null.
Z_TOLERANCE, GRAM_TOLERANCE = 0.002, 0.04


def checksum_faults(root: Path) -> Iterator[str]:
    """Every file of a model is listed with the digest it has; a listed generator need not be here."""
    listed: set[str] = set()
    for line in (root / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split(maxsplit=1)
        name = name.removeprefix("./")
        listed.add(name)
        path = root / name
        if not path.exists():
            if not name.startswith(GENERATOR):
                yield f"{name}: listed in SHA256SUMS, but missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{name}: not the content that SHA256SUMS lists"
    for folder in MODEL_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and name not in listed:
                yield f"{name}: not listed in SHA256SUMS"


def shape_faults(folder: Path, tensors: dict[str, Stored]) -> Iterator[str]:
    """The sizes in config.json are those of the tensors."""
    config = json.loads((folder / "config.json").read_text())
    rows = [(name, tensor.shape) for name, tensor in tensors.items() if "embed_tokens.weight" in name]
    rows += [(name, tensor.shape) for name, tensor in tensors.items() if name == "tok_embeddings.weight"]
    embedding = (config["vocab_size"], config["hidden_size"])
    if [shape for _, shape in rows] != [embedding]:
        yield f"{folder}: embedding {rows}, config says {embedding}"
    has_head = any(name.endswith(("lm_head.weight", "output.weight")) for name in tensors)
    if has_head == config["tie_word_embeddings"]:
        yield f"{folder}: lm_head contradicts tie_word_embeddings"
    layers = {part[part.index("layers") + 1] for name in tensors if "layers" in (part := name.split("."))}
    extra = 1 if config.get("num_nextn_predict_layers") and "mtp.fc.weight" not in tensors else 0
    if len(layers) != config["num_hidden_layers"] + extra:
        yield f"{folder}: {len(layers)} layers, config says {config['num_hidden_layers']}"


def identity_faults(tensors: dict[str, dict[str, Stored]]) -> Iterator[str]:
    left, right = (
        {name: (tensor.dtype, tensor.shape, tensor.raw) for name, tensor in tensors[model].items()}
        for model in ("R1", "V_same")
    )
    if left != right:
        yield "V_same: not byte for byte the tensors of R1"


def initialisation_faults(root: Path, step_zero: dict[str, Stored]) -> Iterator[str]:
    """Step 0 of T1 comes out of its published seed and formula."""
    folder = root / MODELS["T1"].folder
    seed = json.loads((folder / "training.json").read_text())["seed"]
    layers = json.loads((folder / "config.json").read_text())["num_hidden_layers"]
    for name, tensor in step_zero.items():
        values = portable_init.initial_values(seed, name, tensor.shape, layers)
        bits = values.view(np.uint32).astype(np.uint64)
        rounded = ((bits + 0x7FFF + ((bits >> np.uint64(16)) & np.uint64(1))) >> np.uint64(16)).astype("<u2")
        expected = values.tobytes() if tensor.dtype == "F32" else rounded.tobytes()
        if expected != tensor.raw:
            yield f"T1 step 0: {name} does not follow from seed {seed}"


def truth_faults(root: Path) -> Iterator[str]:
    """truth.json is what the lineage says; expected.json names the same relations."""
    truth = json.loads((root / "truth.json").read_text())
    keys = ("subject", "component", "reference", "relation", "accept", "direction")

    def decisions(rows: list[dict[str, Any]]) -> set[tuple[str, ...]]:
        return {tuple(str(row.get(key)) for key in keys) for row in rows}

    for row in sorted(decisions(truth) ^ decisions(truth_rows())):
        yield f"truth.json: {row} is on one side only"
    relations = {(row["subject"], row["component"], row["reference"]): row["relation"] for row in truth}
    pairs = json.loads((root / "expected.json").read_text())["pairs"]
    for pair in pairs:
        key = (pair["subject"], pair["component"], pair["reference"])
        if relations.get(key) != pair["relation"]:
            yield f"expected.json: {key} is {pair['relation']}, truth.json says {relations.get(key)}"


def _differences(name: str, mine: Any, theirs: Any) -> Iterator[str]:
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for key in mine.keys() | theirs.keys():
            yield from _differences(f"{name}.{key}", mine.get(key), theirs.get(key))
        return
    if isinstance(mine, float) and isinstance(theirs, (int, float)):
        gram = ".gram." in name
        allowed = max(0.05, GRAM_TOLERANCE * abs(theirs)) if gram else Z_TOLERANCE
        if abs(mine - theirs) <= allowed:
            return
    if mine != theirs:
        yield f"{name}: computed {mine}, expected.json has {theirs}"


def expected_faults(root: Path, only: set[str] | None = None) -> Iterator[str]:
    """expected.json comes out of the reference implementation again."""
    pairs = json.loads((root / "expected.json").read_text())["pairs"]

    def key(pair: dict[str, Any]) -> tuple[str, ...]:
        return (pair["subject"], pair["reference"], pair["component"], str(pair.get("layer_map")))

    stored = {key(pair): pair for pair in pairs}
    for pair in pair_entries(root, only):
        name = " ".join(key(pair))
        if key(pair) not in stored:
            yield f"expected.json: no entry {name}"
        else:
            yield from _differences(name, pair, stored[key(pair)])


def verify(root: Path, recompute: bool) -> list[str]:
    """All faults of a zoo; an empty list means that it is sound."""
    faults = list(checksum_faults(root))
    tensors: dict[str, dict[str, Stored]] = {}
    for model, entry in MODELS.items():
        folder = root / entry.folder
        try:
            tensors[model] = read_folder(folder)
            faults += shape_faults(folder, tensors[model])
        except ValueError as error:
            faults.append(str(error))
    if tensors.keys() == MODELS.keys():
        faults += identity_faults(tensors)
        faults += initialisation_faults(root, tensors["T1@0"])
    faults += truth_faults(root)
    if recompute and not faults:
        faults += expected_faults(root)
    return faults
