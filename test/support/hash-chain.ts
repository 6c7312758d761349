import { createHash } from 'node:crypto';

/**
 * Checks hash chains as an outsider would, from the contract alone: an own canonical JSON (sorted keys; the events
 * hold no numbers that would need more than JSON.stringify) and own rules. Answers what is wrong.
 */
export function chainFaults(events: readonly any[]): string[] {
  const faults: string[] = [];
  const ends = new Map<string, { revision: number; hash: string }>();
  for (const event of events) {
    const { hash, ...metadata } = event.metadata;
    const place = `${event.stream}@${event.revision}`;
    const before = ends.get(event.stream) ?? { revision: -1, hash: '0'.repeat(64) };
    if (event.revision !== before.revision + 1) faults.push(`${place}: after revision ${before.revision}`);
    if (metadata.prevHash !== before.hash) faults.push(`${place}: prevHash`);
    const text = canonical({
      data: event.data,
      metadata,
      revision: event.revision,
      stream: event.stream,
      type: event.type,
    });
    if (createHash('sha256').update(text, 'utf8').digest('hex') !== hash) faults.push(`${place}: hash`);
    if (uuid8(hash) !== event.id) faults.push(`${place}: id`);
    ends.set(event.stream, { revision: event.revision, hash });
  }
  return faults;
}

function canonical(value: any): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.keys(value).sort();
  return `{${fields.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

/** RFC 9562: 128 bits, version 8, variant 10. */
function uuid8(hash: string): string {
  const bytes = Buffer.from(hash.slice(0, 32), 'hex');
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
