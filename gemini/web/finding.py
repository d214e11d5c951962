"""What the dashboard shows for a search: titles, and under them the messages themselves."""

from typing import Any

from gemini.search import Hits, find_messages, find_titles, parse
from gemini.web.listing import Listing

TITLES_ABOVE_MESSAGES = 5
HITS_ON_PAGE = 20


class Findings:
    def __init__(self, user: Any, listing: Listing) -> None:
        query = parse(listing.text)
        self.listing = listing
        self.titles = self.messages = Hits([])
        if listing.part != "messages":
            limit = HITS_ON_PAGE if listing.part == "titles" else TITLES_ABOVE_MESSAGES
            before = listing.after if listing.part == "titles" else None
            self.titles = find_titles(user, query, before=before, limit=limit)
        if listing.part != "titles":
            before = listing.after if listing.part == "messages" else None
            self.messages = find_messages(user, query, before=before, limit=HITS_ON_PAGE)

    def __bool__(self) -> bool:
        return bool(self.titles or self.messages)

    @property
    def more_titles(self) -> Listing | None:
        if self.titles.more_before is None:
            return None
        # What stands above the messages is a beginning only: the whole has a page of its own.
        after = self.titles.more_before if self.listing.part == "titles" else None
        return self.listing.but(part="titles", after=after)

    @property
    def more_messages(self) -> Listing | None:
        more = self.messages.more_before
        return None if more is None else self.listing.but(part="messages", after=more)
