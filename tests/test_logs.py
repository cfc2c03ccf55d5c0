"""Logs: one line a record, and nothing secret or personal in it."""

from __future__ import annotations

import io
import json

import pytest
from loguru import logger

from adapter.logs import masked, set_up


@pytest.fixture
def log():
    stream = io.StringIO()
    yield stream
    logger.remove()


@pytest.mark.parametrize(
    "text",
    [
        "token Atza|IwEBIA-x_y.z/0== sent",
        "refresh Atzr|IwEBIJ+abc",
        "Authorization: Basic b2RhdGE6b2RhdGE=",
        "client_secret=CANARY-1&grant_type=refresh_token",
        '{"password": "CANARY-2"}',
        "mail to some.body+tag@marketplace.amazon.de now",
    ],
)
def test_masked(text):
    shown = masked(text)
    assert "[masked]" in shown
    for secret in ("IwEBI", "b2RhdGE", "CANARY", "some.body"):
        assert secret not in shown


def test_ordinary_text_stays():
    text = "account main: 20 orders read, 3 new or changed; order 302-1234567-1234567"
    assert masked(text) == text


def test_a_service_logs_json_one_line_a_record(log):
    set_up(service=True, stream=log)
    logger.info("first line\r\nforged line {}", "Atza|CANARY")
    lines = log.getvalue().splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["message"] == "first line\r\nforged line [masked]"


def test_variables_of_a_traceback_are_not_printed(log):
    set_up(service=True, stream=log)
    token = "Atza|CANARY"
    try:
        raise ValueError("broken")
    except ValueError:
        logger.exception("failed")
    assert token not in log.getvalue()
    assert "CANARY" not in log.getvalue()


def test_levels(log):
    set_up(service=False, level="WARNING", stream=log)
    logger.info("quiet")
    logger.warning("loud")
    assert log.getvalue().endswith("warning: loud\n")
    assert "quiet" not in log.getvalue()
