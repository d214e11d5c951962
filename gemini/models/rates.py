from django.db import models
from django.utils.translation import gettext_lazy as _


class NbrbRate(models.Model):
    """An official rate of one day, kept for ever: `rate` BYN for `scale` units of the currency."""

    # Where it comes from: what a stand-in on loopback made up must never pass for the real one.
    origin = models.CharField(max_length=200)
    date = models.DateField(_("дата"))
    currency = models.CharField(_("валюта"), max_length=3)
    scale = models.PositiveIntegerField(_("за единиц"))
    rate = models.DecimalField(_("курс"), max_digits=20, decimal_places=8)
    name = models.CharField(_("название"), max_length=100, blank=True)
    # Whether it came with the whole list of its day, so that what is missing there has no rate.
    listed = models.BooleanField(default=False)
    fetched_at = models.DateTimeField()

    class Meta:
        verbose_name = _("курс НБРБ")
        verbose_name_plural = _("курсы НБРБ")
        ordering = ("date", "currency")
        constraints = (models.UniqueConstraint(fields=["origin", "currency", "date"], name="one_nbrb_rate_of_a_day"),)
        indexes = (models.Index(fields=["origin", "date"], name="nbrb_rates_of_day"),)

    def __str__(self) -> str:
        return f"{self.scale} {self.currency} {self.date}"
