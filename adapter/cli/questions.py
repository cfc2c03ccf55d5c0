"""The questions of `amazon1c init`; each is answered by an option, by a person, or - where nobody is asked - not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import typer

from adapter.assembly import now
from adapter.errors import ConfigurationError
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_names, preset_path
from adapter.model.addresses import is_loopback
from adapter.model.catalog import Element
from adapter.model.schema import Schema
from adapter.onec.catalogs import Catalogs
from adapter.settings import AccountSettings, InfobaseSettings
from adapter.setup.choices import Choice, Taken, find, shown
from adapter.setup.init import AmazonAnswers, InfobaseAnswers, MappingDraft, NewFile, field_problem, take_obvious
from adapter.setup.recognise import LEAST_SHARE, Fit, clearly_best, fits


class Questions:
    """Questions to a person; with `quiet` there are none, and what is missing is an error or a default."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet

    def ask(
        self, given: str | None, option: str, question: str, check: Callable[[str], str], default: str | None = None
    ) -> str:
        """A text that passes the check, given by an option or typed."""
        if given is None and self.quiet:
            given = default
            if given is None:
                raise ConfigurationError(f"{question} is missing; give it by {option}")
        if given is not None:
            if problem := check(given):
                raise ConfigurationError(f"{option} {problem}")
            return given
        while True:
            typed = str(typer.prompt(question, default=default)).strip()
            if not (problem := check(typed)):
                return typed
            typer.echo(problem)

    def secret(self, question: str, *, later: bool) -> str | None:
        """What a person types without seeing it."""
        if self.quiet:
            return None
        shown = f"{question} (Enter: later)" if later else question
        while True:
            if sys.stdin.isatty():
                typed = str(typer.prompt(shown, default="", show_default=False, hide_input=True))
            else:  # a script answers: there is nothing to hide from
                typer.echo(f"{shown}: ")
                if not (line := sys.stdin.readline()):
                    raise typer.Abort
                typed = line.rstrip("\r\n")
            if typed.strip() or later:
                return typed if typed.strip() else None

    def infobase(
        self, address: str | None, user: str | None, *, plain_http: bool, ca_file: Path | None
    ) -> InfobaseAnswers:
        """Where the infobase is and who we are there."""
        where = self.ask(
            address,
            "--address",
            "Address of the infobase's publication (https://server/base)",
            lambda text: field_problem(InfobaseSettings, "address", text),
        )
        if where.startswith("http://") and not is_loopback(where) and not plain_http:
            warning = "The address is not encrypted: anybody on the way can read buyers' data and the password"
            if self.quiet:
                raise ConfigurationError(f"--address: {warning}; use https, or add --plain-http")
            plain_http = typer.confirm(f"{warning}. Accept that?", default=False)
            if not plain_http:
                raise ConfigurationError("Publish the infobase on https first; nothing was written.")
        name = self.ask(
            user, "--user", "User of the infobase", lambda text: field_problem(InfobaseSettings, "user", text)
        )
        return InfobaseAnswers(where, name, plain_http, ca_file.resolve() if ca_file else None)

    def preset(self, schema: Schema) -> str:
        """The preset that fits, or that a person chooses."""
        rules = {name: load_mapping(preset_path(name)).rules for name in preset_names()}
        found = fits(schema, rules)
        best = clearly_best(found)
        if best is not None:
            typer.echo(f"The infobase fits the mapping {best}.")
            _tell_missing(best)
        likely = [fit for fit in found if fit.share >= LEAST_SHARE] or found[:1]
        if self.quiet:
            if best is None:
                listed = ", ".join(map(str, likely))
                raise ConfigurationError(
                    f"it is not clear which mapping fits this infobase: {listed}; choose with --preset, and see that "
                    "everything it names is published"
                )
            return best.preset
        if best is None:
            typer.echo("It is not clear which mapping fits: " + ", ".join(map(str, likely)))
        return self.ask(
            None,
            "--preset",
            "Mapping to start from",
            lambda text: "" if text in rules else f"there is none of this name; there are {', '.join(sorted(rules))}",
            likely[0].preset,
        )

    def time_zone(self, draft: MappingDraft) -> MappingDraft:
        """The draft with the time zone of the infobase."""
        if self.quiet:
            return draft
        while True:
            zone = str(typer.prompt("Time zone of the infobase", default=draft.loaded.rules.infobase.time_zone)).strip()
            try:
                return draft.with_values({"infobase.time_zone": zone})
            except ConfigurationError as problem:
                typer.echo(str(problem))

    def choose(self, still: Sequence[Choice], catalogs: Catalogs, schema: Schema) -> tuple[list[str], list[Taken]]:
        """The paths that shall hold their orders, and the elements to take; what is in neither stays as it is."""
        if self.quiet:
            return [], take_obvious(still)
        held: list[str] = []
        taken: list[Taken] = []
        for choice in still:
            answer = self._choice(choice, catalogs, schema)
            if answer == "hold":
                held += choice.spared
            elif not isinstance(answer, str):
                taken.append((choice, answer))
        return held, taken

    def _choice(self, choice: Choice, catalogs: Catalogs, schema: Schema) -> Element | str:
        typer.echo(f"\n{choice.path}: {choice.why}")
        for number, element in enumerate(choice.candidates, 1):
            typer.echo(f"{number:>4}  {shown(element)}")
        typer.echo("   0  keep it as it is, and correct it later")
        if choice.spared:
            typer.echo("   h  hold orders with this charge instead")
        question = "Number" + (", or a name that is not in the list" if choice.more else "")
        default = "1" if choice.obvious else None
        while True:
            typed = str(typer.prompt(question, default=default)).strip()
            if typed == "0":
                return "keep"
            if typed.lower() == "h" and choice.spared:
                return "hold"
            if typed.isdecimal() and 0 < int(typed) <= len(choice.candidates):
                return choice.candidates[int(typed) - 1]
            try:
                return find(choice, typed, catalogs, schema)
            except ConfigurationError as problem:
                typer.echo(str(problem))

    def wants_amazon(self, *given: str | None) -> bool:
        """Whether the seller account is set up now."""
        if any(each is not None for each in given):
            return True
        if self.quiet:
            raise ConfigurationError("give --seller-id, --region and --client-id, or --without-amazon")
        return typer.confirm("\nSet up the seller account at Amazon now?", default=True)

    def amazon(
        self,
        account: str | None,
        seller_id: str | None,
        region: str | None,
        client_id: str | None,
        marketplaces: Sequence[str],
        read_from: str | None,
    ) -> AmazonAnswers:
        """The seller account."""

        def check(name: str) -> Callable[[str], str]:
            return lambda text: field_problem(AccountSettings, name, text)

        return AmazonAnswers(
            name=self.ask(account, "--account", "Your name for the account", check("name"), "main"),
            seller_id=self.ask(seller_id, "--seller-id", "Merchant id", check("seller_id")),
            region=self.ask(region, "--region", "Region (NA, EU, FE)", check("region")),
            client_id=self.ask(client_id, "--client-id", "Client id of your application", check("client_id")),
            read_from=self._day(read_from),
            marketplaces=tuple(marketplaces),
        )

    def _day(self, given: str | None) -> date:
        today = now().date().isoformat()
        question = "Leave orders unread that changed last before"
        return date.fromisoformat(
            self.ask(
                given, "--read-from", question, lambda text: field_problem(AccountSettings, "read_from", text), today
            )
        )

    def confirm(self, files: Sequence[NewFile]) -> None:
        """The last word before anything is written."""
        if self.quiet:
            return
        names = ", ".join(str(file.path) for file in files)
        if not typer.confirm(f"\nWrite {names}?", default=True):
            raise typer.Abort


