// What was dropped or chosen, as one archive.
import { Zip, ZipDeflate } from "fflate";
import { planArchive } from "./archive_plan";

export interface Picked {
  path: string;
  file: File;
}

export interface Packed {
  archive: Blob;
  files: number;
  leftOut: string[];
}

const zipType = "application/zip";

function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  return new Promise((resolve, reject) => {
    const next = (): void =>
      reader.readEntries((some) => {
        if (some.length === 0) return resolve(all);
        all.push(...some); // a reader gives a hundred at a time
        next();
      }, reject);
    next();
  });
}

async function walk(entry: FileSystemEntry, into: Picked[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    into.push({ path: entry.fullPath.replace(/^\//, ""), file });
    return;
  }
  for (const below of await entriesOf(entry as FileSystemDirectoryEntry)) await walk(below, into);
}

/** Must be called while the event is handled: what it holds is gone afterwards. */
export async function pickedFromDrop(transfer: DataTransfer): Promise<Picked[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return [...transfer.files].map((file) => ({ path: file.name, file }));
  const picked: Picked[] = [];
  for (const entry of entries) await walk(entry, picked);
  return picked;
}

export function pickedFromInput(input: HTMLInputElement): Picked[] {
  return [...(input.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** One .zip goes as it is; anything else is packed here. */
export async function pack(picked: Picked[]): Promise<Packed> {
  const only = picked.length === 1 ? picked[0]! : null;
  if (only && /\.zip$/i.test(only.path)) return { archive: new Blob([only.file], { type: zipType }), files: 1, leftOut: [] };
  const plan = planArchive(picked.map((one) => one.path));
  const chunks: BlobPart[] = [];
  let fault: Error | null = null;
  const zip = new Zip((error, chunk) => {
    if (error) fault = error;
    else chunks.push(chunk as Uint8Array<ArrayBuffer>);
  });
  let files = 0;
  for (const [index, path] of plan.paths.entries()) {
    if (path === null) continue;
    const entry = new ZipDeflate(path, { level: 6 });
    zip.add(entry);
    entry.push(new Uint8Array(await picked[index]!.file.arrayBuffer()), true); // each await lets the page go on
    files += 1;
  }
  zip.end();
  if (fault) throw fault as Error;
  return { archive: new Blob(chunks, { type: zipType }), files, leftOut: plan.leftOut };
}
