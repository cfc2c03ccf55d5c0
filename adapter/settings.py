"""Settings: one YAML file for what is where, and credentials that stand in no file an administrator edits."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from adapter.errors import ConfigurationError
from adapter.model.addresses import is_loopback
from adapter.yamlfile import YamlDocument, load_yaml, validate


class Strict(BaseModel):
    """A closed vocabulary: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, strict=True)


def _name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", value):
        raise ValueError("is no name: write up to 31 small letters, digits and hyphens")
    return value


def _seller_id(value: str) -> str:
    if not re.fullmatch(r"[A-Z0-9]{5,20}", value):
        raise ValueError("is no merchant id; copy it from Seller Central, such as A1B2C3D4E5F6G7")
    return value


Name = Annotated[str, AfterValidator(_name)]


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is no address; write it as https://server/base")
    if parts.username or parts.password:
        raise ValueError("holds a user or password; give the user by `user` and the password as a credential")
    return value


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError('is no day; write it as "2026-11-01"') from None


Address = Annotated[str, AfterValidator(_address)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]


class InfobaseSettings(Strict):
    """The infobase to write to."""

    name: Name = Field("main", description="part of every document's key: never change it once documents are written")
    address: Address = Field(description="of the publication, with or without /odata/standard.odata")
    user: str = Field(min_length=1)
    ca_file: str | None = Field(None, description="PEM file of your own certificate authority")
    plain_http: Literal["accepted"] | None = Field(None, description="allow http:// to another machine, unencrypted")
    deadline_seconds: Seconds = Field(120, description="for a whole request; the first one after a pause is slow")
    quarantine_seconds: int = Field(
        120, ge=0, le=86_400, description="how long 1C may still be at work on a request that got no answer"
    )
    own_sessions: bool = Field(False, description="control the sessions ourselves; for publications in mode use")
    sessions: int = Field(
        4, ge=1, le=10, description="used at once at most, as many as the infobase bears; 1 for a file infobase"
    )
    refresh_seconds: Seconds = Field(900, description="how old the daemon's copies of the catalogs may get")
    metadata_seconds: int = Field(
        86_400, ge=60, le=2_592_000, description="how old the copy of the infobase's $metadata may get"
    )

    @model_validator(mode="after")
    def _encrypted(self) -> InfobaseSettings:
        if self.address.startswith("http://") and not is_loopback(self.address) and self.plain_http is None:
            raise ValueError(
                "the address is not encrypted, and buyers' data would pass in the clear; "
                "use https, or write plain_http: accepted"
            )
        return self


def _queue(value: str) -> str:
    if value.endswith(".fifo"):
        raise ValueError("is a FIFO queue, to which Amazon sends nothing; make a standard queue")
    if not re.fullmatch(r"arn:aws:sqs:[a-z]{2}(?:-[a-z]+)+-\d:\d{12}:[A-Za-z0-9_-]{1,80}", value):
        raise ValueError("is no queue; copy its ARN from the AWS console: arn:aws:sqs:region:account:name")
    return value


def _aws_account(value: str) -> str:
    if not re.fullmatch(r"\d{12}", value):
        raise ValueError("is no AWS account; it has 12 digits")
    return value


class NotificationSettings(Strict):
    """A queue into which Amazon tells of changed orders."""

    queue: Annotated[str, AfterValidator(_queue)] = Field(description="ARN of a standard queue of SQS")
    poll_seconds: int = Field(
        1800, ge=60, le=86_400, description="how often Amazon is asked all the same, while the queue can be heard"
    )
    sender: Annotated[str, AfterValidator(_aws_account)] = Field(
        "437568002678", description="AWS account from which Amazon sends; part of the queue's policy"
    )
    endpoint: Address | None = Field(None, description="instead of AWS's own, for a private network or a test")


# Source: SP-API Orders model 2026-01-01, parameter includedData.
DataSet = Literal[
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
    "PAYMENT",
    "FULFILLMENT_ORDERS",
]


class IncludedData(Strict):
    """What is asked of Amazon with each order, beyond what the mapping needs."""

    always: list[DataSet] = Field(default_factory=list, description="also asked for, whatever the mapping needs")
    never: list[DataSet] = Field(default_factory=list, description="never asked for; an error if the mapping needs it")

    @model_validator(mode="after")
    def _clear(self) -> IncludedData:
        if both := sorted(set(self.always) & set(self.never)):
            raise ValueError(f"{', '.join(both)} cannot be asked for always and never")
        return self


