#!/usr/bin/env python3
"""Verify a proof that `manage.py prove_check` wrote. This needs only Python 3.10 or newer.

Say what you trust: --seals (the file of seals, or a copy of its lines) or --root (Merkle roots that you
know). Everything else is recomputed: the hash of each event, the chain of the events, and the path from each
event to the root of its seal.

Exit codes: 0 proven, 1 not proven, 2 a file cannot be read.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

FORMAT = "forfar-proof-1"
GENESIS = "00" * 32

Object = dict[str, Any]


class NotProvenError(Exception):
    """The proof does not hold. The text is for people."""


class UnreadableError(Exception):
    """A file is not what it should be. The text is for people."""


def main() -> int:
    options = read_options()
    try:
        proof = read_json(options.proof.read_bytes())
        trusted = Roots(options.root) if options.root else SealFile(options.seals, numbers_in(proof))
        verify(proof, trusted)
        sys.stdout.write(describe(proof, trusted))
    except NotProvenError as error:
        sys.stdout.write(f"NOT PROVEN: {error}\n")
        return 1
    except (UnreadableError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        sys.stderr.write(f"{options.proof} is not a proof: {type(error).__name__}: {error}\n")
        return 2
    return 0


def read_options() -> argparse.Namespace:
    about, _, more = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        description=about, epilog=more, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("proof", type=Path, help="the file that prove_check wrote")
    trust = parser.add_mutually_exclusive_group(required=True)
    trust.add_argument("--seals", type=Path, metavar="FILE", help="the file of seals")
    trust.add_argument("--root", action="append", metavar="HEX", help="a root that you know; may be repeated")
    return parser.parse_args()


# --- What you trust -------------------------------------------------------------------------------------


class Roots:
    """Merkle roots that you have from another source."""

    def __init__(self, roots: Iterable[str]) -> None:
        self.roots = {root.lower() for root in roots}

    def require(self, seal: Object) -> None:
        if seal["root"] not in self.roots:
            raise NotProvenError(f"the root of seal {seal['number']} is not one of those that you gave")

    def __str__(self) -> str:
        return "the roots that you gave"


class SealFile:
    """A file of seals. Every line has to fit its hash and to be chained to the line before it."""

    def __init__(self, path: Path, numbers: set[int]) -> None:
        self.path = path
        self.seals: dict[int, Object] = {}
        previous: Object = {"number": 0, "hash": GENESIS}
        with path.open("rb") as file:
            for line, text in enumerate(file, start=1):
                if not text.endswith(b"\n"):
                    break  # writing it was interrupted
                try:
                    seal = read_json(text)
                    self._require_next(seal, previous)
                except (ValueError, LookupError, TypeError, AttributeError) as error:
                    raise UnreadableError(f"Line {line} of {path} is not a seal: {error}") from error
                if seal["number"] in numbers:
                    self.seals[seal["number"]] = seal
                previous = seal

    def _require_next(self, seal: Object, previous: Object) -> None:
        number = whole(seal["number"])
        form = {name: value for name, value in seal.items() if name not in {"prev_hash", "hash"}}
        if chained_hash(form, seal["prev_hash"]) != seal["hash"]:
            raise NotProvenError(f"seal {number} of {self.path} does not fit its hash")
        if number == previous["number"] + 1 and seal["prev_hash"] != previous["hash"]:
            raise NotProvenError(f"seal {number} of {self.path} does not follow the one before")
        if number <= previous["number"]:
            raise NotProvenError(f"seal {number} of {self.path} comes after a later one")

    def require(self, seal: Object) -> None:
        if seal["number"] not in self.seals:
            raise NotProvenError(f"seal {seal['number']} is not in {self.path}")
        if seal != self.seals[seal["number"]]:
            raise NotProvenError(f"seal {seal['number']} differs from the one in {self.path}")

    def __str__(self) -> str:
        return str(self.path)


# --- The proof ------------------------------------------------------------------------------------------


def verify(proof: Object, trusted: Roots | SealFile) -> None:
    """Raise NotProvenError unless every event fits its hash, is chained, and is under a trusted root."""
    if proof["format"] != FORMAT:
        raise UnreadableError(f"This verifies {FORMAT}, not {proof['format']!r}.")
    if not proof["events"]:
        raise NotProvenError("the proof has no events")
    seals = {whole(seal["number"]): seal for seal in proof["seals"]}
    for seal in seals.values():
        trusted.require(seal)
    prev_hash, place = GENESIS, (0, 0)
    for version, item in enumerate(proof["events"], start=1):
        verify_event(item, version, proof["check_id"], prev_hash)
        seal = seals[whole(item["seal"])]
        verify_path(item, version, seal)
        if place >= (seal["number"], item["index"]):
            raise NotProvenError(f"version {version} was sealed before version {version - 1}")
        prev_hash, place = item["hash"], (seal["number"], item["index"])


def verify_event(item: Object, version: int, check_id: str, prev_hash: str) -> None:
    event = item["event"]
    if (event["check_id"], event["version"]) != (check_id, version):
        raise NotProvenError(f"version {version} of check {check_id} is missing")
    if item["prev_hash"] != prev_hash:
        raise NotProvenError(f"version {version} does not follow the event before it")
    if chained_hash(event, prev_hash) != item["hash"]:
        raise NotProvenError(f"version {version} does not fit its hash")


def verify_path(item: Object, version: int, seal: Object) -> None:
    """Climb from the event's leaf to the root, as in RFC 9162, 2.1.3.2."""
    index, last = whole(item["index"]), whole(seal["events"]) - 1
    node = sha256(b"\x00" + digest(item["hash"])).digest()
    if index > last:
        raise NotProvenError(f"version {version} is beyond the end of seal {seal['number']}")
    for step in map(digest, item["path"]):
        if index & 1 or index == last:
            node = sha256(b"\x01" + step + node).digest()
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\x01" + node + step).digest()
        index, last = index >> 1, last >> 1
    if last or node != digest(seal["root"]):
        raise NotProvenError(f"version {version} is not under the root of seal {seal['number']}")


