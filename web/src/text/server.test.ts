import assert from "node:assert/strict";
import { test } from "node:test";
import { translated } from "./server";
import { serverEs } from "./server_es";

test("what the server names stays, in words of the language where there are some", () => {
  assert.equal(translated("It must have 3 to 40 characters.", serverEs), "Debe tener de 3 a 40 caracteres.");
  assert.equal(translated("Version 1 is denied, not in revision.", serverEs), "La versión 1 está denegada, no en revisión.");
  assert.equal(translated("It does not hold a PNG picture.", serverEs), "No contiene una imagen PNG.");
  assert.equal(translated("The name `a.b*` is taken.", serverEs), "El nombre `a.b*` ya está en uso.");
});

test("what there are no words for is said as the server says it", () => {
  assert.equal(translated("Something new.", serverEs), "Something new.");
  assert.equal(translated("This field is required", serverEs), "This field is required");
  assert.equal(translated("", serverEs), "");
});

test("every message is there once, and names as much in both languages", () => {
  assert.equal(new Set(serverEs.map(([message]) => message)).size, serverEs.length);
  for (const [message, words] of serverEs) assert.equal(words.split("{}").length, message.split("{}").length, message);
});
