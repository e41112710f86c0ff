// The server's messages in another language. Pure.

/** The server's message, with `{}` where it names something, and the same in the language, with as many `{}` in the same order. */
export type ServerWords = [message: string, words: string][];

const patterns = new WeakMap<ServerWords, [RegExp, string][]>();

function patternOf(message: string): RegExp {
  const parts = message.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.+?)")}$`, "su");
}

function patternsOf(table: ServerWords): [RegExp, string][] {
  const known = patterns.get(table) ?? table.map(([message, words]): [RegExp, string] => [patternOf(message), words]);
  patterns.set(table, known);
  return known;
}

/** The message itself where the table has no words for it. */
export function translated(message: string, table: ServerWords): string {
  for (const [pattern, words] of patternsOf(table)) {
    const found = pattern.exec(message);
    if (!found) continue;
    let next = 0;
    return words.replace(/\{\}/g, () => translated(found[(next += 1)]!, table));
  }
  return message;
}
