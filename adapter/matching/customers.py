"""Buyer to customer: the same name, or the same in another spelling; whatever is merely like it is left to a person."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz, process

from adapter.matching.folds import folds
from adapter.matching.forms import are_translations
from adapter.matching.letters import is_cyrillic
from adapter.matching.names import Name
from adapter.matching.spelling import can_spell
from adapter.model.catalog import Customer

_PATRONYMIC = re.compile(
    r"\w{2,}(ович|евич|йович|ьич|кич|мич|овна|евна|івна|ївна|ична|улы|ұлы|кызы|қызы"
    r"|ovich|evich|ovych|evych|iovych|yovych|ovna|evna|ivna|yivna|ichna|uly|kyzy|qyzy)"
)
_FEMININE = ("a", "а", "я")
# ü written as ue; but those of Bauer, Manuel, Michaela and Joe are no umlauts, and Baur, Michala and Jo other names.
_DIGRAPHS = re.compile(r"(?<![aeq])([aou])e(?!l[aeis]?$|$)")

_PATRONYMIC_MISSING = 0.97
_SIMILAR_AT_MOST = 0.9
_SIMILAR_AT_LEAST = 0.85
_DOUBTFUL_AT_MOST = 0.9
_INITIAL = 0.8
_ENDING_AT_MOST = 0.79
"""Below any likeness that a mapping may call sure: Gabriel and Gabriele, Christian and Christiane are two people."""
_FINDABLE = 75
"""How alike the folds of two words have to be, of 100, to look at them more closely."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The customer is found. `how` says by what, `likeness` is from 0 to 1."""

    customer: Customer
    how: str
    likeness: float = 1.0


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several customers, or one that is not surely the same: a person decides. The best come first."""

    candidates: tuple[tuple[Customer, float], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Unmatched:
    """No customer has a name like this."""


CustomerMatch = Matched | Ambiguous | Unmatched


@dataclass(frozen=True, slots=True)
class _Fit:
    """A customer whose name is like the one asked for; with a `doubt`, a machine may not decide for it."""

    customer: Customer
    likeness: float
    doubt: str


class CustomerIndex:
    """The infobase's customers, ready to be asked for a name. The order in which they come does not count."""

    def __init__(self, customers: Iterable[Customer]) -> None:
        self._customers = sorted(customers, key=lambda customer: (customer.name, str(customer.ref_key)))
        self._names = [Name.of(customer.name) for customer in self._customers]
        self._by_ref: dict[UUID, Customer] = {customer.ref_key: customer for customer in self._customers}
        self._by_words: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        self._by_fold: defaultdict[str, set[int]] = defaultdict(set)
        self._initialled: set[int] = set()
        for at, name in enumerate(self._names):
            self._by_words[name.sorted_words].append(at)
            for word in name.words:
                self._by_fold[folds(word)[0]].add(at)
            if any(len(word) == 1 for word in name.words):
                self._initialled.add(at)
        self._folds = list(self._by_fold)

    def __len__(self) -> int:
        return len(self._customers)

    def by_ref(self, ref_key: UUID) -> Customer | None:
        """The customer with this key."""
        return self._by_ref.get(ref_key)

    def exact(self, name: str, *, company: bool = False) -> CustomerMatch:
        """The customer whose name is the same but for case, marks, punctuation and order of words.

        Legal forms have to be the same; one that only one of the names shows leaves a doubt. So does a name of a
        single word or of a word with initials, unless a legal form says that it is a company's.

        Args:
            company: the name is known to be a company's.
        """
        asked = Name.of(name)
        alike = self._by_words.get(asked.sorted_words, []) if asked.words else []
        same = [self._customers[at] for at in alike if self._names[at].forms == asked.forms]
        if len(same) > 1:
            return _ambiguous(same, f'{len(same)} customers are called "{same[0].name}"')
        if same and not asked.tells_who(company=company):
            return _ambiguous(same, f'"{name}" is too little of a name to tell who it is')
        if same:
            return Matched(same[0], "same name")
        half = [self._customers[at] for at in alike if not (self._names[at].forms and asked.forms)]
        if half:
            return _ambiguous(half, f'"{name}" is like {half[0].name}, but only one of them shows a legal form')
        return Unmatched()

    def fuzzy(self, name: str, sure: float, margin: float) -> CustomerMatch:
        """The customer with the same name in any spelling or script, if the next one is `margin` behind.

        How alike names are: 1 for the same words; 0.97 if one of them lacks the patronymic; 0.9 and less if a word is
        only similar. Where initials, further words or legal forms differ, a person has to decide whatever `sure` says;
        so do they where likeness is below `sure`. Names of one word are like no other.
        """
        asked = Name.of(name)
        fits = self._fits(asked) if len(asked.words) > 1 else []
        certain = [fit for fit in fits if not fit.doubt and fit.likeness >= sure]
        if not fits:
            return Unmatched()
        if not certain:
            best = fits[0]
            doubt = best.doubt or f"not surely the same ({sure:.2f} is needed)"
            return _top(fits, f'"{name}" is like {best.customer.name} ({best.likeness:.2f}), but {doubt}')
        best = certain[0]
        rivals = [fit for fit in fits if best.likeness - fit.likeness < margin]
        if len(rivals) > 1:
            return _top(rivals, _tie(name, rivals))
        return Matched(best.customer, "similar name", best.likeness)

    def _fits(self, asked: Name) -> list[_Fit]:
        """Every customer with a name like this, the best first."""
        fits = []
        for at in self._like(asked):
            compared = _compare(asked, self._names[at])
            if compared is not None:
                fits.append(_Fit(self._customers[at], *compared))
        return sorted(fits, key=lambda fit: (-fit.likeness, bool(fit.doubt), fit.customer.name, fit.customer.ref_key))

    def _like(self, asked: Name) -> list[int]:
        """Customers that share the sound of two words, or of one where there are initials; to be looked at closely."""
        hits: Counter[int] = Counter()
        for word in {word for word in asked.words if len(word) > 1}:
            sounds = process.extract(folds(word)[0], self._folds, scorer=fuzz.ratio, limit=None, score_cutoff=_FINDABLE)
            hits.update(set().union(*(self._by_fold[sound] for sound, _, _ in sounds)))
        initials = any(len(word) == 1 for word in asked.words)
        return [at for at, count in hits.items() if count > 1 or initials or at in self._initialled]


