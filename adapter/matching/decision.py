"""Whether the best candidate may be taken without a person: sure against every rival and against everybody else.

Source: MATCHING 5.6 and 7. Whatever is doubtful is left to a person; nothing here accepts on a score alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, log2
from typing import Literal

from adapter.matching import rules
from adapter.matching.endings import is_patronymic
from adapter.matching.evidence import Sort
from adapter.matching.given_names import gender
from adapter.matching.index import Candidate, Found
from adapter.matching.letters import is_cyrillic
from adapter.matching.rough import UNSURE
from adapter.matching.rules import Fit
from adapter.matching.scoring import NameScore, Pair
from adapter.matching.slips import another_letter, is_slip_of_hand, other_ending
from adapter.matching.weighing import EvidenceScore

NameAlone = Literal["exact", "sure", "never"]
_SIMILAR = (Fit.SOUND, Fit.ENDING, Fit.SIMILAR)
_FEMININE = "aая"
_SURE = (Fit.SAME, Fit.SPELLING)
_PERSONAL = frozenset({Sort.EMAIL, Sort.TAX_ID})
"""What a family does not share."""
_SAME_NAME = 2.0
_CHANCE = 4.0
"""From so many namesakes to be expected in the catalog, one more is no sign of anything."""
_LONG = 5
"""Letters of a word that may be accepted with a slip."""


@dataclass(frozen=True, slots=True)
class Sureness:
    """When a machine may decide.

    Attributes:
        sure: posterior from which a candidate with evidence is accepted, 0 to 1.
        name_alone: whether a name may decide without evidence: `never`; `sure`, from a posterior of 0.9999 and with
            the same words in any spelling; `exact`, with the very same words only.
        known_share: share of the orders that are from customers in the catalog, above 0 and below 1.
    """

    sure: float = 0.99
    name_alone: NameAlone = "sure"
    known_share: float = 0.6


@dataclass(frozen=True, slots=True)
class Shares:
    """How likely each is, 0 to 1; all together make 1."""

    candidates: tuple[float, ...]
    others: float
    unknown: float
    unknown_bits: float


def bits_of_unknown(customers: int, known_share: float) -> float:
    """What "not in the catalog" weighs among so many."""
    return log2(max(customers, 1) * (1 - known_share) / known_share)


def shares(found: Found, customers: int, known_share: float) -> Shares:
    """Weigh candidates, all the rest and "not in the catalog" against each other."""
    unknown_bits = bits_of_unknown(customers, known_share)
    best = max(unknown_bits, found.candidates[0].bits if found.candidates else unknown_bits)
    weights = [2.0 ** (candidate.bits - best) for candidate in found.candidates]
    rest = found.rest * 2.0**-best
    unknown = 2.0 ** (unknown_bits - best)
    total = fsum([*weights, rest, unknown])
    return Shares(tuple(weight / total for weight in weights), rest / total, unknown / total, unknown_bits)


def objections(candidate: Candidate, posterior: float, namesakes: int, sureness: Sureness) -> list[str]:
    """Why a candidate may not be accepted; none: it may.

    Args:
        namesakes: how many have the name of the order.
    """
    name, evidence = candidate.name, candidate.evidence
    if name.vetoes:
        return list(name.vetoes)
    if Sort.TAX_ID in evidence.contradicts:
        return ["another tax id"]
    if too_little(candidate):
        return ["the name is too little to tell who it is"]
    if evidence.agrees:
        found = _with_evidence(candidate, namesakes)
        needed = sureness.sure
    elif sureness.name_alone == "never":
        return ["no e-mail, phone, tax id or postal code agrees"]
    else:
        found = _by_name_alone(candidate, exact=sureness.name_alone == "exact")
        needed = max(sureness.sure, rules.NAME_ALONE)
    if posterior < needed:
        found.append(f"not surely the same ({needed:.4g} is needed)")
    return found


def too_little(candidate: Candidate) -> bool:
    """Whether a name cannot tell who it is: less than two words, unless it is a company's with a form."""
    name, asked = candidate.name, candidate.asked
    full = name.count(*_SURE, Fit.EQUIVALENT, *_SIMILAR)
    initials = any(pair.fit is Fit.INITIAL for pair in name.pairs)
    company = asked.company or (name.company and candidate.evidence.strong)
    return not (full > 1 or (full == 1 and (initials or company)))


