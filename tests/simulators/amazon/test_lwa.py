from __future__ import annotations

import pytest

from adapter.simulators.amazon import Credentials
from adapter.simulators.server import Request

GRANTLESS = {
    "grant_type": "client_credentials",
    "refresh_token": "",
    "scope": "sellingpartnerapi::notifications",
}


def test_refresh_token(open_account):
    answer = open_account().ask_token()
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.body.pop("access_token").startswith("Atza|")
    assert answer.body == {"token_type": "bearer", "expires_in": 3600, "refresh_token": "Atzr|demo"}


def test_client_credentials(open_account):
    answer = open_account().ask_token(**GRANTLESS)
    assert answer.status == 200
    assert answer.body.pop("access_token").startswith("Atza|")
    assert answer.body == {"token_type": "bearer", "expires_in": 3600}


def test_each_token_is_new(open_account):
    caller = open_account()
    assert len({caller.ask_token().body["access_token"] for _ in range(3)}) == 3


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"client_id": "other"}, 401, "invalid_client"),
        ({"client_secret": "old"}, 401, "invalid_client"),
        ({"client_id": ""}, 400, "invalid_request"),
        ({"client_secret": ""}, 400, "invalid_request"),
        ({"refresh_token": "Atzr|revoked"}, 400, "invalid_grant"),
        ({"refresh_token": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "", "granttype": "refresh_token"}, 400, "unsupported_grant_type"),
        (GRANTLESS | {"scope": ""}, 400, "invalid_request"),
        (GRANTLESS | {"scope": "sellingpartnerapi::migration"}, 400, "invalid_scope"),
        (
            {"grant_type": "authorization_code", "code": "c", "redirect_uri": "https://shop.example"},
            400,
            "invalid_grant",
        ),
    ],
)
def test_refusals(open_account, fields, status, error):
    answer = open_account().ask_token(**fields)
    assert (answer.status, answer.body["error"]) == (status, error)
    assert set(answer.body) == {"error", "error_description"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_missing_parameter_is_named(open_account):
    answer = open_account().ask_token(**GRANTLESS | {"scope": ""})
    assert "missing a required parameter: scope" in answer.body["error_description"]


@pytest.mark.parametrize(
    ("method", "content_type", "body", "status"),
    [
        ("GET", "application/x-www-form-urlencoded", b"", 405),
        ("POST", "application/json", b"{}", 400),
        ("POST", "application/x-www-form-urlencoded", b"grant_type", 400),
        ("POST", "application/x-www-form-urlencoded", b"\xff=\xfe", 400),
        ("POST", "application/x-www-form-urlencoded", b"client_id=a&client_id=b", 400),
    ],
)
def test_malformed_requests(open_account, method, content_type, body, status):
    request = Request(method, "/auth/o2/token", {"content-type": content_type}, body)
    response = open_account().account.handle(request)
    assert response.status == status
    assert b'"invalid_request"' in response.body


def test_changed_credentials(open_account):
    caller = open_account()
    assert caller.search().status == 200
    caller.account.set_credentials(Credentials("amzn1.application-oa2-client.demo", "rotated", "Atzr|demo"))
    assert caller.ask_token().status == 401
    assert caller.ask_token(client_secret="rotated").status == 200
    assert caller.search().status == 200
