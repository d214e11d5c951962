"""What the requests to Gemini came to, read from the ledger: tokens, money, failures, time."""

from gemini.usage.calls import CallFilter, calls_of
from gemini.usage.periods import InvalidPeriod, Period
from gemini.usage.report import Report, report
from gemini.usage.tally import Tally

__all__ = ["CallFilter", "InvalidPeriod", "Period", "Report", "Tally", "calls_of", "report"]
