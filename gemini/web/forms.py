import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gemini import texts
from gemini.exceptions import InvalidMessage, InvalidRequest
from gemini.models import ChatSession
from gemini.sources import ContextBlock
from gemini.web.attached import as_text, read, readable


def fresh_key() -> str:
    """An `Idempotency-Key` for what a page is about to send."""
    return uuid.uuid4().hex


def put_caret(form: forms.BaseForm) -> None:
    """Where a form begins, or, in one that was refused, at the first field that is wrong.

    htmx gives the focus to what has `autofocus` when an answer has settled, also when the reader is already elsewhere.
    """
    for name in [*(name for name in form.fields if name in form.errors), *form.fields][:1]:
        form.fields[name].widget.attrs["autofocus"] = True


class MessageForm(forms.Form):
    content = forms.CharField(
        label=_("Сообщение"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": _("Сообщение…"), "autofocus": True}),
        error_messages={"required": _("Сообщение не может быть пустым")},
    )
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)
    context = forms.Field(widget=forms.MultipleHiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"idempotency_key": fresh_key()})
        super().__init__(*args, **kwargs)
        # Django's own refusal of a NUL would come first, in other words than `clean_message` has for it.
        self.fields["content"].validators.clear()

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been typed into it, asked of it or attached to it yet."""
        return not (self.is_bound or self.initial.get("content") or self.initial.get("context"))

    @property
    def attached(self) -> list[ContextBlock]:
        """The data that goes with the message, as far as it makes sense."""
        return readable(self["context"].value() or ())

    def clean_context(self) -> list[ContextBlock]:
        try:
            return read(self.cleaned_data["context"] or ())
        except InvalidRequest as error:
            # Said where the reader looks: the field itself is hidden.
            self.add_error("content", error.message)
            return []

    def clean_content(self) -> str:
        try:
            return texts.clean_message(self.cleaned_data["content"])
        except InvalidMessage as error:
            raise forms.ValidationError(error.message) from error

    @property
    def sent_as(self) -> str:
        """The key with the text and its data: the browser's Back restores an old key under a new text."""
        key, context = self.cleaned_data["idempotency_key"], self.cleaned_data["context"]
        with_data = " ".join(map(as_text, context))
        return f"{key} {self.cleaned_data['content']} {with_data}".rstrip() if key else ""


class TitleForm(forms.ModelForm):
    class Meta:
        model = ChatSession
        fields = ("title",)

    def save(self, commit: bool = True) -> ChatSession:
        self.instance.title_origin = ChatSession.TitleOrigin.HAND
        return super().save(commit)
