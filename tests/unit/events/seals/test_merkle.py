"""A Merkle tree …"""

from hashlib import sha256

import pytest

from events.seals.merkle import MerkleTree, audit_paths, leaf_hash, node_hash

# The leaves and roots that certificate transparency's own implementations are tested with.
DIGITS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
LEAVES = [bytes.fromhex(digits) for digits in DIGITS]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def tree_of(leaves: list[bytes]) -> MerkleTree:
    tree = MerkleTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree


@pytest.mark.parametrize("size", ROOTS)
def test_it_has_the_root_that_others_compute(size: int) -> None:
    tree = tree_of(LEAVES[:size])

    assert (tree.size, tree.root().hex()) == (size, ROOTS[size])


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Climb the path as RFC 6962 splits a list: by the largest power of two below its length."""
    if size == 1:
        assert not path
        return leaf_hash(leaf)
    split = 1 << (size - 1).bit_length() - 1
    *below, last = path
    if index < split:
        return node_hash(root_from(leaf, index, split, below), last)
    return node_hash(last, root_from(leaf, index - split, size - split, below))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33, 100])
def test_it_leads_from_every_leaf_to_its_root(size: int) -> None:
    leaves = [sha256(bytes([number])).digest() for number in range(size)]
    root = tree_of(leaves).root()

    paths = audit_paths(leaves, range(size))

    assert [root_from(leaves[index], index, size, paths[index]) for index in range(size)] == [root] * size


def test_it_keeps_little_of_many_leaves() -> None:
    tree = tree_of([bytes([number % 256]) for number in range(10_000)])

    assert len(tree._peaks) == (10_000).bit_count()
