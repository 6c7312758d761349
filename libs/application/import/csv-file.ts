import { CsvScanner, type CsvRecord } from './csv-scanner.js';

/** The file as a whole cannot be imported; the message is the end of a sentence about it. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

const UTF_8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF_16_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/**
 * Streams the records of a CSV file, the header row among them; a byte order mark is taken off.
 * @throws UnreadableFile it is UTF-16
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array>,
  delimiter: string,
): AsyncGenerator<CsvRecord, void, void> {
  const scanner = new CsvScanner(delimiter);
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of source) {
    if (head === null) {
      yield* scanner.scan(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < UTF_8_MARK.length) continue;
    yield* scanner.scan(withoutMark(head));
    head = null;
  }
  if (head !== null) yield* scanner.scan(withoutMark(head));
  const last = scanner.finish();
  if (last !== null) yield last;
}

function withoutMark(head: Buffer): Buffer {
  if (UTF_16_MARKS.some((mark) => mark.equals(head.subarray(0, mark.length)))) {
    throw new UnreadableFile('is UTF-16: save it as UTF-8');
  }
  return UTF_8_MARK.equals(head.subarray(0, UTF_8_MARK.length)) ? head.subarray(UTF_8_MARK.length) : head;
}
