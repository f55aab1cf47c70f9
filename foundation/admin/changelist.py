"""Lists of tables that may hold millions of rows: they read one page and never count."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.paginator import Paginator
from django.http import HttpRequest

from foundation.admin.search import CheckedChangeList, refusing_nul

# The database reads everything before a page to reach it. Filters lead further back than this.
MAX_PAGE = 100


class UncountedPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs alone
    """Takes its page links from the list itself."""

    template_name = "admin/foundation/uncounted_pages.html"


class UncountedChangeList(CheckedChangeList):
    """Reads one row more than it shows, to know whether there is a next page.

    Replaces `get_results` of Unfold 0.81 and Django 5.2. Check on upgrade: the attributes that it sets.
    """

    has_next = False
    is_at_end = False

    def get_results(self, request: HttpRequest) -> None:
        if not 1 <= self.page_num <= MAX_PAGE:
            raise IncorrectLookupParameters
        start = (self.page_num - 1) * self.list_per_page
        with refusing_nul():
            rows: list[Any] = list(self.queryset[start : start + self.list_per_page + 1])
        self.result_list = rows[: self.list_per_page]
        is_more = len(rows) > self.list_per_page
        self.has_next = is_more and self.page_num < MAX_PAGE
        self.is_at_end = is_more and not self.has_next
        self.paginator = UncountedPaginator(self.result_list, self.list_per_page)
        # Templates take this for the total, so they offer to act on the shown rows only.
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = self.can_show_all = False
        self.multi_page = self.has_next or self.page_num > 1
        self.show_admin_actions = bool(self.result_list)
