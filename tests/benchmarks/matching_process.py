"""The matcher in a process of its own, so that time and memory are its alone. Speaks JSON to `match`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from adapter.matching.customers import CustomerIndex
from adapter.matching.decision import Sureness
from adapter.matching.files import CustomersFile, Query, id_of, read_queries, result_row

WARM_UP = 30
SURENESS = Sureness(name_alone="never")
"""As it is by default where customers have evidence."""


def build(folder: Path) -> dict[str, Any]:
    """Build from rows in memory and keep the snapshot."""
    rows = list(CustomersFile(folder / "customers.csv").customers())
    wall, cpu = time.perf_counter(), time.process_time()
    index = CustomerIndex(rows)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    index.save(folder / "index")
    return {"build": wall, "build_cpu": cpu, "snapshot_mb": _size(folder / "index") / 1e6}


def look(folder: Path, queries: str) -> dict[str, Any]:
    """Load the snapshot and decide all orders of a file, each timed; the first ones warm up and are asked again."""
    before = _resident()
    wall = time.perf_counter()
    index = CustomerIndex.load(folder / "index")
    load = time.perf_counter() - wall
    asked = read_queries(folder / queries)
    loaded = _resident()
    for query in asked[-WARM_UP:]:
        index.find(query.asked, SURENESS)
    walls, cpus, results = [], [], []
    for query in asked[:-WARM_UP]:
        cpu, wall = time.process_time_ns(), time.perf_counter_ns()
        found = index.find(query.asked, SURENESS)
        walls.append((time.perf_counter_ns() - wall) / 1e6)
        cpus.append((time.process_time_ns() - cpu) / 1e6)
        results.append(result_row(query, found))
    resident = _resident()
    results += [result_row(query, index.find(query.asked, SURENESS)) for query in asked[-WARM_UP:]]
    return {
        "load": load,
        "process_mb": before,
        "loaded_mb": loaded,
        "resident_mb": resident,
        "wall": walls,
        "cpu": cpus,
        "results": results,
    }


def leave_one_out(folder: Path, queries: str) -> dict[str, Any]:
    """Ask every known buyer's order again with its true entries hidden: whoever is accepted then is somebody else."""
    index = CustomerIndex.load(folder / "index")
    truth: dict[str, list[str]] = json.loads((folder / "known.json").read_text())
    keys = {id_of(customer): customer.ref_key for customer in _wanted(index, truth)}
    accepted = []
    asked: list[Query] = [query for query in read_queries(folder / queries) if query.query_id in truth]
    for query in asked:
        hidden = frozenset(keys[each] for each in truth[query.query_id])
        row = result_row(query, index.find(query.asked, SURENESS, without=hidden))
        if row[1] == "accept":
            accepted.append(row)
    return {"asked": len(asked), "accepted": accepted}


def _wanted(index: CustomerIndex, truth: dict[str, list[str]]) -> Any:
    wanted = {each for ids in truth.values() for each in ids}
    return (customer for customer in index.customers() if id_of(customer) in wanted)


def _resident() -> float:
    """Resident memory of this process, MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _size(path: Path) -> int:
    return sum(each.stat().st_size for each in path.rglob("*")) if path.is_dir() else path.stat().st_size


if __name__ == "__main__":
    what, where, *others = sys.argv[1:]
    steps = {"build": build, "look": look, "leave_one_out": leave_one_out}
    print(json.dumps(steps[what](Path(where), *others)))
