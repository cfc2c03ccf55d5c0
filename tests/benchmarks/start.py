"""How long a command takes to start."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 10


def main() -> None:
    """Time some commands as a person waits for them."""
    for arguments in (["--help"], ["mapping", "list"], ["demo"]):
        times = []
        for _ in range(RUNS if arguments != ["demo"] else 3):
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-m", "adapter", *arguments], capture_output=True, check=True)
            times.append(time.perf_counter() - begun)
        print(f"amazon1c {' '.join(arguments)}: median {statistics.median(times):.2f} s, worst {max(times):.2f} s")
