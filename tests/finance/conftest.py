import pytest

from tests.gemini.rest.conftest import Caller


class FinanceCaller(Caller):
    root = "/api/v1/finance/"

    def bring(self, content, name="выписка.csv"):
        from django.core.files.uploadedfile import SimpleUploadedFile

        url = f"{self.root}import/"
        return self.client.post(url, {"file": SimpleUploadedFile(name, content)}, headers=self.headers)


@pytest.fixture
def owner(alice):
    return FinanceCaller(alice)


@pytest.fixture
def stranger(bob):
    return FinanceCaller(bob)
