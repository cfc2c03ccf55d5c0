"""The document that the probe tries things out on: recognisable, under a key of its own, and removed at the end.

Nothing else of this program deletes. What is deleted is looked at right before: it has to carry our mark and to have no
rows, or else a person has made something of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from adapter.errors import AdapterError, ConfigurationError, Refused, Unavailable
from adapter.mapping.rules import DocumentRule, Rules
from adapter.mapping.sources import From, Text
from adapter.model.document import Document, Scalar, StoredDocument
from adapter.model.schema import EntitySet
from adapter.onec.documents import Documents
from adapter.onec.errors import NotFound, UnknownOutcome
from adapter.planning.books import Identity

Part = Literal["a", "b", "c"]
"""What a draft is for: `a` is the one that is tried on, `b` repeats its key, `c` must not come into being at all."""

WORDS: Final = "amazon1c probe; can be deleted"
LOOK_BACK = timedelta(days=366)
"""How old a forgotten draft may be that is found by its mark, where 1C has given it another key than ours."""


@dataclass(frozen=True, slots=True)
class DraftForm:
    """What the drafts of one installation look like in one infobase.

    Attributes:
        mark: the text by which they are known; with a letter behind it as long as an order id, 19 characters.
        carriers: properties that get the mark, that of the order id first; True: with words for people.
        date: today, in the infobase's wall clock.
    """

    entity_set: str
    keys: Mapping[Part, UUID]
    mark: str
    carriers: Mapping[str, bool]
    date: datetime

    def document(self, part: Part) -> Document:
        """The draft as it is sent: date and marks, nothing else."""
        marks: dict[str, Scalar] = {
            name: f"{self.mark}-{part} {WORDS}" if with_words else f"{self.mark}-{part}"
            for name, with_words in self.carriers.items()
        }
        properties = {"Date": self.date.isoformat(), **marks}
        return Document(self.entity_set, self.keys[part], properties, posted=False)

    def is_marked(self, stored: StoredDocument, part: Part | None = None) -> bool:
        """Whether a document carries our mark, that of a certain part if one is given."""
        mark = self.mark if part is None else f"{self.mark}-{part}"
        return any(mark in str(stored.properties.get(name)) for name in self.carriers)

    def is_untouched(self, stored: StoredDocument) -> bool:
        """Whether nobody has made something of a draft: it never has rows."""
        return not any(stored.sections.values())


def draft_form(rules: Rules, entity_sets: Mapping[str, EntitySet], identity: Identity, now: datetime) -> DraftForm:
    """The form of the drafts, from the first document of a mapping that fits the infobase.

    Besides the property of the order id, those get the mark that the mapping fills with the order id or a text: a
    configuration may replace one of them.

    Args:
        now: aware.
    """
    rule = next(iter(rules.documents.values()))
    first = identity.element_key(rule.entity_set, "probe a")
    return DraftForm(
        entity_set=rule.entity_set,
        keys={
            "a": first,
            "b": identity.element_key(rule.entity_set, "probe b"),
            "c": identity.element_key(rule.entity_set, "probe c"),
        },
        mark=f"AMZ-PROBE-{first.hex[:7]}",
        carriers=dict(_carriers(rule, entity_sets[rule.entity_set])),
        date=now.astimezone(ZoneInfo(rules.infobase.time_zone)).replace(tzinfo=None, microsecond=0),
    )


def _carriers(rule: DocumentRule, entity_set: EntitySet) -> Iterator[tuple[str, bool]]:
    yield rule.order_id, isinstance(rule.header.get(rule.order_id), Text)
    for name, source in rule.header.items():
        of = entity_set.properties.get(name)
        if name == rule.order_id or of is None or of.type != "Edm.String":
            continue
        if isinstance(source, Text) or (isinstance(source, From) and source.source == "order.id"):
            yield name, isinstance(source, Text)


class Drafts:
    """Makes drafts and removes them, those that an interrupted probe has left behind, too.

    Attributes:
        made: keys that 1C gave to the drafts of this probe; ours even where 1C has dropped the mark.
    """

    def __init__(self, documents: Documents, form: DraftForm) -> None:
        self.form = form
        self.documents = documents
        self.made: set[UUID] = set()

    def create(self, part: Part, *, under: Part | None = None, posted: bool = False) -> StoredDocument:
        """Create a draft.

        Args:
            under: the part whose key it gets; its own by default.

        Raises:
            Refused, UnknownOutcome, Unavailable, ConfigurationError: as for any document.
        """
        document = self.form.document(part)
        if under is not None:
            document = Document(document.entity_set, self.form.keys[under], document.properties, posted=False)
        stored = self.documents.create(document, posted=posted)
        self.made.add(stored.ref_key)
        return stored

    def found(self) -> list[StoredDocument]:
        """All drafts of ours that stand in the infobase now, those under our keys first."""
        there: dict[UUID, StoredDocument] = {}
        for key in (*self.form.keys.values(), *self.made):
            if key not in there and (stored := self.documents.read(self.form.entity_set, key)) is not None:
                there[key] = stored
        since = self.form.date - LOOK_BACK
        for name in self.form.carriers:
            for stored in self.documents.find_by_order_id(
                self.form.entity_set, name, self.form.mark, since, unlimited=True
            ):
                there.setdefault(stored.ref_key, stored)
        return list(there.values())

    def adopted(self) -> StoredDocument | None:
        """The draft of an earlier probe that could not be deleted: better tried on again than doubled.

        Raises:
            Refused: under our key stands something that somebody has changed.
        """
        for stored in self.found():
            if self.form.is_marked(stored, "a") and self.form.is_untouched(stored):
                return stored
            if stored.ref_key == self.form.keys["a"]:
                raise Refused(
                    f"under the key of the probe's draft stands a {stored.entity_set} that somebody has changed; "
                    "delete it in 1C, then run the probe again"
                )
        return None

    def clear(self) -> tuple[str, ...]:
        """Remove all drafts. What cannot be deleted is marked for deletion; a sentence for each that stays.

        Raises:
            Unavailable, ConfigurationError: the infobase cannot be asked what there is.
        """
        return tuple(sentence for stored in self.found() if (sentence := self._remove(stored)))

    def _remove(self, stored: StoredDocument) -> str:
        """Remove a draft; a sentence if it stays."""
        shown = self._shown(stored)
        ours = self.form.is_marked(stored) or stored.ref_key in self.made
        if not (ours and self.form.is_untouched(stored)):
            return (
                f"{shown} was made by a probe, but somebody has changed it, so it was left alone; "
                "delete it in 1C, then run the probe again"
            )
        entity_set, key = stored.entity_set, stored.ref_key
        try:
            if stored.posted:
                with suppress(Refused, ConfigurationError):  # it may be deleted all the same
                    self.documents.unpost(entity_set, key)
            self.documents.delete(entity_set, key)
            if self.documents.read(entity_set, key) is not None:
                return f"{shown} is still there although 1C said that it deleted it; delete it in 1C"
        except NotFound:
            return ""
        except (Refused, ConfigurationError) as refusal:
            return self._marked(stored, refusal)
        except (UnknownOutcome, Unavailable) as problem:
            return f"{shown} may still be there ({problem}); run the probe again, it removes it"
        return ""

    def _marked(self, stored: StoredDocument, refusal: AdapterError) -> str:
        """Mark for deletion what 1C does not let us delete."""
        shown = self._shown(stored)
        try:
            if not stored.marked:
                self.documents.mark(stored.entity_set, stored.ref_key)
        except AdapterError as problem:
            return f"{shown} could be neither deleted ({refusal}) nor marked for deletion ({problem}); delete it in 1C"
        return f"{shown} is marked for deletion, since 1C did not let us delete it ({refusal}); delete it in 1C"

    def _shown(self, stored: StoredDocument) -> str:
        number = str(stored.properties.get("Number") or "").strip()
        return f"{stored.entity_set} {number or stored.ref_key}"
