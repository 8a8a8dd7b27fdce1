"""The pixels of a PNG, read by nothing but its specification. Must not know what is on it."""

from __future__ import annotations

import struct
import zlib
from typing import Final

_MAGIC: Final = b"\x89PNG\r\n\x1a\n"
# Red, green, blue and how much of it covers, eight bits each.
_BYTES_A_PIXEL: Final = 4
_EIGHT_BITS_RGBA: Final = (8, 6, 0, 0, 0)


def pixels(png: bytes) -> list[bytes]:
    """Its rows, four bytes a pixel."""
    width, height, data = _content(png)
    raw, stride = zlib.decompress(data), width * _BYTES_A_PIXEL
    assert len(raw) == height * (stride + 1)
    rows, above = [], bytes(stride)
    for top in range(0, len(raw), stride + 1):
        above = _unfiltered(raw[top], raw[top + 1 : top + 1 + stride], above)
        rows.append(above)
    return rows


def size(png: bytes) -> tuple[int, int]:
    """Width and height."""
    return _content(png)[:2]


def _content(png: bytes) -> tuple[int, int, bytes]:
    assert png.startswith(_MAGIC)
    place, chunks = len(_MAGIC), []
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        kind, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        (check,) = struct.unpack_from(">I", png, place + 8 + length)
        assert check == zlib.crc32(kind + body)
        chunks.append((kind, body))
        place += 12 + length
    (head, header), *parts, (end, _) = chunks
    assert (head, end) == (b"IHDR", b"IEND")
    width, height, *form = struct.unpack(">IIBBBBB", header)
    assert tuple(form) == _EIGHT_BITS_RGBA
    return width, height, b"".join(body for kind, body in parts if kind == b"IDAT")


def _unfiltered(kind: int, row: bytes, above: bytes) -> bytes:
    if kind == 0:
        return row
    if kind == 2:
        return bytes((one + up) & 255 for one, up in zip(row, above, strict=True))
    found = bytearray(bytes(_BYTES_A_PIXEL))
    corner = bytes(_BYTES_A_PIXEL) + above
    for place, (one, up) in enumerate(zip(row, above, strict=True)):
        left = found[place]
        found.append((one + _guess(kind, left, up, corner[place])) & 255)
    return bytes(found[_BYTES_A_PIXEL:])


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 3:
        return (left + up) // 2
    assert kind == 4
    to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner
