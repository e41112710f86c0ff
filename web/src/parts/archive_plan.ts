// Which of the files that were dropped go into the archive, and under which paths. Pure.

export interface ArchivePlan {
  paths: (string | null)[]; // for each dropped file; null: left out
  leftOut: string[]; // what was left out, each once: `.git`
}

const never = new Set([".git", ".hg", ".svn", ".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", "node_modules"]);

/**
 * A dropped folder's own name is no part of the paths, where index.html would not be at the top otherwise. Version
 * control and what systems leave behind stay at home.
 */
export function planArchive(dropped: string[]): ArchivePlan {
  const leftOut = new Set<string>();
  const kept = dropped.map((path) => {
    const parts = path.split("/").filter((part) => part !== "");
    const bad = parts.find((part) => never.has(part));
    if (bad === undefined) return parts;
    leftOut.add(bad);
    return null;
  });
  const present = kept.filter((parts) => parts !== null);
  const first = present[0]?.[0];
  const oneFolder = present.length > 0 && present.every((parts) => parts.length > 1 && parts[0] === first);
  return {
    paths: kept.map((parts) => (parts === null ? null : parts.slice(oneFolder ? 1 : 0).join("/"))),
    leftOut: [...leftOut].sort(),
  };
}
