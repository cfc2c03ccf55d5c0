"""How well one name of an order fits one name of a customer: words in pairs, what is left over, and what forbids it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import NamedTuple

from adapter.matching import rules
from adapter.matching.endings import is_patronymic
from adapter.matching.forms import Relation, relation
from adapter.matching.given_names import gender, is_given_name
from adapter.matching.letters import is_cyrillic
from adapter.matching.names import NO_NAMES
from adapter.matching.rules import Fit
from adapter.matching.slips import is_slip_of_hand
from adapter.matching.wordfits import WordFit, WordFits, may_begin


@dataclass(frozen=True, slots=True)
class AskedName:
    """One name under which an order may be found.

    Attributes:
        where: the field that shows it: company, recipient or buyer.
        text: as it was written.
        fits: for each word what it may be.
        forms: its legal forms.
    """

    where: str
    text: str
    fits: tuple[WordFits, ...]
    forms: frozenset[str]
    company: bool


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name of a customer.

    Attributes:
        numbers: of its words in the vocabulary, as far as it holds them side by side.
        words: all of them; None: those of the numbers, which are looked up only if need be.
    """

    numbers: Sequence[int]
    words: tuple[str, ...] | None
    forms: frozenset[str]
    company: bool

    def __len__(self) -> int:
        return len(self.numbers if self.words is None else self.words)

    def word(self, place: int, texts: Sequence[str]) -> str:
        """One of its words."""
        return texts[self.numbers[place]] if self.words is None else self.words[place]


class Pair(NamedTuple):
    """A word of the order and the word of the customer's name that it is; one of them is empty where it has none.

    Attributes:
        established: the written word is known to be a name.
    """

    written: str
    known: str
    fit: Fit | None
    bits: float
    established: bool = False


@dataclass(slots=True)
class NameScore:
    """What was found of two names.

    Attributes:
        pairs: with the bits of each; those without a partner too.
        lines: what counts besides words.
        vetoes: why it may not be accepted whatever the score.
        doubts: why the name alone cannot decide, nor a postal code beside it.
        reserves: why the name alone cannot decide.
        relatives: why nothing can decide that a family shares.
        gaps: what is missing on one side without doing harm, such as a patronymic.
        company: the customer is a company.
    """

    pairs: list[Pair] = field(default_factory=list)
    lines: list[tuple[str, float]] = field(default_factory=list)
    vetoes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    reserves: list[str] = field(default_factory=list)
    relatives: list[str] = field(default_factory=list)
    gaps: int = 0
    company: bool = False

    @property
    def bits(self) -> float:
        """The sum of all."""
        return fsum([pair.bits for pair in self.pairs] + [bits for _, bits in self.lines])

    def count(self, *fits: Fit) -> int:
        """How many full words agree in one of these ways."""
        return len([None for pair in self.pairs if pair[2] in fits and len(pair[0]) > 1 and pair[0] not in NO_NAMES])


def compare(asked: AskedName, known: KnownName, segment: int, texts: Sequence[str]) -> NameScore:
    """Weigh a name of the order against one of a customer in a segment."""
    score = NameScore(company=known.company)
    asked_left, known_left = _pair(asked, known, segment, score, texts)
    _pair_initials(asked_left, known_left, score)
    company = asked.company or known.company
    if company:
        _left_of_company(asked_left, known_left, score)
    else:
        _left_of_person(asked_left, known_left, score, known, texts)
    _forms(asked, known, score)
    return score


