"""Lists of tables that may hold millions of rows: read as far as a page needs, and never counted."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.paginator import Paginator
from django.http import HttpRequest
from unfold.views import ChangeList

# The database reads over what lies before a page, so there is a last one; filters lead further.
MAX_PAGE = 100


class UncountedPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs alone
    """Takes its page links from the list itself."""

    template_name = "admin/foundation/uncounted_pages.html"


class UncountedChangeList(ChangeList):
    """Reads one row more than it shows: that one tells whether there is a next page."""

    has_next = False
    is_at_end = False

    def get_results(self, request: HttpRequest) -> None:
        if not 1 <= self.page_num <= MAX_PAGE:
            raise IncorrectLookupParameters
        start = (self.page_num - 1) * self.list_per_page
        try:
            rows: list[Any] = list(self.queryset[start : start + self.list_per_page + 1])
        except ValueError as error:  # a filter's text with a NUL, which the database's driver refuses
            raise IncorrectLookupParameters from error
        self.result_list = rows[: self.list_per_page]
        is_more = len(rows) > self.list_per_page
        self.has_next = is_more and self.page_num < MAX_PAGE
        self.is_at_end = is_more and not self.has_next
        self.paginator = UncountedPaginator(self.result_list, self.list_per_page)
        # What the templates call the count is what they show: nobody is offered to act on more than that.
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = self.can_show_all = False
        self.multi_page = self.has_next or self.page_num > 1
        self.show_admin_actions = bool(self.result_list)
