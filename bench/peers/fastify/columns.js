'use strict';

// An order's columns, in the order in which an order shows them.

const address = (prefix) =>
  ['first_name', 'last_name', 'phone', 'alt_phone', 'street', 'address_addition', 'city', 'state', 'country', 'postcode']
    .map((name) => prefix + name);

const columns = [
  'id', 'mid', 'status', 'status_reason', 'sandbox', 'currency', 'total_amount', 'tax_rate', 'discount', 'discount_rate',
  'created', 'verified', 'confirmed', 'cancelled', 'expired', 'expires_at', 'rejected', 'event_date', 'product__type',
  'articles',
  'customer__id', 'customer__email', 'customer__type', 'customer__gender', 'customer__first_name', 'customer__last_name',
  'customer__birthday', 'customer__language', 'customer__date_joined', 'customer__last_login', 'customer__created',
  'customer__phone__number', 'customer__phone__country', 'customer__document_id__number',
  'customer__document_id__country', 'customer__document_id__type', ...address('customer__address__'),
  'account__id', 'account__type', 'account__gender', 'account__first_name', 'account__last_name', 'account__email',
  'account__last_login', 'account__date_joined', 'account__created',
  ...address('billing__'), ...address('shipping__'), 'shipping__price', 'shipping__tax_rate', 'shipping__discount',
  'shipping__discount_rate', 'shipping__name', 'shipping__method',
  'instalment_plan__downpayment__state', 'instalment_plan__downpayment__amount',
];

const at = Object.fromEntries(columns.map((name, index) => [name, index]));

module.exports = { columns, at, list: columns.map((name) => `"${name}"`).join(', ') };
