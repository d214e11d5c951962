"""The prices that Google publishes for the paid tier, as a beginning: the operator keeps them (`/admin/`).

Read on 2026-11-24 in transcripts of https://ai.google.dev/gemini-api/docs/pricing that were made between 2026-07-04
and 2026-10-07. Standard rates in US dollars for a million tokens of text, prompts up to 200,000 tokens; output includes
thinking. Until 2026-12-31 Google asks half of it for gemini-3.6-flash to gemini-3.8-flash: what is shown for these is
at most too much by then, where the promotional price would be half of the truth ever after.

The `-latest` names are aliases that Google moves: they cost what the newest model of their kind does.
"""

from decimal import Decimal

from django.db import migrations

PRICES = {
    "gemini-2.5-pro": ("1.25", "10.00"),
    "gemini-2.5-flash": ("0.30", "2.50"),
    "gemini-2.5-flash-lite": ("0.10", "0.40"),
    "gemini-3-flash-preview": ("0.50", "3.00"),
    "gemini-3.1-pro": ("2.00", "12.00"),
    "gemini-3.1-flash-lite": ("0.25", "1.50"),
    "gemini-3.5-flash": ("1.50", "9.00"),
    "gemini-3.5-flash-lite": ("0.30", "2.50"),
    "gemini-3.6-flash": ("1.50", "7.50"),
    "gemini-3.7-flash": ("1.50", "7.50"),
    "gemini-3.8-flash": ("1.50", "7.50"),
    "gemini-flash-latest": ("1.50", "7.50"),
    "gemini-flash-lite-latest": ("0.30", "2.50"),
    "gemini-pro-latest": ("2.00", "12.00"),
}


def add_prices(apps, schema_editor):
    model_price = apps.get_model("gemini", "ModelPrice")
    rows = [
        model_price(model=model, input_price=Decimal(input_price), output_price=Decimal(output_price))
        for model, (input_price, output_price) in PRICES.items()
    ]
    # What an operator has entered before counts.
    model_price.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("gemini", "0003_keeping_order")]
    operations = [migrations.RunPython(add_prices, migrations.RunPython.noop)]
