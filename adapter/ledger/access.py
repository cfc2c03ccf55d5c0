"""Access tokens that outlive a restart: each is good for an hour at most, in a file that only its owner can read."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from adapter.ledger.database import Database, from_text, to_text
from adapter.ledger.schema import access_tokens
from adapter.model.access import AccessToken


class AccessTokens:
    """The table `access_tokens`.

    The keys are hashes: no credential can be read from them. What is deleted is overwritten in the file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, key: str) -> AccessToken | None:
        """The token kept last, good or not; None where there is none."""
        with self._database.transaction() as connection:
            row = connection.execute(select(access_tokens).where(access_tokens.c.key == key)).mappings().first()
        if row is None:
            return None
        since, until = from_text(row["since"]), from_text(row["until"])
        assert since is not None  # noqa: S101 - the columns are NOT NULL
        assert until is not None  # noqa: S101
        return AccessToken(row["content"], since, until)

    def save(self, key: str, token: AccessToken) -> None:
        """Keep a token instead of the one before; those that have ended meanwhile go."""
        values = {
            "key": key,
            "content": token.text,
            "since": to_text(token.since),
            "until": to_text(token.until),
        }
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            connection.execute(delete(access_tokens).where(access_tokens.c.until <= values["since"]))
            connection.execute(insert(access_tokens).values(values).on_conflict_do_update(["key"], set_=values))

    def forget(self, key: str, text: str) -> None:
        """Drop a token that Amazon has refused; another one that is kept meanwhile stays."""
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            refused = (access_tokens.c.key == key, access_tokens.c.content == text)
            connection.execute(delete(access_tokens).where(*refused))
