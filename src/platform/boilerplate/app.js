// Portico has run before this script, and left here:
//   token                         the token of this run, for calls of your own
//   portico.token()               a promise of a token that is valid now; renews it where it has to
//   portico.api(path, options)    asks the API with that token; path begins with "/". A promise of the whole answer,
//                                 {code, data, pagination}; where code is not 0, of an Error with code, msg and fields
//   portico.context               who runs this, and for which account: {user, account, locale, …}
// Put no token into these files: each run brings its own.
"use strict";

const at = (id) => document.getElementById(id);

function showContext() {
  const { user, account, locale } = portico.context;
  at("user").textContent = user.name;
  at("account").textContent = account.name || account.id;
  at("locale").textContent = locale;
  at("context").hidden = false;
  document.documentElement.lang = locale;
}

async function ask(path) {
  at("status").textContent = "Asking…";
  at("answer").hidden = true;
  try {
    const answer = await portico.api(path);
    at("status").textContent = `GET ${path}: it worked`;
    at("answer").textContent = JSON.stringify(answer, null, 2);
    at("answer").hidden = false;
  } catch (error) {
    at("status").textContent = `GET ${path}: ${error.message} (code ${error.code})`;
  }
}

if (typeof portico === "undefined") {
  at("status").textContent = "Open this from the developer space: a run brings the token.";
} else {
  showContext();
}

at("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  if (typeof portico !== "undefined") ask(at("path").value);
});
