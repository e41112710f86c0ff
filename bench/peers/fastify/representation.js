'use strict';

// An order as its clients see it, of a row that is an array of cells.

const { at } = require('./columns');

const noneOf = (row, from, to) => {
  for (let index = from; index < to; index++) if (row[index] !== null) return false;
  return true;
};

function address(row, from) {
  if (noneOf(row, from, from + 10)) return null;
  return {
    first_name: row[from], last_name: row[from + 1], phone: row[from + 2], alt_phone: row[from + 3],
    street: row[from + 4], address_addition: row[from + 5], city: row[from + 6], state: row[from + 7],
    country: row[from + 8], postcode: row[from + 9],
  };
}

function shipping(row) {
  const from = at.shipping__first_name;
  if (noneOf(row, from, from + 16)) return null;
  return {
    first_name: row[from], last_name: row[from + 1], phone: row[from + 2], alt_phone: row[from + 3],
    street: row[from + 4], address_addition: row[from + 5], city: row[from + 6], state: row[from + 7],
    country: row[from + 8], postcode: row[from + 9], price: row[from + 10], tax_rate: row[from + 11],
    discount: row[from + 12], discount_rate: row[from + 13], name: row[from + 14], method: row[from + 15],
  };
}

const shown = (value) => (value === undefined ? null : value);

const article = (stored) => ({
  id: shown(stored.id), name: shown(stored.name), description: shown(stored.description), url: shown(stored.url),
  image_url: shown(stored.image_url), quantity: shown(stored.quantity), price: shown(stored.price),
  tax_rate: shown(stored.tax_rate), discount: shown(stored.discount), discount_rate: shown(stored.discount_rate),
  category: shown(stored.category),
});

/** `instant` makes 2015-10-02T18:15:45.101838Z, or null, of what the database gives for a timestamp. */
module.exports = function representationWith(instant) {
  function customer(row) {
    const from = at.customer__id;
    const phone = at.customer__phone__number;
    const document = at.customer__document_id__number;
    return {
      id: row[from], email: row[from + 1], type: row[from + 2], gender: row[from + 3], first_name: row[from + 4],
      last_name: row[from + 5], birthday: row[from + 6], language: row[from + 7], date_joined: instant(row[from + 8]),
      last_login: instant(row[from + 9]), created: instant(row[from + 10]),
      phone: noneOf(row, phone, phone + 2) ? null : { number: row[phone], country: row[phone + 1] },
      document_id: noneOf(row, document, document + 3)
        ? null
        : { number: row[document], country: row[document + 1], type: row[document + 2] },
      address: address(row, at.customer__address__first_name),
    };
  }

  function account(row) {
    const from = at.account__id;
    if (noneOf(row, from, from + 9)) return null;
    return {
      id: row[from], type: row[from + 1], gender: row[from + 2], first_name: row[from + 3], last_name: row[from + 4],
      email: row[from + 5], last_login: instant(row[from + 6]), date_joined: instant(row[from + 7]),
      created: instant(row[from + 8]),
    };
  }

  return function order(row) {
    const plan = at.instalment_plan__downpayment__state;
    return {
      id: row[0], mid: row[1], status: row[2], status_reason: row[3], sandbox: !!row[4], currency: row[5],
      total_amount: row[6], tax_rate: row[7], discount: row[8], discount_rate: row[9], created: instant(row[10]),
      verified: instant(row[11]), confirmed: instant(row[12]), cancelled: instant(row[13]), expired: instant(row[14]),
      expires_at: instant(row[15]), rejected: instant(row[16]), event_date: instant(row[17]),
      product: row[18] === null ? null : { type: row[18] },
      articles: JSON.parse(row[19]).map(article),
      customer: customer(row), account: account(row), billing: address(row, at.billing__first_name),
      shipping: shipping(row),
      instalment_plan: noneOf(row, plan, plan + 2) ? null : { downpayment: { state: row[plan], amount: row[plan + 1] } },
    };
  };
};
