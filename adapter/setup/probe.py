"""What this infobase does where infobases differ: tried out on a draft of our own, on a person's command.

The order of things: what an interrupted probe left behind is removed; the draft is created; questions are asked about
it; it is removed. Source of the questions: points that the 1C:Enterprise developer guide leaves open, or on which
measurements of live infobases contradict each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from adapter.delivery.target import KEEPS_KEY, SOMETIMES
from adapter.errors import AdapterError, OutcomeUnknown
from adapter.model.document import StoredDocument
from adapter.onec.client import InfobaseClient
from adapter.onec.documents import Documents
from adapter.onec.errors import Changed, KeyExists, NotFound, RefusedByInfobase
from adapter.onec.query import Option, equals, path, query_string
from adapter.setup.drafts import DraftForm, Drafts
from adapter.setup.parallel import MOST_SESSIONS, Connect, parallel_reads

MISSPELT: Final = "NoSuchPropertyOfAmazon1C"


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer of the infobase.

    Attributes:
        name: under which it is kept as a capability.
        value: None where it could not be found out; what is known from before stays then.
        sentence: what it means, for a person.
    """

    name: str
    value: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Probed:
    """What a probe found out, and how it ended.

    Attributes:
        left: a sentence for every draft that could not be removed.
        broken_off: why not every question was asked.
    """

    entity_set: str
    findings: tuple[Finding, ...]
    left: tuple[str, ...] = ()
    broken_off: AdapterError | None = None


def probe(
    documents: Documents, client: InfobaseClient, connect: Connect, form: DraftForm, *, key_was_replaced: bool = False
) -> Probed:
    """Find out what the infobase does, leaving nothing behind that it lets us remove.

    Args:
        connect: opens further connections, to see how many the publication bears.
        key_was_replaced: a document of ours has got another key before, which the draft of a probe need not do.

    Raises:
        Unavailable, ConfigurationError: the infobase cannot be asked at all; no draft was made.
    """
    drafts = Drafts(documents, form)
    stays = drafts.clear()
    findings: list[Finding] = []
    broken_off: AdapterError | None = None
    left: tuple[str, ...] = ()
    try:
        questions = _Questions(drafts, client, connect, findings.append)
        questions.ask(again=bool(stays), key_was_replaced=key_was_replaced)
    except AdapterError as problem:
        broken_off = problem
    finally:  # also when a person interrupts it
        try:
            left = drafts.clear()
        except AdapterError as problem:
            left = (f"a draft may be left ({problem}); run the probe again, it removes it",)
    if isinstance(broken_off, OutcomeUnknown) and not left:
        left = ("a write got no answer, and 1C may still be at it; run the probe again in some minutes",)
    return Probed(form.entity_set, tuple(findings), left, broken_off)