def _pair(
    asked: AskedName, known: KnownName, segment: int, score: NameScore, texts: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Give each word the partner that is worth most; return the words without one."""
    found: list[tuple[float, int, int, WordFit]] = []
    numbers = known.numbers
    for at, word in enumerate(asked.fits):
        by_word = word.segments[segment].by_word
        for place, number in enumerate(numbers):
            if number in by_word:
                fit = by_word[number]
                found.append((-fit.bits, at, place, fit))
    if len(found) > 1:
        found.sort()  # no two are at one place, so that fits are never compared
    asked_free, known_free = list(range(len(asked.fits))), list(range(len(known)))
    for _, at, place, fit in found:
        if at in asked_free and place in known_free:
            asked_free.remove(at)
            known_free.remove(place)
            word = asked.fits[at]
            bits = 0.0 if word.text in NO_NAMES else fit.bits
            score.pairs.append(Pair(word.text, fit.text, fit.fit, bits, word.known))
    return [asked.fits[at].text for at in asked_free], [known.word(place, texts) for place in known_free]


def _pair_initials(asked_left: list[str], known_left: list[str], score: NameScore) -> None:
    """Initials of the order stand for words of the catalog; a single one for the given name, not the patronymic."""
    initials = [word for word in asked_left if len(word) == 1 and word.isalpha()]
    if not initials or not known_left:
        return
    given_known = score.count(Fit.SAME, Fit.SPELLING, Fit.EQUIVALENT, Fit.SOUND, Fit.SIMILAR) > 1
    for letter in initials:
        fitting = [word for word in known_left if may_begin(letter, word)]
        full = [word for word in fitting if not is_patronymic(word)]
        chosen = full[0] if full else fitting[0] if fitting and given_known else None
        if chosen is None:
            continue
        given_known = True
        asked_left.remove(letter)
        known_left.remove(chosen)
        score.pairs.append(Pair(letter, chosen, Fit.INITIAL, rules.INITIAL))


def _may_be_first(word: str, score: NameScore, known: KnownName, texts: Sequence[str]) -> bool:
    """Whether a word that the order lacks may be the first name, and what agrees the second: Philippe Jean."""
    words = [known.word(place, texts) for place in range(len(known))]
    given = {pair.known for pair in score.pairs if pair.written and is_given_name(pair.known)}
    at = words.index(word)
    return not given.isdisjoint(words[at + 1 : at + 2]) and given.isdisjoint(words[:at])


def _slip(asked: list[str], known: list[str]) -> tuple[str, str] | None:
    """The words without a partner, if they are one word with a slip that changes its sound: Shcomber and Schomber."""
    if len(asked) != 1:
        return None
    word = asked[0]
    likely = [other for other in known if not is_patronymic(other)]
    if len(likely) != 1:
        return None
    other = likely[0]
    near = abs(len(word) - len(other)) < 2 and (word[0] == other[0] or word[-1] == other[-1])
    if near and len(word) > 3 < len(other) and word.isalpha() and is_cyrillic(word) == is_cyrillic(other):
        return (word, other) if is_slip_of_hand(word, other) else None
    return None


def _weighty(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in NO_NAMES]


def _left_of_person(
    asked_left: list[str], known_left: list[str], score: NameScore, name: KnownName, texts: Sequence[str]
) -> None:
    asked, known = _weighty(asked_left), _weighty(known_left)
    if asked and known:
        if (slip := _slip(asked, known)) is not None:
            # To be accepted on what is personal alone.
            score.pairs.append(Pair(*slip, Fit.SIMILAR, rules.BOTH_LEFT, established=True))
            score.pairs += [Pair("", word, None, rules.NO_PATRONYMIC) for word in known if word != slip[1]]
            score.gaps += len(known) - 1
            return
        middle = all(map(is_patronymic, (*asked, *known)))
        letters = any(len(word) == 1 for word in (*asked, *known))
        what = "another patronymic" if middle else "another initial" if letters else "another name"
        score.vetoes.append(f"{what} ({' '.join(asked)}, not {' '.join(known)})")
        score.pairs += [Pair(word, "", None, rules.BOTH_LEFT) for word in asked]
        score.pairs += [Pair("", word, None, rules.BOTH_LEFT) for word in known]
        return
    if not asked and not known:
        return
    plain = score.count(Fit.SAME, Fit.SPELLING) > 1
    for word in asked:
        bits = rules.EXTRA_IN_ORDER
        usual = plain and (len(word) == 1 or bool(gender(word)))
        score.pairs.append(Pair(word, "", None, _missing(word, f"only the order has {word}", bits, score, usual=usual)))
    given = plain and any(is_given_name(pair.known) for pair in score.pairs if pair.written)
    for word in known:
        bits = rules.EXTRA_IN_CATALOG
        text = f"only the customer has {word}"
        usual = (given and len(known) == 1) or (plain and (len(word) == 1 or bool(gender(word))))
        if usual and _may_be_first(word, score, name, texts):
            usual = False
            if is_given_name(word):
                score.relatives.append(text)
        score.pairs.append(Pair("", word, None, _missing(word, text, bits, score, usual=usual)))


def _missing(word: str, text: str, bits: float, score: NameScore, *, usual: bool) -> float:
    """What a word is worth that one side has besides; patronymics, middle names and their initials are left out often.

    Args:
        usual: two words agree without it, so that it is no surname or first name, and it is a middle name or the like.
    """
    if is_patronymic(word):
        score.gaps += 1
        return rules.NO_PATRONYMIC
    (score.reserves if usual else score.doubts).append(text)
    return rules.NO_PATRONYMIC if len(word) == 1 else bits


def _left_of_company(asked_left: list[str], known_left: list[str], score: NameScore) -> None:
    asked, known = _weighty(asked_left), _weighty(known_left)
    if len(known) == 1 and (slip := _slip(asked, known)) is not None:
        score.pairs.append(Pair(*slip, Fit.SIMILAR, rules.CORE_DIFFERS, established=True))
        return
    score.pairs += [Pair(word, "", None, rules.CORE_DIFFERS) for word in asked]
    score.pairs += [Pair("", word, None, rules.CORE_DIFFERS) for word in known]
    if any(any(map(str.isdigit, word)) for word in (*asked, *known)):
        score.vetoes.append("another number")
    elif asked or known:
        sides = [f"only the order has {' '.join(asked)}"] if asked else []
        sides += [f"only the customer has {' '.join(known)}"] if known else []
        score.vetoes.append(f"another company name ({', '.join(sides)})")


def _forms(asked: AskedName, known: KnownName, score: NameScore) -> None:
    related = relation(asked.forms, known.forms)
    if related is Relation.SAME:
        score.lines.append(("same legal form", rules.SAME_FORM))
    elif related is Relation.NEUTRAL:
        if asked.forms or known.forms:
            # Anna Schmidt is not Anna Schmidt GmbH; a company may leave its form out.
            person = not (asked.company and known.company) and any(gender(pair.written) for pair in score.pairs)
            (score.doubts if person else score.reserves).append("the legal form is missing on one side")
    elif related is Relation.TRANSLATED:
        score.lines.append(("legal form of another country", rules.TRANSLATED_FORM))
        score.reserves.append("the legal form is another one")
    elif related is Relation.RELATED:
        score.lines.append(("related legal form", rules.RELATED_FORM))
        score.doubts.append("the legal form is another one")
    else:
        shown = [" ".join(sorted(forms)) for forms in (asked.forms, known.forms)]
        score.lines.append(("another legal form", rules.OTHER_FORM))
        score.vetoes.append(f"another legal form ({shown[0]}, not {shown[1]})")
