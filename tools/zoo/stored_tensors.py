"""Reads safetensors files with numpy alone, and checks their layout on the way."""

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

WIDTH = {"BF16": 2, "F32": 4, "F16": 2, "F8_E4M3": 1, "I8": 1}


def e4m3_table() -> np.ndarray:
    """All 256 values of FP8 E4M3 (finite only, one NaN for each sign)."""
    code = np.arange(256)
    exponent, mantissa = (code >> 3) & 15, code & 7
    normal = (1 + mantissa / 8) * 2.0 ** (exponent - 7)
    value = np.where(exponent == 0, mantissa / 8 * 2.0**-6, normal)
    value[(code & 127) == 127] = np.nan
    return np.where(code & 128, -value, value)


E4M3 = e4m3_table()


@dataclass(frozen=True)
class Stored:
    file: str
    dtype: str
    shape: tuple[int, ...]
    raw: bytes

    def values(self) -> np.ndarray:
        """As float64, without any scales."""
        if self.dtype == "BF16":
            widened = np.frombuffer(self.raw, "<u2").astype(np.uint32) << 16
            flat = widened.view(np.float32).astype(np.float64)
        elif self.dtype == "F8_E4M3":
            flat = E4M3[np.frombuffer(self.raw, np.uint8)]
        else:
            kind = {"F32": "<f4", "F16": "<f2", "I8": "i1"}[self.dtype]
            flat = np.frombuffer(self.raw, kind).astype(np.float64)
        return flat.reshape(self.shape)


def read_file(path: Path) -> dict[str, Stored]:
    """All tensors of one file. Raises ValueError where the header does not describe the data exactly."""
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header: dict[str, Any] = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    data = content[8 + length :]
    end = 0
    out: dict[str, Stored] = {}
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, stop = entry["data_offsets"]
        shape = tuple(entry["shape"])
        if begin != end or stop - begin != math.prod(shape) * WIDTH[entry["dtype"]]:
            raise ValueError(f"{path}: {name} does not cover its bytes")
        end = stop
        out[name] = Stored(path.name, entry["dtype"], shape, data[begin:stop])
    if end != len(data):
        raise ValueError(f"{path}: {len(data) - end} bytes belong to no tensor")
    return out


def read_folder(folder: Path) -> dict[str, Stored]:
    """All shards; checks them against the index where there is one."""
    tensors: dict[str, Stored] = {}
    for path in sorted(folder.glob("*.safetensors")):
        part = read_file(path)
        if tensors.keys() & part.keys():
            raise ValueError(f"{path}: a tensor stands in two shards")
        tensors.update(part)
    index = folder / "model.safetensors.index.json"
    if index.exists():
        content = json.loads(index.read_text())
        if content["weight_map"] != {name: tensor.file for name, tensor in tensors.items()}:
            raise ValueError(f"{index}: does not describe the shards")
        if content["metadata"]["total_size"] != sum(len(tensor.raw) for tensor in tensors.values()):
            raise ValueError(f"{index}: wrong total size")
    if not tensors:
        raise ValueError(f"{folder}: no tensors")
    return tensors


def dequantised(tensors: dict[str, Stored], config: dict[str, Any]) -> dict[str, np.ndarray]:
    """float64 values; block-FP8 by w = q * scale[row // b][column // b]."""
    out: dict[str, np.ndarray] = {}
    for name, tensor in tensors.items():
        if name.endswith("weight_scale_inv"):
            continue
        values = tensor.values()
        scales = tensors.get(f"{name}_scale_inv")
        if scales is not None:
            rows, columns = config["quantization_config"]["weight_block_size"]
            spread = np.repeat(np.repeat(scales.values(), rows, 0), columns, 1)
            values = values * spread[: values.shape[0], : values.shape[1]]
        out[name] = values
    return out
