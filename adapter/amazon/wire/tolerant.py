"""JSON of a remote as objects, whatever is odd in it.

Everything is optional and unknown fields are ignored: Amazon's own orders lack fields that its models require. Values
of enumerations stay texts. A field in a wrong form counts as absent and is noted, so that one field never costs the
order; an element of a list that cannot be read costs only itself.
"""

from __future__ import annotations

from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)


class Tolerant(BaseModel):
    """Base of all objects of a version; give `model_validate` a list as its context, which takes the notes."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True, hide_input_in_errors=True)

    @field_validator("*", mode="wrap")
    @classmethod
    def _lenient(cls, value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        default = cls.model_fields[info.field_name or ""].default
        if value is None:
            return default
        many = isinstance(default, tuple)
        if many and not isinstance(value, list):
            _note(cls, info)
            return default
        read: list[Any] = []
        for part in value if many else [value]:
            try:
                read.append(handler([part])[0] if many else handler(part))
            except ValidationError:
                _note(cls, info)
        if many:
            return tuple(read)
        return read[0] if read else default


def _note(model: type[BaseModel], info: ValidationInfo) -> None:
    notes = info.context
    assert isinstance(notes, list)  # noqa: S101 - whoever parses wants to know
    name = info.field_name or ""
    notes.append(f"{model.__name__}.{model.model_fields[name].alias or name} has an unexpected form")
