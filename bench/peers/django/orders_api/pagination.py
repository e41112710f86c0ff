"""Numbered pages with an exact count: DRF's PageNumberPagination, which counts once for each request."""

from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param


class CursorPages(PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 100

    def _url(self, number):
        if number is None:
            return None
        return replace_query_param(self.request.build_absolute_uri(), self.page_query_param, number)

    def get_paginated_response(self, data):
        page = self.page
        after = page.number + 1 if page.has_next() else None
        before = page.number - 1 if page.has_previous() else None
        return Response({
            "cursor": {"after": after, "before": before},
            "paging": {"count": page.paginator.count, "next": self._url(after), "previous": self._url(before)},
            "results": data,
        })