class Secrets:
    """Credentials: from a file, from a person who types them unseen, or there already."""

    def __init__(self, directory: Path, talk: Questions) -> None:
        self.files: list[NewFile] = []
        self._directory = directory
        self._talk = talk

    def read(self, name: str, file: Path | None, question: str, *, later: bool = False) -> str | None:
        """The secret, which is also kept for writing unless it stands in its place already; None: not now."""
        place = self._directory / name
        if file is None and place.is_file():
            return _secret_in(place)
        value = _secret_in(file) if file is not None else self._talk.secret(question, later=later)
        if value is not None and (file is None or file.resolve() != place.resolve()):
            self.files.append(NewFile(place, value + "\n", secret=True))
        return value


def _secret_in(file: Path) -> str:
    try:
        value = file.read_text(encoding="utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigurationError(
            f"{file}: cannot be read as text; put the secret into it, and nothing else"
        ) from problem
    if not value.strip():
        raise ConfigurationError(f"{file}: this file is empty; put the secret into it")
    return value


def _tell_missing(fit: Fit) -> None:
    if fit.missing:
        names = ", ".join(".".join(name) for name in fit.missing[:10])
        more = ", ..." if len(fit.missing) > 10 else ""
        typer.echo(f"Not published, although the mapping names it: {names}{more}")
