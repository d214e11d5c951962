from django.utils.html import format_html
from django.utils.safestring import SafeString


def activity_line(words: str) -> SafeString:
    """What is being done for a reply that is not written further meanwhile; empty for no words."""
    return format_html('<p class="message__activity" role="status">{}</p>', words) if words else SafeString("")
