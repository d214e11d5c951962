from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from gemini.engines import EngineError, GenerateRequest, base

DAY = "quota_id: GenerateRequestsPerDayPerProjectPerModel-FreeTier"


def test_a_quota_of_the_day_returns_at_midnight_in_california_whatever_delay_is_named():
    returns = datetime.fromtimestamp(datetime.now().timestamp() + base.quota_returns_in(34, DAY))
    there = returns.astimezone(ZoneInfo("America/Los_Angeles"))
    assert (there.hour, there.minute) == (0, 0) or (there.hour, there.minute, there.second) == (23, 59, 59)
    assert 0 < base.quota_returns_in(None, DAY) <= 25 * 3600


@pytest.mark.parametrize(("delay", "violated"), [(34, "PerMinute"), (None, ""), (52_758, DAY)])
def test_any_other_delay_is_googles_own(delay, violated):
    assert base.quota_returns_in(delay, violated) == delay


async def test_the_engine_reads_which_quota_it_was(engine):
    request = GenerateRequest("fake-fail-429-day-short", [{"role": "user", "parts": [{"text": "?"}]}])
    with pytest.raises(EngineError) as refused:
        async for _ in engine.stream("test-key", request):
            pass
    assert refused.value.code == "quota_exceeded"
    assert refused.value.retry_after == pytest.approx(base.day_ends_in(), abs=5)
