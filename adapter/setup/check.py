"""Whether a mapping and an infobase agree: with the infobase itself, or with its `$metadata` in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from adapter.books import check_mapping, read_books, read_schema
from adapter.copies import Copies
from adapter.errors import AdapterError, ConfigurationError
from adapter.mapping.load import LoadedRules, load_mapping
from adapter.model.schema import Schema
from adapter.onec.errors import InfobaseUnavailable, WrongAddress
from adapter.onec.metadata import parse_metadata
from adapter.planning.books import Books
from adapter.problems import MAX_PROBLEMS, Problem


def check_infobase(copies: Copies, mapping: LoadedRules) -> tuple[str, ...]:
    """Compare with the infobase as it is now, and see that every lookup finds its element.

    Args:
        copies: of which nothing is taken: everything is read anew.

    Returns:
        What was found, in words.

    Raises:
        ConfigurationError: every disagreement, each with its place in the mapping.
        Unavailable: the infobase does not answer.
    """
    schema = read_schema(copies, anew=True)
    check_mapping(mapping, schema)
    books = read_books(copies, mapping, schema)
    if not len(books.customers) and mapping.rules.customers.otherwise == "hold":
        raise ConfigurationError(
            f"{mapping.rules.customers.entity_set} is empty, so every order with a buyer's name would be held; "
            "enter customers in 1C, or write otherwise: create below customers"
        )
    return (
        f"{len(schema.entity_sets)} entity sets published",
        f"{len(books.customers)} customers, {len(books.products)} products",
        f"{len(books.references)} references of the mapping found",
        *_aliases(mapping, books),
    )


def _aliases(mapping: LoadedRules, books: Books) -> Iterator[str]:
    """How many seller SKUs have an alias, and which of them lead nowhere: these hold their orders, and no others."""
    if not mapping.aliases:
        return
    yield f"{len(mapping.aliases)} seller SKUs in {mapping.files[-1]}"
    problems = [str(part.problem(f"{reason}; its orders are held")) for part, reason in books.products.alias_problems()]
    yield from problems[:MAX_PROBLEMS]
    if len(problems) > MAX_PROBLEMS:
        yield f"and {len(problems) - MAX_PROBLEMS} more aliases that lead nowhere"


def check_file(mapping: Path, metadata: Path) -> tuple[str, ...]:
    """Compare a mapping with a saved `$metadata`: no settings, no network.

    Returns:
        What was found, in words.

    Raises:
        ConfigurationError: every disagreement, or what is wrong with the files.
    """
    loaded = load_mapping(mapping)
    schema = _saved_schema(metadata)
    check_mapping(loaded, schema)
    return (
        f"{len(schema.entity_sets)} entity sets published",
        "only a check with the infobase itself can tell whether every lookup finds its element",
    )


def problems_as_json(problem: AdapterError) -> list[dict[str, object]]:
    """Everything that an error tells; what has no place in a file has null for it."""
    details = problem.details if isinstance(problem, ConfigurationError) else (problem,)
    return [_as_json(each) for each in details]


def _as_json(detail: object) -> dict[str, object]:
    if isinstance(detail, Problem):
        place = {"file": detail.file, "line": detail.line, "column": detail.column or None}
        return {**place, "path": detail.path or None, "message": detail.message}
    return {"file": None, "line": None, "column": None, "path": None, "message": str(detail)}


def _saved_schema(file: Path) -> Schema:
    try:
        return parse_metadata(file)
    except OSError as problem:
        raise ConfigurationError(f"{file}: cannot be read: {problem.strerror}") from problem
    except WrongAddress as problem:
        raise ConfigurationError(
            f"{file}: this is not 1C's $metadata; save it from <address of the publication>/odata/standard.odata/"
            "$metadata"
        ) from problem
    except InfobaseUnavailable as problem:
        raise ConfigurationError(f"{file}: {problem}; save it again") from problem
