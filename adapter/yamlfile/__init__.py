"""YAML with positions: every problem in a file that people edit is told as `file:line:column path: what to do`.

Only what a person can read without a YAML handbook is accepted: sections, lists, texts, whole numbers, decimals,
true and false. Anchors, aliases, tags and merge keys are refused while the events arrive, before anything is expanded.
"""

from __future__ import annotations

from adapter.problems import (
    MAX_PROBLEMS,
    Location,
    Position,
    Problem,
    Span,
    YamlDocument,
    did_you_mean,
    nearest,
    path_text,
    refuse,
)
from adapter.yamlfile.files import load_yaml, parse_yaml, validate
from adapter.yamlfile.text import decode_text, read_bytes

__all__ = [
    "MAX_PROBLEMS",
    "Location",
    "Position",
    "Problem",
    "Span",
    "YamlDocument",
    "decode_text",
    "did_you_mean",
    "load_yaml",
    "nearest",
    "parse_yaml",
    "path_text",
    "read_bytes",
    "refuse",
    "validate",
]
