"""A `$metadata` as big as those of the biggest infobases: how long it takes, and how much memory on top."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from adapter.simulators.onec import Infobase, load_model
from adapter.simulators.server import Request

SIZE = 17_000_000
"""Bytes of the biggest document that was measured on a live infobase."""

EXCERPT = Path(__file__).parents[2].parent / "shared/onec/metadata/real/ut11-excerpt.edmx.xml"

_ENDING = "_(?:RowType|RecordType)"


def main() -> None:
    """Print seconds and peak memory of a fresh process for each way to come to a schema."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "metadata.xml"
        file.write_bytes(big_metadata(_source(), SIZE))
        print(f"{file.stat().st_size / 1e6:.1f} MB of $metadata")
        ledger = Path(folder) / "ledger"
        ledger.mkdir()
        for way, words in (
            ("parse", "parsed from a file"),
            ("store", "read from 1C, parsed and stored in the ledger"),
            ("load", "loaded from the ledger by the next process"),
        ):
            command = [sys.executable, "-m", "tests.benchmarks.metadata_alone", way, str(file), str(ledger)]
            told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            seconds, used, megabytes, sets = told.split()
            print(
                f"{words}: {float(seconds):.2f} s ({float(used):.2f} s of the processor), "
                f"{float(megabytes):.0f} MB on top, {sets} entity sets"
            )


def _source() -> bytes:
    """A real document where one is at hand, else that of the stand-in."""
    if EXCERPT.is_file():
        print("made of an excerpt of a real infobase's document")
        return EXCERPT.read_bytes()
    print("made of the stand-in's document")
    infobase = Infobase(load_model("ut-11.5"))
    headers = {"authorization": "Basic b2RhdGE6b2RhdGE="}
    return infobase.handle(Request("GET", f"{infobase.publication}/$metadata", headers)).body


def big_metadata(source: bytes, size: int) -> bytes:
    """The document with all its declarations repeated under new names until it has that size."""
    text = source.decode("utf-8-sig")
    begin = text.index(">", re.search(r"<Schema\b", text).start()) + 1  # type: ignore[union-attr]
    container = text.index("<EntityContainer")
    inside, end = text.index(">", container) + 1, text.index("</EntityContainer>")
    types, sets = text[begin:container], text[inside:end]
    declared = set(re.findall(r'<(?:EntityType|ComplexType|EnumType|Association|EntitySet) Name="([^"]+)"', text))
    # The number goes before endings that mean something.
    stems = sorted({re.sub(f"{_ENDING}$", "", name) for name in declared}, key=len, reverse=True)
    pattern = re.compile(rf'(?<=["(.])({"|".join(map(re.escape, stems))})((?:{_ENDING})?["(),])')
    parts, declarations, length = [types], [sets], len(source)
    copy = 0
    while length < size:
        copy += 1
        for made, original in ((parts, types), (declarations, sets)):
            made.append(pattern.sub(rf"\g<1>_{copy}\g<2>", original))
            length += len(made[-1].encode())
    return "".join([text[:begin], *parts, text[container:inside], *declarations, text[end:]]).encode()
