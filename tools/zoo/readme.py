"""README.md of a zoo: how every model was made, from the records that the makers left."""

from typing import Any

from .truth import CHECKPOINTS, MODELS

HEADER = """# Provenance zoo

Tiny, really trained transformer checkpoints with known lineage. `truth.json`: relation of every (subject component,
reference). `expected.json`: what the statistics give, with their definition. `SHA256SUMS`: all files.
Corpora: A Python sources, B Go sources, C C headers, D manual pages. Stored BF16 (router correction biases F32).

| id | directory | model_type | made how | tokenizer | steps x lr | loss first -> last20 (eval) | tensors | bytes |
|---|---|---|---|---|---|---|---|---|
"""
FOOTER = """
T1 also has checkpoints/, training.json (seed, portable initialisation, optimiser, schedule, digests) and wandb/.
Step 0 can be regenerated bit for bit from the seed with the formula in training.json.
"""


def _row(model: str, record: dict[str, Any]) -> str:
    entry = MODELS[model]
    how = entry.how or f"from scratch, seed {record.get('seed')}, data {record.get('data')}"
    if parent := record.get("vision_parent"):
        how = f"vision from {parent}, text and projector {how}"
    steps = f"{record['steps']} x {record['lr']}" if "steps" in record else "-"
    loss = "-"
    if "loss_first" in record:
        evaluation = record.get("loss_eval", "-")
        loss = f"{record['loss_first']} -> {record['loss_last20']} ({evaluation})"
    cells = [model, entry.folder, record["model_type"], how, record["tokenizer"], steps, loss]
    return f"| {' | '.join(cells)} | {record['tensors']} | {record['bytes']} |\n"


def zoo_readme(records: dict[str, dict[str, Any]]) -> str:
    released = [model for model in MODELS if model not in CHECKPOINTS or model == CHECKPOINTS[-1]]
    return HEADER + "".join(_row(model, records[model]) for model in released) + FOOTER
