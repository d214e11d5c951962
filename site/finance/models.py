from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.querysets import ImportBatchQuerySet, RecordQuerySet, TransactionQuerySet

CURRENCY = RegexValidator(r"\A[A-Z]{3}\Z", _("Код валюты — три латинские буквы: BYN, RUB, USD."))


class ImportBatch(models.Model):
    """A file that was brought. Until it is confirmed what was read in it waits here, not among the user's records."""

    class Kind(models.TextChoices):
        TRANSACTIONS = "transactions", _("операции")
        SALARIES = "salaries", _("зарплаты")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="finance_imports")
    file_name = models.CharField(max_length=200)
    layout = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.TRANSACTIONS)
    created_at = models.DateTimeField(auto_now_add=True)
    stored_at = models.DateTimeField(null=True, blank=True)
    # What was read: rows, problems and rows left out, as `statements` makes them; rows go when they are stored.
    rows = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    # The cells of a file whose columns the user has to name first; empty otherwise.
    cells = models.JSONField(default=list)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("импорт")
        verbose_name_plural = _("импорты")
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=["user", "-created_at"], name="import_of_user_newest"),)

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("finance:import", args=[self.pk])

    @property
    def needs_columns(self) -> bool:
        return bool(self.cells)


class Record(models.Model):
    """What transactions and salaries have in common. `fingerprint` tells a row of a file that comes again."""

    date = models.DateField(_("дата"))
    amount = models.DecimalField(_("сумма"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("валюта"), max_length=3, default="BYN", validators=[CURRENCY])
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Transaction(Record):
    """Money that came (`amount` above zero) or went (below)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="finance_transactions")
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="transactions"
    )
    category = models.CharField(_("категория"), max_length=100, blank=True)
    counterparty = models.CharField(_("кому или от кого"), max_length=200, blank=True)
    description = models.CharField(_("описание"), max_length=500, blank=True)
    account = models.CharField(_("счёт"), max_length=100, blank=True)
    is_transfer = models.BooleanField(_("перевод между своими счетами"), default=False)

    objects = TransactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("операция")
        verbose_name_plural = _("операции")
        ordering = ("-date", "-id")
        indexes = (models.Index(fields=["user", "-date", "-id"], name="transaction_of_user_newest"),)
        constraints = (
            models.UniqueConstraint(
                fields=["user", "fingerprint"], condition=~models.Q(fingerprint=""), name="transaction_imported_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.amount} {self.currency}"

    def get_absolute_url(self) -> str:
        return reverse("finance:transaction", args=[self.pk])

    @property
    def purpose(self) -> str:
        return self.description or self.counterparty


class Salary(Record):
    """A payment from an employer, before or after tax as it was entered: no tax is ever worked out here."""

    class Kind(models.TextChoices):
        SALARY = "salary", _("зарплата")
        ADVANCE = "advance", _("аванс")
        BONUS = "bonus", _("премия")
        VACATION = "vacation", _("отпускные")
        OTHER = "other", _("другое")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="finance_salaries")
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="salaries"
    )
    # The first day of the month that it is paid for.
    period = models.DateField(_("за месяц"))
    kind = models.CharField(_("вид"), max_length=10, choices=Kind, default=Kind.SALARY)
    is_gross = models.BooleanField(_("до налогов"), default=False)
    employer = models.CharField(_("работодатель"), max_length=200, blank=True)
    note = models.CharField(_("комментарий"), max_length=500, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("зарплата")
        verbose_name_plural = _("зарплаты")
        ordering = ("-date", "-id")
        indexes = (models.Index(fields=["user", "-date", "-id"], name="salary_of_user_newest"),)
        constraints = (
            models.UniqueConstraint(
                fields=["user", "fingerprint"], condition=~models.Q(fingerprint=""), name="salary_imported_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=Decimal(0)), name="salary_is_positive"),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.amount} {self.currency}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.period = (self.period or self.date).replace(day=1)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("finance:salary", args=[self.pk])
