"""A schema as text: what comes back is what was kept, and what is not whole is not taken."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.model.schema import EntitySet, Property, Schema
from adapter.onec.schema_cache import Changes, compare, decode_schema, digest_of, encode_schema

names = st.text(min_size=1, max_size=8)
types = st.sampled_from(
    ["Edm.String", "Edm.Guid", "Edm.Double", "StandardODATA.X", "Collection(Edm.String)", "Edm", ""]
)
targets = st.none() | names


@st.composite
def properties(draw):
    return {name: Property(name, draw(types), draw(targets)) for name in draw(st.lists(names, max_size=4, unique=True))}


@st.composite
def schemas(draw):
    sets = {
        name: EntitySet(
            name,
            tuple(draw(st.lists(names, max_size=2))),
            draw(properties()),
            draw(st.dictionaries(names, properties(), max_size=2)),
            frozenset(draw(st.lists(names, max_size=2))),
        )
        for name in draw(st.lists(names, max_size=4, unique=True))
    }
    return Schema(sets, draw(st.dictionaries(names, st.lists(names, max_size=3).map(tuple), max_size=2)))


@given(schemas())
def test_comes_back_whole(schema):
    kept = decode_schema(encode_schema(schema, "digest"))
    assert kept is not None
    assert kept.digest == "digest"
    assert kept.schema == schema
    assert list(kept.schema.entity_sets) == list(schema.entity_sets)
    assert encode_schema(kept.schema, "digest") == encode_schema(schema, "digest")
    assert compare(kept.schema, schema) == Changes()


def test_a_set_that_is_not_there(schema):
    kept = decode_schema(encode_schema(schema, ""))
    assert kept is not None
    assert "Catalog_None" not in kept.schema.entity_sets
    assert kept.schema.entity_sets.get("Catalog_None") is None
    assert kept.schema.entity_sets["Catalog_Buyers"] is kept.schema.entity_sets["Catalog_Buyers"]


def test_what_has_changed(schema):
    buyers = schema.entity_sets["Catalog_Buyers"]
    more = {**buyers.properties, "New": Property("New", "Edm.String")}
    sets = {**schema.entity_sets, "Catalog_New": buyers, "Catalog_Buyers": replace(buyers, properties=more)}
    del sets["Document_Order_Lines"]
    kept = decode_schema(encode_schema(schema, ""))
    assert kept is not None
    found = compare(kept.schema, Schema(sets))
    assert found == Changes(added=1, removed=1, changed=1)
    assert str(found) == "1 entity sets added, 1 removed, 1 changed"


def _without_a_line(text):
    return text.rpartition("\n")[0]


def _other_format(text):
    head, rest = text.split("\n", 1)
    return json.dumps({**json.loads(head), "format": 999}) + "\n" + rest


@pytest.mark.parametrize(
    "spoil",
    [
        _without_a_line,
        _other_format,
        lambda _: "",
        lambda _: "<edmx/>",
        lambda _: "1\n2\n3",
        lambda text: text + "\n{}",
    ],
    ids=["a line is missing", "other format", "empty", "XML", "numbers", "a line too many"],
)
def test_what_cannot_be_used(schema, spoil):
    assert decode_schema(spoil(encode_schema(schema, ""))) is None


def test_digest():
    assert digest_of(b"a") == digest_of(b"a") != digest_of(b"b")
