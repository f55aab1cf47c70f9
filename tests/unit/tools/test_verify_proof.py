"""A proof is verified offline …

The proof and the seals in data/ are of the first format that was released: they have to verify for ever.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from events.seals.merkle import MerkleTree, audit_paths

DATA = Path(__file__).parent / "data"


@pytest.fixture
def proof() -> Any:
    """A check of four events in two seals."""
    return json.loads((DATA / "proof.json").read_text(encoding="utf-8"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "seals.jsonl"
    path.write_bytes((DATA / "seals.jsonl").read_bytes())
    return path


def test_it_by_the_file_of_seals(proof: Any, file: Path, offline: Any) -> None:
    code, said = offline(proof, "--seals", str(file))

    assert (code, said.startswith("PROVEN: check ")) == (0, True)


def test_it_by_roots(proof: Any, offline: Any) -> None:
    roots = [argument for seal in proof["seals"] for argument in ("--root", seal["root"])]

    assert offline(proof, *roots)[0] == 0


def test_it_by_a_file_whose_writing_was_cut(proof: Any, file: Path, offline: Any) -> None:
    with file.open("ab") as lines:
        lines.write(b'{"after_id"')

    assert offline(proof, "--seals", str(file))[0] == 0


def event(proof: Any, version: int) -> Any:
    return proof["events"][version - 1]


def without(proof: Any, *versions: int) -> None:
    proof["events"] = [item for item in proof["events"] if item["event"]["version"] not in versions]


FORGERIES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "another payload": (lambda p: event(p, 4)["event"]["data"].update(how=""), "version 4 does not fit"),
    "another actor": (lambda p: event(p, 2)["event"].update(actor="x"), "version 2 does not fit its hash"),
    "another check": (lambda p: p.update(check_id="999"), "version 1 of check 999 is missing"),
    "a missing event": (lambda p: without(p, 2), "version 2 of check"),
    "a missing first event": (lambda p: without(p, 1), "version 1 of check"),
    "no events": (lambda p: without(p, 1, 2, 3, 4), "the proof has no events"),
    "another predecessor": (lambda p: event(p, 2).update(prev_hash="11" * 32), "version 2 does not follow"),
    "another hash": (lambda p: event(p, 4).update(hash="11" * 32), "version 4 does not fit its hash"),
    "another place": (lambda p: event(p, 2).update(index=5), "not under the root"),
    "a place beyond the end": (lambda p: event(p, 2).update(index=99), "beyond the end"),
    "a shorter path": (lambda p: event(p, 2)["path"].pop(), "not under the root"),
    "a longer path": (lambda p: event(p, 2)["path"].append("11" * 32), "not under the root"),
    "another path": (lambda p: event(p, 2)["path"].__setitem__(0, "11" * 32), "not under the root"),
    "another seal": (lambda p: event(p, 2).update(seal=1), "not under the root"),
    "another root": (lambda p: p["seals"][1].update(root="11" * 32), "seal 2 differs from the one"),
    "another size": (lambda p: p["seals"][1].update(events=8), "seal 2 differs from the one"),
    "another time": (lambda p: p["seals"][0].update(sealed_at=""), "seal 1 differs from the one"),
    "an unknown seal": (lambda p: p["seals"][1].update(number=7), "seal 7 is not in"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_it_not_with(proof: Any, file: Path, offline: Any, name: str) -> None:
    forge, complaint = FORGERIES[name]
    forge(proof)

    code, said = offline(proof, "--seals", str(file))

    assert (code, said.startswith("NOT PROVEN: ")) == (1, True)
    assert complaint in said


def test_it_not_by_other_roots(proof: Any, offline: Any) -> None:
    code, said = offline(proof, "--root", proof["seals"][0]["root"])

    assert (code, said) == (1, "NOT PROVEN: the root of seal 2 is not one of those that you gave\n")


def test_it_not_by_a_forged_line(proof: Any, file: Path, offline: Any) -> None:
    file.write_bytes(file.read_bytes().replace(b"2026-01-15", b"2026-01-16"))

    code, said = offline(proof, "--seals", str(file))

    assert (code, "does not fit its hash" in said) == (1, True)


def test_it_not_by_lines_that_are_not_chained(proof: Any, file: Path, offline: Any) -> None:
    """A seal that was made for the forged proof, with a hash that fits."""
    first, second = map(json.loads, file.read_text().splitlines())
    form = {name: value for name, value in second.items() if name not in {"hash", "prev_hash"}}
    text = json.dumps(form, sort_keys=True, separators=(",", ":"))
    second |= {"prev_hash": "11" * 32, "hash": sha256(b"\x11" * 32 + text.encode()).hexdigest()}
    file.write_text("".join(json.dumps(line) + "\n" for line in (first, second)))

    code, said = offline(proof, "--seals", str(file))

    assert (code, "does not follow the one before" in said) == (1, True)


def under_one_seal(proof: Any, order: list[int], *, events: int = 4) -> list[str]:
    """Put the events under one tree in this order of versions; return the arguments that trust its root."""
    leaves = [bytes.fromhex(event(proof, version)["hash"]) for version in order]
    tree, paths = MerkleTree(), audit_paths(leaves, range(len(leaves)))
    for leaf in leaves:
        tree.add(leaf)
    for index, version in enumerate(order):
        event(proof, version).update(seal=1, index=index, path=[node.hex() for node in paths[index]])
    proof["seals"] = [{"number": 1, "events": events, "root": tree.root().hex()}]
    return ["--root", tree.root().hex()]


def test_it_under_one_seal(proof: Any, offline: Any) -> None:
    assert offline(proof, *under_one_seal(proof, [1, 2, 3, 4]))[0] == 0


def test_it_not_when_a_later_event_was_sealed_first(proof: Any, offline: Any) -> None:
    code, said = offline(proof, *under_one_seal(proof, [1, 3, 2, 4]))

    assert (code, "version 3 was sealed before version 2" in said) == (1, True)


def test_it_not_when_its_path_ends_below_the_root(proof: Any, offline: Any) -> None:
    """The size of the tree is not what it was: the path would have to go on."""
    code, said = offline(proof, *under_one_seal(proof, [1, 2, 3, 4], events=9))

    assert (code, "version 1 is not under the root" in said) == (1, True)


def test_it_not_by_lines_out_of_order(proof: Any, file: Path, offline: Any) -> None:
    file.write_bytes(b"".join(reversed(file.read_bytes().splitlines(keepends=True))))

    code, said = offline(proof, "--seals", str(file))

    assert (code, "seal 1 of" in said, "comes after a later one" in said) == (1, True, True)


@pytest.mark.parametrize("addition", ['"check_id": "9", ', '"extra": 0.5, ', '"extra": NaN, '])
def test_it_not_with_json_that_can_be_read_in_two_ways(
    proof: Any, file: Path, offline: Any, addition: str
) -> None:
    text = json.dumps(proof).replace("{", "{" + addition, 1)

    assert offline(text, "--seals", str(file))[0] == 2


UNREADABLE = {
    "no JSON": "hello",
    "other JSON": "[]",
    "an empty object": "{}",
    "another format": '{"format": "forfar-proof-9", "seals": []}',
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_it_not_from_a_file_of(file: Path, offline: Any, name: str) -> None:
    code, said = offline(UNREADABLE[name], "--seals", str(file))

    assert (code, "Traceback" in said, "PROVEN" in said) == (2, False, False)


@pytest.mark.parametrize("arguments", [[], ["--seals", "nowhere"], ["--seals", "x", "--root", "00"]])
def test_it_not_without_something_to_trust(proof: Any, offline: Any, arguments: list[str]) -> None:
    code, said = offline(proof, *arguments)

    assert (code, "Traceback" in said) == (2, False)


def test_it_by_a_script_that_explains_itself(offline: Any) -> None:
    code, said = offline({}, "--help")

    assert code == 0
    assert "Exit codes: 0 proven, 1 not proven, 2 a file cannot be read." in said
