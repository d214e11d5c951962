from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Our own from the first migration, so that a field can be added later without replacing the table."""
