"""The first settings and the first mapping, made of the samples: their comments and their layout are kept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from adapter.errors import ConfigurationError
from adapter.mapping.checks import check_rules
from adapter.mapping.lint import disagreements
from adapter.mapping.load import LoadedRules
from adapter.mapping.presets import preset_path
from adapter.mapping.rules import Rules
from adapter.mapping.uses import all_lookups
from adapter.model.schema import Schema
from adapter.onec.catalogs import Catalogs
from adapter.problems import Location, refuse
from adapter.settings import Settings
from adapter.setup.choices import Choice, Taken, offered, open_choices, where_of
from adapter.setup.edit import Edit, aligned, edited, locate, replace_value, replace_where, scalar, unmark
from adapter.share import share_directory
from adapter.yamlfile import decode_text, parse_yaml, read_bytes, validate

SYSTEM_DIRECTORY: Final = Path("/etc/amazon1c")
SYSTEM_STATE: Final = "/var/lib/amazon1c"


@dataclass(frozen=True, slots=True)
class InfobaseAnswers:
    """Where the infobase is. `plain_http`: that the address is not encrypted is accepted."""

    address: str
    user: str
    plain_http: bool = False
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class AmazonAnswers:
    """The seller account."""

    name: str
    seller_id: str
    region: str
    client_id: str
    read_from: date
    marketplaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to write; a secret one is for its owner only."""

    path: Path
    content: str
    secret: bool = False


# -------------------- settings


def field_problem(model: type[BaseModel], name: str, value: str) -> str:
    """What is wrong with a text as the value of a field; empty if nothing is."""
    field = model.model_fields[name]
    form: Any = Annotated[field.annotation, field]
    try:
        TypeAdapter(form).validate_python(value)
    except ValidationError as problem:
        return f'"{value}": {problem.errors()[0]["msg"].removeprefix("Value error, ")}'
    return ""


def draft_settings(file: Path, infobase: InfobaseAnswers, amazon: AmazonAnswers | None) -> str:
    """The sample settings with the answers in them; without an account, its lines stay marked.

    Args:
        file: where they will stand; a state directory of its own lies beside it, unless that is the system's.

    Raises:
        ConfigurationError: an answer that settings cannot hold.
    """
    text = (share_directory("config") / "adapter.yaml").read_text(encoding="utf-8")
    if infobase.plain_http:
        text = _uncommented(text, "plain_http")
    if infobase.ca_file is not None:
        text = _uncommented(text, "ca_file")
    values: dict[Location, str] = {
        ("state_directory",): SYSTEM_STATE if file.parent == SYSTEM_DIRECTORY else "state",
        ("infobase", "address"): infobase.address,
        ("infobase", "user"): infobase.user,
    }
    if infobase.ca_file is not None:
        values["infobase", "ca_file"] = str(infobase.ca_file)
    if amazon is not None:
        text = text.replace("amazon-main-", f"amazon-{amazon.name}-").replace('"main"', f'"{amazon.name}"')
        values |= {
            ("accounts", 0, "name"): amazon.name,
            ("accounts", 0, "seller_id"): amazon.seller_id,
            ("accounts", 0, "region"): amazon.region,
            ("accounts", 0, "client_id"): amazon.client_id,
            ("accounts", 0, "read_from"): amazon.read_from.isoformat(),
        }
    document = parse_yaml(file, text.encode())
    edits = [edit for location, value in values.items() for edit in unmark(text, document, location)]
    edits += [replace_value(document, location, value) for location, value in values.items()]
    if amazon is not None:
        span = document.span(("accounts", 0, "marketplaces"))
        assert span is not None  # noqa: S101 - the sample has it in brackets
        edits.append(Edit(*span, "[" + ", ".join(map(scalar, amazon.marketplaces)) + "]"))
        edits += unmark(text, document, ("accounts", 0, "marketplaces"))
    text = edited(text, (aligned(text, edit) for edit in edits))
    validate(parse_yaml(file, text.encode()), Settings)
    return text


def _uncommented(text: str, key: str) -> str:
    """The sample with a key in force that stands there as a comment."""
    return text.replace(f"# {key}: ", f"{key}: ", 1)


# -------------------- mapping


