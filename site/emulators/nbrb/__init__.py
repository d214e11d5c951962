"""A stand-in for the rates of the National Bank of Belarus (https://www.nbrb.by/apihelp/exrates)."""

from emulators.nbrb.server import NbrbEmulator

__all__ = ["NbrbEmulator"]
