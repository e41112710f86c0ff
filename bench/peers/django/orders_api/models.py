"""The tables that are there already: none is managed by Django."""

from django.conf import settings
from django.db import models


class Microseconds(models.BigIntegerField):
    """An instant as microseconds since 1970 in UTC. Values stay integers: formatting is the representation's work."""

    def get_prep_value(self, value):
        if hasattr(value, "timestamp"):
            return round(value.timestamp() * 1_000_000)
        return super().get_prep_value(value)


def _text(column=None):
    return models.TextField(null=True, db_column=column)


def _integer(column=None):
    return models.BigIntegerField(null=True, db_column=column)


Instant = models.DateTimeField if settings.POSTGRES else Microseconds


def _instant(column=None):
    return Instant(null=True, db_column=column)


class Key(models.Model):
    id = models.TextField(primary_key=True)
    secret_hash = models.BinaryField()
    account = models.TextField()
    revoked = models.BooleanField()

    class Meta:
        managed = False
        db_table = "keys"


class Order(models.Model):
    id = models.TextField(primary_key=True)
    merchant = models.TextField()
    mid = models.TextField()
    status = models.TextField()
    status_reason = _text()
    sandbox = models.BooleanField() if settings.POSTGRES else models.SmallIntegerField()
    currency = models.TextField()
    total_amount = models.BigIntegerField()
    tax_rate = _integer()
    discount = _integer()
    discount_rate = _integer()
    created = Instant()
    verified = _instant()
    confirmed = _instant()
    cancelled = _instant()
    expired = _instant()
    expires_at = _instant()
    rejected = _instant()
    event_date = _instant()
    product_type = _text("product__type")
    articles = models.TextField()
    customer_id = _text("customer__id")
    customer_email = _text("customer__email")
    customer_type = _text("customer__type")
    customer_gender = _integer("customer__gender")
    customer_first_name = _text("customer__first_name")
    customer_last_name = _text("customer__last_name")
    customer_birthday = _text("customer__birthday")
    customer_language = _text("customer__language")
    customer_date_joined = _instant("customer__date_joined")
    customer_last_login = _instant("customer__last_login")
    customer_created = _instant("customer__created")
    customer_phone_number = _text("customer__phone__number")
    customer_phone_country = _text("customer__phone__country")
    customer_document_id_number = _text("customer__document_id__number")
    customer_document_id_country = _text("customer__document_id__country")
    customer_document_id_type = _text("customer__document_id__type")
    customer_address_first_name = _text("customer__address__first_name")
    customer_address_last_name = _text("customer__address__last_name")
    customer_address_phone = _text("customer__address__phone")
    customer_address_alt_phone = _text("customer__address__alt_phone")
    customer_address_street = _text("customer__address__street")
    customer_address_address_addition = _text("customer__address__address_addition")
    customer_address_city = _text("customer__address__city")
    customer_address_state = _text("customer__address__state")
    customer_address_country = _text("customer__address__country")
    customer_address_postcode = _text("customer__address__postcode")
    account_id = _text("account__id")
    account_type = _text("account__type")
    account_gender = _integer("account__gender")
    account_first_name = _text("account__first_name")
    account_last_name = _text("account__last_name")
    account_email = _text("account__email")
    account_last_login = _instant("account__last_login")
    account_date_joined = _instant("account__date_joined")
    account_created = _instant("account__created")
    billing_first_name = _text("billing__first_name")
    billing_last_name = _text("billing__last_name")
    billing_phone = _text("billing__phone")
    billing_alt_phone = _text("billing__alt_phone")
    billing_street = _text("billing__street")
    billing_address_addition = _text("billing__address_addition")
    billing_city = _text("billing__city")
    billing_state = _text("billing__state")
    billing_country = _text("billing__country")
    billing_postcode = _text("billing__postcode")
    shipping_first_name = _text("shipping__first_name")
    shipping_last_name = _text("shipping__last_name")
    shipping_phone = _text("shipping__phone")
    shipping_alt_phone = _text("shipping__alt_phone")
    shipping_street = _text("shipping__street")
    shipping_address_addition = _text("shipping__address_addition")
    shipping_city = _text("shipping__city")
    shipping_state = _text("shipping__state")
    shipping_country = _text("shipping__country")
    shipping_postcode = _text("shipping__postcode")
    shipping_price = _integer("shipping__price")
    shipping_tax_rate = _integer("shipping__tax_rate")
    shipping_discount = _integer("shipping__discount")
    shipping_discount_rate = _integer("shipping__discount_rate")
    shipping_name = _text("shipping__name")
    shipping_method = _text("shipping__method")
    instalment_plan_downpayment_state = _text("instalment_plan__downpayment__state")
    instalment_plan_downpayment_amount = _integer("instalment_plan__downpayment__amount")

    class Meta:
        managed = False
        db_table = "orders"
