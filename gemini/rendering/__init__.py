"""Markdown of a model's answer to HTML that is safe to put in a page."""

from .activity import activity_line
from .memory import kept
from .message import render
from .stream import BlockRenderer

__all__ = ["BlockRenderer", "activity_line", "kept", "render"]
