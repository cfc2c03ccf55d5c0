"""Customers, queries and results as files of an administrator."""

from __future__ import annotations

from uuid import UUID

import pytest

from adapter.errors import ConfigurationError
from adapter.matching.asked import Asked
from adapter.matching.files import CustomersFile, Query, id_of, read_queries, results
from adapter.model.catalog import Evidence, Kind

HEADINGS = "customer_id,kind,name,full_name,email,phone,postal_code,city,country,vat_id\n"
ASKING = "query_id,buyer_name,recipient_name,company_name,email,phone,postal_code,city,country,vat_id\n"


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(encoding))
    return path


def read(path):
    return list(CustomersFile(path).customers())


def test_customers(tmp_path):
    path = write(
        tmp_path,
        HEADINGS
        + 'A 1,person,"Müller, Hans",,h@x.de,+49 30 1,10115,Berlin,DE,\n'
        + "42,COMPANY,ООО Ромашка,Общество «Ромашка»,,,,,RU,7707083893\n"
        + "\n"
        + "c,,Unknown,,,,,,,\n",
    )
    file = CustomersFile(path)
    first, second, third = file.customers()
    assert [id_of(each) for each in (first, second, third)] == ["A 1", "42", "c"]
    assert (first.name, first.kind) == ("Müller, Hans", Kind.PERSON)
    assert first.evidence == Evidence(("h@x.de",), ("+49 30 1",), (), ("10115",), "Berlin", "DE")
    assert (second.full_name, second.kind) == ("Общество «Ромашка»", Kind.COMPANY)
    assert second.evidence.tax_ids == ("7707083893",)
    assert (third.kind, third.evidence) == (Kind.UNKNOWN, Evidence())
    assert file.with_evidence == 2


def test_a_customer_has_the_same_key_in_every_file(tmp_path):
    one = read(write(tmp_path, HEADINGS + "x,,A B,,,,,,,\ny,,C D,,,,,,,\n"))
    other = read(write(tmp_path, "name;customer_id\nC D;y\n"))
    assert one[1].ref_key == other[0].ref_key != one[0].ref_key
    assert isinstance(one[0].ref_key, UUID)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_are_found_by_name(tmp_path, encoding, separator):
    text = (
        separator.join(("Note", "name", "CUSTOMER_ID")) + "\r\n" + separator.join(("n", "Anna Ivanova", "7")) + "\r\n"
    )
    (customer,) = read(write(tmp_path, text, encoding))
    assert (id_of(customer), customer.name) == ("7", "Anna Ivanova")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEADINGS + "a,,A,,,,,,,\n,,B,,,,,,,\n", 3, "customer_id is empty"),
        (HEADINGS + "a,,A,,,,,,,\nb,,B,,,,,,,\na,,C,,,,,,,\n", 4, 'customer_id "a" is that of line 2, too'),
        (HEADINGS + "a,firm,A,,,,,,,\n", 2, 'kind is "firm"; it is person, company or empty'),
        (HEADINGS + "a,,A,,,,,\n", 2, "8 cells, but 10 headings"),
        (HEADINGS + "a,,Müller, Hans,,,,,,,\n", 2, "11 cells, but 10 headings"),
        (HEADINGS + "a,,A,,,4.9151E+12,,,,\n", 2, "phone is 4.9151E+12: the spreadsheet has made a number of it"),
        (HEADINGS + 'a,,"A,,,,,,,\n', 2, "this line cannot be read"),
        ("id,name\n1,A\n", 1, 'the column "customer_id" is missing'),
        ("customer_id,name,name\n1,A,B\n", 1, 'the column "name" stands here twice'),
        ("", 1, 'the column "customer_id" is missing'),
    ],
)
def test_what_is_wrong_has_its_line(tmp_path, text, line, says):
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        read(path)
    assert caught.value.problems[0].startswith(f"{path}:{line}: {says}")


def test_what_is_not_utf_8_has_its_line(tmp_path):
    path = write(tmp_path, HEADINGS + "a,,A,,,,,,,\nb,,Петров,,,,,,,\n", "cp1251")
    with pytest.raises(ConfigurationError, match=r"file\.csv:3: not UTF-8"):
        read(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigurationError, match=r"nowhere\.csv: cannot be read: No such file"):
        read(tmp_path / "nowhere.csv")


def test_a_person_starts_with_ten_problems(tmp_path):
    path = write(tmp_path, HEADINGS + ",,A,,,,,,,\n" * 50)
    with pytest.raises(ConfigurationError) as caught:
        read(path)
    assert len(caught.value.problems) == 10


def test_queries_keep_their_order(tmp_path):
    path = write(tmp_path, ASKING + "z,Anna,Anna K,,a@x,,10115,,DE,\nb,,,ACME Ltd,,,,,,DE1\n")
    assert read_queries(path) == [
        Query("z", Asked("Anna", "Anna K", "", Evidence(("a@x",), (), (), ("10115",), "", "DE"))),
        Query("b", Asked("", "", "ACME Ltd", Evidence(tax_ids=("DE1",)))),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ASKING + "a,A,,,,,,,,\na,B,,,,,,,,\n", ':3: query_id "a" stands here a second time'),
        (ASKING + ",A,,,,,,,,\n", ":2: query_id is empty"),
        ("query_id,email\n1,x\n", ":1: there is no column with names"),
    ],
)
def test_queries_that_cannot_be_taken(tmp_path, text, says):
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        read_queries(path)
    assert f"{path}{says}" in str(caught.value)


def _interrupted(path):
    with results(path) as write_row:
        write_row(("1", "none", "", ""))
        raise KeyboardInterrupt


def test_results_appear_whole_or_not_at_all(tmp_path):
    path = tmp_path / "results.csv"
    path.write_text("kept")
    with pytest.raises(KeyboardInterrupt):
        _interrupted(path)
    assert path.read_text() == "kept"
    with results(path) as write_row:
        write_row(("1", "accept", "a,b", "a,b"))
    assert path.read_bytes().decode() == 'query_id,decision,customer_id,candidates\r\n1,accept,"a,b","a,b"\r\n'
    assert list(tmp_path.iterdir()) == [path]


def test_results_that_cannot_be_written(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be written"), results(tmp_path / "no" / "results.csv"):
        pass
