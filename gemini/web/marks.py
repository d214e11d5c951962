"""What stands in HTML that is kept for what each page has of its own, and has to be put in its place to be shown.

No text can hold a mark: but for the number they are made anew with each process, and nobody has a row of that number.
"""

from html import escape

from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from gemini.addresses import SAMPLE
from gemini.web.forms import fresh_key

# For the keys of acts that have not happened yet.
FRESH_KEY = f"fresh-key-{fresh_key()}"
CSRF_TOKEN = f"csrf-token-{fresh_key()}"
# For a row's, in addresses, ids and forms.
NUMBER = SAMPLE


def shown_in(context: Context, html: str, *, number: int | None, key: str = "") -> SafeString:
    """With this page's token, and the number and the key given, in the place of their marks.

    Escaped as the template would: a form without JavaScript brings its key back, and it may be anything. It comes last.
    """
    if number is not None:
        html = html.replace(str(NUMBER), str(number))
    html = html.replace(CSRF_TOKEN, escape(str(context.get("csrf_token", "")))).replace(FRESH_KEY, escape(key))
    return mark_safe(html)  # nosec B308 # was drawn, and what is put into it is escaped
