from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import pytest

from adapter.amazon.auth import NOTIFICATIONS_SCOPE, LwaTokens
from adapter.amazon.errors import AccessDenied, AmazonUnavailable, BadAnswer, CredentialsRefused
from adapter.errors import ConfigurationError, Unavailable
from adapter.http import HttpClient
from adapter.ledger import Ledger
from adapter.simulators.faults import Fault
from adapter.simulators.server import Request, Response, StandIn

SECRETS = ("the-client-secret", "Atzr|the-refresh-token", "Atza|1")


@dataclass
class Lwa:
    """Gives out numbered tokens, or the answers it was told to give."""

    planned: list[Response] = field(default_factory=list)
    forms: list[dict[str, list[str]]] = field(default_factory=list)
    given: int = 0

    def handle(self, request: Request) -> Response:
        self.forms.append(parse_qs(request.body.decode()))
        if self.planned:
            return self.planned.pop(0)
        self.given += 1
        return Response.json(200, {"access_token": f"Atza|{self.given}", "token_type": "bearer", "expires_in": 3600})

    def error(self, status: int) -> Response:
        return Response.json(status, {"error": "server_error"})


@pytest.fixture
def lwa():
    return Lwa()


@pytest.fixture
def stand_in(lwa):
    return StandIn(lwa)


@pytest.fixture
def tokens(stand_in, transport_to, clock):
    http = HttpClient("https://lwa.example", transport=transport_to(stand_in))
    return LwaTokens(http, "the-client-id", SECRETS[0], SECRETS[1], clock.now, account="de")


@pytest.fixture
def start(stand_in, transport_to, clock, tmp_path):
    """Starts the process anew: the ledger in its folder is all that is left of the one before."""
    with ExitStack() as opened:

        def start(refresh_token: str = SECRETS[1], client_id: str = "the-client-id", account: str = "de") -> LwaTokens:
            opened.pop_all().close()
            ledger = opened.enter_context(Ledger.open(tmp_path / "state")).own(clock.now())
            http = HttpClient("https://lwa.example", transport=transport_to(stand_in))
            store = ledger.access_tokens
            return LwaTokens(http, client_id, SECRETS[0], refresh_token, clock.now, account=account, store=store)

        yield start


def test_the_request_is_the_one_of_the_guide(tokens, lwa, stand_in):
    tokens.token()
    assert [(entry.method, entry.target) for entry in stand_in.log] == [("POST", "/auth/o2/token")]
    assert lwa.forms == [
        {
            "grant_type": ["refresh_token"],
            "refresh_token": [SECRETS[1]],
            "client_id": ["the-client-id"],
            "client_secret": [SECRETS[0]],
        }
    ]


@pytest.mark.parametrize(
    ("advance", "step", "token"),
    [(0, 0, "Atza|1"), (58 * 60, 0, "Atza|1"), (59 * 60, 0, "Atza|2"), (10, -3600, "Atza|2")],
    ids=["at once", "still valid", "a minute early", "after a clock step backwards"],
)
def test_a_token_is_kept_until_shortly_before_its_end(tokens, clock, advance, step, token):
    assert tokens.token() == "Atza|1"
    clock.advance(advance)
    clock.step(step)
    assert tokens.token() == token


def test_a_short_life_is_believed_and_a_long_one_is_not(tokens, lwa, clock):
    lwa.planned = [Response.json(200, {"access_token": "short", "expires_in": 60})]
    lwa.planned += [Response.json(200, {"access_token": "long", "expires_in": 10**9})]
    assert tokens.token() == "short"
    clock.advance(31)
    assert tokens.token() == "long"
    clock.advance(3600)
    assert tokens.token() == "Atza|1"


def test_a_token_outlives_a_restart(start, lwa, clock):
    for minutes in (0, 20, 20, 18):
        clock.advance(minutes * 60)
        assert start().token() == "Atza|1"
    clock.advance(60)
    assert start().token() == "Atza|2"
    assert lwa.given == 2


@pytest.mark.parametrize(
    "other", [{"refresh_token": "Atzr|another"}, {"client_id": "another-client-id"}], ids=["seller", "application"]
)
def test_other_credentials_have_another_token(start, other):
    start().token()
    assert start(**other).token() == "Atza|2"
    assert start().token() == "Atza|1"


def test_accounts_of_one_seller_share_a_token(start, lwa):
    start().token()
    assert start(account="fr").token() == "Atza|1"


@pytest.mark.parametrize("step", [-7200, 7200])
def test_a_clock_that_was_put_while_nothing_ran(start, clock, step):
    start().token()
    clock.step(step)
    assert start().token() == "Atza|2"


def test_a_token_that_amazon_refused_is_forgotten(start, lwa):
    tokens = start()
    stale = tokens.token()
    lwa.planned = [Response.json(500, {}) for _ in range(3)]
    with pytest.raises(AmazonUnavailable):
        tokens.renew(stale)
    assert start().token() == "Atza|2"  # not the one that was refused, although there was no other yet
    assert start().token() == "Atza|2"


def test_a_kept_token_is_for_its_owner_only(start, tmp_path, clock):
    """No one else may read the file, and what has ended is not in it."""
    start().token()
    (file,) = (tmp_path / "state").glob("*.sqlite3")
    assert [path.name for path in file.parent.iterdir() if path.stat().st_mode & 0o077 and path.name != "lock"] == []
    assert b"Atza|1" in file.read_bytes()
    secrets = (SECRETS[0], SECRETS[1], "the-client-id")
    assert [secret for secret in secrets if secret.encode() in file.read_bytes()] == []
    clock.advance(3600)
    start().token()
    start()  # closes the file of the run before
    assert [path.name for path in file.parent.iterdir() if b"Atza|1" in path.read_bytes()] == []


