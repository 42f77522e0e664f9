"""Where a generation reads its text from and where it writes."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Workplace:
    """Folders of one generation; `out` becomes the zoo, `work` holds what later runs build on."""

    out: Path
    work: Path
    corpora: dict[str, Path]
    max_steps: int | None = None
    """Cuts every training run short: for trying the generator out."""

    def steps(self, planned: int) -> int:
        return planned if self.max_steps is None else min(planned, self.max_steps)

    def write_record(self, model_id: str, record: dict[str, Any]) -> None:
        """Keeps what the zoo's README says about a model."""
        write_json(self.work / "records" / f"{model_id}.json", {"id": model_id, **record})


def read_records(work: Path) -> dict[str, dict[str, Any]]:
    """The records of all models, by id."""
    return {path.stem: json.loads(path.read_text()) for path in (work / "records").glob("*.json")}


def write_json(path: Path, value: Any, indent: int = 2) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=indent, ensure_ascii=False), encoding="utf-8")