def _ambiguous(customers: list[Customer], reason: str) -> Ambiguous:
    return Ambiguous(tuple((customer, 1.0) for customer in customers[:5]), reason)


def _top(fits: list[_Fit], reason: str) -> Ambiguous:
    return Ambiguous(tuple((fit.customer, fit.likeness) for fit in fits[:5]), reason)


def _tie(name: str, rivals: list[_Fit]) -> str:
    shown = ", ".join(f"{fit.customer.name} {fit.likeness:.2f}" for fit in rivals[:5])
    equally = "equally" if rivals[0].likeness - rivals[1].likeness < 0.005 else "almost equally"
    count = "two" if len(rivals) == 2 else str(len(rivals))
    return f'{count} customers match "{name}" {equally} well ({shown})'


# -------------------- two names


def _compare(asked: Name, known: Name) -> tuple[float, str] | None:
    """How alike two names are, 0 to 1, and what leaves a doubt; None: they are different names.

    Every word of the shorter name needs a partner of its own in the longer one.
    """
    short, long = sorted((asked.sorted_words, known.sorted_words), key=lambda words: (len(words), words))
    if len(short) < 2:
        return None
    doubt = ""
    if asked.forms != known.forms:
        if asked.forms and known.forms and not are_translations(asked.forms, known.forms):
            return None
        doubt = "the legal form is another one or missing"
    paired = _pair(list(short), list(long))
    if paired is None:
        return None
    left, likenesses = paired
    if _INITIAL in likenesses:
        doubt = "an initial does not tell the name"
    elif sum(likeness < 1 for likeness in likenesses) > 1:
        doubt = "more than one word differs"
    elif left and not (len(left) == 1 and _PATRONYMIC.fullmatch(left[0])):
        doubt = f"only one of them has {', '.join(left)}"
    likeness = min(likenesses[0], _PATRONYMIC_MISSING if left else 1.0)
    return (min(likeness, _DOUBTFUL_AT_MOST) if doubt else likeness), doubt


def _pair(short: list[str], long: list[str]) -> tuple[list[str], list[float]] | None:
    """Find a partner for each word: the same words first, so that a similar one cannot take their place.

    Returns:
        The words left over, and how alike each pair is, the least first; None where a word has no partner.
    """
    likenesses = []
    for alike in (_same, _similar, _initial):
        for word in list(short):
            found = max(((alike(word, other), other) for other in long), default=(0.0, ""))
            if found[0]:
                likenesses.append(found[0])
                short.remove(word)
                long.remove(found[1])
    # Two words at least have to be more than an initial, or one with initials for all the others.
    if short or all(likeness == _INITIAL for likeness in likenesses):
        return None
    return long, sorted(likenesses)


def _same(one: str, other: str) -> float:
    if is_cyrillic(one) == is_cyrillic(other):
        return float(_DIGRAPHS.sub(r"\1", one) == _DIGRAPHS.sub(r"\1", other))
    latin, cyrillic = (other, one) if is_cyrillic(one) else (one, other)
    return float(can_spell(latin, cyrillic))


def _similar(one: str, other: str) -> float:
    """How alike two different words are; 0 unless one may be a slip of the pen for the other."""
    mine, theirs = (one, other) if is_cyrillic(one) == is_cyrillic(other) else (folds(one)[0], folds(other)[0])
    if min(len(mine), len(theirs)) < 4 or any(letter.isdigit() for letter in mine + theirs):
        return 0.0  # short words collide with everything; numbers are equal or they are not
    if one.endswith(_FEMININE) != other.endswith(_FEMININE):
        return 0.0  # Иванов and Иванова, Александр and Александра are two people
    likeness = fuzz.ratio(mine, theirs) / 100
    if likeness < _SIMILAR_AT_LEAST:
        return 0.0
    ending = one.startswith(other) or other.startswith(one)
    return min(likeness, _ENDING_AT_MOST if ending else _SIMILAR_AT_MOST)


def _initial(one: str, other: str) -> float:
    """Whether one word may be the initial of the other."""
    initial, word = sorted((one, other), key=len)
    if len(initial) > 1 or not initial.isalpha():
        return 0.0
    heads = {word[:1], folds(word)[0][:1]}
    return _INITIAL if initial in heads or folds(initial)[0] in heads else 0.0
