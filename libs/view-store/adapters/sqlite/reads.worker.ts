import { parentPort, workerData } from 'node:worker_threads';
import type { Row } from '../../port.js';
import { readView } from './checkpoint.js';
import { type ReadsAnswer, type ReadsCall, type ReadsMessage, toThrown } from './reads.protocol.js';
import { ViewFiles } from './view-files.js';
import { read, scan } from './view-reads.js';

/** For each view. */
const CACHE_MIB = 16;

/** The reading thread: one connection to each view for short reads, one more for each open scan. */
class ReadingThread {
  private readonly scans = new Map<number, Generator<readonly Row[], void, void>>();

  constructor(private readonly files: ViewFiles) {}

  answer(call: ReadsCall): unknown {
    switch (call.kind) {
      case 'read':
        return read(this.files.of(call.view), call.view, call.requests);
      case 'checkpoint':
        return readView(this.files.of(call.view), call.view)?.checkpoint ?? null;
      case 'scan':
        this.scans.set(
          call.scan,
          this.files.scansOf(call.view).use((connection) => scan(connection, call.view, call.request)),
        );
        return null;
      case 'next':
        return this.next(call.scan);
      case 'return':
        this.scans.get(call.scan)?.return();
        this.scans.delete(call.scan);
        return null;
      case 'close':
        for (const open of this.scans.values()) open.return();
        this.scans.clear();
        this.files.close();
        return null;
    }
  }

  private next(scan: number): readonly Row[] | null {
    const chunk = this.scans.get(scan)?.next();
    if (chunk !== undefined && !chunk.done) return chunk.value;
    this.scans.delete(scan);
    return null;
  }
}

function start(
  folder: string,
  send: (answer: ReadsAnswer) => void,
  onMessage: (handle: (message: ReadsMessage) => void) => void,
): void {
  const attempt = (id: ReadsAnswer['id'], work: () => unknown): void => {
    try {
      send({ id, value: work() });
    } catch (error) {
      send({ id, error: toThrown(error) });
    }
  };
  attempt('opened', () => {
    const thread = new ReadingThread(ViewFiles.open(folder, CACHE_MIB));
    onMessage(({ id, call }) => attempt(id, () => thread.answer(call)));
    return null;
  });
}

if (parentPort !== null) {
  const port = parentPort;
  start(
    String(workerData),
    (answer) => port.postMessage(answer),
    (handle) => port.on('message', handle),
  );
}
