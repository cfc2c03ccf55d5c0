"""The command that makes settings and mapping, by questions or by options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adapter.cli.questions import Questions
    from adapter.setup.init import AmazonAnswers, InfobaseAnswers, MappingDraft, NewFile

Address = Annotated[str | None, typer.Option(help="Address of the infobase's publication, https://server/base.")]
User = Annotated[str | None, typer.Option(help="User of the infobase.")]
PasswordFile = Annotated[Path | None, typer.Option(help="File with this user's password.")]
PlainHttp = Annotated[bool, typer.Option("--plain-http", help="Accept an address that is not encrypted.")]
CaFile = Annotated[Path | None, typer.Option(help="PEM file of your own certificate authority.")]
Preset = Annotated[str | None, typer.Option(help="The mapping to start from, as in: amazon1c mapping list.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="A value in the mapping; of a lookup, the element's name."),
]
Directory = Annotated[Path, typer.Option("--directory", "-d", help="Where to write the files.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: what is not given by options is left as it is.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")]
WithoutAmazon = Annotated[bool, typer.Option("--without-amazon", help="Leave the seller account for later.")]
Account = Annotated[str | None, typer.Option(help="Your name for the seller account, in small letters.")]
SellerId = Annotated[str | None, typer.Option(help="Merchant id, from Seller Central.")]
RegionName = Annotated[str | None, typer.Option("--region", help="NA, EU or FE.")]
ClientId = Annotated[str | None, typer.Option(help="LWA client id of your application.")]
Marketplaces = Annotated[list[str] | None, typer.Option("--marketplace", help="Such as DE; none: all of the region.")]
ReadFrom = Annotated[str | None, typer.Option(help="Orders changed before this day stay unread; today.")]
ClientSecret = Annotated[Path | None, typer.Option("--client-secret-file", help="File with the client secret.")]
RefreshToken = Annotated[Path | None, typer.Option("--refresh-token-file", help="File with the refresh token.")]


def init(
    address: Address = None,
    user: User = None,
    password_file: PasswordFile = None,
    plain_http: PlainHttp = False,
    ca_file: CaFile = None,
    preset: Preset = None,
    values: Set = None,
    directory: Directory = Path("/etc/amazon1c"),
    yes: Yes = False,
    force: Force = False,
    without_amazon: WithoutAmazon = False,
    account: Account = None,
    seller_id: SellerId = None,
    region: RegionName = None,
    client_id: ClientId = None,
    marketplaces: Marketplaces = None,
    read_from: ReadFrom = None,
    client_secret_file: ClientSecret = None,
    refresh_token_file: RefreshToken = None,
) -> None:
    """Make the settings and a mapping that fits your infobase; asks for what is not given. Writes nothing to 1C."""
    from adapter.cli.questions import Questions, Secrets
    from adapter.errors import ConfigurationError
    from adapter.setup.init import refuse_existing, write_files

    config, mapping = directory / "adapter.yaml", directory / "mapping.yaml"
    talk = Questions(quiet=yes)
    secrets = Secrets(directory / "credentials", talk)
    settings = _split(values or [])
    if not force:
        refuse_existing([config, mapping])

    def seller() -> AmazonAnswers | None:
        if without_amazon or not talk.wants_amazon(seller_id, region, client_id):
            return None
        answers = talk.amazon(account, seller_id, region, client_id, marketplaces or [], read_from)
        for name, file in (("client-secret", client_secret_file), ("refresh-token", refresh_token_file)):
            secrets.read(f"amazon-{answers.name}-{name}", file, name.replace("-", " ").capitalize(), later=True)
        return answers

    try:
        amazon = seller() if yes else None  # what is missing is told before anything is read
        infobase = talk.infobase(address, user, plain_http=plain_http, ca_file=ca_file)
        password = secrets.read("onec-password", password_file, "Password")
        if password is None:
            raise ConfigurationError("the password is missing; give it by --password-file")
        draft, remaining = _mapping(talk, infobase, password, mapping, preset, settings)
        amazon = amazon if yes else seller()
        files = _files(config, mapping, infobase, amazon, draft)
        if not force:
            refuse_existing(file.path for file in secrets.files)
        talk.confirm([*files, *secrets.files])
    except typer.Abort as problem:
        raise ConfigurationError("Broken off; nothing was written. Answers can be given by options too.") from problem
    write_files([*files, *secrets.files], force=force)
    _tell(config, [*files, *secrets.files], remaining, amazon)


def _mapping(
    talk: Questions,
    infobase: InfobaseAnswers,
    password: str,
    file: Path,
    preset: str | None,
    settings: Mapping[str, str],
) -> tuple[MappingDraft, list[str]]:
    """The mapping for an infobase, and what is still to be corrected in it."""
    from adapter.http import HttpClient
    from adapter.logs import set_up
    from adapter.onec.catalogs import Catalogs
    from adapter.onec.client import InfobaseClient
    from adapter.onec.metadata import parse_metadata
    from adapter.setup.choices import answer
    from adapter.setup.edit import locate
    from adapter.setup.init import MappingDraft

    set_up(service=False, level="WARNING")
    with HttpClient(infobase.address, deadline=120, ca_file=infobase.ca_file) as http:
        client = InfobaseClient(http, infobase.address, infobase.user, password)
        typer.echo("Reading what the infobase publishes; of a large one that takes half a minute ...")
        schema = parse_metadata(client.read_metadata())
        catalogs = Catalogs(client, schema)
        draft = MappingDraft.of_preset(file, preset or talk.preset(schema))
        lookups = {path: text for path, text in settings.items() if draft.is_lookup(path)}
        draft = draft.with_values({path: text for path, text in settings.items() if path not in lookups})
        if "infobase.time_zone" not in settings:
            draft = talk.time_zone(draft)
        named = {locate(draft.loaded.document, path): text for path, text in lookups.items()}
        taken, still = answer(draft.loaded, named, catalogs, schema)
        held, more = talk.choose(still, catalogs, schema)
        draft = draft.with_values(dict.fromkeys(held, "hold")).with_elements([*taken, *more], catalogs)
        return draft, draft.remaining(catalogs, schema)


def _split(values: Sequence[str]) -> dict[str, str]:
    from adapter.errors import ConfigurationError

    found = {}
    for text in values:
        path, equals, value = text.partition("=")
        if not (path.strip() and equals and value.strip()):
            raise ConfigurationError(f'--set "{text}": write it as "PATH=VALUE"')
        found[path.strip()] = value.strip()
    return found


def _files(
    config: Path, mapping: Path, infobase: InfobaseAnswers, amazon: AmazonAnswers | None, draft: MappingDraft
) -> list[NewFile]:
    from adapter.setup.init import NewFile, draft_settings

    return [NewFile(config, draft_settings(config, infobase, amazon)), NewFile(mapping, draft.text)]


def _tell(config: Path, files: Sequence[NewFile], remaining: Sequence[str], amazon: AmazonAnswers | None) -> None:
    from adapter.errors import ConfigurationError

    typer.echo("Written: " + ", ".join(str(file.path) for file in files))
    if amazon is None:
        typer.echo(f"Still to do: the lines marked with (*) in {config}, and the credentials named at its beginning.")
    elif amazon.name != "main":
        typer.echo(f'In the unit file, write "{amazon.name}" instead of "main" into the names of the credentials.')
    if remaining:
        raise ConfigurationError(["Before the first order, correct:", *remaining])
    typer.echo(f"Now run: amazon1c check -c {config}")
