"""In what real infobases differ from one another, each as one switch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class Modes:
    """Behaviour of one infobase and its web server; the defaults are `USUAL`."""

    repeated_key: Literal["500/-1", "400/15"] = "500/-1"
    """Answer to a second POST with one `Ref_Key`: the text of the DBMS's index, or the guide's code 15. Not recorded
    which one is real; both are 'no'."""
    replaces_key: bool = False
    """A document's `Ref_Key` from the body is exchanged for another, as the order module of УНФ can do."""
    if_match: Literal["ignored", "obeyed"] = "ignored"
    """Measured on three live bases: ignored. The guide promises 412."""
    iis: bool = False
    """IIS limits: query over 2048 characters, path segment over 260, POST without Content-Length."""
    longest_line: int = 8190
    """Bytes of a request line, beyond which the web server answers 414: Apache's own default (`LimitRequestLine`);
    proxies allow less."""
    pool_size: int = 10
    """Sessions at once (`poolSize` of the publication)."""
    pool_wait: float = 5.0
    """Seconds that a request waits for a session before 406 (`poolTimeout`)."""
    client_sessions: bool = False
    """Published in mode `use`: clients start and finish sessions by the header `IBSession`."""
    file_infobase: bool = False
    """One request at a time; the others queue."""
    slow_first: float = 0.0
    """Seconds that the very first call takes on top; over 30 were measured after idle."""
    latency: float = 0.0
    """Seconds that every request takes; parallel sessions overlap."""
    closed_before: date | None = None
    """Documents dated before this day cannot be written in any way."""
    closed_text: str = "Изменение данных за закрытый период запрещено"
    posted_on_create: Literal["posts", "ignored"] = "posts"
    """What `"Posted": true` does in the body of a POST; not measured anywhere."""
    patch_of_posted: Literal["reposts", "refused", "keeps"] = "reposts"
    """What a PATCH of a posted document does; not measured anywhere."""
    unknown_filter_property: Literal["400/14", "400/6", "empty"] = "400/14"
    """What a misspelt name in `$filter` does; notes about live bases contradict each other."""
    inlinecount: Literal["ignores paging", "pages"] = "ignores paging"
    """The guide says that `$inlinecount` makes `$top` and `$skip` be ignored; nobody has measured it."""
    atom_only: bool = False
    """Atom whatever is asked for."""
    bom: bool = False
    """A byte order mark before JSON."""
    html_page: bool = False
    """Status 200 and a page of HTML to everything: a proxy's login page."""
    unpublished: frozenset[str] = frozenset()
    """Sets left out of the composition: 404 code 8, and absent from `$metadata`."""
    failure: str = ""
    """Every request is refused with 500 -1 and this text: maintenance, no free licence."""
    utc_offset: timedelta = timedelta(hours=3)
    """Offset of the infobase's wall clock, to which a date sent with a zone is shifted."""
    replaces_number: bool = False
    """The number sent with a document is replaced by an automatic one, as prefix subscriptions may do."""


USUAL = Modes()
"""An unloaded server infobase behind Apache."""
