// Extensions in every state there is, keys, and requests: what the pages show.
import { readFileSync } from "node:fs";
import { accounts, people, Person } from "./space.mjs";

const example = new URL("../../../examples/orders-by-week/", import.meta.url);
const exampleFiles = Object.fromEntries(["index.html", "style.css", "app.js"].map((path) => [path, readFileSync(new URL(path, example), "utf8")]));

async function publish(developer, operator, name, version) {
  await developer.move(name, version, "submit");
  await operator.move(name, version, "publish");
}

async function ordersByWeek(developer, operator) {
  const name = "orders-by-week";
  await developer.declare(name, "Orders by week", "How many orders a shop had each week, and what they were worth, as a plot.");
  const files = exampleFiles;
  await developer.push(name, 1, files, "A plot of the orders of each week");
  await developer.push(name, 1, { ...files, "style.css": `${files["style.css"]}h1 { letter-spacing: 0; }\n` }, "Calmer headings");
  await developer.change(name, 1, { scopes: ["orders:read"] });
  await publish(developer, operator, name, 1);
  await developer.authorise(name, 1, accounts.lights);
  await developer.call("POST", `/extensions/${name}/versions`, {});
  await developer.push(name, 2, { ...files, "map.js": "// a map\n" }, "A map of where orders go");
  await developer.change(name, 2, { scopes: ["orders:read"], hosts: ["https://tiles.example.com"] });
  await developer.move(name, 2, "submit", "Now with a map.");
  await operator.move(name, 2, "return", "The map has no legend. Please add one, and say in the description whose tiles it shows.");
  await developer.push(name, 2, { ...files, "map.js": "// a map with a legend\n" }, "The map has a legend");
  await developer.authorise(name, 2, accounts.lights);
}

async function others(developer, operator) {
  await developer.declare("refund-desk", "Refund desk", "Changes several orders at once, after showing what they sum up to.");
  await developer.push("refund-desk", 1, exampleFiles, "First version");
  await developer.change("refund-desk", 1, { scopes: ["orders:read", "orders:write", "notes:write"], hosts: ["https://rates.example.com"] });
  await publish(developer, operator, "refund-desk", 1);
  await developer.declare("stock-alarm", "Stock alarm", "Tells when an article is about to run out.");
  await developer.push("stock-alarm", 1, exampleFiles, "First version");
  await developer.change("stock-alarm", 1, { scopes: ["notes:write", "orders:read"], hosts: ["https://alarm.example.com"] });
  await developer.move("stock-alarm", 1, "submit", "For shops that sell by the piece.");
}

/** Keys of the account, and requests that went well and badly with one of them. */
async function traffic(space, developer) {
  const path = `/accounts/${accounts.lights}/keys`;
  const { token } = await developer.call("POST", path, { kind: "private", mode: "production", label: "checkout" });
  await developer.call("POST", path, { kind: "public", mode: "production", label: "shop window", expires: "2030-01-31T00:00:00Z" });
  const old = await developer.call("POST", path, { kind: "private", mode: "production", label: "accounting" });
  await developer.call("DELETE", `${path}/${old.id}`);
  const headers = { Authorization: `Bearer ${token}` };
  for (const asked of ["/orders", "/orders?total_amount-gte=5000", "/orders/L-03", "/orders/L-99", "/orders?totl_amount=1", "/orders?page=2", "/orders?page=9", "/notes"])
    await (await fetch(`http://127.0.0.1:${space.port}${asked}`, { headers })).text();
  await (await fetch(`http://127.0.0.1:${space.port}/orders`, { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: '{"mid": "L-01", "total_amount": 12.5}' })).text();
}

export async function furnish(space) {
  const developer = await Person.signIn(space, people.developer);
  const operator = await Person.signIn(space, people.operator);
  await ordersByWeek(developer, operator);
  await others(developer, operator);
  await traffic(space, developer);
}
