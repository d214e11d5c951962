"""What is taken out, and which test has to notice. Each text stands exactly once in its file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutation:
    """`text` of `file` becomes `instead`; then `test`, a node id of pytest's, must fail."""

    defence: str
    file: str
    text: str
    instead: str
    test: str


ROUTES = "tests/gemini/test_api_routes.py::test_anothers_object_is_byte_for_byte_an_absent_one"
IN_ANOTHERS = "tests/gemini/replies/test_replies.py::test_nobody_sends_stops_or_retries_in_anothers_session"
LIMITS = "tests/accounts/test_limits.py::"
API_LIMITS = "tests/gemini/test_api_limits.py::"
MARKDOWN = "tests/gemini/rendering/test_security.py::"
JSON = "tests/gemini/jsonviews/test_json.py::"
SIGN_IN = "tests/security/test_sign_in.py::"

OWNERS = [
    Mutation(
        "Owner of a session",
        "gemini/querysets.py",
        "return self.existing().filter(user=user)",
        "return self.existing()",
        ROUTES,
    ),
    Mutation(
        "Owner of a message",
        "gemini/querysets.py",
        "return self.existing().filter(session__user=user)",
        "return self.existing()",
        ROUTES,
    ),
    Mutation(
        "Owner where a message is sent",
        "gemini/access.py",
        "ChatSession.objects.for_user(user).select_for_update()",
        "ChatSession.objects.select_for_update()",
        IN_ANOTHERS,
    ),
    Mutation(
        "Owner where a reply is stopped",
        "gemini/service/base.py",
        "if session.user_id != self.user.pk:",
        "if False:",
        IN_ANOTHERS,
    ),
    Mutation(
        "Owner of a stream",
        "gemini/web/messages.py",
        "return message_for(request.user, message_id) if request.user.is_authenticated else None",
        "return ChatMessage.objects.filter(pk=message_id).first()",
        "tests/gemini/web/test_stream.py::test_a_stranger_nobody_and_an_absent_reply_get_the_same_bytes",
    ),
    Mutation(
        "Owner of an export",
        "gemini/transfer/reading.py",
        "ChatSession.objects.for_user(user)",
        "ChatSession.objects.all()",
        "tests/gemini/web/test_transfer.py::test_everything_is_one_file_and_nothing_of_others_is_in_it",
    ),
    Mutation(
        "Owner of a row of finance",
        "site/finance/access.py",
        "filter(user=user, pk=pk)",
        "filter(pk=pk)",
        "tests/finance/rest/test_records.py::test_a_stranger_finds_nothing_in_lists_and_by_number",
    ),
    Mutation(
        "Owner of the rows of a list",
        "site/finance/querysets.py",
        "return self.filter(user=user)",
        "return self.all()",
        "tests/finance/test_pages.py::test_a_list_shows_what_is_ones_own_and_nothing_else",
    ),
    Mutation(
        "Owner of a calendar",
        "site/google_oauth/calendar.py",
        "GoogleCredential.objects.for_user(user)",
        "GoogleCredential.objects.all()",
        "tests/google_oauth/test_pages.py::test_a_stranger_sees_nothing_of_it",
    ),
    Mutation(
        "Owner of remembered events",
        "site/google_oauth/tokens.py",
        'return f"google:events:{user_id}"',
        'return "google:events"',
        "tests/google_oauth/test_whose.py::test_what_google_refused_to_one_is_asked_for_another",
    ),
]

