"""Who may be chosen on the consent page: two people, one with an empty calendar, and anybody else by an address."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    given_name: str
    family_name: str

    @property
    def sub(self) -> str:
        """Google's are digits: none of these can ever be somebody's real one."""
        return "emulator-" + hashlib.sha256(self.email.encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


PEOPLE = (
    Account("anna.k@example.com", "Анна", "Ковалёва"),
    Account("boris.l@example.com", "Борис", "Левин"),
    Account("empty@example.com", "Вера", "Свободная"),
)


def account(email: str) -> Account:
    email = email.strip().lower()
    known = next((one for one in PEOPLE if one.email == email), None)
    return known or Account(email, email.partition("@")[0].replace(".", " ").title(), "")
