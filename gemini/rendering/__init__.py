"""Markdown of a model's answer to HTML that is safe to put in a page."""

from .message import render
from .stream import BlockRenderer

__all__ = ["BlockRenderer", "render"]
