"""Who may come in, and what they may do."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Right = Literal["Read", "Insert", "Update", "Delete", "Posting", "UndoPosting"]


@dataclass(frozen=True, slots=True)
class User:
    """An infobase user, with every right but those named.

    Attributes:
        denied: pairs of entity set and right; `*` stands for all sets.
        hidden: `Ref_Key`s that a record-level restriction keeps from this user.
    """

    name: str
    password: str
    denied: frozenset[tuple[str, Right]] = frozenset()
    hidden: frozenset[str] = frozenset()

    def may(self, right: Right, entity_set: str) -> bool:
        """Whether the roles hold a right on a set."""
        return (entity_set, right) not in self.denied and ("*", right) not in self.denied


def find_user(authorization: str, users: Iterable[User]) -> User | None:
    """The user whom a header `Basic <base64>` names; None for anybody else.

    User and password are UTF-8; other encodings are refused (measured on two live bases).
    """
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    if not colon:
        return None
    return next((user for user in users if (user.name, user.password) == (name, password)), None)
