"""The filters of GET /orders, as django-filter has them, under Portico's names."""

import django_filters
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.rest_framework.filters import ChoiceFilter, IsoDateTimeFilter, NumberFilter

from orders_api.models import Order

STRING_LOOKUPS = ("exact", "iexact", "regex", "iregex", "contains", "icontains", "startswith", "istartswith", "endswith",
                  "iendswith")
RANGE_LOOKUPS = ("exact", "gt", "gte", "lt", "lte")

STRINGS = {
    "id": "id", "mid": "mid", "customer-id": "customer_id", "customer-email": "customer_email",
    "customer-phone-number": "customer_phone_number", "customer-phone-country": "customer_phone_country",
    "customer-document_id-number": "customer_document_id_number",
    "account-first_name": "account_first_name", "account-last_name": "account_last_name",
    "account-email": "account_email",
}
AMOUNTS = {
    "total_amount": "total_amount", "discount": "discount", "discount_rate": "discount_rate",
    "instalment_plan-downpayment-amount": "instalment_plan_downpayment_amount",
}
INSTANTS = {
    "created": "created", "verified": "verified", "confirmed": "confirmed", "cancelled": "cancelled",
    "account-last_login": "account_last_login", "account-date_joined": "account_date_joined",
}
NULLABLE = ("discount", "discount_rate", "verified", "confirmed", "cancelled")
CHOICES = {
    "status": ("status", ("pending", "ok", "ko")),
    "customer-document_id-type": ("customer_document_id_type", ("nif", "nie", "cif", "passport", "others")),
    "account-type": ("account_type", ("g", "n", "e")),
}


def _name(path, lookup):
    return path if lookup == "exact" else f"{path}-{lookup}"


def _declared():
    filters = {}
    for path, field in STRINGS.items():
        for lookup in STRING_LOOKUPS:
            filters[_name(path, lookup)] = django_filters.CharFilter(field_name=field, lookup_expr=lookup)
    for paths, kind in ((AMOUNTS, NumberFilter), (INSTANTS, IsoDateTimeFilter)):
        for path, field in paths.items():
            for lookup in RANGE_LOOKUPS:
                filters[_name(path, lookup)] = kind(field_name=field, lookup_expr=lookup)
    for path in NULLABLE:
        filters[f"{path}-isnull"] = ChoiceFilter(
            field_name=path, lookup_expr="isnull", choices=[("yes", True), ("no", False)],
            method=lambda queryset, name, value: queryset.filter(**{f"{name}__isnull": value == "yes"}))
    for path, (field, values) in CHOICES.items():
        filters[path] = ChoiceFilter(field_name=field, choices=[(value, value) for value in values])
    return filters


class _Meta:
    model = Order
    fields = []


DECLARED = _declared()
# The class of a request that names some of the filters has just those: building a form of 158 fields for each request
# would take ten times as long as the query.
_classes = {}


def filterset_class(names):
    found = _classes.get(names)
    if found is None:
        found = type("OrderFilter", (django_filters.FilterSet,), {**{name: DECLARED[name] for name in names}, "Meta": _Meta})
        if len(_classes) < 1000:
            _classes[names] = found
    return found


class OrderFilterBackend(DjangoFilterBackend):
    def get_filterset_class(self, view, queryset=None):
        names = frozenset(name for name in view.request.query_params if name in DECLARED)
        return filterset_class(names) if names else None
