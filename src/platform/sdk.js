// The first script of a page of an extension: `token`, and `portico`. Called with what the server says of the run.
(function (run) {
  "use strict";
  const { fetch, parent, setTimeout, clearTimeout } = window;
  const sendTo = parent === window ? null : parent.postMessage.bind(parent);
  const renewBefore = 60_000; // milliseconds before its end a token is renewed
  const answerWithin = 15_000; // milliseconds for the developer space to renew it
  const serverAhead = run.now - Date.now();
  const tooLate = Math.min(5_000, (run.expires - run.now) / 4); // milliseconds that a call may take on its way
  let token = run.token;
  let expires = run.expires;
  let renewal = null;
  let timer = 0;

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
      const hear = (event) => {
        if (event.source !== parent || event.origin !== run.console) return;
        const answer = event.data;
        if (answer?.portico !== "token" || answer.run !== run.run) return;
        if (typeof answer.token !== "string") {
          return end(reject, new PorticoError({ code: -3, msg: answer.error?.message ?? answer.error?.msg ?? "The token was not renewed." }));
        }
        token = answer.token;
        expires = Date.parse(answer.expires);
        plan();
        end(resolve, token);
      };
      const fail = () => end(reject, new PorticoError({ code: -2, msg: "The developer space, which renews the token, does not answer." }));
      const late = setTimeout(fail, sendTo === null ? 0 : answerWithin);
      window.addEventListener("message", hear);
      sendTo?.({ portico: "token", run: run.run }, run.console);
    });
    return renewal;
  }

  // Ahead of its end, so that who uses `token` itself finds one that is valid. What fails here fails again, and is told, where a token is asked for.
  function plan() {
    clearTimeout(timer);
    const soon = Math.max(left() - Math.min(renewBefore, left() / 2), 1_000);
    if (sendTo !== null && left() > 0) timer = setTimeout(() => renew().catch(() => {}), Math.min(soon, 2 ** 31 - 1));
  }

  const validToken = async () => (left() > tooLate ? token : renew());

  function bodyOf(options, headers) {
    const body = options.body;
    const isPlain = body !== null && typeof body === "object" && [Object.prototype, Array.prototype, null].includes(Object.getPrototypeOf(body));
    if (!isPlain) return body;
    if (!headers.has("Content-Type")) headers.set("Content-Type", "application/json");
    return JSON.stringify(body);
  }

  async function ask(path, options, bearer) {
    const headers = new Headers(options.headers);
    headers.set("Authorization", `Bearer ${bearer}`);
    const body = bodyOf(options, headers);
    const method = options.method ?? (body === undefined ? "GET" : "POST");
    return fetch(run.api + path, {
      method, headers, body, signal: options.signal,
      mode: "cors", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer", cache: "no-store",
    });
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

  // `path` below the API, with its query: "/orders?page=2". Gives the whole answer, {code, data, pagination}, or a
  // download's Blob; throws an Error with code, msg, fields and status.
  async function api(path, options = {}) {
    if (typeof path !== "string" || !path.startsWith("/")) throw new TypeError('A path of the API begins with "/": portico.api("/orders")');
    const bearer = await validToken();
    try {
      return await read(await ask(path, options, bearer));
    } catch (error) {
      if (error.code !== -2) throw error;
      return read(await ask(path, options, bearer === token ? await renew() : token)); // it expired on its way
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