class _Questions:
    """The questions in their order; each finding is told as soon as it is made."""

    def __init__(
        self, drafts: Drafts, client: InfobaseClient, connect: Connect, tell: Callable[[Finding], None]
    ) -> None:
        self._drafts = drafts
        self._documents = drafts.documents
        self._client = client
        self._connect = connect
        self._tell = tell
        self._entity_set = drafts.form.entity_set

    def ask(self, *, again: bool, key_was_replaced: bool) -> None:
        """Ask everything.

        Args:
            again: an earlier draft stands in the infobase and cannot be removed.
            key_was_replaced: as for `probe`.

        Raises:
            AdapterError: the rest was not asked.
        """
        self._tell(self._sessions())
        draft = self._drafts.adopted() if again else None
        if draft is None:
            draft = self._created()
        else:
            text = "Not tried: the draft of an earlier probe cannot be deleted, and a new one was not made."
            self._tell(Finding("posts_on_create", None, text))
        kept = draft.ref_key == self._drafts.form.keys["a"]
        self._tell(_keeps_key(kept, next(iter(self._drafts.form.carriers)), key_was_replaced))
        self._tell(self._repeated_key(kept))
        self._tell(self._if_match(draft))
        self._tell(self._patch_absent())
        self._tell(self._misspelt_filter())
        self._tell(self._inlinecount(draft))

    # -------------------- reads

    def _sessions(self) -> Finding:
        query = query_string({"$select": ["Ref_Key"], "$top": 1})
        borne = parallel_reads(self._connect, path(self._entity_set), query)
        if not borne.sessions:
            return Finding("sessions", None, f"No read was answered: {borne.stopped_by}")
        if borne.pool_is_full:
            text = f"The publication bears {borne.sessions} requests at once; one more found no session (HTTP 406)."
        elif borne.stopped_by:
            text = f"{borne.sessions} requests at once were answered; one more was not: {borne.stopped_by}"
        else:
            text = f"The publication bears {MOST_SESSIONS} requests at once; more were not tried."
        return Finding("sessions", str(borne.sessions), text)

    def _misspelt_filter(self) -> Finding:
        name = "misspelt_filter"
        query = query_string({"$select": ["Ref_Key"], "$top": 1}, equals(MISSPELT, "x"))
        try:
            rows = self._client.read_rows(path(self._entity_set), query)
        except RefusedByInfobase as refusal:
            return Finding(name, _shown(refusal), f"A misspelt name in a filter is refused ({_shown(refusal)}).")
        if rows:
            return Finding(name, "ignored", "A misspelt name in a filter is ignored: everything comes back.")
        return Finding(name, "empty", "A misspelt name in a filter finds nothing, without a word.")

    def _inlinecount(self, draft: StoredDocument) -> Finding:
        """Whether `$inlinecount` switches paging off, seen on a set of one: what is skipped must not come."""
        name = "inlinecount"
        options: dict[str, Option] = {"$select": ["Ref_Key"], "$inlinecount": "allpages", "$skip": 1, "$top": 1}
        query = query_string(options, equals("Ref_Key", draft.ref_key))
        try:
            answer = self._client.read(path(self._entity_set), query)
        except RefusedByInfobase as refusal:
            return Finding(name, _shown(refusal), f"$inlinecount is refused ({_shown(refusal)}).")
        if "odata.count" not in answer:
            return Finding(name, "no count", "$inlinecount gives no count.")
        if answer.get("value"):
            return Finding(name, "ignores paging", "With $inlinecount, $top and $skip are ignored.")
        return Finding(name, "pages", "With $inlinecount, $top and $skip work as usual.")

    # -------------------- writes

    def _created(self) -> StoredDocument:
        """Create the draft, first with the wish to post it, which 1C will mostly refuse for want of everything.

        Raises:
            Refused: not even a draft is taken.
        """
        name = "posts_on_create"
        try:
            stored = self._drafts.create("a", posted=True)
        except RefusedByInfobase as refusal:
            there = self._documents.read(self._entity_set, self._drafts.form.keys["a"])
            if there is not None:
                text = f"Creating and posting at once may end with an unposted document ({refusal})."
                self._tell(Finding(name, "no", text))
                return there
            stored = self._drafts.create("a")
            self._tell(self._posting_refused_too(stored, refusal))
            return stored
        if stored.posted:
            self._documents.unpost(self._entity_set, stored.ref_key)
            self._tell(Finding(name, "yes", "A document can be created and posted by one request."))
        else:
            self._tell(Finding(name, "no", "A new document is never posted by the same request; that takes a second."))
        return stored

    def _posting_refused_too(self, stored: StoredDocument, refusal: RefusedByInfobase) -> Finding:
        """What a refused creation means: if a posting alone is refused, too, then a posting was tried."""
        name = "posts_on_create"
        try:
            self._documents.post(self._entity_set, stored.ref_key)
        except RefusedByInfobase as alone:
            if alone.status < 400:
                return Finding(name, None, f"The draft can be posted in no way, and 1C does not say why: {alone}")
            text = f"A document can be created and posted by one request: 1C tried to post the empty draft ({refusal})."
            return Finding(name, "yes", text)
        self._documents.unpost(self._entity_set, stored.ref_key)
        return Finding(name, "no", f"Creating and posting by one request is refused ({refusal}); one by one works.")

    def _repeated_key(self, kept: bool) -> Finding:
        name = "repeated_key"
        if not kept:
            return Finding(name, None, "Not tried: where keys are replaced, repeating one makes a second document.")
        try:
            stored = self._drafts.create("b", under="a")
        except RefusedByInfobase as refusal:
            known = "" if isinstance(refusal, KeyExists) else ", in words that the adapter does not know"
            text = f"A second document with the same key is refused ({_shown(refusal)}{known}): there are no doubles."
            return Finding(name, _shown(refusal), text)
        if stored.ref_key == self._drafts.form.keys["a"]:
            text = "A second document with the same key overwrites the first one: there are no doubles."
            return Finding(name, "overwrites", text)
        text = "A second document with the same key is stored under another one: a lost answer can make doubles."
        return Finding(name, "doubles", text)

    def _if_match(self, draft: StoredDocument) -> Finding:
        """Whether a write is kept from overwriting a newer version, and lets the current one pass."""
        name = "if_match"
        before = self._documents.read(self._entity_set, draft.ref_key)
        if before is None or not before.data_version:
            return Finding(name, None, "Not found out: the draft came without a version.")
        try:
            after = self._write_marks(draft, before.data_version)
        except Changed:
            return Finding(name, "unusable", "If-Match is refused even with the current version; it is not sent.")
        if after.data_version == before.data_version:
            return Finding(name, None, "Not found out: the version of the draft did not change with a write.")
        try:
            self._write_marks(draft, before.data_version)
        except Changed:
            return Finding(name, "obeyed", "If-Match is obeyed: a document that somebody has changed is safe.")
        text = "If-Match is ignored: documents are compared before they are changed, which leaves a short gap."
        return Finding(name, "ignored", text)

    def _write_marks(self, draft: StoredDocument, data_version: str) -> StoredDocument:
        marks = {key: value for key, value in self._drafts.form.document("a").properties.items() if key != "Date"}
        return self._documents.set_properties(self._entity_set, draft.ref_key, marks, data_version)

    def _patch_absent(self) -> Finding:
        name = "patch_absent"
        form = self._drafts.form
        marks = {key: value for key, value in form.document("c").properties.items() if key != "Date"}
        try:
            self._documents.set_properties(self._entity_set, form.keys["c"], marks)
        except RefusedByInfobase as refusal:
            strange = "" if isinstance(refusal, NotFound) else ", not as absent"
            return Finding(
                name, _shown(refusal), f"Changing what does not exist is refused ({_shown(refusal)}{strange})."
            )
        created = self._documents.read(self._entity_set, form.keys["c"]) is not None
        if created:
            return Finding(name, "creates", "Changing a document that does not exist creates it.")
        return Finding(name, "nothing", "Changing a document that does not exist is answered as done, and nothing is.")


def _keeps_key(kept: bool, order_id: str, key_was_replaced: bool) -> Finding:
    if kept and not key_was_replaced:
        return Finding(KEEPS_KEY, "yes", "A new document keeps the key that the adapter chooses.")
    looked_up = f"what is there already is looked up by {order_id}."
    if kept:
        text = f"1C kept the key of the draft, but has given a document a key of its own before: {looked_up}"
        return Finding(KEEPS_KEY, SOMETIMES, text)
    return Finding(KEEPS_KEY, "no", f"1C gives a new document a key of its own: {looked_up}")


def _shown(refusal: RefusedByInfobase) -> str:
    """Status and code, such as 500/-1."""
    return f"{refusal.status}/{refusal.code}" if refusal.code is not None else str(refusal.status)
