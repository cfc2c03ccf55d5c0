"""moto's server, a stand-in for SQS that speaks its real protocol, on a port of this machine."""

from __future__ import annotations

import json
import logging

import pytest

from adapter.amazon.queue import SqsQueue

KEYS = ("AKIAEXAMPLE", "example-key")


class Aws:
    """One AWS account with its queues."""

    def __init__(self, address, client):
        self.address = address
        self.client = client

    def make(self, name):
        """Make a queue; its ARN."""
        made = self.client.create_queue(QueueName=name)["QueueUrl"]
        asked = self.client.get_queue_attributes(QueueUrl=made, AttributeNames=["QueueArn"])
        return asked["Attributes"]["QueueArn"]

    def put(self, arn, message):
        body = message if isinstance(message, str) else json.dumps(message)
        self.client.send_message(QueueUrl=self.url(arn), MessageBody=body)

    def count(self, arn):
        """Messages that can be seen, and messages that are hidden."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.client.get_queue_attributes(QueueUrl=self.url(arn), AttributeNames=names)["Attributes"]
        return tuple(int(found[name]) for name in names)

    def queue(self, arn, **options):
        """Our own connection to a queue."""
        return SqsQueue(arn, *KEYS, endpoint=self.address, **({"wait_seconds": 0} | options))

    def url(self, arn):
        return f"{self.address}/{arn.split(':')[4]}/{arn.split(':')[5]}"


@pytest.fixture(scope="session")
def moto_address():
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(moto_address):
    """An AWS account without any queues yet."""
    queue = SqsQueue("arn:aws:sqs:eu-west-1:123456789012:any", *KEYS, endpoint=moto_address)
    yield Aws(moto_address, queue._client)
    for url in queue._client.list_queues().get("QueueUrls", []):
        queue._client.delete_queue(QueueUrl=url)
    queue.close()
