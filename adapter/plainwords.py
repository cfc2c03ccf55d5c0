"""What pydantic finds in a document, in the words of the person who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic.errors import PydanticUserError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from adapter.problems import Location, Problem, YamlDocument, did_you_mean, nearest


def problems_of(error: ValidationError, document: YamlDocument, model: type[BaseModel]) -> list[Problem]:
    """What pydantic found, in plain words and at its place."""
    details = [_Detail(detail, _align(detail, document.data)) for detail in error.errors(include_url=False)]
    return _Explain(document, model).tell(details, 0)


# One part of pydantic's location; True where it is a step in the data, False where it names a branch of a union.
_Aligned = tuple[tuple[str | int, bool], ...]


@dataclass(frozen=True, slots=True)
class _Detail:
    error: ErrorDetails
    aligned: _Aligned

    @property
    def location(self) -> Location:
        return tuple(part for part, steps in self.aligned if steps)


def _align(error: ErrorDetails, data: Any) -> _Aligned:
    """Tell the steps of a location from the names that pydantic puts in for branches of unions.

    A branch may have the name of a key (`from`), so the reading that explains most parts wins; in doubt the branch
    comes before the key.
    """
    kind = error["type"]
    location = error["loc"]
    best: tuple[int, _Aligned] | None = None

    def go(index: int, value: Any, aligned: _Aligned, skipped: int) -> None:
        nonlocal best
        if best is not None and skipped >= best[0]:
            return
        if index == len(location):
            best = (skipped, aligned)
            return
        part, last = location[index], index == len(location) - 1
        if last and kind == "missing":
            if isinstance(value, dict) and part not in value:
                best = (skipped, (*aligned, (part, True)))
            return
        if not (last and kind == "extra_forbidden"):
            go(index + 1, value, (*aligned, (part, False)), skipped + 1)
        inside = isinstance(value, dict) and part in value
        if inside or (isinstance(value, list) and isinstance(part, int) and part < len(value)):
            go(index + 1, value[part], (*aligned, (part, True)), skipped)

    go(0, data, (), 0)
    return best[1] if best else tuple((part, True) for part in location)


class _Explain:
    """Turns pydantic's errors into problems; of a union only the branch that was meant is told."""

    def __init__(self, document: YamlDocument, model: type[BaseModel]) -> None:
        self.document = document
        self.known = _Known(model)

    def tell(self, details: Sequence[_Detail], depth: int) -> list[Problem]:
        """Walk down the parts; where errors part into several branches of a union, decide."""
        problems: list[Problem] = []
        groups: dict[tuple[str | int, bool], list[_Detail]] = {}
        for detail in details:
            if len(detail.aligned) == depth:
                problems.append(self._problem(detail))
            else:
                groups.setdefault(detail.aligned[depth], []).append(detail)
        branches = [group for (_, steps), group in groups.items() if not steps]
        for (_, steps), group in groups.items():
            if steps:
                problems += self.tell(group, depth + 1)
        if len(branches) == 1:
            problems += self.tell(branches[0], depth + 1)
        elif branches:
            base = len([1 for _, steps in branches[0][0].aligned[:depth] if steps])
            fitting = [b for b in branches if not any(len(d.location) == base and _expectation(d.error) for d in b)]
            if fitting:
                problems += self.tell(min(fitting, key=_foreignness), depth + 1)
            else:
                problems.append(self._none_fits([detail for branch in branches for detail in branch], base))
        return problems

    def _none_fits(self, details: Sequence[_Detail], base: int) -> Problem:
        details = [detail for detail in details if len(detail.location) == base]
        value = self.document.value(details[0].location)
        words = [word for detail in details if (word := _words(detail.error))]
        choices = [choice for found in words for choice in found]
        others = [self._expected(detail.error) for detail in details if not _words(detail.error)]
        wanted = [word.replace(" or ", "/") for word in dict.fromkeys([*choices, *others])]
        message = f"must be {_any_of(wanted)}"
        if isinstance(value, str):
            message += did_you_mean(value, choices)
        return self.document.problem(details[0].location, message + self._misnamed(details[0].location))

    def _expected(self, error: ErrorDetails) -> str:
        if error["type"] == "model_type" and (name := error.get("ctx", {}).get("class_name")):
            return self.known.form(str(name))
        return _expectation(error) or "something else"

    def _problem(self, detail: _Detail) -> Problem:
        kind, location = detail.error["type"], detail.location
        of_key = detail.error["loc"][-1:] == ("[key]",)
        if kind == "missing":
            return self.document.problem(location, f"is missing{self._misnamed(location)}")
        if kind == "extra_forbidden":
            return self.document.problem(location, self._unknown_key(location), of_key=True)
        return self.document.problem(location, self._message(detail), of_key=of_key)

    def _message(self, detail: _Detail) -> str:
        error = detail.error
        if words := _words(error):
            value = self.document.value(detail.location)
            return f"must be {_any_of(words)}" + (did_you_mean(value, words) if isinstance(value, str) else "")
        if error["type"] == "string_type" and isinstance(self.document.value(detail.location), int | Decimal):
            return "must be a text: put it in quotes"
        if _expectation(error):
            return f"must be {self._expected(error)}"
        return _plain_words(error) + (self._misspelt(detail) or self._misnamed(detail.location))

    def _misspelt(self, detail: _Detail) -> str:
        """Where a section is none of several forms: the key by which it would be one."""
        if detail.error["type"] not in _FORMLESS and detail.error["type"] in _BUILT_IN:
            return ""
        value = self.document.value(detail.location)
        if not isinstance(value, dict):
            return ""
        known = self.known.keys(detail.location, self.document.data)
        hints = [did_you_mean(key, known) for key in value if key not in known]
        return next(filter(None, hints), "") if len(hints) == len(value) else ""

    def _unknown_key(self, location: Location) -> str:
        known = self.known.keys(location[:-1], self.document.data)
        meant = did_you_mean(str(location[-1]), known) or self._misnamed(location[:-1])
        if not meant and known:
            meant = f"; known here: {', '.join(known)}"
        return f"unknown key{meant}"

    def _misnamed(self, location: Location) -> str:
        """Where a section allows names of the writer's own, and one is nearly a key that it knows: that key."""
        for end in range(len(location), 0, -1):
            *above, name = location[:end]
            known = self.known.keys(tuple(above), self.document.data) if isinstance(name, str) else ()
            if known and name not in known:
                meant = nearest(str(name), known, least=70)
                return f'; did you mean "{meant}" instead of "{name}"?' if meant else ""
        return ""