CONTENT = [
    Mutation(
        "Sanitiser of answers",
        "gemini/rendering/sanitizing.py",
        "return _cleaner.clean(html)",
        "return html",
        MARKDOWN + "test_the_sanitiser_alone_would_stop_what_the_parser_let_through",
    ),
    Mutation(
        "No HTML in Markdown",
        "gemini/rendering/markdown.py",
        'md.enable(["table", "strikethrough"]).disable(["normalize", "block", "html_block", "html_inline"])',
        'md.options["html"] = True\n    md.enable(["table", "strikethrough"]).disable(["normalize", "block"])',
        MARKDOWN + "test_html_is_shown_as_the_text_it_is",
    ),
    Mutation(
        "Schemes of links",
        "gemini/rendering/sanitizing.py",
        'url_schemes={"http", "https", "mailto"}',
        'url_schemes={"http", "https", "mailto", "javascript", "data"}',
        MARKDOWN + "test_the_sanitiser_alone_would_stop_what_the_parser_let_through",
    ),
    Mutation(
        "Formulas in CSV",
        "gemini/usage/spreadsheet.py",
        'return f"\'{text}" if text.startswith(FORMULA) else text',
        "return text",
        "tests/gemini/usage/test_spreadsheet.py::test_nothing_becomes_a_formula",
    ),
    Mutation(
        "Size of an unpacked workbook",
        "site/finance/statements/spreadsheet.py",
        "if len(members) > MAX_MEMBERS or sum(",
        "if False and sum(",
        "tests/finance/test_broken_files.py::test_a_workbook_that_unpacks_to_gigabytes_is_refused_at_once",
    ),
    Mutation(
        "Size of an import of chats",
        "gemini/transfer/importing.py",
        "if len(data) > MAX_BYTES:",
        "if False:",
        "tests/security/test_uploads.py::test_a_file_of_chats_that_is_too_large_is_refused_before_it_is_read",
    ),
    Mutation(
        "Size of a request of the APIs",
        "gemini/http.py",
        "if len(body) > MAX_BODY:",
        "if False:",
        "tests/security/test_uploads.py::test_a_body_that_is_too_large_is_refused_by_both_apis",
    ),
]

REPLIES = [
    Mutation(
        "Owner of a lease",
        "gemini/replies/store.py",
        "pk=pk, lease_owner=owner, status__in=",
        "pk=pk, status__in=",
        "tests/gemini/replies/test_leases.py::test_nobody_ends_the_reply_of_another_process",
    ),
    Mutation(
        "End of a lease",
        "gemini/replies/store.py",
        "        if reply.is_leased:\n",
        "        if reply.is_generating or reply.status:\n",
        "tests/gemini/replies/test_leases.py::test_a_send_goes_on_past_an_abandoned_reply",
    ),
    Mutation(
        "Idempotency",
        "gemini/replies/store.py",
        "if sent is None or sent.message is None:",
        "if sent:",
        "tests/gemini/replies/test_replies.py::test_a_message_sent_twice_with_one_key_is_one_message",
    ),
    Mutation(
        "Replies of one user at once",
        "gemini/admission.py",
        "if most and live >= most:",
        "if False:",
        API_LIMITS + "test_of_many_messages_at_once_only_so_many_get_a_reply",
    ),
    Mutation(
        "Replies under way in the day's share",
        "gemini/admission.py",
        "check_daily_limit(session.user_id, under_way=live)",
        "pass",
        API_LIMITS + "test_the_days_share_of_tokens_is_not_overdrawn_by_replies_at_once",
    ),
    Mutation(
        "Day's share of tokens",
        "gemini/credentials.py",
        "if today.tokens + under_way * max(CHEAPEST, average) >= limit:",
        "if False:",
        "tests/gemini/test_service.py::test_the_days_share_of_the_servers_key_is_kept_and_own_keys_are_free",
    ),
    Mutation(
        "Streams of an ended session",
        "gemini/web/messages.py",
        "if watching.has_ended(key):",
        "if False:",
        "tests/accounts/test_open_streams.py::test_the_stream_of_an_ended_session_ends_and_the_reply_goes_on",
    ),
    Mutation(
        "Streams of one user at once",
        "gemini/web/messages.py",
        "with throttling.viewing.held(request.user.pk), watching",
        "with watching",
        API_LIMITS + "test_one_user_watches_only_so_many_streams_and_the_next_ends_with_words",
    ),
]

