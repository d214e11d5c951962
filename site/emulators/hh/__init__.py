"""A stand-in for HH.ru (https://github.com/hhru/api) and, on the same address, for «Работа России»."""

from emulators.hh.server import HhEmulator

__all__ = ["HhEmulator"]
