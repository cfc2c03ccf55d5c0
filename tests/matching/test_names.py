"""Names taken apart: what does not count, and what must."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.matching.names import Name, NameReader, normalised


@pytest.mark.parametrize(
    ("text", "words", "forms"),
    [
        ("Dr. Anna-Maria MÜLLER", "anna maria muller", ""),
        ("  Иванов\u00a0 Сергей\t", "иванов сергей", ""),
        ("Ива\u0301нов Семён", "иванов семен", ""),
        ("Ив\u200bан\u00adов", "иванов", ""),
        ("Їжак Йосип", "їжак йосип", ""),
        ("İSMAİL Işık", "ismail isik", ""),
        ("Straße Łukasz Ørsted Kjær", "strasse lukasz orsted kjaer", ""),
        ("O'Brien д’Артаньян Дар'я", "obrien дартаньян даря", ""),
        ("Петров А.В.", "петров а в", ""),
        ("Петров А. В.", "петров а в", ""),
        ("И.П. Иванов", "и п иванов", ""),
        ("J. R. R. Tolkien", "j r r tolkien", ""),
        ("ООО «Ромашка»", "ромашка", "ooo"),
        ("OOO Romashka", "romashka", "ooo"),
        ("ИП Петров Иван", "петров иван", "ip"),
        ("Müller & Söhne GmbH", "muller & sohne", "gmbh"),
        ("Müller und Söhne GmbH", "muller & sohne", "gmbh"),
        ("Büro Nord GmbH & Co. KG", "buro nord", "gmbh co kg"),
        ("Büro Nord, GmbH und Co KG", "buro nord", "gmbh co kg"),
        ("Café UG (haftungsbeschränkt)", "cafe", "ug"),
        ("Złoty Kłos sp. z o.o.", "zloty klos", "spzoo"),
        ("Zloty Klos Sp z o o", "zloty klos", "spzoo"),
        ("Stella S.r.l.", "stella", "srl"),
        ("Most S.A.", "most", "sa"),
        ("Deniz Ltd. Şti.", "deniz", "ltd sti"),
        ("Harbour Limited", "harbour", "ltd"),
        ("GmbH", "gmbh", ""),
        ("Школа №5", "школа 5", ""),
        ("Рога и Копыта", "рога & копыта", ""),
        ("Ивaнов", "иванов", ""),
        ("Ivаnоv", "ivanov", ""),
        ("山本 健一", "山本 健一", ""),
        ("がわ かわ", "がわ かわ", ""),
        ("कि कु", "कि कु", ""),
        ("김 민준", "김 민준", ""),
        ("Герр Herr", "герр", ""),
        ("***", "", ""),
        ("", "", ""),
    ],
)
def test_taken_apart(text, words, forms):
    assert Name.of(text) == Name(tuple(words.split()), frozenset([forms] if forms else []))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Трейд ООО «Ромашка»", "ромашка трейд (ooo)"),
        ("Müller, Anna", "anna muller"),
        ("***", ""),
    ],
)
def test_normalised(text, key):
    assert normalised(text) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Захаров", "Сахаров"),
        ("Иванов", "Иванова"),
        ("ООО Ромашка", "ЗАО Ромашка"),
        ("ООО Ромашка", "Ромашка"),
        ("Anna & Peter Müller", "Anna Peter Müller"),
        ("Школа №5", "Школа №6"),
        ("Юрій", "Юрии"),
        ("がわ", "かわ"),
        ("कि", "कु"),
        ("А.В. Петров", "АВ Петров"),
    ],
)
def test_what_counts(one, other):
    assert normalised(one) != normalised(other)


@pytest.mark.parametrize(
    ("text", "person", "company"),
    [
        ("Anna Schmidt", True, True),
        ("Anna", False, False),
        ("privat", False, False),
        ("A. Schmidt", False, False),
        ("Петров А.В.", False, False),
        ("Herr Schmidt", False, False),
        ("ООО Ромашка", True, True),
        ("Siemens AG", False, True),
        ("S.A. Petrov", False, True),
        ("Школа 15", False, False),
        ("***", False, False),
        ("", False, False),
    ],
)
def test_whether_a_name_tells_who(text, person, company):
    name = Name.of(text)
    assert (name.tells_who(company=False), name.tells_who(company=True)) == (person, company)


LETTERS = st.sampled_from("abcdeéèimnñoöqrsßtuüvwxyzłøåçABCDEÉMÖÜŠŽабвгдежзийклмнопрстуфхцчшщъыьэюяіїєґёАБЁЙЇЄ")
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=4)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(words=WORDS, data=st.data())
def test_writing_does_not_count(words, data):
    name = " ".join(words)
    written = data.draw(
        st.sampled_from(
            [
                " ".join(reversed(words)),
                name.upper(),
                name.lower(),
                unicodedata.normalize("NFD", name),
                unicodedata.normalize("NFC", name),
                f"  {',  '.join(words)} ",
                "\u00a0".join(words),
                "-".join(words),
                name.replace("é", "e").replace("ü", "u").replace("Š", "S").replace("ё", "е"),
            ]
        )
    )
    assert normalised(written) == normalised(name)


@settings(max_examples=500, derandomize=True, deadline=None)
@given(text=st.text(max_size=30))
def test_any_text_can_be_taken_apart(text):
    words = Name.of(text).words
    assert all(words)
    assert normalised(unicodedata.normalize("NFD", text)) == normalised(unicodedata.normalize("NFC", text))


_PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        """Иванов Anna-Maria ООО «Ромашка» GmbH & Co. KG А.В. S.A. O'Brien д’Арк дʼАрк г г. г-н Herr und и y i e та +
        (haftungsbeschränkt) (бывш. [x] c/o кв. 12 Straße ИCАЕВ 123456 No.7 \u0301а e\u0301 \u200b S. r. l.
        Иван Maria""".split()
    ),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.lists(_PIECES, max_size=6), st.sampled_from([None, False, True])), max_size=6))
def test_many_names_are_read_as_each_alone(names):
    reader = NameReader()
    for pieces, company in [*names, *names]:
        text = " ".join(pieces)
        assert reader.read(text, company) == Name.of(text, company)
