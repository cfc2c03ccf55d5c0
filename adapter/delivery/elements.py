"""Catalog elements that documents need: one creator for each natural key, and the infobase is asked first."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from adapter.delivery.target import Later, Stale, Target, Unsettled
from adapter.errors import ConfigurationError, OutcomeUnknown, Refused, Unavailable
from adapter.ledger.elements import ElementEntry
from adapter.model.catalog import Element
from adapter.model.document import NewElement
from adapter.model.entry import State


def ensure(target: Target, element: NewElement) -> None:
    """Create a catalog element unless it is there.

    Raises:
        Stale: it is there under another key, which the ledger knows now; plan again.
        Later: an earlier creation got no answer, and it is too early to tell.
        Unsettled: its creation got no answer.
        Refused: the infobase does not take it.
        Unavailable, ConfigurationError: the infobase cannot be asked, or takes no writes.
    """
    if element.namesakes is not None:
        _create_apart(target, element, element.namesakes)
        return
    known = target.ledger.elements.find(element.entity_set, element.natural_key)
    if known is not None and known.state in {State.INTENT, State.UNKNOWN}:
        known = settle(target, known)
        if known.state is State.UNKNOWN:
            raise Later(f"the creation of {element.name} got no answer; it is looked up later")
    if known is None or known.state is not State.DONE:
        known = _found(target, element) or _created(target, element)
    if known.ref_key != element.ref_key:
        raise Stale


def _create_apart(target: Target, element: NewElement, namesakes: frozenset[UUID]) -> None:
    """Create a customer whose name alone tells nothing, unless one of that name has come that planning did not know."""
    known = target.ledger.elements.find(element.entity_set, element.natural_key)
    if known is not None and known.state in {State.INTENT, State.UNKNOWN}:
        known = settle(target, known)
        if known.state is State.UNKNOWN:
            raise Later(f"the creation of {element.name} got no answer; it is looked up later")
    if known is not None and known.state is State.DONE:
        if known.ref_key != element.ref_key:
            raise Stale
        return
    others = {found.ref_key for found in _of_this_name(target, element)} - namesakes
    if element.ref_key in others:  # ours, from before the ledger was lost
        _recorded(target, replace(_entry(element), state=State.DONE))
    elif others or _created(target, element).ref_key != element.ref_key:
        raise Stale


def _of_this_name(target: Target, element: NewElement) -> list[Element]:
    return target.look(
        lambda: target.catalogs.find_elements(
            element.entity_set, element.name_property, element.name, (element.name_property,)
        )
    )


def _found(target: Target, element: NewElement) -> ElementEntry | None:
    """The element that the infobase has already: made by a person, or by us before the ledger was lost."""
    found = _of_this_name(target, element)
    if len(found) > 1:
        raise Refused(
            f"{element.entity_set} has {len(found)} elements with {element.name_property} {element.name!r}, and only "
            "one of them can be meant"
        )
    return _recorded(target, replace(_entry(element), state=State.DONE, ref_key=found[0].ref_key)) if found else None


def _created(target: Target, element: NewElement) -> ElementEntry:
    entry = _entry(element)
    if (other := target.ledger.elements.claim(entry, target.now())) is not None:
        if other.state is State.DONE:
            return other
        raise Later(f"somebody else creates {element.name} at this moment")
    try:
        ref_key = target.send(lambda: target.catalogs.create_element(element))
    except OutcomeUnknown as problem:
        not_before = target.now() + target.quarantine
        _recorded(target, replace(entry, state=State.UNKNOWN, not_before=not_before))
        raise Unsettled(str(problem)) from problem
    except (Unavailable, ConfigurationError):
        _recorded(target, replace(entry, state=State.PLANNED))
        raise
    except Refused as problem:
        # It may be there under another name: a person has renamed it since.
        if target.look(lambda: target.documents.read(element.entity_set, element.ref_key)) is None:
            _recorded(target, replace(entry, state=State.PLANNED))
            raise Refused(f'1C refused to create "{element.name}" in {element.entity_set}: {problem}') from problem
        return _recorded(target, replace(entry, state=State.DONE))
    target.learn_key(element.entity_set, kept=ref_key == element.ref_key)
    return _recorded(target, replace(entry, state=State.DONE, ref_key=ref_key))


def recover_elements(target: Target) -> None:
    """Settle catalog elements whose creation got no answer, as far as that can be done now.

    Raises:
        Unavailable, ConfigurationError: the infobase cannot be asked.
    """
    for element in target.ledger.elements.in_state(State.INTENT, State.UNKNOWN):
        try:
            settle(target, element)
        except Later:
            continue


def settle(target: Target, element: ElementEntry) -> ElementEntry:
    """Look whether an element of ours is in the infobase, and record it: DONE, PLANNED, or still UNKNOWN.

    Raises:
        Later, Unavailable, ConfigurationError: it cannot be asked for.
    """
    now = target.now()
    not_before = element.not_before or now + target.quarantine
    if target.look(lambda: target.documents.read(element.entity_set, element.ref_key)) is not None:
        settled = replace(element, state=State.DONE, not_before=None)
    elif target.keeps_key(element.entity_set) or now >= not_before:
        settled = replace(element, state=State.PLANNED, not_before=None)
    else:
        settled = replace(element, state=State.UNKNOWN, not_before=not_before)
    return element if settled == element else _recorded(target, settled)


def _entry(element: NewElement) -> ElementEntry:
    return ElementEntry(element.entity_set, element.natural_key, element.ref_key, element.name, State.INTENT)


def _recorded(target: Target, entry: ElementEntry) -> ElementEntry:
    target.ledger.elements.record(entry, target.now())
    return entry
