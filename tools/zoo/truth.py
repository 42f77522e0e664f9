"""The truth table: which relation every component of every model has to every other model."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    folder: str
    components: tuple[str, ...] = ("text",)
    parents: tuple[str, ...] = ()
    """Models that the text tower was made from."""
    how: str = ""


MODELS: dict[str, Entry] = {
    "R1": Entry("refs/glm-air-mini", ("text", "mtp")),
    "R1b": Entry(
        "refs/intellect-mini",
        parents=("R1",),
        how="R1 trained on for 150 steps (lr 1e-4, other corpus), MTP dropped",
    ),
    "R2": Entry("refs/phi-moe-mini"),
    "R3": Entry("refs/mixtral-mini"),
    "R4": Entry("refs/qwen-vl-mini", ("text", "vision")),
    "R5": Entry("refs/deepseek-v3-mini"),
    "R5fp8": Entry("refs/deepseek-v3-mini-fp8", parents=("R5",), how="R5 rounded to block-FP8 E4M3 (64x64)"),
    "R6s0": Entry("refs/llama-mini-s0"),
    "R6s1": Entry("refs/llama-mini-s1"),
    "R6s2": Entry("refs/llama-mini-s2"),
    "T1": Entry("teams/a/open-mini"),
    "T2": Entry("teams/b/think-vl-mini", ("text", "vision", "projector")),
    "T3": Entry("teams/c/exa-mini", ("text", "mtp")),
    "T3b": Entry(
        "teams/c/exa2-mini",
        parents=("T3",),
        how="up-cycled from exa-mini: layers [0,0,1,2,2,3], experts 0-7 copied to 8-15 with noise, "
        "then 300 steps",
    ),
    "T4": Entry("teams/d/axk-mini"),
    "T5": Entry(
        "teams/e/vae-mini",
        parents=("R1",),
        how="R1 trained on for 300 steps (lr 3e-4, other corpus); then hidden units, experts, heads "
        "permuted; tensors and model_type renamed; one file",
    ),
    "V_same": Entry(
        "variants/glm-air-mini-reshard",
        ("text", "mtp"),
        parents=("R1",),
        how="R1 resharded, byte-identical tensors",
    ),
    "V_int8": Entry(
        "variants/glm-air-mini-int8-dequant",
        parents=("R1",),
        how="R1 main model, per-row int8 dequantised",
    ),
    "V_merge": Entry("variants/glm-intellect-slerp", parents=("R1", "R1b"), how="slerp t=0.4 of R1 and R1b"),
    **{f"T1@{step}": Entry(f"teams/a/open-mini/checkpoints/step-{step}") for step in (0, 50, 100, 200)},
}
UPCYCLED_LAYERS = [0, 0, 1, 2, 2, 3]
"""Layer of T3 that each layer of T3b started from."""
IDENTICAL = {"R1", "V_same"}
CHECKPOINTS = ("T1@0", "T1@50", "T1@100", "T1@200", "T1")
YOUNGER_REFERENCE = "direction: reference derives from subject; "


def ancestors(model: str) -> set[str]:
    found: set[str] = set()
    waiting = [model]
    while waiting:
        for parent in MODELS[waiting.pop()].parents:
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def _checkpoint_relation(subject: str, reference: str) -> tuple[str, str]:
    how = "checkpoints of one training run"
    if CHECKPOINTS.index(reference) > CHECKPOINTS.index(subject):
        how += " (direction: reference is later, so it derives from the subject)"
    if "T1@0" in (subject, reference):
        how += "; step-0 is the initialisation"
    return "derived", how


def _text_relation(subject: str, reference: str) -> tuple[str, str]:
    if {subject, reference} == IDENTICAL:
        return "identical", MODELS["V_same"].how
    if subject in CHECKPOINTS and reference in CHECKPOINTS:
        return _checkpoint_relation(subject, reference)
    above_subject, above_reference = ancestors(subject), ancestors(reference)
    if reference in above_subject:
        return "derived", MODELS[subject].how
    if subject in above_reference:
        return "derived", YOUNGER_REFERENCE + MODELS[reference].how
    # The re-sharded copy stands for R1 itself, on both sides.
    if reference == "V_same" and "R1" in above_subject:
        return "derived", f"{MODELS[subject].how} (V_same = R1)"
    if subject == "V_same" and "R1" in above_reference:
        return "derived", f"{YOUNGER_REFERENCE}{MODELS[reference].how} (V_same = R1)"
    common = above_subject & above_reference
    if common:
        names = ",".join(sorted(common))
        return (
            "common_origin",
            f"both derive from {names}; by weights alone 'derived' is an acceptable verdict",
        )
    return "independent", "own initialisation seed and own training"


def relation(subject: str, component: str, reference: str) -> tuple[str, str]:
    """The relation and how it came about."""
    if component == "projector":
        if reference == "R4":
            return (
                "independent",
                "new linear projector; R4 has only the merger, whose derivative sits in this model's vision part",
            )
        return "not_comparable", "reference has no projector of that kind"
    if component not in MODELS[reference].components:
        return "not_comparable", f"reference has no {component} component"
    if component == "vision":
        if subject == "T2":
            return "derived", "R4's vision encoder lightly fine-tuned, then frozen"
        return (
            "derived",
            "reference's vision encoder was taken from this model (direction: reference from subject)",
        )
    if component == "mtp":
        if {subject, reference} == IDENTICAL:
            return "identical", MODELS["V_same"].how
        return "independent", "own seed and training"
    return _text_relation(subject, reference)


def truth_rows() -> list[dict[str, Any]]:
    """Content of truth.json."""
    rows = []
    for subject, entry in MODELS.items():
        for component in entry.components:
            for reference in MODELS:
                if reference == subject:
                    continue
                kind, how = relation(subject, component, reference)
                row: dict[str, Any] = {
                    "subject": entry.folder,
                    "component": component,
                    "reference": MODELS[reference].folder,
                    "relation": kind,
                    "how": how,
                }
                if kind == "common_origin":
                    row["accept"] = ["common_origin", "derived"]
                if kind == "derived" and "direction" in how:
                    row["direction"] = "reference_from_subject"
                rows.append(row)
    return rows
