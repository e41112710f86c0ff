'use strict';

// GET /orders (page, page_size) and GET /orders/{id or mid}, by hand: what bench/run compares Portico with.

const cluster = require('node:cluster');
const crypto = require('node:crypto');
const fastify = require('fastify');
const representationWith = require('./representation');

const [sizeUsual, sizeMax] = [25, 100];

/** "Bearer portico_ID_SECRET", looked up by its public part in a table of hashes at every request. */
async function authenticate(orders, header) {
  const [scheme, token] = (header ?? '').split(' ');
  const parts = (token ?? '').split('_');
  if (scheme.toLowerCase() !== 'bearer' || parts.length !== 3) return null;
  const found = await orders.findKey(parts[1]);
  if (found === undefined) return null;
  const given = crypto.hash('sha256', parts[2], 'buffer');
  return crypto.timingSafeEqual(given, found[0]) ? found[1] : null;
}

function numberOf(text, usual, max) {
  if (text === undefined) return usual;
  const number = Number(text);
  return Number.isInteger(number) && number >= 1 ? Math.min(number, max) : NaN;
}

function pageUrl(request, number) {
  const parameters = new URLSearchParams(request.query);
  parameters.set('page', number);
  return `http://${request.headers.host}/orders?${parameters}`;
}

function makeServer(orders) {
  const order = representationWith(orders.instant);
  const app = fastify({ logger: false });
  const refuse = (reply, status, message) => reply.code(status).send({ error: { type: 'Error', message } });
  const send = (reply, document) => reply.type('application/json; charset=utf-8').send(JSON.stringify(document));

  app.decorateRequest('account', null);
  app.addHook('onRequest', async (request, reply) => {
    request.account = await authenticate(orders, request.headers.authorization);
    if (request.account === null) return refuse(reply, 401, 'Authentication credentials were not provided.');
  });

  app.get('/orders', async (request, reply) => {
    const number = numberOf(request.query.page, 1, Number.MAX_SAFE_INTEGER);
    const size = numberOf(request.query.page_size, sizeUsual, sizeMax);
    if (Number.isNaN(number) || Number.isNaN(size)) return refuse(reply, 400, 'page and page_size are numbers from 1.');
    const { rows, count } = await orders.page(request.account, size, (number - 1) * size);
    if (rows.length === 0 && number > 1) return refuse(reply, 404, 'There is no such page.');
    const after = number * size < count ? number + 1 : null;
    const before = number > 1 ? number - 1 : null;
    return send(reply, {
      cursor: { after, before },
      paging: {
        count,
        next: after === null ? null : pageUrl(request, after),
        previous: before === null ? null : pageUrl(request, before),
      },
      results: rows.map(order),
    });
  });

  app.get('/orders/:name', async (request, reply) => {
    const row = await orders.find(request.account, request.params.name);
    return row === undefined ? refuse(reply, 404, 'There is no such order.') : send(reply, order(row));
  });
  return app;
}

const workers = Number(process.env.BENCH_WORKERS ?? '1');
if (workers > 1 && cluster.isPrimary) {
  for (let number = 0; number < workers; number++) cluster.fork();
  process.on('SIGTERM', () => process.exit(0));
} else {
  const openOrders = require(process.env.BENCH_STORE === 'postgres' ? './postgres' : './sqlite');
  makeServer(openOrders(process.env))
    .listen({ host: '127.0.0.1', port: Number(process.env.BENCH_LISTEN) })
    .catch((error) => {
      console.error(error);
      process.exit(1);
    });
}
