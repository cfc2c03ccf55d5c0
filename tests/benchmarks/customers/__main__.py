"""`python -m tests.benchmarks.customers FOLDER`: customers, orders and the truth as files for `amazon1c match`."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from tests.benchmarks.customers.catalog import Catalog
from tests.benchmarks.customers.files import write

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=Path)
parser.add_argument("--customers", type=int, default=10_000)
parser.add_argument("--queries", type=int, default=3000)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--attested", type=float, default=0.0, help="share of Cyrillic words in attested spellings, 0 to 1")
options = parser.parse_args()
options.folder.mkdir(parents=True, exist_ok=True)
orders = write(options.folder, Catalog(options.seed, options.customers), options.queries, options.attested)
print(f"{options.customers} customers, {len(orders)} orders:", dict(Counter(order.label for order in orders)))
