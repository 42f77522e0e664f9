"""Training text: four kinds, each from a folder that the user names.

A Python sources, B Go sources, C C headers, D manual pages (troff, may be gzipped). The text is not shipped;
another machine's text gives other weights with the same truth table.
"""

import gzip
import random
import re
from pathlib import Path

from .workplace import Workplace

FILE_PATTERNS = {"A": "*.py", "B": "*.go", "C": "*.h", "D": "*"}
# Generated tables and test data repeat themselves: a model learns them by heart instead of the language.
SKIPPED = re.compile(
    r"/(test|tests|idlelib|lib2to3|site-packages|encodings|testdata|pydoc_data)/"
    r"|_test\.go$|/zz?_|unicode/tables|x86/.*tab"
)
CORPUS_CHARACTERS = 3_000_000
BYTES_PER_FILE = 40_000
SHORTEST_FILE = 500


def read_text(path: Path) -> str:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        return file.read(BYTES_PER_FILE).decode("utf-8", "ignore").replace("\r", "")


def corpus(place: Workplace, kind: str) -> str:
    """The text of one kind, in an order that depends on the kind and the file names alone."""
    kept = place.work / f"corpus-{kind}.txt"
    if not kept.exists():
        folder = place.corpora[kind]
        files = sorted(path for path in folder.rglob(FILE_PATTERNS[kind]) if path.is_file())
        files = [path for path in files if not SKIPPED.search(path.as_posix())]
        random.Random(f"corpus{kind}").shuffle(files)
        texts: list[str] = []
        for path in files:
            text = read_text(path)
            if len(text) >= SHORTEST_FILE:
                texts.append(text)
            if sum(map(len, texts)) > CORPUS_CHARACTERS:
                break
        if not texts:
            raise SystemExit(f"corpus {kind}: no text matches {FILE_PATTERNS[kind]} in {folder}")
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text("\n".join(texts), encoding="utf-8")
    return kept.read_text(encoding="utf-8")
