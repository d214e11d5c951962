"""The chat with Google Gemini, as an app that any Django site can install.

The core lies at the root of the package; `web`, `rest` and `jsonviews` are its interfaces. Interfaces import the core
and never each other; the core imports no interface; nothing here imports the site. Other apps call `gemini.service`.
"""
