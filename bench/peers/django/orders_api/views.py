"""GET /orders and GET /orders/{id or mid}."""

from django.db.models import F
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.response import Response

from orders_api.filters import OrderFilterBackend
from orders_api.models import Order
from orders_api.representation import COLUMNS, OrderSerializer

ORDERABLE = {
    "total_amount": "total_amount", "created": "created", "verified": "verified", "confirmed": "confirmed",
    "cancelled": "cancelled", "account-last_login": "account_last_login", "account-date_joined": "account_date_joined",
    "account-created": "account_created",
}
NEVER_NULL = ("total_amount", "created")


class OrderingBackend(BaseFilterBackend):
    """Null is the largest value, ties are broken by the key."""

    def filter_queryset(self, request, queryset, view):
        asked = request.query_params.get("ordering")
        if not asked:
            return queryset
        terms, down = [], False
        for name in asked.split(","):
            down = name.startswith("-")
            field = ORDERABLE.get(name.lstrip("-"))
            if field is None:
                raise ValidationError({"ordering": [f"Cannot be sorted by '{name}'."]})
            if field in NEVER_NULL:
                terms.append(f"-{field}" if down else field)
            else:
                terms.append(F(field).desc(nulls_first=True) if down else F(field).asc(nulls_last=True))
        return queryset.order_by(*terms, "-id" if down else "id")


# Made once: resolving the names of 83 columns at each request would take longer than reading them.
ORDERS = Order.objects.values_list(*COLUMNS)
NEWEST_FIRST = ORDERS.order_by("-created", "-id")


class OrderList(generics.ListAPIView):
    serializer_class = OrderSerializer
    filter_backends = [OrderFilterBackend, OrderingBackend]

    def get_queryset(self):
        return NEWEST_FIRST.filter(merchant=self.request.user.id)


class OrderDetail(generics.GenericAPIView):
    serializer_class = OrderSerializer

    def get(self, request, name):
        account = request.user.id
        row = next(iter(ORDERS.filter(merchant=account, id=name)), None)
        if row is None:
            row = next(iter(ORDERS.filter(merchant=account, mid=name)), None)
        if row is None:
            raise NotFound()
        return Response(self.get_serializer(row).data)
