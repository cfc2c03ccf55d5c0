"""A parsed `$filter` made into a function over rows of one entity type.

Types are checked once, before any row is looked at, because 1C refuses a comparison of wrong types even when there
is no data. A missing value (an empty reference on a path) makes a condition neither true nor false, as in SQL.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapter.simulators.onec import errors, filter_functions
from adapter.simulators.onec.filter_parser import (
    Binary,
    Call,
    Expression,
    Lambda,
    Literal,
    Path,
    Unary,
)
from adapter.simulators.onec.filter_terms import (
    COMPARISONS,
    PRIMITIVES,
    Kind,
    Scope,
    Term,
    applied,
    calculate,
    cast_primitive,
    compare,
    connect,
    get,
    invert,
    is_of,
    lift,
    negate,
    property_term,
)
from adapter.simulators.onec.schema import NAMESPACE, EntityType, Schema
from adapter.simulators.onec.values import Row

Lookup = Callable[[str, str], Row | None]
"""Entity set and `Ref_Key` -> row."""


def compile_filter(expression: Expression, entity: EntityType, schema: Schema, lookup: Lookup) -> Callable[[Row], bool]:
    """A function telling whether a row passes.

    Raises:
        ODataError: the filter compares what cannot be compared, or names what is not there.
    """
    term = _Compiler(schema, lookup, {"": entity}).term(expression)
    if term.kind != "boolean":
        raise errors.bad_option("$filter")
    return lambda row: term.value({"": row}) is True


@dataclass(frozen=True, slots=True)
class _Compiler:
    """Compiles with the types of the variables in sight."""

    schema: Schema
    lookup: Lookup
    scope: Mapping[str, EntityType]

    def term(self, expression: Expression) -> Term:
        match expression:
            case Literal(kind, value):
                return Term(kind, lambda _: value)
            case Path():
                return self._path(expression)
            case Unary("not", operand):
                term = self._boolean(operand)
                return Term("boolean", lambda scope: invert(term.value(scope)))
            case Unary(_, operand):
                return negate(self._of_kind(operand, "number"))
            case Binary("and" | "or" as word, left, right):
                return connect(word, self._boolean(left), self._boolean(right))
            case Binary(word, left, right) if word in COMPARISONS:
                return compare(word, self.term(left), self.term(right))
            case Binary(word, left, right):
                return calculate(word, self._of_kind(left, "number"), self._of_kind(right, "number"))
            case Lambda():
                return self._lambda(expression)
            case Call():
                return self._call(expression)

    def _boolean(self, expression: Expression) -> Term:
        term = self.term(expression)
        if term.kind != "boolean":
            raise errors.bad_option("$filter")
        return term

    def _of_kind(self, expression: Expression, *kinds: Kind) -> Term:
        term = self.term(expression)
        if term.kind not in kinds:
            raise errors.cannot_compare()
        return term

    # Paths

    def _path(self, path: Path) -> Term:
        entity, find = self._walk(path)
        name = path.names[-1]
        if name in entity.by_type_name:
            return Term("string", lambda scope: get(find(scope), name))
        if name not in entity.by_name:
            raise errors.UnknownFilterProperty(name)
        return property_term(entity.by_name[name], find)

    def _walk(self, path: Path) -> tuple[EntityType, Callable[[Scope], Row | None]]:
        """The type and the finder of the row that the last name of a path belongs to."""
        names = path.names
        if path.root is not None:
            entity, find = self._through_cast(path.root)
        elif names[0] in self.scope and len(names) > 1:
            variable, names = names[0], names[1:]
            entity, find = self.scope[variable], lambda scope: scope[variable]
        else:
            entity, find = self.scope[""], lambda scope: scope[""]
        for name in names[:-1]:
            entity, find = self._step(entity, find, name)
        return entity, find

    def _step(
        self, entity: EntityType, find: Callable[[Scope], Row | None], name: str
    ) -> tuple[EntityType, Callable[[Scope], Row | None]]:
        attribute = entity.by_navigation.get(name)
        target = self.schema.target(attribute) if attribute else None
        if attribute is None or target is None:
            raise errors.UnknownFilterProperty(name)
        key, set_name = attribute.name, target.name
        return target, lambda scope: _follow(self.lookup, set_name, get(find(scope), key))

    def _through_cast(self, root: Expression) -> tuple[EntityType, Callable[[Scope], Row | None]]:
        """`cast(A, 'Document_X')/…`: the row that a reference of that type leads to."""
        if not (isinstance(root, Call) and root.name == "cast"):
            raise errors.bad_option("$filter")
        set_name = _type_name(root.arguments[1])
        target = self.schema.types.get(set_name)
        if target is None or not target.has_ref:
            raise errors.bad_option("$filter")
        term = self._call(root)

        def find(scope: Scope) -> Row | None:
            value = term.value(scope)
            return _follow(self.lookup, set_name, value[1]) if value is not None else None

        return target, find

    def _lambda(self, expression: Lambda) -> Term:
        entity, find = self._walk(expression.path)
        name = expression.path.names[-1] if expression.path.names else ""
        section = entity.section_by_name.get(name)
        if section is None:
            raise errors.UnknownFilterProperty(name)

        def rows(scope: Scope) -> list[Row]:
            return get(find(scope), name) or []

        if expression.body is None:
            return Term("boolean", lambda scope: bool(rows(scope)))
        variable, test = expression.variable, any if expression.quantifier == "any" else all
        inner = _Compiler(self.schema, self.lookup, {**self.scope, variable: section.rows})
        body = inner._boolean(expression.body)
        return Term("boolean", lambda scope: test(body.value({**scope, variable: row}) is True for row in rows(scope)))

    # Functions

    def _call(self, call: Call) -> Term:
        match call.name:
            case "substringof" | "startswith" | "endswith" | "like":
                return self._string_test(call)
            case "concat" | "substring":
                return self._string_made(call)
            case "cast" | "isof":
                return self._typed(call)
            case "round":
                return applied("number", filter_functions.rounded, self._all(call, "number"))
            case "dateadd" | "datedifference":
                return self._date_arithmetic(call)
        (moment,) = self._all(call, "datetime")
        return Term("number", lift(lambda value: filter_functions.date_part(call.name, value), [moment]))

    def _all(self, call: Call, *kinds: Kind) -> list[Term]:
        return [self._of_kind(argument, *kinds) for argument in call.arguments]

    def _string_test(self, call: Call) -> Term:
        functions: Mapping[str, Callable[[str, str], bool]] = {
            "substringof": filter_functions.contains,
            "startswith": filter_functions.starts_with,
            "endswith": filter_functions.ends_with,
            "like": filter_functions.matches,
        }
        return applied("boolean", functions[call.name], self._all(call, "string", "unlimited"))

    def _string_made(self, call: Call) -> Term:
        if call.name == "concat":
            return applied("string", operator.add, self._all(call, "string", "unlimited"))
        text = self._of_kind(call.arguments[0], "string", "unlimited")
        numbers = [self._of_kind(argument, "number") for argument in call.arguments[1:]]
        return applied("string", filter_functions.substring, [text, *numbers])

    def _date_arithmetic(self, call: Call) -> Term:
        place = 1 if call.name == "dateadd" else 2
        unit = _type_name(call.arguments[place])
        if unit not in filter_functions.UNITS:
            raise errors.bad_option("$filter")
        moment = self._of_kind(call.arguments[0], "datetime")
        if call.name == "dateadd":
            count = self._of_kind(call.arguments[2], "number")
            return applied("datetime", lambda day, n: filter_functions.date_add(day, unit, n), [moment, count])
        other = self._of_kind(call.arguments[1], "datetime")
        return applied("number", lambda one, two: filter_functions.date_difference(one, two, unit), [moment, other])

    def _typed(self, call: Call) -> Term:
        """`cast` and `isof`; types are written without a namespace: 'Catalog_X', 'String', 'Number'."""
        term, name = self.term(call.arguments[0]), _type_name(call.arguments[1])
        if name not in PRIMITIVES and name not in self.schema.types:
            raise errors.bad_option("$filter")
        if call.name == "isof":
            return Term("boolean", lift(lambda value: is_of(term, value, name), [term]))
        if name in PRIMITIVES:
            return Term(PRIMITIVES[name], lift(lambda value: cast_primitive(term, value, name), [term]))
        full = f"{NAMESPACE}.{name}"
        match term.kind:
            case "guid":
                return Term("composite", lift(lambda value: (full, value), [term]))
            case "composite":
                return Term("composite", lift(lambda value: value if value[0] == full else None, [term]))
        raise errors.cannot_compare()


def _follow(lookup: Lookup, set_name: str, key: str | None) -> Row | None:
    return lookup(set_name, key) if key else None


def _type_name(expression: Expression) -> str:
    if not isinstance(expression, Literal) or not isinstance(expression.value, str):
        raise errors.bad_option("$filter")
    return expression.value