def _with_evidence(candidate: Candidate, namesakes: int) -> list[str]:
    name, evidence = candidate.name, candidate.evidence
    found = []
    # That of a patronymic does no harm beside a surname and a first name in full.
    full = name.count(*_SURE) > 1
    initials = any(pair.fit is Fit.INITIAL and not (full and is_patronymic(pair.known)) for pair in name.pairs)
    # A family has one address and often one phone.
    if initials and not evidence.agrees & _PERSONAL:
        found.append("an initial does not tell the name")
    if evidence.strong:
        return found if evidence.agrees & _PERSONAL else [*found, *_of_one_house(name, evidence, initials=initials)]
    # A postal code is all that agrees from here on.
    if Sort.PHONE in evidence.contradicts:
        found.append("the phone is another one")
    found += name.doubts
    slips = [pair for pair in name.pairs if pair.fit in _SIMILAR]
    if len(slips) > 1:
        found.append("more than one word is only similar")
    found += [
        f"{pair.written} is only similar to {pair.known}" for pair in slips if not _forgiven(pair, name, evidence)
    ]
    found += [f"{pair.written} is written {pair.known}" for pair in name.pairs if _respelt(pair) or _two_people(pair)]
    if candidate.asked.company and namesakes >= rules.POPULAR:
        found.append("many companies have this name, and the postal code alone does not tell them apart")
    return found


def _of_one_house(name: NameScore, evidence: EvidenceScore, *, initials: bool) -> list[str]:
    """Why a phone is not enough: a family shares it. Sanne and Jeanne are two of one house."""
    found = ["an initial does not tell the name"] if initials and name.count(*_SURE) < 1 else []
    found += name.relatives
    found += [
        f"{pair.written} is only similar to {pair.known}"
        for pair in name.pairs
        if (pair.fit in _SIMILAR and (pair.established or name.doubts)) or _two_people(pair)
    ]
    if Sort.EMAIL in evidence.contradicts:
        # Another account: Jan and Hans, who are of one script and one origin, may be brothers.
        found += [
            f"{pair.written} is another form of {pair.known}"
            for pair in name.pairs
            if pair.fit is Fit.EQUIVALENT and is_cyrillic(pair.written) == is_cyrillic(pair.known)
        ]
    return found


def _two_people(pair: Pair) -> bool:
    """Whether a word is another's name rather than a writing of the same: Waltera is not Walter, nor Andrea Andreas.

    Martine and Мартин are two as well, although -ine is French for -ин: in surnames.
    """
    if pair.fit is Fit.SPELLING:
        men = [gender(word) == "m" for word in (pair.written, pair.known)]
        french = pair.written.endswith("ine") != pair.known.endswith("ine")
        return any(men) and (french or {gender(pair.written), gender(pair.known)} == {"m", "f"})
    if pair.fit is Fit.EQUIVALENT:
        ends_alike = (pair.written[-1] in _FEMININE) == (pair.known[-1] in _FEMININE)
        if ends_alike and gender(pair.written) == gender(pair.known) != "":
            return False  # Vasyl is Василий; Zakhariia may be a sister of Захарій
    return pair.fit in (Fit.EQUIVALENT, Fit.SOUND, Fit.SIMILAR) and other_ending(pair.written, pair.known)


def _respelt(pair: Pair) -> bool:
    """Whether a word is written with another letter of the same script: Сыдоров and Сидоров may be two neighbours.

    So may people of two given names of one origin, Andrea and Andreas.
    """
    if is_cyrillic(pair.written) != is_cyrillic(pair.known):
        return False
    return pair.fit is Fit.EQUIVALENT or (pair.fit is Fit.SPELLING and another_letter(pair.written, pair.known))


def _forgiven(pair: Pair, name: NameScore, evidence: EvidenceScore) -> bool:
    """Whether a word that is only similar may be accepted beside a postal code: a slip of the hand in a long word.

    Another letter, or another spelling of the sound, makes another name often enough, and neighbours have a postal
    code in common. A surname may lack its feminine ending if the given name is a woman's.
    """
    if Sort.EMAIL in evidence.contradicts:
        return False
    if pair.fit is Fit.ENDING:
        return any(gender(other.known) == "f" for other in name.pairs if other is not pair and other.fit in _SURE)
    if min(len(pair.written), len(pair.known)) < _LONG or pair.established:
        return False
    return is_slip_of_hand(pair.written, pair.known)


