"""What the interface refuses, and the bodies it does so with.

Codes: 1C:Enterprise developer guide 17.4.10. HTTP statuses: measured on live infobases where known (400 for 1, 6, 14
and 15; 404 for 8 and 9; 401 for 20; 405 for 19; 500 for -1; 501 for $batch), inferred for the rest. Texts are those
of the Russian platform.
"""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

METADATA_NAMESPACE = "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"


class ODataError(Exception):
    """A refusal with an OData body; nothing is stored.

    Attributes:
        status: HTTP status.
        code: of the guide's table, -1 to 21.
    """

    def __init__(self, status: int, code: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text


class UnknownFilterProperty(ODataError):
    """`$filter` names a property that is not there; what follows differs between infobases."""

    def __init__(self, name: str) -> None:
        super().__init__(400, 14, "Ошибка при разборе опции запроса $filter")
        self.name = name


def json_body(code: int, text: str) -> bytes:
    """The body in JSON: the key has a dot, and the code is a string."""
    error = {"odata.error": {"code": str(code), "message": {"lang": "ru", "value": text}}}
    return json.dumps(error, ensure_ascii=False).encode()


def atom_body(code: int, text: str) -> bytes:
    """The body in XML."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<m:error xmlns:m="{METADATA_NAMESPACE}"><m:code>{code}</m:code>'
        f'<m:message xml:lang="ru">{escape(text)}</m:message></m:error>'
    ).encode()


def batch_body() -> bytes:
    """The answer to `$batch`, XML whatever was asked for (measured live)."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<error xmlns="{METADATA_NAMESPACE}"><code>0</code>'
        '<message xml:lang="ru">Произошла ошибка сервиса</message></error>'
    ).encode()


def refused(text: str) -> ODataError:
    """An exception inside 1C: a handler, a check, the DBMS."""
    return ODataError(500, -1, text)


def internal() -> ODataError:
    """The service itself stumbled, as over rows without LineNumber."""
    return refused(
        "Произошла внутренняя ошибка OData сервиса. Дополнительные сведения можно найти в технологическом журнале."
    )


def broken_json() -> ODataError:
    """The body is not JSON."""
    return refused("Непредвиденный символ при чтении JSON")


def not_supported(name: str) -> ODataError:
    """An unknown query option; 501 is inferred from the same text for unknown parameters of functions."""
    return ODataError(501, 0, f"Параметр {name} не поддерживается")


def bad_literal(text: str, edm: str) -> ODataError:
    """A guid or boolean that cannot be read; the text is echoed."""
    return ODataError(400, 1, f"Не удалось разобрать строку '{text}' как значение типа {edm}!")


def bad_request(text: str) -> ODataError:
    """A body of another form than the interface takes."""
    return ODataError(400, 2, text)


def representation(text: str, status: int = 406) -> ODataError:
    """A format that is not served (406) or not taken (415)."""
    return ODataError(status, 3, f"Тип представления {text} не поддерживается")


def bad_value(name: str, text: str) -> ODataError:
    """A value that the property cannot take."""
    return ODataError(400, 4, f"Недопустимое значение '{text}' свойства {name}")


def value_missing(name: str) -> ODataError:
    """PUT wants all properties."""
    return ODataError(400, 5, f"Не задано значение обязательного свойства {name}")


def segment_not_found(name: str) -> ODataError:
    """A path, $select or $orderby that leads nowhere; the name is echoed."""
    return ODataError(400, 6, f"Сегмент пути {name} не найден!")


def method_not_found() -> ODataError:
    """A function that the set does not have."""
    return ODataError(400, 6, "Метод не найден")


def key_missing(name: str) -> ODataError:
    """A key without one of its parts."""
    return ODataError(400, 7, f"Не указан элемент ключа {name}")


def set_not_found(name: str) -> ODataError:
    """Not published, or no such set: the answer is the same."""
    return ODataError(404, 8, f'Сущность "{name}" не найдена')


def instance_not_found(entity: str) -> ODataError:
    """Nothing has this key."""
    return ODataError(404, 9, f'Экземпляр сущности "{entity}" не найден по переданному ключу.')


def rows_not_addressable() -> ODataError:
    """Writing to a set of rows; the status is not recorded anywhere."""
    return ODataError(400, 13, "Cоздание строк табличной части напрямую не поддерживается")


def bad_option(name: str) -> ODataError:
    """A query option that cannot be parsed."""
    return ODataError(400, 14, f"Ошибка при разборе опции запроса {name}")


def record_exists() -> ODataError:
    """A key that is taken."""
    return ODataError(400, 15, "Сущность с таким ключом: запись с такими значениями уже существует")


def not_unique() -> ODataError:
    """A taken key as the DBMS's unique index reports it."""
    return refused("Ошибка при выполнении операции: нарушено условие уникальности")


def method_not_allowed(method: str) -> ODataError:
    """A verb that is not served here."""
    return ODataError(405, 19, f"Метод {method} не поддерживается для данного ресурса")


def no_right(name: str) -> ODataError:
    """The role lacks a right: 401 with a body, unlike a wrong password."""
    return ODataError(401, 20, f"Недостаточно прав доступа: {name}")


def stale_version() -> ODataError:
    """`If-Match` does not fit, where the header is obeyed (developer guide 17.4.13.1.5)."""
    return ODataError(412, -1, "Версия данных объекта не совпадает с переданной в заголовке If-Match")


def cannot_compare() -> ODataError:
    """Comparing or ordering unlimited strings or values of different types."""
    return refused(
        "Неверные параметры в операции сравнения. Нельзя сравнивать поля неограниченной длины и поля "
        "несовместимых типов."
    )