CALLERS = [
    Mutation(
        "Counting in one step",
        "gemini/throttling.py",
        "        if self.own.hit(limit, name) or asked:\n",
        "        if (self.own.test(limit, name) and [time.sleep(0.001), self.own.hit(limit, name)]) or asked:\n",
        "tests/gemini/test_throttling.py::test_of_many_threads_at_once_exactly_as_many_pass_as_there_is_room_for",
    ),
    Mutation(
        "Counting without Redis",
        "gemini/throttling.py",
        "            self._has_failed(error)\n            return False, False, 0.0\n",
        "            return True, True, 0.0\n",
        "tests/gemini/test_throttling.py::test_without_redis_the_limit_still_holds_and_nothing_fails",
    ),
    Mutation(
        "One household of IPv6",
        "gemini/throttling.py",
        "IPV6_PREFIX = 64",
        "IPV6_PREFIX = 128",
        LIMITS + "test_a_household_of_ipv6_is_one_address",
    ),
    Mutation(
        "Attempts on an account",
        "site/accounts/adapter.py",
        "limits.count_attempt(request, login_in(credentials))",
        "pass",
        LIMITS + "test_the_sixth_wrong_password_is_not_looked_at_and_neither_is_the_right_one",
    ),
    Mutation(
        "No sign-in of the admin's own",
        "site/config/urls.py",
        "admin.site.login = secure_admin_login(",
        "unused = secure_admin_login(",
        LIMITS + "test_the_admin_has_no_way_in_of_its_own",
    ),
    Mutation(
        "One account however it is written",
        "site/accounts/limits.py",
        "return User.objects.filter(named).order_by",
        "return login or User.objects.filter(named).order_by",
        LIMITS + "test_the_page_and_rest_and_every_way_to_write_a_name_count_together",
    ),
    Mutation(
        "Calls of the APIs",
        "gemini/authentication.py",
        'throttling.consume("api", caller.user.pk)',
        "pass",
        API_LIMITS + "test_rest_and_json_count_together_by_user_and_say_when_to_come_again",
    ),
    Mutation(
        "Tests of keys",
        "gemini/service/answers.py",
        '        throttling.consume("key_test", self.user.pk)\n        return self._settings()',
        "        return self._settings()",
        API_LIMITS + "test_keys_are_not_tried_by_the_dozen",
    ),
    Mutation(
        "CSRF with a cookie",
        "gemini/authentication.py",
        "        check_csrf(request)\n",
        "        pass\n",
        JSON + "test_a_cookie_needs_its_csrf_token_and_a_wrong_key_does_not_fall_back_to_it",
    ),
    Mutation(
        "CSRF on pages",
        "site/config/settings.py",
        '    "django.middleware.csrf.CsrfViewMiddleware",\n',
        "",
        "tests/config/test_errors.py::test_a_form_with_a_stale_token_says_what_to_do",
    ),
    Mutation(
        "Key of a session in the header",
        "gemini/authentication.py",
        "    if not user.is_authenticated:\n        raise Unauthorized\n    return Caller(user, session",
        "    return Caller(user, session",
        JSON + "test_nobody_a_stranger_a_wrong_key_and_a_wrong_method",
    ),
    Mutation(
        "No fall-back from the header to the cookie",
        "gemini/authentication.py",
        "caller = caller_by_key(key.strip()) if by_key else caller_by_cookie(request)",
        "caller = caller_by_cookie(request) or caller_by_key(key.strip())",
        JSON + "test_a_cookie_needs_its_csrf_token_and_a_wrong_key_does_not_fall_back_to_it",
    ),
    Mutation(
        "TRUSTED_PROXIES",
        "site/config/asgi.py",
        "ProxyHeadersMiddleware(django_application, settings.TRUSTED_PROXIES)",
        'ProxyHeadersMiddleware(django_application, "*")',
        "tests/security/test_proxies.py::test_without_trusted_proxies_no_header_changes_where_a_call_comes_from",
    ),
    Mutation(
        "Way back after an action",
        "gemini/web/returning.py",
        'known = not url.netloc and not url.scheme and resolve(url.path).app_name == "gemini"',
        "known = True",
        "tests/gemini/web/test_order.py::test_a_way_back_out_of_the_chats_is_not_taken",
    ),
]

