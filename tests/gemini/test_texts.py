import pytest

from gemini.exceptions import InvalidMessage
from gemini.texts import clean_message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "message_blank"),
        (" \n\t\u00a0", "message_blank"),
        ("я" * 32_001, "message_too_long"),
        ("нуль\0", "message_unreadable"),
        ("половина \ud83d", "message_unreadable"),
    ],
)
def test_what_no_message_may_hold_is_refused_with_its_reason(text, code):
    with pytest.raises(InvalidMessage) as refused:
        clean_message(text)
    assert refused.value.code == code
    assert refused.value.message


def test_the_longest_message_and_white_space_around_text_are_kept():
    assert clean_message("я" * 32_000) == "я" * 32_000
    assert clean_message("  отступ\n") == "  отступ\n"


def test_line_ends_are_made_one_kind():
    assert clean_message("a\r\nb\rc") == "a\nb\nc"
