"""What one would do without an index: compare the name with every customer's. Measured beside ours, in the same run.

Names alone, as these know nothing else: case and punctuation away, the company before the recipient before the buyer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process, utils

from adapter.matching.asked import Asked
from tests.benchmarks.judge import ACCEPT, Decision

CUTOFF = 90
MARGIN = 3
TFIDF_CUTOFF = 0.8
TFIDF_MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class Scan:
    """One way of scanning: its decisions, and milliseconds for each order."""

    name: str
    decisions: list[Decision]
    milliseconds: list[float]
    prepared: float = 0.0


def asked_name(asked: Asked) -> str:
    """The one name that a scan would look for."""
    return utils.default_process(asked.company or asked.recipient or asked.buyer)


def scans(ids: Sequence[str], names: Sequence[str], asked: Sequence[Asked]) -> list[Scan]:
    """Decide the orders in every way; the costly ones for fewer of them."""
    prepared = [utils.default_process(name) for name in names]
    wanted = [asked_name(each) for each in asked]
    few = wanted[: max(20, min(len(wanted), 3_000_000 // len(names)))]
    return [
        _extract_one("extractOne WRatio", fuzz.WRatio, ids, prepared, few),
        _extract_one("extractOne token_sort", fuzz.token_sort_ratio, ids, prepared, few),
        _cdist(ids, prepared, few),
        _tfidf(ids, prepared, wanted),
    ]


def _extract_one(
    name: str, scorer: Callable[..., float], ids: Sequence[str], names: Sequence[str], wanted: Sequence[str]
) -> Scan:
    decisions, times = [], []
    for each in wanted:
        begun = time.perf_counter()
        found = process.extractOne(each, names, scorer=scorer, score_cutoff=CUTOFF)
        times.append((time.perf_counter() - begun) * 1000)
        decisions.append(Decision("none") if found is None else Decision(ACCEPT, (ids[found[2]],)))
    return Scan(name, decisions, times)


def _cdist(ids: Sequence[str], names: Sequence[str], wanted: Sequence[str]) -> Scan:
    """In batches, one thread, with SIMD where the scorer has it; accepts with a margin to the next."""
    decisions: list[Decision] = []
    batch = max(1, min(len(wanted), 64_000_000 // len(names)))
    begun = time.perf_counter()
    # sorted words and ratio are token_sort_ratio, of which cdist has SIMD for the second half alone
    catalog = [" ".join(sorted(name.split())) for name in names]
    prepared = time.perf_counter() - begun
    begun = time.perf_counter()
    for start in range(0, len(wanted), batch):
        part = [" ".join(sorted(name.split())) for name in wanted[start : start + batch]]
        scores = process.cdist(part, catalog, scorer=fuzz.ratio, score_cutoff=CUTOFF - 10, dtype=np.uint8, workers=1)
        for row in scores:
            best = np.argpartition(row, -5)[-5:]
            best = best[np.argsort(-row[best].astype(int), kind="stable")]
            decisions.append(_decision(ids, best, row[best].tolist(), CUTOFF, MARGIN))
    each = (time.perf_counter() - begun) * 1000 / max(1, len(wanted))
    return Scan("cdist token_sort, in batches", decisions, [each] * len(wanted), prepared)


def _tfidf(ids: Sequence[str], names: Sequence[str], wanted: Sequence[str]) -> Scan:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    begun = time.perf_counter()
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), dtype=np.float32)
    catalog = vectorizer.fit_transform(names).T.tocsr()
    prepared = time.perf_counter() - begun
    decisions, times = [], []
    for each in wanted:
        begun = time.perf_counter()
        row = sp_matmul_topn(vectorizer.transform([each]), catalog, top_n=5, threshold=0.3, sort=True, n_threads=1)
        times.append((time.perf_counter() - begun) * 1000)
        decisions.append(_decision(ids, row.indices, row.data.tolist(), TFIDF_CUTOFF, TFIDF_MARGIN))
    return Scan("TF-IDF char-3", decisions, times, prepared)


def _decision(ids: Sequence[str], best: Sequence[int], scores: list[float], cutoff: float, margin: float) -> Decision:
    candidates = tuple(ids[at] for at in best)
    if not scores or scores[0] < cutoff:
        return Decision("none", candidates)
    alone = len(scores) == 1 or scores[0] - scores[1] >= margin
    return Decision(ACCEPT if alone else "review", candidates)
