"""All that leads to a person is in their archive, and goes with their account. A new model has to say so here."""

import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import erasure
from accounts.models import Invitation, User
from gemini import personal_data
from gemini.models import ChatMessage, SentPrompt
from google_oauth.models import GoogleCredential
from tests import factories
from tests.streamed import content_of

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

# Of these the archive has nothing, and why.
NOT_IN_THE_ARCHIVE = {
    "gemini.SessionTotals": "sums of the messages, which are in it",
    "gemini.CountedPrompt": "which of the messages count",
    "gemini.PromptCount": "how often equal messages are among these",
    "gemini.CallTotals": "sums of the calls, which are in it",
    "accounts.User_groups": "what the operator grants",
    "accounts.User_user_permissions": "what the operator grants",
    "account.EmailConfirmation": "opens the account; lives for days",
    "socialaccount.SocialToken": "never kept (SOCIALACCOUNT_STORE_TOKENS)",
}
SECRETS = ("canary-key-0123456789", "canary-token", "pbkdf2", "md5$")


def paths_to_user():
    """Model → the lookups that lead from it to a user."""
    found = {User: [""]}
    grown = True
    while grown:
        grown = False
        for model in apps.get_models(include_auto_created=True):
            for field in model._meta.get_fields():
                if not isinstance(field, models.ForeignKey) or field.related_model is model:
                    continue
                for path in found.get(field.related_model, []):
                    lookup = f"{field.name}__{path}" if path else field.name
                    if model is not User and lookup not in found.setdefault(model, []) and lookup.count("__") < 4:
                        found[model].append(lookup)
                        grown = True
    del found[User]
    return {model: paths for model, paths in found.items() if paths}


PATHS = paths_to_user()


def fill(user):
    """A row of everything for a user; a model that is missing here is found by the test."""
    session = factories.make_session(user, title=f"canary {user.username} title")
    reply = factories.make_reply(session, f"canary {user.username} answer")
    trashed = factories.make_session(user, title=f"canary {user.username} trash", deleted_at=timezone.now())
    factories.make_message(trashed, f"canary {user.username} thrown away", deleted_at=timezone.now())
    factories.give_key(user, "canary-key-0123456789")
    factories.make_prompt(user)
    factories.make_call(user, message=reply)
    SentPrompt.objects.create(user=user, scope="1", key=f"k{user.pk}", fingerprint="f", message=reply, answer={"a": 1})
    batch = factories.make_batch(user)
    factories.make_transaction(user, batch=batch)
    factories.make_salary(user, batch=batch)
    factories.make_sign_in(user)
    Invitation.objects.create(expires_at=timezone.now() + timezone.timedelta(days=3), used_by=user)
    address = EmailAddress.objects.create(user=user, email=f"{user.username}@mail.example")
    EmailConfirmation.objects.create(email_address=address, key=f"canary-token-{user.pk}")
    account = SocialAccount.objects.create(user=user, provider="google", uid=f"g{user.pk}", extra_data={"name": "N"})
    app = SocialApp.objects.get_or_create(provider="google", name="g", client_id="c")[0]
    SocialToken.objects.create(account=account, app=app, token="canary-token")
    GoogleCredential.objects.create(user=user, account=account, expires_at=timezone.now())
    LogEntry.objects.create(user=user, action_flag=1, object_repr="x", change_message="y")
    user.groups.add(Group.objects.get_or_create(name="support")[0])
    user.user_permissions.add(Permission.objects.first())


def left_of(pk):
    """Every row with a way to this user."""
    return {
        f"{model._meta.label} by {path}": count
        for model, paths in PATHS.items()
        for path in paths
        if (count := model._base_manager.filter(**{path: pk}).count())
    }


def indexed(pk):
    """What the index of searches has of a user's."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            tables = ("gemini_search_content", "gemini_search_title")
            query = " UNION ALL ".join(f"SELECT owner FROM {table}" for table in tables)
            cursor.execute(f"SELECT COUNT(*) FROM ({query}) WHERE owner = %s", [f"u{pk}"])
            return cursor.fetchone()[0]
    # On PostgreSQL the index is a part of the rows.
    return ChatMessage.objects.filter(session__user=pk).count()


@pytest.fixture
def both(alice, bob):
    fill(alice)
    fill(bob)
    return alice, bob


def test_every_model_with_a_way_to_a_user_is_known_here(both, alice):
    has_rows = {label.split(" by ")[0] for label in left_of(alice.pk)}
    assert {model._meta.label for model in PATHS} == has_rows


def test_nothing_that_leads_to_an_erased_person_stays(both, client_of):
    alice, bob = both
    pk, others = alice.pk, left_of(bob.pk)
    client_of(alice).get("/gemini/")
    assert indexed(pk)
    erasure.erase(alice)
    assert not left_of(pk)
    assert not indexed(pk)
    assert not User.objects.filter(pk=pk).exists()
    assert not [one for one in Session.objects.all() if one.get_decoded().get("_auth_user_id") == str(pk)]
    assert left_of(bob.pk) == others
    assert indexed(bob.pk)


def test_the_invitation_of_an_erased_person_lets_nobody_in_again(both, alice):
    erasure.erase(alice)
    assert not Invitation.objects.open().exists()


def test_an_erasure_that_was_cut_short_is_finished_by_repeating_it(both, alice, monkeypatch):
    pk = alice.pk
    with monkeypatch.context() as broken:
        broken.setattr(User, "delete", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erasure.erase(alice)
    assert not User.objects.get(pk=pk).is_active
    call_command("erase", "alice", "--yes")
    assert not left_of(pk)


def read(response):
    archive = zipfile.ZipFile(io.BytesIO(content_of(response)))
    assert archive.testzip() is None
    return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_archive_has_all_of_ones_own_and_nothing_of_anothers(both, alices, bob):
    files = read(alices.get(reverse("gemini:export-everything")))
    whole = "\n".join(files.values())
    for words in ("title", "answer", "trash", "thrown away"):
        assert f"canary alice {words}" in whole
    assert "bob" not in whole
    assert not [secret for secret in SECRETS if secret in whole]
    assert all(json.loads(text) for text in files.values())


def test_every_model_is_in_the_archive_or_says_why_not(both, alice):
    with CaptureQueriesContext(connection) as queries:
        b"".join(personal_data.archive(alice))
    said = " ".join(query["sql"] for query in queries)
    missing = [
        model._meta.label
        for model in PATHS
        if f'FROM "{model._meta.db_table}"' not in said and model._meta.label not in NOT_IN_THE_ARCHIVE
    ]
    assert not missing


def test_the_archive_is_never_whole_in_memory(alice):
    session = factories.make_session(alice)
    ChatMessage.objects.bulk_create(ChatMessage(session=session, role="user", content="ъ" * 20_000) for _ in range(300))
    pieces = [len(piece) for piece in personal_data.archive(alice)]
    assert len(pieces) > 300
    assert max(pieces) < 300_000
