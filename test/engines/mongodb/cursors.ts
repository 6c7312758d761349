import type { Document } from './documents.js';
import { sizeOf } from './documents.js';
import { CommandError } from './errors.js';

interface OpenCursor {
  readonly namespace: string;
  readonly rest: Document[];
}

const FIRST_BATCH = 101;
const BATCH_BYTES = 16 * 1024 * 1024;

/** Cursors over results that are settled when they are opened. */
export class Cursors {
  private readonly open = new Map<bigint, OpenCursor>();
  private lastId = 1_000_000_000_000n;

  /** The `cursor` of an answer: the first batch, and an id when there is more. */
  start(namespace: string, documents: readonly Document[], batchSize: number | null, singleBatch: boolean): Document {
    const rest = [...documents];
    const firstBatch = takeBatch(rest, batchSize ?? FIRST_BATCH);
    if (singleBatch || rest.length === 0) return { firstBatch, id: 0n, ns: namespace };
    this.lastId += 1n;
    this.open.set(this.lastId, { namespace, rest });
    return { firstBatch, id: this.lastId, ns: namespace };
  }

  /** @throws CommandError there is no such cursor (any more) */
  next(id: bigint, namespace: string, batchSize: number | null): Document {
    const cursor = this.open.get(id);
    if (cursor === undefined) throw new CommandError(43, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new CommandError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    const nextBatch = takeBatch(cursor.rest, batchSize ?? Infinity);
    const ended = cursor.rest.length === 0;
    if (ended) this.open.delete(id);
    return { nextBatch, id: ended ? 0n : id, ns: namespace };
  }

  kill(id: bigint): boolean {
    return this.open.delete(id);
  }

  clear(): void {
    this.open.clear();
  }
}

function takeBatch(rest: Document[], most: number): Document[] {
  let bytes = 0;
  let count = 0;
  for (const document of rest) {
    bytes += sizeOf(document);
    if (count >= most || (count > 0 && bytes > BATCH_BYTES)) break;
    count += 1;
  }
  return rest.splice(0, count);
}