def test_only_the_first_of_several_renewals_asks(tokens, lwa):
    stale = tokens.token()
    assert (tokens.renew(stale), tokens.renew(stale), tokens.token()) == ("Atza|2", "Atza|2", "Atza|2")
    assert lwa.given == 2


def test_several_threads_ask_once(tokens, lwa):
    start = threading.Barrier(8)
    found: list[str] = []

    def ask() -> None:
        start.wait()
        found.append(tokens.token())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, lwa.given) == (["Atza|1"] * 8, 1)


@pytest.mark.parametrize(
    ("status", "error", "advice"),
    [
        (401, "invalid_client", "put the right client secret into the credential amazon-de-client-secret"),
        (400, "invalid_grant", "put the new refresh token into the credential amazon-de-refresh-token"),
        (400, "unauthorized_client", "belong to different applications"),
        (400, "something_new", "check the client id"),
        (400, None, "check the client id"),
    ],
)
def test_refused_credentials_say_what_to_replace(tokens, lwa, stand_in, status, error, advice):
    lwa.planned = [Response.json(status, {"error": error, "error_description": "text"}, ("x-amzn-RequestId", "r-1"))]
    with pytest.raises(AccessDenied) as caught:
        tokens.token()
    assert isinstance(caught.value, ConfigurationError)
    assert "account de" in str(caught.value)
    assert advice in str(caught.value)
    assert "(request r-1)" in str(caught.value)
    assert len(stand_in.log) == 1


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        (Fault("status", status=503, times=2), 3),
        (Fault("lost", times=2), 3),
        (Fault("html", status=502, times=1), 2),
        (Fault("status", status=429, times=1), 2),
    ],
    ids=["503 twice", "no answer twice", "a proxy's 502", "429"],
)
def test_a_passing_failure_is_repeated(tokens, stand_in, fault, calls):
    stand_in.faults.add(fault)
    assert tokens.token().startswith("Atza|")
    assert len(stand_in.log) == calls


@pytest.mark.parametrize("action", ["status", "lost"])
def test_a_lasting_failure_is_left_to_the_next_run(tokens, stand_in, action):
    stand_in.faults.add(Fault(action, times=0))
    with pytest.raises(AmazonUnavailable):
        tokens.token()
    assert len(stand_in.log) == 3
    stand_in.faults.clear()
    assert tokens.token() == "Atza|1"


@pytest.mark.parametrize(
    "answer",
    [
        Response(200, b"<!doctype html><html>log in</html>", (("Content-Type", "text/html"),)),
        Response(403, b"<html>blocked</html>", (("Content-Type", "text/html"),)),
        Response(200, b'{"access_token": "Atz'),
        Response(200, b"[]"),
        Response(200, b'{"expires_in": 3600}'),
        Response.json(200, {"access_token": "two\r\nheaders"}),
        Response.json(200, {"access_token": "not-Ascii-ü"}),
        Response(204),
    ],
    ids=["login page", "firewall", "cut", "list", "no token", "line break", "not ascii", "no content"],
)
def test_anything_but_a_token_is_no_token(tokens, lwa, answer):
    lwa.planned = [answer]
    with pytest.raises(BadAnswer) as caught:
        tokens.token()
    assert isinstance(caught.value, Unavailable)
    assert tokens.token() == "Atza|1"


@pytest.mark.parametrize("error", ["invalid_grant", "invalid_client", "unauthorized_client"])
def test_refused_credentials_are_not_shown_again_for_an_hour(tokens, lwa, clock, error):
    """One alarm, not three hundred requests a day."""
    lwa.planned = [Response.json(400, {"error": error}), Response.json(400, {"error": error})]
    for _ in range(3):
        with pytest.raises(CredentialsRefused):
            tokens.token()
        clock.advance(1000)
    assert len(lwa.forms) == 1
    clock.advance(1000)
    with pytest.raises(CredentialsRefused):
        tokens.token()
    assert len(lwa.forms) == 2
    clock.step(-60)  # nobody knows how long ago that was
    assert tokens.token() == "Atza|1"


def test_one_account_parked_leaves_the_others_alone(tokens, lwa, stand_in, transport_to, clock):
    lwa.planned = [Response.json(400, {"error": "invalid_grant"})]
    with pytest.raises(CredentialsRefused):
        tokens.token()
    http = HttpClient("https://lwa.example", transport=transport_to(stand_in))
    assert LwaTokens(http, "the-client-id", "s", "r", clock.now, account="fr").token() == "Atza|1"


def test_a_token_of_the_application_itself(stand_in, lwa, transport_to, clock):
    http = HttpClient("https://lwa.example", transport=transport_to(stand_in))
    tokens = LwaTokens.grantless(http, "the-client-id", SECRETS[0], NOTIFICATIONS_SCOPE, clock.now, account="de")
    assert (tokens.token(), tokens.token()) == ("Atza|1", "Atza|1")
    assert lwa.forms == [
        {
            "grant_type": ["client_credentials"],
            "scope": ["sellingpartnerapi::notifications"],
            "client_id": ["the-client-id"],
            "client_secret": [SECRETS[0]],
        }
    ]


def test_no_secret_is_shown(tokens, lwa):
    shown = [repr(tokens), str(tokens)]
    lwa.planned = [Response.json(401, {"error": f"bad secret {SECRETS[1]}"})]
    with pytest.raises(AccessDenied) as caught:
        tokens.token()
    shown += [str(caught.value), repr(caught.value)]
    tokens.token()
    shown.append(repr(vars(tokens)["_token"]))
    assert not [secret for secret in SECRETS for text in shown if secret in text]
