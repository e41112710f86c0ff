// Shows the account's orders twice: as the global `token`, which was there before this script, opens them, and as
// portico.api() does, whose token is always a valid one.
const atFirst = token;

const shown = (id, text) => (document.getElementById(id).textContent = text);

async function askWith(bearer) {
  const response = await fetch(`${apiUrl}/orders?ordering=mid`, { headers: { Authorization: `Bearer ${bearer}` } });
  const answer = await response.json();
  return answer.code === 0 ? answer.data.map((order) => order.mid).join(" ") : `code ${answer.code}`;
}

async function askPortico() {
  try {
    const answer = await portico.api("/orders?ordering=mid");
    return answer.data.map((order) => order.mid).join(" ");
  } catch (error) {
    return `code ${error.code}`;
  }
}

async function show() {
  shown("state", "asking");
  shown("first", await askWith(atFirst));
  shown("valid", await askPortico());
  shown("account", portico.context.account.name);
  shown("changed", String(token !== atFirst));
  shown("state", "done");
}

document.getElementById("again").addEventListener("click", show);
void show();
