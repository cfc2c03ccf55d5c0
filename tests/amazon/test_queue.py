"""A queue over SQS's real protocol, against moto's server."""

from __future__ import annotations

import builtins
import os

import pytest

from adapter.amazon.messages import Received
from adapter.amazon.queue import SqsQueue
from adapter.errors import ConfigurationError, Unavailable

GOOD = "arn:aws:sqs:eu-west-1:123456789012:orders"


def test_messages_come_until_they_are_deleted(aws):
    arn = aws.make("orders")
    queue = aws.queue(arn)
    assert queue.receive() == []
    for number in range(12):
        aws.put(arn, f"message {number}")
    received = [*queue.receive(), *queue.receive()]
    assert {one.body for one in received} == {f"message {number}" for number in range(12)}
    queue.delete([one.receipt for one in received])
    assert (queue.receive(), aws.count(arn)) == ([], (0, 0))
    queue.delete([])
    queue.close()


def test_what_was_received_hides(aws):
    arn = aws.make("orders")
    aws.put(arn, "{}")
    queue = aws.queue(arn)
    assert [one.body for one in queue.receive()] == ["{}"]
    assert (queue.receive(), aws.count(arn)) == ([], (0, 1))


def test_a_receipt_that_is_no_longer_good_does_no_harm(aws):
    arn = aws.make("orders")
    queue = aws.queue(arn)
    queue.delete(["forged"])


def test_no_queue(aws):
    with pytest.raises(ConfigurationError, match=r"orders: AWS refuses .*make the queue"):
        aws.queue(GOOD).receive()


def test_nobody_answers():
    queue = SqsQueue(GOOD, "id", "key", endpoint="http://127.0.0.1:9")
    with pytest.raises(Unavailable, match="queue orders: no answer"):
        queue.receive()


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        ("AccessDenied", ConfigurationError, "sqs:ReceiveMessage"),
        ("InvalidClientTokenId", ConfigurationError, "aws-access-key-id"),
        ("SignatureDoesNotMatch", ConfigurationError, "aws-secret-access-key"),
        ("ThrottlingException", Unavailable, "ThrottlingException"),
        ("", Unavailable, "without a reason"),
    ],
)
def test_errors_say_what_to_do(code, error, words):
    problem = SqsQueue(GOOD, "id", "key")._translated({"Error": {"Code": code}})
    assert isinstance(problem, error)
    assert words in str(problem)


@pytest.mark.parametrize(
    "arn", [f"{GOOD}.fifo", "https://sqs.eu-west-1.amazonaws.com/123456789012/orders", "arn:aws:sns:eu-west-1:1:x", ""]
)
def test_what_is_no_queue(arn):
    with pytest.raises(ConfigurationError, match="no standard queue"):
        SqsQueue(arn, "id", "key")


def test_without_boto3(monkeypatch):
    inner = builtins.__import__

    def without(name, *arguments, **more):
        if name.startswith("boto"):
            raise ImportError(name)
        return inner(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigurationError, match=r"pip install 'amazon-1c-adapter\[sqs\]'"):
        SqsQueue(GOOD, "id", "key")


def test_nothing_comes_from_the_environment(aws, monkeypatch):
    """No profile, proxy, key, address or certificate that somebody left there."""
    arn = aws.make("orders")
    nowhere = "http://127.0.0.1:9"
    # moto's server shares our environment and has to find its own way first.
    aws.put(arn, "{}")
    for name, value in {
        "AWS_PROFILE": "nobody",
        "AWS_ACCESS_KEY_ID": "other",
        "AWS_SECRET_ACCESS_KEY": "other",
        "AWS_SESSION_TOKEN": "other",
        "AWS_ENDPOINT_URL": nowhere,
        "AWS_ENDPOINT_URL_SQS": nowhere,
        "AWS_CA_BUNDLE": "/nowhere",
        "AWS_REGION": "us-west-2",
        "AWS_CONFIG_FILE": "/nowhere",
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
    }.items():
        monkeypatch.setitem(os.environ, name, value)
    queue = aws.queue(arn)
    credentials = queue._client._request_signer._credentials
    assert (credentials.access_key, credentials.token) == ("AKIAEXAMPLE", None)
    assert queue._client.meta.region_name == "eu-west-1"
    assert len(queue.receive()) == 1


def test_nothing_of_a_message_or_key_is_shown():
    queue = SqsQueue(GOOD, "the-id", "the-key")
    assert "the-" not in repr(queue)
    assert "12345" not in repr(Received("1", '{"DestinationPostalCode": "12345"}'))
