"""Bytes → text, and a word about what is no text at all."""

from django.utils.translation import gettext as _

from finance.exceptions import UnreadableFile

EXCHANGE = "1CClientBankExchange"
ARCHIVE = b"PK\x03\x04"


def refuse_foreign(content: bytes) -> None:
    """Files that people bring and that hold no table: which one the bank has instead."""
    if not content.strip():
        raise UnreadableFile(_("Файл пуст."))
    if content.startswith(b"%PDF"):
        raise UnreadableFile(_("Это PDF. Возьмите в банке выписку в CSV или Excel (XLSX)."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(_("Это старый Excel (XLS). Сохраните его как XLSX или CSV."))


def text_of(content: bytes) -> str:
    """UTF-8 where it is strictly that, which text in cp1251 practically never is; 1C says itself what it is in."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return decoded(content, "utf-16")
    if is_utf8(content):
        return decoded(content, "utf-8-sig")
    if content.lstrip().startswith(EXCHANGE.encode()) and "Кодировка=DOS".encode("cp866") in content:
        return decoded(content, "cp866")
    return decoded(content, "cp1251")


def is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def decoded(content: bytes, encoding: str) -> str:
    # A byte that is no letter spoils its own row only.
    text = content.decode(encoding, errors="replace")
    if "\0" in text:
        raise UnreadableFile(_("Это не текстовый файл. Нужна выписка в CSV, XLSX или обмен с 1С."))
    return text
