"""What the configuration's own code does on a write: sums, closed periods, posting.

Real configurations check far more; here stand the kinds of refusal that a client has to cope with.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from adapter.simulators.onec import errors
from adapter.simulators.onec.modes import Modes
from adapter.simulators.onec.schema import EntityType, Section
from adapter.simulators.onec.values import Row, as_number, is_filled


def recalculate(entity: EntityType, row: Row) -> None:
    """Set the document's sum from its rows, in place, as the order modules of УТ, УНФ and БП do before writing."""
    rule = entity.model.recalculate
    if rule is None:
        return
    on_top = rule.on_top if rule.included_flag and not row[rule.included_flag] else ()
    total = sum(
        (
            Decimal(str(line[column]))
            for section in rule.rows
            for line in row[section]
            for column in (*rule.columns, *on_top)
            if column in line
        ),
        Decimal(0),
    )
    row[rule.total] = as_number(total)


def check_period(entity: EntityType, modes: Modes, *versions: Row | None) -> None:
    """Refuse a document that lies, or comes to lie, in a closed period.

    Raises:
        ODataError: 500 -1 with the text of the mode.
    """
    if modes.closed_before is None or entity.role != "document":
        return
    for row in versions:
        if row is not None and date.fromisoformat(row["Date"][:10]) < modes.closed_before:
            raise errors.refused(modes.closed_text)


def check_posting(entity: EntityType, row: Row) -> None:
    """What posting demands: no deletion mark, and everything mandatory filled, in the header and in every row.

    Raises:
        ODataError: 500 -1 with one line for every empty place.
    """
    if not entity.model.posting:
        raise errors.refused(f"Документ {entity.model.name} не проводится")
    if row["DeletionMark"]:
        raise errors.refused("Нельзя провести документ, помеченный на удаление")
    if problems := unfilled(entity, row):
        raise errors.refused("\n".join(problems))


def unfilled(entity: EntityType, row: Row) -> list[str]:
    """Texts about mandatory places that are empty."""
    demands = entity.model.posting_demands
    problems = [
        f'Поле "{attribute.title}" не заполнено'
        for attribute in entity.attributes
        if (attribute.fill_check if demands is None else attribute.name in demands) and not is_filled(attribute, row)
    ]
    for section in entity.sections:
        demanded = section.fill_check if demands is None else section.name in demands
        if demanded and not row[section.name]:
            problems.append(f'Не введено ни одной строки в список "{section.name}"')
        problems += _unfilled_rows(section, row[section.name], demands)
    return problems


def _unfilled_rows(section: Section, rows: list[Row], demands: tuple[str, ...] | None) -> list[str]:
    columns = [
        attribute
        for attribute in section.rows.attributes
        if (attribute.fill_check if demands is None else f"{section.name}/{attribute.name}" in demands)
    ]
    return [
        f'Не заполнена колонка "{column.title}" в строке {row["LineNumber"]} списка "{section.name}"'
        for row in rows
        for column in columns
        if not is_filled(column, row)
    ]
