from tests.emulators.google import ask, asked, code, exchange, google, http, process, tokens

__all__ = ["ask", "asked", "code", "exchange", "google", "http", "process", "tokens"]
