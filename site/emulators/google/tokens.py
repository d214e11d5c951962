"""Codes and tokens. They carry what they stand for, signed, so that a stand-in that starts again still knows them."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from emulators.google.accounts import Account

PREFIXES = {"code": "4/0", "access": "ya29.", "refresh": "1//0"}
ISSUER = "https://accounts.google.com"


class Mint:
    """`lifetime`: seconds that an access token is good for."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self.lifetime = 3_599
        # What was used up or withdrawn: identities of tokens, or of the grants that they came by.
        self.dead: set[str] = set()

    def issue(self, kind: str, seconds: float | None, **claims: Any) -> str:
        expires = time.time() + seconds if seconds else None
        body = json.dumps({"kind": kind, "exp": expires, "id": secrets.token_hex(8), **claims}).encode()
        signature = hmac.digest(self._secret, body, "sha256")[:16]
        return PREFIXES[kind] + base64.urlsafe_b64encode(signature + body).decode().rstrip("=")

    def read(self, kind: str, token: str) -> dict[str, Any] | None:
        """What it stands for; None for one that is false, old, used or withdrawn."""
        packed = token.removeprefix(PREFIXES[kind])
        try:
            raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
            claims = json.loads(raw[16:])
        except ValueError:
            return None
        if not hmac.compare_digest(raw[:16], hmac.digest(self._secret, raw[16:], "sha256")[:16]):
            return None
        old = claims["exp"] is not None and claims["exp"] < time.time()
        if claims["kind"] != kind or old or self.dead & {claims["id"], claims["grant"]}:
            return None
        return claims

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)

    @cached_property
    def kid(self) -> str:
        der = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return hashlib.sha1(der, usedforsecurity=False).hexdigest()

    def id_token(self, person: Account, client_id: str, access: str, nonce: str = "") -> str:
        half = hashlib.sha256(access.encode()).digest()[:16]
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "azp": client_id,
            "aud": client_id,
            "sub": person.sub,
            "email": person.email,
            "email_verified": True,
            "at_hash": base64.urlsafe_b64encode(half).decode().rstrip("="),
            "name": person.name,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "iat": now,
            "exp": now + 3_600,
        }
        claims |= {"nonce": nonce} if nonce else {}
        return jwt.encode(claims, self.key, "RS256", {"kid": self.kid})

    def certificates(self) -> dict[str, str]:
        """As `/oauth2/v1/certs` gives them, which is what allauth verifies a signature with."""
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "federated-signon.emulator")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder(name, name, self.key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=14))
            .sign(self.key, hashes.SHA256())
        )
        return {self.kid: certificate.public_bytes(serialization.Encoding.PEM).decode()}

    def jwks(self) -> dict[str, Any]:
        """As `/oauth2/v3/certs` gives them."""
        found = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [found | {"kid": self.kid, "use": "sig", "alg": "RS256"}]}
