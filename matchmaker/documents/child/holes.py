"""Cells that look filled and are not: errors, and formulas whose result was never saved.

The reader of values gives both as empty cells; an import that took them for empty would
drop what somebody meant to send.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from posixpath import join, normpath
from typing import IO

from defusedxml.ElementTree import fromstring

from matchmaker.documents.values import column_number

_CHUNK = 1 << 20
_OVERLAP = 10_000  # more than the longest cell the patterns match
_MOST = 200
_ERROR = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]{0,200}\bt="e"')
_NO_RESULT = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]{0,200}><f[^>]{0,200}(?:/>|>[^<]{0,9000}</f>)(?:<v\s*/>|<v></v>)?</c>'
)


def find(source: IO[bytes]) -> Mapping[str, list[list[int]]]:
    """By sheet name, the row and column of the first such cells."""
    with zipfile.ZipFile(source) as archive:
        names = set(archive.namelist())
        return {
            name: [list(cell) for cell in sorted(set(_cells(archive, part)))[:_MOST]]
            for name, part in _parts(archive)
            if part in names
        }


def _cells(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[int, int]]:
    tail = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            text = tail + chunk
            for pattern in (_ERROR, _NO_RESULT):
                for found in pattern.finditer(text):
                    yield int(found[2]), column_number(found[1].decode())
            tail = text[-_OVERLAP:]


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The sheets by name and the part each lies in."""
    targets = {
        link.get("Id"): link.get("Target", "") for link in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for element in fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet"):
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
            target = targets.get(key, "")
            yield element.get("name", ""), normpath(join("xl", target)).lstrip("/") if target else ""
