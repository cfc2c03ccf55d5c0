"""The command that shows how well buyers are matched with customers: on files of your own, or on the live catalog."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapter.cli.options import DEFAULT_CONFIG, AsJson, Config
from adapter.cli.progress import progress_bar
from adapter.cli.self_check import self_check as check_live

if TYPE_CHECKING:
    from adapter.matching.answers import CustomerMatch
    from adapter.matching.customers import CustomerIndex
    from adapter.matching.decision import Sureness
    from adapter.matching.files import Query


class NameAlone(StrEnum):
    """Whether a name may decide without other evidence."""

    EXACT = "exact"
    SURE = "sure"
    NEVER = "never"


CustomersOption = Annotated[Path | None, typer.Option("--customers", help="CSV: your customers.")]
QueriesOption = Annotated[Path | None, typer.Option("--queries", help="CSV: orders to find the customers of.")]
ResultsOption = Annotated[Path | None, typer.Option("--results", help="CSV to write: accept, review or none for each.")]
ExplainOption = Annotated[str | None, typer.Option("--explain", help="Show why one query is decided as it is.")]
SureOption = Annotated[
    float | None, typer.Option("--sure", min=0.5, max=1.0, help="Accept from this probability: 0.99.")
]
NameAloneOption = Annotated[
    NameAlone | None,
    typer.Option(
        "--name-alone",
        help="Accept a name without other evidence: exact, sure or never. Never, if the customers have any evidence.",
    ),
]
IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder to keep the index in between runs.")]
SelfCheckOption = Annotated[
    bool, typer.Option("--self-check", help="How many orders would go to a wrong customer of the live catalog?")
]


def match(
    customers: CustomersOption = None,
    queries: QueriesOption = None,
    results: ResultsOption = None,
    explain: ExplainOption = None,
    sure: SureOption = None,
    name_alone: NameAloneOption = None,
    index: IndexOption = None,
    self_check: SelfCheckOption = False,
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Find the customers of orders in your own files, or check how safely the live catalog is matched.

    Nothing is read from Amazon or written to 1C.
    """
    if self_check:
        if customers or queries or results or explain:
            raise typer.BadParameter("--self-check looks at the live catalog; leave --customers and the like out")
        check_live(config, sure, name_alone.value if name_alone else None, as_json=as_json)
        return
    if customers is None or queries is None or (results is None and explain is None):
        raise typer.BadParameter("--customers, --queries and --results (or --explain ID) are needed; or --self-check")
    _match_files(customers, queries, results, explain, sure, name_alone, index)


def _match_files(
    customers: Path,
    queries: Path,
    results: Path | None,
    explain: str | None,
    sure: float | None,
    name_alone: NameAlone | None,
    folder: Path | None,
) -> None:
    from adapter.errors import ConfigurationError
    from adapter.matching import files
    from adapter.matching.decision import Sureness

    asked = files.read_queries(queries)
    if explain is not None and (wanted := [each for each in asked if each.query_id == explain]) == []:
        raise ConfigurationError(f'{queries}: there is no query "{explain}"')
    begun = time.perf_counter()
    index, with_evidence = _index(customers, folder)
    typer.echo(f"{len(index):,} customers, ready in {time.perf_counter() - begun:.1f} s.", err=True)
    alone = name_alone or (NameAlone.NEVER if with_evidence else NameAlone.SURE)
    sureness = Sureness(sure or Sureness().sure, alone.value)
    if explain is not None:
        _explain(index, wanted[0], sureness)
    if results is not None:
        with files.results(results) as write:
            _decide(index, asked, sureness, lambda query, match: write(files.result_row(query, match)))
        typer.echo(f"Written to {results}.")


def _index(customers: Path, folder: Path | None) -> tuple[CustomerIndex, bool]:
    """The index of a file of customers, from the folder if it is there; and whether any has evidence."""
    from adapter.matching.customers import CustomerIndex
    from adapter.matching.files import CustomersFile, digest

    ours = f"{digest(customers)}-{{}}.index"
    if folder is not None:
        for evidence in (True, False):
            try:
                return CustomerIndex.load(folder / ours.format("evidence" if evidence else "names")), evidence
            except (OSError, ValueError):  # not there, damaged or of another version
                continue
    with progress_bar("customers", customers.stat().st_size) as progress:
        file = CustomersFile(customers, progress)
        index = CustomerIndex(file.customers())
    if folder is not None:
        _keep(index, folder, ours.format("evidence" if file.with_evidence else "names"))
    return index, file.with_evidence > 0


def _keep(index: CustomerIndex, folder: Path, name: str) -> None:
    """Keep the index, which holds people's data, for its owner alone, in the place of the one before."""
    from adapter.errors import ConfigurationError

    draft = folder / f"{name}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.touch(mode=0o600)
        index.save(draft)
        draft.chmod(0o600)
        draft.replace(folder / name)
        for old in folder.glob("*.index"):
            if old.name != name:
                old.unlink()
    except OSError as problem:
        raise ConfigurationError(f"{folder}: the index cannot be kept there: {problem.strerror}") from problem


def _decide(
    index: CustomerIndex, queries: list[Query], sureness: Sureness, take: Callable[[Query, CustomerMatch], object]
) -> None:
    """Decide all queries in their order, and say how many of each decision there are and how long one took."""
    times: list[float] = []
    decisions: Counter[str] = Counter()
    with progress_bar("orders", len(queries)) as progress:
        for number, query in enumerate(queries, start=1):
            begun = time.perf_counter()
            found = index.find(query.asked, sureness)
            times.append(time.perf_counter() - begun)
            decisions[type(found).__name__] += 1
            take(query, found)
            if number % 256 == 0:
                progress(number)
    typer.echo(
        f"{len(queries):,} orders: {decisions['Matched']:,} accepted, {decisions['Ambiguous']:,} to review, "
        f"{decisions['Unmatched']:,} none."
    )
    if times:
        slow = sorted(times)[int(len(times) * 0.99)]
        typer.echo(
            f"A look-up takes {statistics.median(times) * 1000:.2f} ms, {slow * 1000:.2f} ms at the 99th of 100."
        )


def _explain(index: CustomerIndex, query: Query, sureness: Sureness) -> None:
    from adapter.matching.answers import Matched
    from adapter.matching.files import result_row

    found = index.find(query.asked, sureness)
    _, decision, customer_id, _ = result_row(query, found)
    typer.echo(f"{query.query_id}: {decision} {customer_id}".rstrip())
    if not isinstance(found, Matched):
        typer.echo(found.reason)
    for line in found.explanation.text():
        typer.echo(line)
