"""Django's cache in Redis, and in memory while Redis is away: no request fails for want of a cache."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

# Seconds. A request may need the cache several times: only the first waits for a Redis that does not answer.
PATIENCE = 0.5
AWAY_FOR = 2.0

OPERATIONS = ("add", "get", "set", "touch", "delete", "get_many", "set_many", "delete_many", "has_key", "incr", "clear")


class RedisOrMemory(BaseCache):
    """While Redis is away each process counts and remembers for itself, as it does where there is none."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = {
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 0),
        }
        self.redis = RedisCache(location, params | {"OPTIONS": options})
        self.memory = LocMemCache("while Redis is away", params)
        self.away_until = 0.0

    def ask(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self.away_until:
            try:
                return getattr(self.redis, operation)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self.away_until = time.monotonic() + AWAY_FOR
                logger.warning("The cache is in memory, Redis is away: %s", error)
        return getattr(self.memory, operation)(*args, **kwargs)


def operation(name: str) -> Callable[..., Any]:
    def ask(self: RedisOrMemory, *args: Any, **kwargs: Any) -> Any:
        return self.ask(name, *args, **kwargs)

    ask.__name__ = name
    return ask


for name in OPERATIONS:
    setattr(RedisOrMemory, name, operation(name))
