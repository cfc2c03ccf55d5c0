"""From mapping files to rules: all problems at once, each with file, line and column."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapter.errors import ConfigurationError
from adapter.mapping.alias_checks import check_alias_columns, check_barcode_characteristic, check_quantities
from adapter.mapping.aliases import MAX_BYTES, Aliases, parse_aliases
from adapter.mapping.checks import check_rules
from adapter.mapping.rules import Rules
from adapter.yamlfile import YamlDocument, load_yaml, read_bytes, validate

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class LoadedRules:
    """A mapping that is right in itself; whether the infobase agrees is for `lint` to say.

    Attributes:
        document: knows where each rule stands.
        version: changes whenever the mapping or its table of aliases does; recorded with each document.
        files: what was read: the mapping, then the aliases if there are any.
    """

    rules: Rules
    document: YamlDocument
    version: str
    aliases: Aliases = field(default_factory=dict)
    files: tuple[Path, ...] = ()

    @property
    def sells_parts(self) -> bool:
        """Whether a piece at Amazon may be a fraction of the infobase's unit: quantities are then no whole numbers."""
        return any(part.multiplier % 1 for alias in self.aliases.values() for part in alias.parts)


def load_mapping(path: Path) -> LoadedRules:
    """Read a mapping and the table of aliases that it names.

    Raises:
        ConfigurationError: everything that is wrong with either file.
    """
    document = load_yaml(path)
    digest = hashlib.sha256(document.digest.encode())
    files = [path]
    aliases: Aliases = {}
    problems: list[object] = []
    if (table := _alias_file(document.data)) is not None:
        files.append(path.parent / table)
        try:
            content = read_bytes(files[1], MAX_BYTES)
            digest.update(hashlib.sha256(content).digest())
            aliases = parse_aliases(files[1], content)
        except ConfigurationError as error:
            problems += error.details
    try:
        rules = validate(document, Rules)
        problems = [
            *check_rules(rules, document),
            *check_barcode_characteristic(rules, document),
            *check_alias_columns(rules, aliases),
            *check_quantities(rules, aliases, document),
            *problems,
        ]
    except ConfigurationError as error:
        problems = [*error.details, *problems]
    if problems:
        raise ConfigurationError(problems)
    return LoadedRules(rules, document, digest.hexdigest()[:12], aliases, tuple(files))


def _alias_file(data: dict[str, Any]) -> str | None:
    products = data.get("products")
    name = products.get("aliases") if isinstance(products, dict) else None
    return name.strip() or None if isinstance(name, str) else None


def mapping_schema() -> dict[str, Any]:
    """JSON Schema of a mapping file, for editors that complete and check while one types."""
    schema = _without_null(Rules.model_json_schema())
    return {
        "$schema": SCHEMA_DIALECT,
        **schema,
        "title": "Mapping of amazon-1c-adapter",
        "description": "What an Amazon order becomes in an infobase of 1C:Enterprise.",
    }


def _without_null(schema: Any) -> Any:
    """Take out what pydantic adds for a value that may be left out: in a file it is left out, never null."""
    if isinstance(schema, list):
        return [_without_null(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _without_null(part) for name, part in schema.items() if part is not None}
    choices = kept.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        choices = [choice for choice in choices if choice != {"type": "null"}]
        kept.pop("anyOf")
        kept = {**choices[0], **kept} if len(choices) == 1 else {"anyOf": choices, **kept}
    return kept