def _by_name_alone(candidate: Candidate, *, exact: bool) -> list[str]:
    name = candidate.name
    found = [*name.doubts, *name.reserves]
    if candidate.evidence.contradicts:
        found.append(f"the {min(candidate.evidence.contradicts).shown} is another one")
    found += [_unlike(pair) for pair in name.pairs if pair.fit is not None and pair.fit not in _SURE]
    if exact:
        found += [f"{p.written} is written {p.known}" for p in name.pairs if p.fit is Fit.SPELLING]
        found += ["a word is missing on one side"] * bool(name.gaps)
    if name.count(*_SURE) < 2:
        found.append("the name is too little to tell who it is")
    if any(pair.fit is None for pair in name.pairs) and name.gaps > 1:
        found.append("more than one word is missing")
    return found


def _unlike(pair: Pair) -> str:
    if pair.fit is Fit.INITIAL:
        return "an initial does not tell the name"
    return f"{pair.written} is only similar to {pair.known}"


def rival(found: Found, customers: int) -> str:
    """Why another customer stands in the way of the best, whatever the posterior; empty if none does.

    Evidence may point to two customers of one name, or be that of a whole family. And where only a postal code agrees,
    somebody else of a rare name of whom nothing is known is more probably the same customer, entered twice, than a
    namesake.
    """
    best, *others = found.candidates
    owned = {each.sort for each in found.evidence.shared if each.counts and any(map(len, each.holders))}
    if owned & {Sort.EMAIL, Sort.TAX_ID} - best.evidence.agrees:
        return "evidence"
    for other in others:
        if other.name.vetoes or too_little(other):
            continue
        if other.evidence.strong and not other.evidence.agrees <= best.evidence.agrees:
            return "evidence"
        if other.name.bits < best.name.bits - _SAME_NAME:
            continue
        own = best.evidence.agrees - other.evidence.agrees
        if other.evidence.agrees and Sort.EMAIL not in other.evidence.contradicts and not own & _PERSONAL:
            return "twice"
        if best.evidence.strong or other.evidence.contradicts:
            continue
        if customers * 2.0**-best.name.bits < _CHANCE:
            return "twice"
    return ""


def resolved(found: Found, customers: int, sureness: Sureness) -> list[Candidate]:
    """For each name of the order, the customer that would be accepted if it were the only name."""
    if len(found.by_name) < 2:
        return [*found.candidates[:1]]
    pointed = []
    for candidates, namesakes in zip(found.by_name, found.namesakes, strict=True):
        alone = Found(candidates, 0.0, found.evidence)
        likely = shares(alone, customers, sureness.known_share).candidates[:1]
        if likely and not objections(candidates[0], likely[0], namesakes, sureness):
            pointed.append(candidates[0])
    return pointed


def contradicted(found: Found) -> str:
    """What another name of the order says against the best candidate whose names it shares; empty if nothing does.

    Recipient and buyer are often one person, and only one of the names shows the patronymic, or the given name in full.
    """
    best = found.candidates[0]
    initial = best.name.count(*_SURE) < 2 and any(pair.fit is Fit.INITIAL for pair in best.name.pairs)
    needed = 1 if initial else 2
    for candidates in found.by_name:
        for each in candidates:
            same = (each.segment, each.number) == (best.segment, best.number) and each.asked.text != best.asked.text
            if same and each.name.vetoes and each.name.count(*_SURE) >= needed:
                return each.name.vetoes[0]
    return ""


def twins(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates are alike in name and evidence: probably one customer who was entered twice."""
    return (
        abs(one.bits - other.bits) < 1.5
        and one.name.pairs == other.name.pairs
        and one.evidence.agrees == other.evidence.agrees
        and bool(one.evidence.agrees)
    )


def may_be_likely(found: Found, shares: Shares) -> bool:
    """Whether any of those who were put off may be worth a person's look."""
    return found.put_off >= shares.unknown_bits - rules.NONE_BELOW - UNSURE


def likely(candidates: Sequence[Candidate], unknown_bits: float) -> list[Candidate]:
    """Those who are worth a person's look: not somebody of another name of whom nothing else agrees."""
    return [
        each
        for each in candidates
        if each.bits >= unknown_bits - rules.NONE_BELOW and (each.evidence.agrees or not _another_name(each))
    ]


def _another_name(candidate: Candidate) -> bool:
    """Whether it is somebody else's name; John Smith is not Sean Smith-Jones: two differences are too many."""
    name = candidate.name
    forms = sum(pair.fit in (Fit.EQUIVALENT, *_SIMILAR) for pair in name.pairs)
    return bool(name.vetoes) or (forms > 0 and any(pair.fit is None and pair.bits < -1 for pair in name.pairs))
