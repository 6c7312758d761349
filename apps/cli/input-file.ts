import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ImportFile } from '#application/import/run-import.js';

/** A file that was named on the command line cannot be used; the message is a sentence that names it. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be opened',
  EPERM: 'may not be opened',
};

/**
 * Reads a file of JSON.
 * @throws UnusableFile
 */
export async function readJson(path: string): Promise<unknown> {
  const bytes = await readFile(path).catch((error: unknown) => fail(path, error));
  try {
    // A byte order mark, which editors leave, is taken off.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (error) {
    throw new UnusableFile(`${path} is not JSON in UTF-8: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Name, size and SHA-256 of a file, which is read to its end.
 * @throws UnusableFile
 */
export async function inspectFile(path: string): Promise<ImportFile> {
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const chunk of readBytes(path)) {
    digest.update(chunk);
    bytes += chunk.length;
  }
  return { name: basename(path), bytes, sha256: digest.digest('hex') };
}

/**
 * Streams a file.
 * @throws UnusableFile
 */
export async function* readBytes(path: string): AsyncGenerator<Uint8Array, void, void> {
  const stream = createReadStream(path, { highWaterMark: 256 * 1024 });
  try {
    for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
  } catch (error) {
    fail(path, error);
  } finally {
    stream.destroy();
  }
}

/** What the system has against a file, as a sentence. */
export function fail(path: string, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  throw new UnusableFile(`${path} ${REASONS[code] ?? `cannot be used: ${messageOf(error)}`}`, { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
