'use strict';

// The orders in the PostgreSQL database that Portico serves, through pg: prepared statements, rows as arrays, timestamps and
// json as the texts that they come as.

const { Pool, types } = require('pg');
const { list } = require('./columns');

const [bool, bytea, int8, int4] = [16, 17, 20, 23];
const read = {
  [bool]: (text) => text === 't',
  [bytea]: types.getTypeParser(bytea),
  [int8]: Number,
  [int4]: Number,
};
const asItIs = (text) => text;
const typesOfOurs = { getTypeParser: (oid) => read[oid] ?? asItIs };

/** Of `2015-10-02 18:15:45.1018+00`. */
function instant(text) {
  if (text === null) return null;
  const fraction = text.slice(20, -3).padEnd(6, '0');
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}

module.exports = function openOrders(environment) {
  const pool = new Pool({
    host: environment.BENCH_DATA, port: Number(environment.BENCH_PORT), database: environment.BENCH_DATABASE,
    user: environment.BENCH_USER, max: 8, idleTimeoutMillis: 0,
    options: '-c jit=off -c TimeZone=UTC -c default_transaction_read_only=on',
  });
  const run = async (name, text, values) =>
    (await pool.query({ name, text, values, rowMode: 'array', types: typesOfOurs })).rows;
  const from = 'FROM portico.orders WHERE merchant = $1';
  return {
    instant,
    findKey: async (id) =>
      (await run('key', 'SELECT secret_sha256, account FROM bench.keys WHERE id = $1 AND NOT revoked', [id]))[0],
    async page(account, size, offset) {
      const order = 'ORDER BY created DESC, id DESC LIMIT $2 OFFSET $3';
      const [rows, count] = await Promise.all([
        run('page', `SELECT ${list} ${from} ${order}`, [account, size, offset]),
        run('count', `SELECT count(*) ${from}`, [account]),
      ]);
      return { rows, count: count[0][0] };
    },
    async find(account, name) {
      const byId = await run('id', `SELECT ${list} ${from} AND id = $2`, [account, name]);
      return byId[0] ?? (await run('mid', `SELECT ${list} ${from} AND mid = $2`, [account, name]))[0];
    },
  };
};