def describe(proof: Object, trusted: Roots | SealFile) -> str:
    events = [item["event"] for item in proof["events"]]
    numbers = ", ".join(str(seal["number"]) for seal in proof["seals"])
    return (
        f"PROVEN: check {proof['check_id']} had these {len(events)} events, in this order, and they are "
        f"as they were sealed (seal {numbers}; trusted: {trusted}).\n"
        + "".join(
            f"  {each['version']}  {each['occurred_at']}  {each['type']}, {each['actor']}\n"
            for each in events
        )
        + "The proof does not say whether more events followed.\n"
    )


# --- Bytes ----------------------------------------------------------------------------------------------


def chained_hash(value: Object, prev_hash: str) -> str:
    """Return the SHA-256 of the predecessor's hash followed by the value as RFC 8785 JSON, in hex."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(digest(prev_hash) + text.encode()).hexdigest()


def digest(text: str) -> bytes:
    value = bytes.fromhex(text)
    if value.hex() != text or len(value) != 32:
        raise ValueError(f"{text!r} is not a SHA-256 in hex")
    return value


def whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is not a whole number")
    return value


def numbers_in(proof: Object) -> set[int]:
    return {whole(seal["number"]) for seal in proof["seals"]}


def read_json(text: bytes) -> Any:
    """Read JSON as strictly as hashing needs: no fractions, and no name twice in an object."""
    return json.loads(
        text.decode("utf-8"), object_pairs_hook=only_once, parse_float=refuse, parse_constant=refuse
    )


def only_once(pairs: list[tuple[str, Any]]) -> Object:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name occurs twice in an object")
    return dict(pairs)


def refuse(text: str) -> None:
    raise ValueError(f"{text} is not a whole number")


if __name__ == "__main__":
    sys.exit(main())
