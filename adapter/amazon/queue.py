"""A queue of Amazon SQS: the only importer of boto3, which is installed with the extra `sqs` only.

Nothing comes from the environment or from files of the AWS tools: no keys, no proxy, no profile, no certificates, and
no machine is asked for a role. What is used stands in the settings and in the credentials.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from adapter.amazon.errors import quoted
from adapter.amazon.messages import Received
from adapter.amazon.notifications import QUEUE_ARN
from adapter.errors import AdapterError, ConfigurationError, Unavailable

MOST = 10
"""Messages in one request. Source: SQS API reference, ReceiveMessage and DeleteMessageBatch."""

HIDDEN_SECONDS = 300
"""How long a message that was received stays hidden: read within it, or it comes again."""

_INSTALL = (
    "notifications need boto3; run: pip install 'amazon-1c-adapter[sqs]' (or remove notifications in the settings)"
)
_ADVICE = {
    "AWS.SimpleQueueService.NonExistentQueue": "make the queue, or correct its ARN in the settings",
    "QueueDoesNotExist": "make the queue, or correct its ARN in the settings",
    "AccessDenied": "allow the AWS user sqs:ReceiveMessage and sqs:DeleteMessage on this queue",
    "AccessDeniedException": "allow the AWS user sqs:ReceiveMessage and sqs:DeleteMessage on this queue",
    "InvalidClientTokenId": "put a valid key into the credential aws-access-key-id",
    "UnrecognizedClientException": "put a valid key into the credential aws-access-key-id",
    "SignatureDoesNotMatch": "put the key that belongs to aws-access-key-id into the credential aws-secret-access-key",
}
_SILENT = {"profile", "data_path", "ca_bundle"}
_NO_FILES = ("config_file", "credentials_file")


def missing_library() -> str | None:
    """What to install, in words; None where all is there."""
    try:
        import boto3  # noqa: F401, PLC0415
    except ImportError:
        return _INSTALL
    return None


class SqsQueue:
    """One queue; may be used by one thread at a time.

    Args:
        arn: names the queue, its region and its AWS account.
        endpoint: instead of AWS's own, for tests and private networks.
        wait_seconds: how long a request waits for a first message, 0 to 20.
        hidden_seconds: how long a received message stays hidden.

    Raises:
        ConfigurationError: boto3 is missing, or `arn` names no standard queue.
    """

    def __init__(
        self,
        arn: str,
        access_key_id: str,
        secret_access_key: str,
        *,
        endpoint: str | None = None,
        wait_seconds: int = 10,
        hidden_seconds: int = HIDDEN_SECONDS,
    ) -> None:
        parts = QUEUE_ARN.fullmatch(arn)
        if parts is None:
            raise ConfigurationError(f"{arn}: no standard queue; write it as arn:aws:sqs:region:account:name")
        region, owner, name = parts.groups()
        self.name = name
        base = endpoint.rstrip("/") if endpoint else f"https://sqs.{region}.amazonaws.com"
        self._address = f"{base}/{owner}/{name}"
        self._wait_seconds = wait_seconds
        self._hidden_seconds = hidden_seconds
        self._client = _client(region, base, access_key_id, secret_access_key, wait_seconds)

    def __repr__(self) -> str:
        return f"SqsQueue({self._address!r})"

    def receive(self) -> list[Received]:
        """Up to ten messages, as soon as there is one; none after the waiting time.

        Raises:
            ConfigurationError: a person corrects queue, keys or rights.
            Unavailable: later.
        """
        answer = self._call(
            "receive_message",
            MaxNumberOfMessages=MOST,
            WaitTimeSeconds=self._wait_seconds,
            VisibilityTimeout=self._hidden_seconds,
        )
        return [Received(one["ReceiptHandle"], one.get("Body", "")) for one in answer.get("Messages", [])]

    def delete(self, receipts: Sequence[str]) -> None:
        """Delete messages. One that cannot be deleted comes again, which does no harm.

        Raises:
            ConfigurationError, Unavailable: as `receive`.
        """
        for start in range(0, len(receipts), MOST):
            entries = [
                {"Id": str(number), "ReceiptHandle": receipt}
                for number, receipt in enumerate(receipts[start : start + MOST])
            ]
            self._call("delete_message_batch", Entries=entries)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _call(self, operation: str, **arguments: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - an extra

        try:
            return getattr(self._client, operation)(QueueUrl=self._address, **arguments)
        except ClientError as problem:
            raise self._translated(problem.response) from problem
        except BotoCoreError as problem:
            raise Unavailable(f"queue {self.name}: no answer ({type(problem).__name__})") from problem

    def _translated(self, response: Any) -> AdapterError:
        code = quoted(str(response.get("Error", {}).get("Code", "")))
        if code in _ADVICE:
            return ConfigurationError(f"queue {self.name}: AWS refuses ({code}): {_ADVICE[code]}")
        return Unavailable(f"queue {self.name}: AWS answers with an error ({code or 'without a reason'})")


def _client(region: str, endpoint: str, access_key_id: str, secret_access_key: str, wait_seconds: int) -> Any:
    if missing := missing_library():
        raise ConfigurationError(missing)
    import boto3.session  # noqa: PLC0415 - an extra, and slow to import
    import botocore.session  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    core = botocore.session.Session(session_vars=dict.fromkeys(_SILENT, (None, None, None, None)))
    for name in _NO_FILES:
        core.set_config_variable(name, os.devnull)
    session = boto3.session.Session(
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret_access_key,
        region_name=region,
        botocore_session=core,
    )
    config = Config(
        connect_timeout=10,
        read_timeout=wait_seconds + 20,
        retries={"total_max_attempts": 2, "mode": "standard"},
        proxies={},
    )
    return session.client("sqs", endpoint_url=endpoint, config=config, verify=True)
