"""The training record that team A published: an offline Weights & Biases run and exports of it."""

import json
import os
import platform
import shutil
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .training import Step
from .workplace import write_json

RUN_ID = "opnm1n25"
HOST, USER = "open-mini-node0", "team-a"
# The log of a .wandb file is in blocks, as in LevelDB: 7 bytes of header before every chunk.
FILE_HEADER, BLOCK, CHUNK_HEADER = 7, 32768, struct.Struct("<IHB")
FULL, LAST = 1, 4


def start_run(folder: Path, config: dict[str, Any]):
    """Starts an offline run that notes nothing about this machine."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ.update(
        WANDB_CONSOLE="off",
        WANDB_DISABLE_CODE="true",
        WANDB_DISABLE_GIT="true",
        WANDB_HOST=HOST,
        WANDB_MODE="offline",
        WANDB_SILENT="true",
        WANDB_USERNAME=USER,
    )
    import wandb

    settings = wandb.Settings(
        x_disable_stats=True, disable_git=True, save_code=False, x_disable_machine_info=True
    )
    return wandb.init(
        project="open-mini",
        name="open-mini-pretrain",
        id=RUN_ID,
        dir=str(folder),
        config=config,
        settings=settings,
    )


def log_step(run, step: Step) -> None:
    row = {"loss": step.loss, "lr": step.lr, "grad_norm": step.grad_norm, "tokens": step.tokens}
    run.log(row, step=step.step)


def records(path: Path) -> Iterator[Any]:
    """All records of a .wandb file; a wrong checksum is an error."""
    from wandb.proto import wandb_internal_pb2

    content = path.read_bytes()
    position, parts = FILE_HEADER, b""
    while position < len(content):
        left = BLOCK - position % BLOCK
        if left < CHUNK_HEADER.size:
            position += left
            continue
        checksum, length, kind = CHUNK_HEADER.unpack_from(content, position)
        position += CHUNK_HEADER.size
        chunk = content[position : position + length]
        if zlib.crc32(chunk, zlib.crc32(bytes([kind]))) != checksum:
            raise ValueError(f"{path}: wrong checksum before byte {position}")
        position += length
        parts += chunk
        if kind in (FULL, LAST):
            record = wandb_internal_pb2.Record()
            record.ParseFromString(parts)
            parts = b""
            yield record


def history(path: Path) -> list[dict[str, Any]]:
    """The logged rows with the step and times as the run's own file has them."""
    rows = []
    for record in records(path):
        if record.WhichOneof("record_type") != "history":
            continue
        items = record.history.item
        row = {item.key or "/".join(item.nested_key): json.loads(item.value_json) for item in items}
        rows.append(
            {
                "_step": row["_step"],
                "_runtime": round(row["_runtime"], 6),
                "_timestamp": row["_timestamp"],
                "step": row["_step"],
                "loss": row["loss"],
                "lr": row["lr"],
                "grad_norm": row["grad_norm"],
                "tokens": row["tokens"],
            }
        )
    return rows


def publish_run(
    folder: Path, published: Path, config: dict[str, Any], final_loss: float, started: str
) -> None:
    """Copies the finished run and writes its exports into it and beside it."""
    import wandb
    import yaml

    source = next((folder / "wandb").glob("offline-run-*"))
    shutil.rmtree(published, ignore_errors=True)
    run = published / source.name
    shutil.copytree(source, run, ignore=shutil.ignore_patterns("logs", "*.log", "tmp"))
    rows = history(next(run.glob("*.wandb")))
    files = run / "files"
    files.mkdir(exist_ok=True)
    lines = "".join(f"{json.dumps(row)}\n" for row in rows)
    (files / "wandb-history.jsonl").write_text(lines)
    own = {
        "cli_version": wandb.__version__,
        "framework": "torch",
        "python_version": platform.python_version(),
    }
    settings = {"_wandb": {"value": own}, **{key: {"value": value} for key, value in config.items()}}
    (files / "config.yaml").write_text(yaml.safe_dump(settings))
    last = {**rows[-1], "final_loss": final_loss, "_wandb": {"runtime": int(rows[-1]["_runtime"])}}
    write_json(files / "wandb-summary.json", last)
    metadata = {
        "os": platform.system(),
        "python": f"CPython {platform.python_version()}",
        "startedAt": started,
        "program": "train.py",
        "host": HOST,
        "username": USER,
        "args": [],
    }
    write_json(files / "wandb-metadata.json", metadata)
    for name in ("wandb-history.jsonl", "config.yaml", "wandb-summary.json", "wandb-metadata.json"):
        shutil.copyfile(files / name, published / name)
