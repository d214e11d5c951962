"""Users' secrets at rest: Fernet under `FIELD_ENCRYPTION_KEYS`; the first key encrypts, every one decrypts."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from gemini import conf


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in conf.get("FIELD_ENCRYPTION_KEYS")])


def encrypt(secret: str) -> str:
    return _fernet().encrypt(secret.encode()).decode()


def decrypt(token: str) -> str | None:
    """The secret, or None when no configured key opens it: its owner has to enter it again."""
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken:
        return None


def rotate(token: str) -> str:
    """The same secret under the newest key; raises `InvalidToken` when no key opens it."""
    return _fernet().rotate(token.encode()).decode()
