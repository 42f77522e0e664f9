"""python -m zoo train | describe | verify"""

import argparse
import hashlib
from pathlib import Path

from .workplace import Workplace, read_records, write_json

BUILD = Path(__file__).parents[2] / ".cache" / "zoo"
UNLISTED = {"README.md", "SHA256SUMS"}


def _corpora(pairs: list[str]) -> dict[str, Path]:
    corpora = dict(pair.split("=", 1) for pair in pairs)
    if missing := set("ABCD") - corpora.keys():
        raise SystemExit(f"name a folder for every corpus: --corpus {sorted(missing)[0]}=DIR is missing")
    return {kind: Path(folder) for kind, folder in corpora.items()}


def train(arguments: argparse.Namespace) -> None:
    from .corpora import corpus
    from .runs import RUNS
    from .schedule import run_all
    from .vocabularies import VOCABULARIES, tokenizer_file

    corpora = _corpora(arguments.corpus)
    place = Workplace(arguments.out, arguments.work, corpora, arguments.max_steps)
    place.work.mkdir(parents=True, exist_ok=True)
    # Shared by several runs: made once, before they start.
    for kind in corpora:
        corpus(place, kind)
    for vocabulary in VOCABULARIES:
        tokenizer_file(place, vocabulary)
    names = arguments.only.split(",") if arguments.only else list(RUNS)
    run_all(place, {name: RUNS[name].needs for name in names}, arguments.processes)


def describe(arguments: argparse.Namespace) -> None:
    from .expected import expected_values
    from .readme import zoo_readme
    from .truth import truth_rows

    root: Path = arguments.out
    (root / "README.md").write_text(zoo_readme(read_records(arguments.work)))
    write_json(root / "truth.json", truth_rows(), indent=0)
    write_json(root / "expected.json", expected_values(root), indent=0)
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    sums = [
        f"{hashlib.sha256((root / name).read_bytes()).hexdigest()}  ./{name}\n"
        for name in names
        if name not in UNLISTED
    ]
    (root / "SHA256SUMS").write_text("".join(sums))


def verify(arguments: argparse.Namespace) -> None:
    from .verify import verify as faults_of

    faults = faults_of(arguments.zoo, arguments.recompute)
    for fault in faults:
        print(fault)
    print(f"{arguments.zoo}: {len(faults)} faults")
    raise SystemExit(1 if faults else 0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m zoo", description=__doc__)
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("train", help="train and derive the models (torch)")
    making.add_argument("--corpus", action="append", default=[], metavar="A=DIR", help="A, B, C and D")
    making.add_argument("--out", type=Path, default=BUILD / "public")
    making.add_argument("--work", type=Path, default=BUILD / "work")
    making.add_argument("--only", help="ids of models, separated by commas")
    making.add_argument("--processes", type=int, default=2)
    making.add_argument("--max-steps", type=int, help="cut every training run short")
    making.set_defaults(run=train)
    describing = commands.add_parser(
        "describe", help="write truth, expected values, README, checksums (numpy)"
    )
    describing.add_argument("--out", type=Path, default=BUILD / "public")
    describing.add_argument("--work", type=Path, default=BUILD / "work")
    describing.set_defaults(run=describe)
    verifying = commands.add_parser("verify", help="check a zoo against itself (numpy)")
    verifying.add_argument("zoo", type=Path)
    verifying.add_argument("--recompute", action="store_true", help="recompute expected.json as well")
    verifying.set_defaults(run=verify)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
