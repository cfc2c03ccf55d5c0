"""Log sinks: one line a record, JSON for a service, and no token, password or e-mail address in any of them."""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import TYPE_CHECKING, TextIO

from loguru import logger

if TYPE_CHECKING:
    from loguru import Message

_SECRETS = (
    re.compile(r"Atz[ar]\|[\w\-./+=]+"),
    re.compile(r"(?i)\b(?:basic|bearer)\s+[\w\-./+=]{8,}"),
    re.compile(r"(?i)((?:client_secret|refresh_token|access_token|password)[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,}]+"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
)


def masked(text: str) -> str:
    """The text without what must not stand in a log: the last resort behind not logging it at all."""
    for pattern in _SECRETS:
        text = pattern.sub(lambda found: (found.group(1) if found.re.groups else "") + "[masked]", text)
    return text


def set_up(*, service: bool, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send the log to standard error: JSON lines for a service, plain lines for a person.

    Variables are never printed along: a loguru traceback would show tokens and buyers.
    """
    logger.remove()
    out = stream or sys.stderr

    def as_json(message: Message) -> None:
        record = message.record
        line = {"at": record["time"].isoformat(), "level": record["level"].name, "message": masked(record["message"])}
        line |= {name: masked(str(value)) for name, value in record["extra"].items()}
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
        out.flush()

    def as_text(message: Message) -> None:
        record = message.record
        text = masked(record["message"]).replace("\n", "\n  ")
        out.write(f"{record['time']:%H:%M:%S} {record['level'].name.lower()}: {text}\n")

    logger.add(as_json if service else as_text, level=level, backtrace=False, diagnose=False, catch=True)
    # Libraries that would log addresses with buyers' names, or whole headers.
    for name in (
        "httpx",
        "httpcore",
        "apscheduler",
        "sqlalchemy",
        "alembic",
        "stamina",
        "boto3",
        "botocore",
        "urllib3",
    ):
        logging.getLogger(name).setLevel(logging.CRITICAL)
