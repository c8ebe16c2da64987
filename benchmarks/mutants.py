"""Random mutations of inputs: bytes, tables, configurations, JSON values and tensors."""

import json
import random
import struct
from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Any

import yaml

CELLS = (
    *("", " ", "nan", "NaN", "None", "null", "inf", "-inf", "1e400", "-0", "1e-320", "007", "TRUE", "0x1F", "1_000"),
    *(
        "1,5",
        "1.234,5",
        "=1+1",
        '"',
        '""',
        "'",
        "a\nb",
        "a\r",
        "a\tb",
        "\x00",
        "\x1b[31m",
        "<script>",
        "|",
        "../x",
        "/",
    ),
    *("é", "欠陥", "😀", "\ufeff", "\u202e", "x" * 5000, "9" * 400, "train", "test", "image", "label", "split", "p_a"),
)
VALUES = (
    *(None, True, False, 0, 1, -1, 2**31, 2**63, 10**30, -(10**30), 0.0, -0.5, 1e308, float("inf"), float("nan")),
    *("", "x", "1", "nan", "none", "auto", "cuda", "../x", "a\nb", "x" * 2000, [], [1], [[]], ["a", "a"], {}, {"a": 1}),
)
YAML_TRICKS = (
    *("!!python/object/apply:os.system ['true']", "&a [*a]", "a: &a {b: *a}", "- 1\n- 2", "---\na: 1\n---\nb: 2"),
    *("a: 2020-13-45", "a: 1:99:99", "a: !!binary ____", "a: !!set {1}", "? [1]\n: 2", "{", "[" * 3000, "a: 'x"),
    *("fusion: {epochs: 1, epochs: 2}", "<<: {seed: 1}", "fusion: 3", "seed: " + "9" * 5000, "1: 2", "~: 1"),
    *("a\x00: 1", "%YAML 9.9", "\ta: 1"),
    "a: &a [x]\n" + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefghijk")),
    "fusion: &f\n  epochs: 5\nalignment: *f",
)  # fmt: skip
DELIMITERS = (";", "\t", "|", " ", ",,", "\\")
ENCODINGS = ("utf-16", "utf-8-sig", "cp1252", "latin-1", "utf-32", "shift_jis", "utf-7")


def spoil_bytes(data: bytes, rng: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """`data` after one to three mutations: bits flipped, bytes removed, repeated or replaced, another file's header."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(found)) if found else 0
        end = min(len(found), at + rng.choice((1, 4, 16, 256)))
        match rng.randrange(8):
            case 0 | 1:
                for _ in range(rng.choice((1, 1, 4, 32)) if found else 0):
                    found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
            case 2:
                del found[at:]
            case 3:
                del found[at:end]
            case 4:
                found[at:at] = found[at:end]
            case 5:
                found[at:end] = rng.randbytes(end - at)
            case 6:
                number = rng.choice((0, 1, 0xFFFFFFFF, 0x7FFFFFFF, 0x10000, 65500))
                at = rng.randrange(min(64, len(found) + 1))
                found[at : at + 4] = struct.pack(rng.choice(("<I", ">I")), number)
            case _:
                head = rng.choice(others or [b""])[: rng.choice((4, 16, 64))]
                found[: len(head)] = head
    return bytes(found)


def spoil_table(rows: list[list[str]], rng: random.Random) -> bytes:
    """A CSV file of `rows`, with the header first, after one to four mutations."""
    rows = [list(row) for row in rows]
    for _ in range(rng.randint(1, 4)):
        row = rng.choice(rows)
        column = rng.randrange(max(len(row), 1))
        match rng.randrange(8):
            case 0 | 1 | 2:
                row[column : column + 1] = [rng.choice(CELLS)]
            case 3:
                rows[0][column : column + 1] = [rng.choice((*CELLS, *rows[0], " label", "Image", "label "))]
            case 4:
                del row[column:]
            case 5:
                row.insert(column, rng.choice(CELLS))
            case 6:
                for each in rows:
                    del each[column : column + 1]
            case _:
                rows.append(list(row))
    delimiter = rng.choice(DELIMITERS) if rng.random() < 0.2 else ","
    quote = rng.random() < 0.5
    text = rng.choice(("\n", "\r\n", "\r")).join(
        delimiter.join(_quoted(cell) if quote else cell for cell in row) for row in rows
    )
    encoding = rng.choice(ENCODINGS) if rng.random() < 0.2 else "utf-8"
    data = text.encode(encoding, "replace")
    return spoil_bytes(data, rng) if rng.random() < 0.2 else data


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def spoil_values(values: Any, rng: random.Random) -> Any:
    """Change, remove, rename or repeat one of the nested `values`, as in JSON or YAML, in place."""
    places = list(_places(values))
    if not places:
        return deepcopy(rng.choice(VALUES))
    holder, key = rng.choice(places)
    match rng.randrange(4):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[rng.choice((f"{key}x", "", "1", "a.b"))] = holder.pop(key)
        case 1:
            holder.insert(key, holder[key])
        case _:
            holder[key] = deepcopy(rng.choice(VALUES))
    return values


def _places(values: Any) -> Any:
    """Every position in nested values, as a pair of container and key."""
    items = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    for key, value in list(items):
        yield values, key
        yield from _places(value)


def spoil_configuration(values: dict[str, Any], rng: random.Random) -> bytes:
    """A YAML file of `values` after mutations."""
    if rng.random() < 0.2:
        trick = rng.choice(YAML_TRICKS).encode()
        return rng.choice((trick, yaml.safe_dump(values).encode() + b"\n" + trick))
    copy = json.loads(json.dumps(values))
    for _ in range(rng.randint(1, 3)):
        copy = spoil_values(copy, rng)
    data = yaml.safe_dump(copy, allow_unicode=rng.random() < 0.5).encode()
    return spoil_bytes(data, rng) if rng.random() < 0.3 else data


def spoil_json(data: bytes, rng: random.Random) -> bytes:
    """A JSON file after mutations."""
    if rng.random() < 0.3:
        return spoil_bytes(data, rng)
    values = json.loads(data)
    for _ in range(rng.randint(1, 2)):
        values = spoil_values(values, rng)
    return json.dumps(values).encode()


def spoil_weights(data: bytes, rng: random.Random) -> bytes:
    """A safetensors file after mutations."""
    import torch
    from safetensors.torch import load, save

    if rng.random() < 0.4:
        return spoil_bytes(data, rng)
    tensors = load(data)
    name = rng.choice(sorted(tensors))
    tensor = tensors[name]
    spoiled: dict[str, Callable[[], Any]] = {
        "reshaped": lambda: tensor.reshape(-1),
        "wider": lambda: torch.cat([tensor.reshape(-1)] * 2),
        "empty": lambda: tensor.reshape(-1)[:0],
        "nan": lambda: torch.full_like(tensor.float(), float("nan")),
        "infinite": lambda: torch.full_like(tensor.float(), float("inf")),
        "double": lambda: tensor.double(),
        "integers": lambda: tensor.to(torch.int8),
    }
    match rng.randrange(4):
        case 0:
            del tensors[name]
        case 1:
            tensors[f"{name}x"] = tensors.pop(name)
        case _:
            tensors[name] = rng.choice(list(spoiled.values()))().contiguous()
    return save(tensors)
