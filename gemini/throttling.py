"""Our own limits on callers: so many calls in so long, for each one who is counted.

A call is let through and counted in one step, so that of any number at once exactly as many pass as there is room for.
The window moves with the clock: no moment lets twice the number through. `RATE_LIMITS` names the limits; who is counted
is an account or the address of the connection, neither of which a caller can choose by a header.
"""

import hashlib
import ipaddress
import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from threading import Lock, RLock
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from gemini import conf
from gemini.exceptions import RateLimited, TooManyReplies

logger = logging.getLogger(__name__)

# Seconds. A Redis that is down costs one call of a worker this much, once in so long.
REDIS_TIMEOUT = 0.5
REDIS_PAUSE = 5.0
# An operator of IPv6 gives a home a whole /64: its addresses are one caller.
IPV6_PREFIX = 64
# Seconds after which there may be a place again: nobody knows when an answer ends.
TRY_AGAIN_AFTER = 5.0


class OneLock(dict[str, Any]):
    """The lock of each key, which is one for all."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = RLock()

    def __missing__(self, key: str) -> Any:
        return self._lock


class Memory(MemoryStorage):
    """limits' own is not safe among threads: two that come at once both start its timer, which raises RuntimeError.

    It also throws a key's lock away while others wait for it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.locks = OneLock()  # type: ignore[assignment]

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        with self.locks[key]:
            return super().acquire_entry(key, limit, expiry, amount)


class Counters:
    """In the memory of this process, and with `REDIS_URL` in Redis for all of them.

    While Redis is down each process counts for itself: a limit is then looser by the number of processes, and never
    absent. What Redis lets through is counted in memory too, so that its loss gives nobody a fresh start.
    """

    def __init__(self, redis_url: str) -> None:
        self.own = MovingWindowRateLimiter(Memory())
        self.shared: MovingWindowRateLimiter | None = None
        self._failures: tuple[type[Exception], ...] = ()
        self._down_until = 0.0
        if redis_url:
            storage = storage_from_string(
                redis_url, socket_timeout=REDIS_TIMEOUT, socket_connect_timeout=REDIS_TIMEOUT, key_prefix="gemini:limit"
            )
            self.shared = MovingWindowRateLimiter(storage)
            self._failures = (storage.base_exceptions, OSError)  # type: ignore[assignment]

    def take(self, limit: RateLimitItem, name: str) -> float | None:
        """Counts a call; None when it may pass, else the seconds after which another may."""
        asked, passed, seconds = self._ask_shared(limit, name)
        if asked and not passed:
            return seconds
        if self.own.hit(limit, name) or asked:
            return None
        return self._wait(self.own, limit, name)

    def forget(self, limit: RateLimitItem, name: str) -> None:
        self.own.clear(limit, name)
        if self.shared and not self.is_down:
            try:
                self.shared.clear(limit, name)
            except self._failures as error:
                self._has_failed(error)

    @property
    def is_down(self) -> bool:
        return time.monotonic() < self._down_until

    def _ask_shared(self, limit: RateLimitItem, name: str) -> tuple[bool, bool, float]:
        """Whether Redis has answered, whether the call may pass, and if not, in how many seconds."""
        if self.shared is None or self.is_down:
            return False, False, 0.0
        try:
            passed = self.shared.hit(limit, name)
            return True, passed, 0.0 if passed else self._wait(self.shared, limit, name)
        except self._failures as error:
            self._has_failed(error)
            return False, False, 0.0

    def _has_failed(self, error: Exception) -> None:
        self._down_until = time.monotonic() + REDIS_PAUSE
        # Not the error's own words: they may hold the address with its password.
        logger.warning("Redis is down (%s): limits are counted in this process", type(error).__name__)

    def _wait(self, limiter: MovingWindowRateLimiter, limit: RateLimitItem, name: str) -> float:
        reset = limiter.get_window_stats(limit, name).reset_time
        return min(max(1.0, math.ceil(reset - time.time())), float(limit.get_expiry()))


_counters: dict[str, Counters] = {}
_making = Lock()


def counters(redis_url: str) -> Counters:
    """Those of this process. Made under a lock: two first callers at once would count past each other."""
    if redis_url not in _counters:
        with _making:
            if redis_url not in _counters:
                _counters[redis_url] = Counters(redis_url)
    return _counters[redis_url]


@lru_cache(maxsize=64)
def parsed(limit: str) -> RateLimitItem:
    return parse(limit)


def reset() -> None:
    """Forgets all counts of this process; for tests."""
    _counters.clear()


def consume(action: str, *whose: object) -> None:
    """Counts one call of somebody's. Raises `RateLimited` with the seconds to wait; such a call is not counted."""
    if limit := conf.get("RATE_LIMITS").get(action):
        seconds = counters(conf.get("REDIS_URL")).take(parsed(limit), name_of(action, whose))
        if seconds is not None:
            logger.info("Limit reached: %s", action)
            raise RateLimited(action, retry_after=seconds)


def forget(action: str, *whose: object) -> None:
    if limit := conf.get("RATE_LIMITS").get(action):
        counters(conf.get("REDIS_URL")).forget(parsed(limit), name_of(action, whose))


def name_of(action: str, whose: tuple[object, ...]) -> str:
    """Of one length whatever was typed, and no name, address or e-mail in anybody's memory dump."""
    told_apart = "\0".join(str(part) for part in whose)
    return f"{action}:{hashlib.sha256(told_apart.encode(errors='surrogatepass')).hexdigest()[:32]}"


def address_of(request: HttpRequest) -> str:
    """Where the connection comes from; with `TRUSTED_PROXIES` the server has put there what such a proxy says.

    Headers are not looked at. An IPv6 address counts as its network, an IPv4 address in IPv6's clothes as itself.
    """
    written = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(written.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)


def limited(
    action: str, whose: Callable[[HttpRequest], object] = address_of, methods: tuple[str, ...] = ("POST",)
) -> Callable[..., Any]:
    """Around a view: counts its calls by these methods, by address unless told otherwise."""

    def around(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in methods:
                consume(action, whose(request))
            return view(request, *args, **kwargs)

        return counted

    return around


class Places:
    """How many of something one user holds in this process at once; `setting` names the most, 0 is no limit."""

    def __init__(self, setting: str) -> None:
        self.setting = setting
        self._held: dict[object, int] = {}
        self._lock = Lock()

    def take(self, user_id: object) -> None:
        """Raises `RateLimited` when the user holds the most already; otherwise `leave` has to follow."""
        most = conf.get(self.setting)
        with self._lock:
            held = self._held.get(user_id, 0)
            if most and held >= most:
                raise TooManyReplies(self.setting, retry_after=TRY_AGAIN_AFTER)
            self._held[user_id] = held + 1

    def leave(self, user_id: object) -> None:
        with self._lock:
            self._held[user_id] -= 1
            if not self._held[user_id]:
                del self._held[user_id]

    @contextmanager
    def held(self, user_id: object) -> Iterator[None]:
        self.take(user_id)
        try:
            yield
        finally:
            self.leave(user_id)


viewing = Places("VIEWERS_PER_USER")
asking = Places("LIVE_REPLIES_PER_USER")
