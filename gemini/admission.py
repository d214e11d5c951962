"""Whether a user may have one more reply written: at most so many at once, within the day's share of tokens."""

from django.contrib.auth import get_user_model

from gemini import conf
from gemini.credentials import check_daily_limit, origin_for, own_settings
from gemini.exceptions import DailyLimitReached, TooManyReplies
from gemini.models import ChatMessage, ChatSession, GeminiCall
from gemini.prepared import Prepared
from gemini.querysets import leased_until
from gemini.sql import current_connection, fetch_one, run, written_down
from gemini.throttling import TRY_AGAIN_AFTER

locked_user = Prepared(lambda user: get_user_model().objects.select_for_update(no_key=True).filter(pk=user), int)


def admit(session: ChatSession) -> None:
    """To be called in the transaction that creates a reply of this session's; then no other can overtake it.

    Raises `TooManyReplies` and `DailyLimitReached`. What is being written has not been paid for yet: it counts as much
    as the user's replies cost on the average, or thirty at once would each find the whole share.
    """
    if current_connection().features.has_select_for_update:
        # Replies of different sessions meet on their user. A foreign key to the user waits for no such lock.
        locked_user.first(session.user_id)
    live = live_replies_of(session.user_id)
    most = conf.get("LIVE_REPLIES_PER_USER")
    if most and live >= most:
        raise TooManyReplies(retry_after=TRY_AGAIN_AFTER)
    if not live:
        return
    try:
        check_daily_limit(session.user_id, under_way=live)
    except DailyLimitReached:
        # Whose key it is matters only now, which is seldom.
        own = own_settings.first(session.user_id)
        if origin_for(own.encrypted_key if own else "") == GeminiCall.KeyOrigin.SERVER:
            raise


def live_replies_of(user_id: int) -> int:
    """In SQL, because Django builds each statement anew: 7 % of all that a reply costs.

    The sum keeps the database from going through all the user's sessions: few replies of anybody's are live. The status
    is no parameter, or SQLite would compile the statement anew with each run (`gemini.prepared.Statement`).
    """
    statement = f"""
        SELECT COUNT(*) FROM {ChatMessage._meta.db_table} reply
        JOIN {ChatSession._meta.db_table} session ON session.id = reply.session_id
        WHERE reply.status = '{ChatMessage.Status.GENERATING}' AND reply.lease_until BETWEEN %s AND %s
        AND session.user_id + 0 = %s
    """
    connection = current_connection()
    values = written_down([*leased_until(), user_id], connection)
    return int(run(connection, statement, values, fetch_one)[0])
