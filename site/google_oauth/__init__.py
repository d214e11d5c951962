"""Signing in with Google, and the user's own Google Calendar: its events, their analysis, a source for the chat."""
