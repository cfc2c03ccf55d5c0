"""${message}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "${up_revision}"
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Go from the form before to this one."""
    ${upgrades if upgrades else "pass"}