def _foreignness(branch: Sequence[_Detail]) -> tuple[int, int]:
    """How far a branch of a union is from the data: keys that do not fit count first."""
    return sum(detail.error["type"] in {"missing", "extra_forbidden"} for detail in branch), len(branch)


class _Known:
    """Which keys a model knows at a place, from its JSON Schema."""

    def __init__(self, model: type[BaseModel]) -> None:
        try:
            self._schema: dict[str, Any] = model.model_json_schema()
        except PydanticUserError:  # a type without a JSON Schema: messages then come without suggestions
            self._schema = {}

    def form(self, class_name: str) -> str:
        """How a section of this model is written: `{row: ...}`."""
        found = self._schema.get("$defs", {}).get(class_name, {})
        required = found.get("required") or list(found.get("properties", {}))[:1]
        return "{" + ", ".join(f"{key}: ..." for key in required) + "}" if required else "a section"

    def keys(self, location: Location, data: Any) -> tuple[str, ...]:
        """The keys that may stand at a location; of several forms, those whose required keys are there."""
        forms = self._forms([self._schema])
        for part in location:
            data = data[part]
            forms = self._forms(below for form in forms for below in _below(form, part))
        sections = [form for form in forms if form.get("properties")]
        if isinstance(data, dict):
            sections = [form for form in sections if set(form.get("required", ())) <= data.keys()] or sections
        return tuple(dict.fromkeys(key for form in sections for key in form["properties"]))

    def _forms(self, schemas: Iterable[Any]) -> list[dict[str, Any]]:
        forms: list[dict[str, Any]] = []
        waiting = list(schemas)
        while waiting:
            schema = waiting.pop(0)
            if not isinstance(schema, dict):
                continue
            if "$ref" in schema:
                waiting.append(self._schema.get("$defs", {}).get(str(schema["$ref"]).rpartition("/")[2]))
            waiting += [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
            forms.append(schema)
        return forms


def _below(form: dict[str, Any], part: str | int) -> list[Any]:
    if isinstance(part, int):
        return [form.get("items")]
    properties = form.get("properties", {})
    return [properties[part] if part in properties else form.get("additionalProperties")]


_EXPECTED: Final[Mapping[str, str]] = {
    "string_type": "a text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "list_type": "a list [..., ...]",
    "tuple_type": "a list [..., ...]",
    "set_type": "a list [..., ...]",
    "frozen_set_type": "a list [..., ...]",
    "dict_type": "a section: keys with values below it",
    "mapping_type": "a section: keys with values below it",
    "model_type": "a section: keys with values below it",
    "model_attributes_type": "a section: keys with values below it",
    "dataclass_type": "a section: keys with values below it",
    "path_type": "a path in quotes",
}

_BUILT_IN: Final = frozenset(get_args(ErrorType))
_FORMLESS: Final = frozenset({"union_tag_not_found", "union_tag_invalid"})

_LIMITS: Final[Mapping[str, str]] = {
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must have the form {pattern}",
    "too_long": "must have at most {max_length} entries",
}


def _expectation(error: ErrorDetails) -> str:
    """What sort of value was wanted, where the sort is what is wrong; else nothing."""
    if error["type"] == "is_instance_of" and error.get("ctx", {}).get("class") == "Decimal":
        return "a number"
    if words := _words(error):
        return _any_of(words)
    return _EXPECTED.get(error["type"], "")


def _words(error: ErrorDetails) -> list[str]:
    """The closed list of values that was wanted, if it was one."""
    if error["type"] not in {"literal_error", "enum"}:
        return []
    expected = str(error.get("ctx", {}).get("expected", ""))
    # pydantic writes 'a', 'b' or 'c'; True for a Literal[True]
    return re.findall(r"'([^']*)'", expected) or [expected.lower()]


def _any_of(words: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _plain_words(error: ErrorDetails) -> str:
    kind, context, message = error["type"], error.get("ctx", {}), error["msg"]
    if kind in {"value_error", "assertion_error"}:
        return str(context.get("error", message.partition(", ")[2]))
    if kind in _LIMITS:
        return _LIMITS[kind].format(**{name: str(limit).removesuffix(".0") for name, limit in context.items()})
    if kind in {"too_short", "string_too_short"}:
        least = context.get("min_length", 1)
        return "must not be empty" if least == 1 else f"must have at least {least} entries"
    message = re.sub(r"^(Input|Value|Datetime|Date|Time|URL|Tuple|List) should ", "must ", message)
    return message[:1].lower() + message[1:]
