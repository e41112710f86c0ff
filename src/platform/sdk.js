// The first script of a page of an extension: `token`, and `portico`. Called with what the server says of the run.
(function (run) {
  "use strict";
  const { fetch, parent, setTimeout, clearTimeout } = window;
  const sendTo = parent === window ? null : parent.postMessage.bind(parent);
  const renewBefore = 60_000; // milliseconds before its end a token is renewed
  const answerWithin = 15_000; // milliseconds for the developer space to renew it
  const pauses = { first: 1_000, longest: 15_000 }; // milliseconds between attempts at renewal that fail, doubled each time
  const serverAhead = run.now - Date.now();
  const tooLate = Math.min(5_000, (run.expires - run.now) / 4); // milliseconds that a call may take on its way
  let token = run.token;
  let expires = run.expires;
  let renewal = null;
  let timer = 0;
  let pause = pauses.first;

  // The ticket was good for this page alone: it goes from the address, and from the history.
  const address = new URL(location.href);
  address.searchParams.delete("run");
  history.replaceState(history.state, "", address.pathname + address.search + address.hash);

  const left = () => expires - serverAhead - Date.now();

  class PorticoError extends Error {
    constructor({ code, msg, fields, status }) {
      super(msg);
      this.name = "PorticoError";
      this.code = code;
      this.msg = msg;
      this.fields = fields ?? {};
      this.status = status ?? 0;
    }
  }

  // The handshake: the page asks the window that embeds it, at the one origin that may; the answer counts from there alone.
  function renew() {
    renewal ??= new Promise((resolve, reject) => {
      const end = (settle, value) => {
        clearTimeout(late);
        window.removeEventListener("message", hear);
        renewal = null;
        settle(value);
      };
      const fail = (error) => {
        planAgain(error);
        end(reject, new PorticoError(error));
      };
      const hear = (event) => {
        if (event.source !== parent || event.origin !== run.console) return;
        const answer = event.data;
        if (answer?.portico !== "token" || answer.run !== run.run) return;
        if (typeof answer.token !== "string") return fail(answer.error);
        token = answer.token;
        expires = Date.parse(answer.expires);
        plan();
        end(resolve, token);
      };
      const silent = () => fail({ code: -2, msg: "The developer space, which renews the token, does not answer." });
      const late = setTimeout(silent, sendTo === null ? 0 : answerWithin);
      window.addEventListener("message", hear);
      sendTo?.({ portico: "token", run: run.run }, run.console);
    });
    return renewal;
  }

  function renewAfter(milliseconds) {
    clearTimeout(timer);
    if (sendTo !== null) timer = setTimeout(() => renew().catch(() => {}), Math.min(milliseconds, 2 ** 31 - 1));
  }

  // Ahead of its end, so that who uses `token` itself finds one that is valid.
  function plan() {
    pause = pauses.first;
    const ahead = left() - Math.min(renewBefore, left() / 2);
    renewAfter(left() > 0 ? Math.max(ahead, 1_000) : pauses.longest); // a clock that was set takes no token for a good one
  }

  // What may pass is tried again, also when the token has expired meanwhile. -3 says that no token comes any more.
  function planAgain({ code }) {
    clearTimeout(timer);
    if (code === -3) return;
    renewAfter(pause);
    pause = Math.min(pause * 2, pauses.longest);
  }

  const validToken = async () => (left() > tooLate ? token : renew());

  function bodyOf(options, headers) {
    const body = options.body;
    const isPlain = body !== null && typeof body === "object" && [Object.prototype, Array.prototype, null].includes(Object.getPrototypeOf(body));
    if (!isPlain) return body;
    if (!headers.has("Content-Type")) headers.set("Content-Type", "application/json");
    return JSON.stringify(body);
  }

  const methodOf = (options) => (options.method ?? (options.body === undefined ? "GET" : "POST")).toUpperCase();

  async function ask(path, options, bearer) {
    const headers = new Headers(options.headers);
    headers.set("Authorization", `Bearer ${bearer}`);
    const response = await fetch(run.api + path, {
      method: methodOf(options), headers, body: bodyOf(options, headers), signal: options.signal,
      mode: "cors", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer", cache: "no-store",
    });
    return methodOf(options) === "HEAD" || response.status === 304 ? readHead(response) : read(response);
  }

  // Without a body. Of two codes that are 401, the one after which a token is renewed: no new one comes where it was the other.
  function readHead(response) {
    const { ok, status, headers } = response;
    if (ok || status === 304) return { code: 0, status, headers };
    throw new PorticoError({ code: status === 401 ? -2 : -1, msg: `The answer is ${status}.`, status });
  }

  async function read(response) {
    const type = response.headers.get("Content-Type") ?? "";
    if (!type.startsWith("application/json")) {
      if (response.ok) return response.blob();
      throw new PorticoError({ code: -1, msg: `The answer is ${response.status}, and no JSON.`, status: response.status });
    }
    const answer = await response.json();
    if (answer.code !== 0) throw new PorticoError({ ...answer, status: response.status });
    return answer;
  }

  // `path` below the API, with its query: "/orders?page=2". Gives the whole answer, {code, data, pagination}, a
  // download's Blob, or {code, status, headers} of what has no body; throws an Error with code, msg, fields and status.
  async function api(path, options = {}) {
    if (typeof path !== "string" || !path.startsWith("/")) throw new TypeError('A path of the API begins with "/": portico.api("/orders")');
    const bearer = await validToken();
    try {
      return await ask(path, options, bearer);
    } catch (error) {
      if (error.code !== -2) throw error;
      return ask(path, options, bearer === token ? await renew() : token); // it expired on its way
    }
  }

  const freeze = (value) => {
    if (value !== null && typeof value === "object") Object.values(Object.freeze(value)).forEach(freeze);
    return value;
  };
  Object.defineProperty(window, "token", { get: () => token, configurable: true, enumerable: true });
  Object.defineProperty(window, "portico", {
    value: Object.freeze({ token: validToken, api, context: freeze(run.context) }),
    configurable: true, enumerable: true,
  });
  plan();
  document.currentScript?.remove();
})
