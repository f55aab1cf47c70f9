"""Merkle trees as in RFC 6962, 2.1. The first hashed byte distinguishes leaves from nodes."""

from collections.abc import Iterable, Sequence
from hashlib import sha256


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """The root of a growing list. Its memory grows with the logarithm of the list's length.

    It holds the roots of the perfect trees that the leaves form so far, the largest first: one for each bit
    that is set in their number.
    """

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, data: bytes) -> None:
        node, size = leaf_hash(data), self.size
        while size & 1:
            node = node_hash(self._peaks.pop(), node)
            size >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root. Without leaves, it is the hash of nothing."""
        if not self._peaks:
            return sha256().digest()
        *others, root = self._peaks
        for peak in reversed(others):
            root = node_hash(peak, root)
        return root


def audit_paths(leaves: Sequence[bytes], indexes: Iterable[int]) -> dict[int, list[bytes]]:
    """Return for each index the nodes on the way from its leaf to the root, the leaf's neighbour first."""
    paths: dict[int, list[bytes]] = {index: [] for index in indexes}
    level = [leaf_hash(data) for data in leaves]
    depth = 0
    while len(level) > 1:
        for index, path in paths.items():
            neighbour = (index >> depth) ^ 1
            if neighbour < len(level):  # the last of an odd number has no neighbour and moves up unchanged
                path.append(level[neighbour])
        level = _parents(level)
        depth += 1
    return paths


def _parents(level: list[bytes]) -> list[bytes]:
    pairs = zip(level[::2], level[1::2], strict=False)
    return [node_hash(left, right) for left, right in pairs] + level[len(level) & ~1 :]