@dataclass(frozen=True, slots=True)
class MappingDraft:
    """A mapping that is not written yet.

    Attributes:
        loaded: the same as rules, with the places of the text.
    """

    text: str
    loaded: LoadedRules

    @classmethod
    def of(cls, file: Path, text: str) -> MappingDraft:
        """The draft with this text.

        Raises:
            ConfigurationError: everything that is wrong with it.
        """
        document = parse_yaml(file, text.encode())
        rules = validate(document, Rules)
        if problems := check_rules(rules, document):
            refuse(problems)
        return cls(text, LoadedRules(rules, document, document.digest[:12]))

    @classmethod
    def of_preset(cls, file: Path, preset: str) -> MappingDraft:
        """A copy of a preset.

        Raises:
            ConfigurationError: there is none of this name.
        """
        path = preset_path(preset)
        return cls.of(file, decode_text(path, read_bytes(path)))

    def with_values(self, values: Mapping[str, str]) -> MappingDraft:
        """The draft with other values at these paths.

        Raises:
            ConfigurationError: no such path, or a value that cannot stand there.
        """
        document = self.loaded.document
        edits = [replace_value(document, locate(document, path), value) for path, value in values.items()]
        return MappingDraft.of(document.path, edited(self.text, edits))

    def with_elements(self, taken: Iterable[Taken], catalogs: Catalogs) -> MappingDraft:
        """The draft with lookups that find these elements.

        Raises:
            Unavailable: the infobase does not answer.
        """
        document = self.loaded.document
        edits: list[Edit] = []
        for choice, element in taken:
            where = where_of(choice, element, catalogs)
            for location in choice.locations:
                edits += replace_where(document, location, where)
        return MappingDraft.of(document.path, edited(self.text, edits))

    def is_lookup(self, path: str) -> bool:
        """Whether a lookup stands at a path.

        Raises:
            ConfigurationError: there is no such path.
        """
        location = locate(self.loaded.document, path)
        return any(location == each for each, _ in all_lookups(self.loaded.rules))

    def remaining(self, catalogs: Catalogs, schema: Schema) -> list[str]:
        """What still has to be corrected before `check` is content, each with its place.

        Raises:
            Unavailable: the infobase does not answer.
        """
        document = self.loaded.document
        found = [str(problem) for problem in disagreements(self.loaded, schema)]
        for choice in open_choices(self.loaded, catalogs, schema):
            found += [str(document.problem(location, choice.why)) for location in choice.locations]
        return found


def take_obvious(still: Sequence[Choice]) -> list[Taken]:
    """What is taken where nobody is asked: the only element, where there is but one.

    Raises:
        ConfigurationError: every choice that only a person can make, with what there is.
    """
    problems = []
    taken = []
    for choice in still:
        if (element := choice.obvious) is not None:
            taken.append((choice, element))
            continue
        instead = "".join(f', or: --set "{path}=hold"' for path in choice.spared[:1])
        problems.append(
            f'{choice.path}: {choice.why}; {offered(choice)}; choose with: --set "{choice.path}=NAME"{instead}'
        )
    if problems:
        raise ConfigurationError(problems)
    return taken


# -------------------- files


def refuse_existing(paths: Iterable[Path]) -> None:
    """See that nothing would be overwritten.

    Raises:
        ConfigurationError: every file that is there already.
    """
    if there := [
        f"{path}: exists already; move it away, or overwrite it with --force" for path in paths if path.exists()
    ]:
        raise ConfigurationError(there)


def write_files(files: Sequence[NewFile], *, force: bool) -> None:
    """Write the files, each whole or not at all; folders are made as they are needed.

    Args:
        force: overwrite what is there.

    Raises:
        ConfigurationError: a file cannot be written, or exists already.
    """
    if not force:
        refuse_existing(file.path for file in files)
    for file in files:
        try:
            file.path.parent.mkdir(mode=0o700 if file.secret else 0o755, parents=True, exist_ok=True)
            beside = file.path.with_name(f".{file.path.name}.new")
            beside.unlink(missing_ok=True)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if file.secret else 0o644)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(file.content)
            beside.replace(file.path)
        except OSError as problem:
            raise ConfigurationError(f"{file.path}: cannot be written: {problem.strerror}") from problem
