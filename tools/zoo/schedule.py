"""Runs the makers in the order of their needs, several at a time; what is done stays done."""

import os
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context

from .workplace import Workplace


def _make(name: str, place: Workplace) -> None:
    import torch
    import transformers

    from .runs import RUNS

    # The matrices are tiny: one thread is fastest, and processes share the cores.
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    RUNS[name].make(place)


def run_all(place: Workplace, needs: dict[str, tuple[str, ...]], processes: int) -> None:
    """Makes all of `needs` (name to the names it needs). Raises the first error once the others have ended."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    marks = place.work / "done"
    marks.mkdir(parents=True, exist_ok=True)
    done = {name for name in needs if (marks / name).exists()}
    waiting = [name for name in needs if name not in done]
    running: dict[Future[None], str] = {}
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        while waiting or running:
            ready = [name for name in waiting if done.issuperset(needs[name])]
            if not ready and not running:
                raise SystemExit(f"cannot make {waiting}: something that they need is not made")
            for name in ready:
                waiting.remove(name)
                running[pool.submit(_make, name, place)] = name
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(future)
                future.result()
                (marks / name).touch()
                done.add(name)
                print(f"made {name}", flush=True)
