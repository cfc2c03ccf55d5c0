"""From a file to data that knows where each value stands."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from adapter.errors import ConfigurationError
from adapter.plainwords import problems_of
from adapter.problems import YamlDocument, refuse
from adapter.yamlfile.reader import Reader
from adapter.yamlfile.text import decode_text, odd_characters, read_bytes

MAX_LINES: Final = 100_000

ModelT = TypeVar("ModelT", bound=BaseModel)


def validate(document: YamlDocument, model: type[ModelT]) -> ModelT:
    """The document as a model.

    Raises:
        ConfigurationError: all that does not fit, in plain words, each with its place.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        refuse(problems_of(error, document, model))


def load_yaml(path: Path) -> YamlDocument:
    """Read a file whose top level is a section (`key: value`).

    Raises:
        ConfigurationError: it cannot be read, is not plain YAML in UTF-8, or holds something ambiguous; as many
            problems at once as can be told apart.
    """
    return parse_yaml(path, read_bytes(path))


def parse_yaml(path: Path, content: bytes) -> YamlDocument:
    """What `load_yaml` makes of a file with this content; `path` is what messages call it.

    Raises:
        ConfigurationError: as for `load_yaml`.
    """
    text = decode_text(path, content)
    if text.count("\n") > MAX_LINES:
        raise ConfigurationError(f"{path}: the file has more than {MAX_LINES} lines; keep large tables in a CSV file")
    if problems := odd_characters(str(path), text):
        refuse(problems)
    if not text.strip():
        raise ConfigurationError(f"{path}:1:1 the file is empty")
    reader = Reader(str(path))
    reader.read(text)
    if reader.problems:
        refuse(reader.problems)
    if reader.root is None:
        raise ConfigurationError(f"{path}:1:1 the file holds nothing but comments")
    if not isinstance(reader.root, dict):
        raise ConfigurationError(f"{path}:1:1 the file has to consist of lines such as `key: value`")
    return YamlDocument(
        path, reader.root, hashlib.sha256(content).hexdigest(), reader.keys, reader.values, reader.spans
    )