SIGN_INS = [
    Mutation(
        "End of a session after two weeks",
        "site/accounts/session_store.py",
        'options.setdefault("modification", datetime.fromisoformat(began))',
        "pass",
        SIGN_IN + "test_a_session_ends_two_weeks_after_the_sign_in_however_it_is_used",
    ),
    Mutation(
        "End of a session that nobody uses",
        "site/accounts/session_store.py",
        "row.expire_date = self.ends_unless_used()",
        "pass",
        SIGN_IN + "test_nor_does_one_outlast_them_that_was_never_used",
    ),
    Mutation(
        "Words of the site in passwords",
        "site/accounts/passwords.py",
        "if folded(word) in written:",
        "if False:",
        "tests/accounts/test_signing.py::test_a_password_holds_no_word_of_the_operators",
    ),
    Mutation(
        "No call of an API without TLS",
        "site/config/settings.py",
        '    "config.middleware.encrypted",\n',
        "",
        "tests/security/test_production.py::test_a_call_of_an_api_over_http_is_refused_and_not_led_on",
    ),
    Mutation(
        "Attempts on what is another's",
        "gemini/access.py",
        "strangers.note(user, ChatSession.objects.exclude(user=user).filter(pk=session_id))",
        "pass",
        "tests/security/test_strangers.py::test_the_line_says_who_tried_what_and_nothing_of_what_is_in_it",
    ),
]

SECRETS = [
    Mutation(
        "Keys encrypted",
        "gemini/models/settings.py",
        'self.encrypted_key = encryption.encrypt(key) if key else ""',
        "self.encrypted_key = key",
        "tests/gemini/test_encryption.py::test_a_key_is_stored_encrypted_and_comes_back_whole",
    ),
    Mutation(
        "The key with each call",
        "gemini/engines/generativeai.py",
        '    return [("x-goog-api-key", key)]\n',
        '    return [("x-goog-api-key", globals().setdefault("_key", key))]\n',
        "tests/gemini/engines/test_contract.py::test_keys_of_many_calls_at_once_are_never_mixed_up",
    ),
    Mutation(
        "Only a key that can be sent",
        "gemini/keys.py",
        "    if not is_sendable(key):\n        return",
        "    if False:\n        return",
        "tests/gemini/test_service.py::test_a_key_test_says_what_is_wrong",
    ),
    Mutation(
        "Own token in a composer that is kept",
        "gemini/web/kept_composer.py",
        "        csrf_token=marks.CSRF_TOKEN,\n",
        "",
        "tests/gemini/web/test_kept_composer.py::test_each_page_has_a_key_and_a_token_of_its_own",
    ),
    Mutation(
        "Escaped key in a composer that is kept",
        "gemini/web/marks.py",
        ".replace(FRESH_KEY, escape(key))",
        ".replace(FRESH_KEY, key)",
        "tests/gemini/web/test_kept_composer.py::test_a_key_that_a_form_brings_back_is_escaped",
    ),
    Mutation(
        "Own token in a reply that is kept",
        "gemini/web/kept_messages.py",
        "with context.push(csrf_token=marks.CSRF_TOKEN):",
        "with context.push():",
        "tests/gemini/web/test_kept_composer.py::test_a_reply_of_which_nothing_has_come_has_its_own_number_and_token",
    ),
    Mutation(
        "Policy on every answer",
        "site/config/settings.py",
        '    "config.middleware.ContentSecurityPolicy",\n',
        "",
        "tests/security/test_headers.py::test_so_do_downloads_and_streams",
    ),
    Mutation(
        "No cache keeps pages",
        "site/config/settings.py",
        '    "config.middleware.not_kept",\n',
        "",
        "tests/config/test_headers.py::test_pages_are_kept_by_no_cache",
    ),
]

MUTATIONS = [*OWNERS, *CONTENT, *REPLIES, *CALLERS, *SIGN_INS, *SECRETS]
