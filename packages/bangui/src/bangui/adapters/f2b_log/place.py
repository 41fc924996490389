"""Where in a log one stands: which file, and how many bytes of its text have been read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A file is known by its device and inode, and by the hash `head` of its first `head_bytes` bytes of text."""

    device: int
    inode: int
    offset: int
    head_bytes: int
    head: str

    def dump(self) -> list[object]:
        """Return it as what JSON can hold."""
        return [self.device, self.inode, self.offset, self.head_bytes, self.head]


def load_place(values: object) -> Place | None:
    """Return what was dumped as what it was; None where it was nothing, `ValueError` where it is something else."""
    match values:
        case None:
            return None
        case [int(device), int(inode), int(offset), int(head_bytes), str(head)] if offset >= 0 and head_bytes >= 0:
            return Place(device, inode, offset, head_bytes, head)
        case _:
            raise ValueError("a cursor holds a place that is none")