class AccountSettings(Strict):
    """A seller account in one region."""

    name: Name = Field(description="our name of it; part of the names of its credentials")
    seller_id: Annotated[str, AfterValidator(_seller_id)] = Field(
        description="Amazon's merchant id; part of every document's key"
    )
    region: Literal["NA", "EU", "FE"]
    marketplaces: list[str] = Field(default_factory=list, description="country codes or marketplace ids; empty: all")
    client_id: str = Field(min_length=1, description="of the application, amzn1.application-oa2-client....")
    read_from: Annotated[date, BeforeValidator(_day)] = Field(description="orders changed before this day stay unread")
    orders_api: Literal["2026-01-01", "v0"] = Field(
        "2026-01-01", description="version to read orders by; v0 is deprecated and ends on 2027-03-27"
    )
    client_secret_created: Annotated[date, BeforeValidator(_day)] | None = Field(
        None, description="when the client secret was made; it is good for 180 days, and you are warned in time"
    )
    notifications: NotificationSettings | None = None
    included_data: IncludedData = Field(
        default_factory=IncludedData, description="by default exactly what the mapping needs"
    )
    endpoint: Address | None = Field(None, description="instead of the region's own, for a sandbox")
    login_endpoint: Address | None = Field(None, description="instead of Login with Amazon, for a sandbox")


class Settings(Strict):
    """The settings file."""

    version: Literal[1]
    installation: Name = Field(
        "amazon-1c", description="part of every document's key: never change it once documents are written"
    )
    state_directory: str = "/var/lib/amazon1c"
    credentials_directory: str | None = Field(None, description="where systemd gives none: a folder only you can read")
    mapping: str = Field(description="mapping file, beside this one unless the path is absolute")
    poll_seconds: int = Field(
        180, ge=60, le=86_400, description="how often Amazon is asked; less often where its budget of calls is short"
    )
    infobase: InfobaseSettings
    accounts: list[AccountSettings] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> Settings:
        names = [account.name for account in self.accounts]
        if len(set(names)) < len(names):
            raise ValueError("two accounts have the same name")
        for one, other in combinations(self.accounts, 2):
            if (one.seller_id, one.region) != (other.seller_id, other.region):
                continue
            shared = set(one.marketplaces) & set(other.marketplaces)
            if shared or not one.marketplaces or not other.marketplaces:
                raise ValueError(
                    f"the accounts {one.name} and {other.name} would read the same orders of {one.seller_id}; give "
                    "each marketplaces of its own, or keep one of them"
                )
        return self


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings and where they came from; relative paths in them start at the file's folder.

    Attributes:
        document: knows where each setting stands.
    """

    settings: Settings
    file: Path
    document: YamlDocument

    def path(self, text: str) -> Path:
        """A path of the settings."""
        return self.file.parent / text

    @property
    def state_directory(self) -> Path:
        """Where the ledger is; systemd's directory goes before the settings."""
        given = os.environ.get("STATE_DIRECTORY")
        return Path(given) if given else self.path(self.settings.state_directory)

    def secret(self, name: str) -> str:
        """A credential's value, without the line break at its end.

        Raises:
            ConfigurationError: it is missing, empty or readable by others; the message names it, never its value.
        """
        directory = self._credentials_directory()
        file = directory / name
        if not file.is_file():
            raise ConfigurationError(
                f"{self.file}: the credential {name} is missing; put it into {file}"
                if "CREDENTIALS_DIRECTORY" not in os.environ
                else f"the credential {name} is missing; add LoadCredential={name}:... to the unit"
            )
        if "CREDENTIALS_DIRECTORY" not in os.environ and stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise ConfigurationError(f"{file}: others can read this credential; run: chmod 600 {file}")
        try:
            value = file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as problem:
            raise ConfigurationError(f"{file}: not readable as text") from problem
        if not value.strip():
            raise ConfigurationError(f"{file}: this credential is empty")
        return value

    def has_secret(self, name: str) -> bool:
        """Whether there is such a credential."""
        return (self._credentials_directory() / name).is_file()

    def store_secret(self, name: str, value: str) -> Path:
        """Put a credential into the folder of credentials, whole or not at all, for its owner only.

        Raises:
            ConfigurationError: the folder belongs to systemd, which gives it for reading only, or cannot be written.
        """
        directory = self._credentials_directory()
        if "CREDENTIALS_DIRECTORY" in os.environ:
            raise ConfigurationError(f"{directory}: systemd's credentials can only be read")
        file, fresh = directory / name, directory / f".{name}.{os.getpid()}"
        try:
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(value + "\n")
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(file)
            folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as problem:
            fresh.unlink(missing_ok=True)
            raise ConfigurationError(f"{file}: cannot be written: {problem.strerror}") from problem
        return file

    def _credentials_directory(self) -> Path:
        given = os.environ.get("CREDENTIALS_DIRECTORY") or self.settings.credentials_directory
        if given is None:
            raise ConfigurationError(
                f"{self.file}: there are no credentials; start the service by systemd with LoadCredential=, "
                "or name a folder by credentials_directory"
            )
        return self.path(given)


def load_settings(file: Path) -> Loaded:
    """Read the settings.

    Raises:
        ConfigurationError: everything that is wrong with the file, each with line and column.
    """
    document = load_yaml(file)
    return Loaded(validate(document, Settings), file, document)
