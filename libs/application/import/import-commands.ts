import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson } from '#event-store/canonical-json.js';
import type { JsonValue } from '#event-store/event.js';
import { StoreUnavailable } from '#event-store/port.js';
import { derivedId } from '../command-id.js';
import { CommandConflict, OutcomeUnknown } from '../errors.js';
import type { CommandRequest } from '../request.js';

/** How long to wait before each further try while the store cannot be reached: it may be locked, or starting over. */
const PAUSES_MS = [100, 500, 2_000, 5_000, 10_000];

/** Makes the requests of one import: the same row gives the same command in every run. */
export class ImportRequests {
  /** @param fingerprintKey key of the HMAC that tells whether a row is still the same */
  constructor(
    private readonly mappingName: string,
    private readonly fingerprintKey: Buffer,
  ) {}

  /**
   * @param identity of the row, or of what the command is for
   * @param content JSON of all that the command says: under the same identity it must be the same in every run
   */
  request(identity: string, content: object): CommandRequest {
    const commandId = derivedId('import', this.mappingName, 'row', identity);
    const text = canonicalJson(content as JsonValue);
    return {
      caller: { actor: { id: this.mappingName, kind: 'import' }, mayOverride: true },
      commandId,
      keyed: true,
      fingerprint: createHmac('sha256', this.fingerprintKey).update(text, 'utf8').digest('hex'),
      correlationId: commandId,
    };
  }
}

/**
 * Runs a command again while the store cannot be reached or others are faster; a repeated command finds what it has
 * done. Any other error, and the last one of these, is the caller's.
 */
export async function patiently<T>(run: () => Promise<T>, pausesMs: readonly number[] = PAUSES_MS): Promise<T> {
  for (const pause of pausesMs) {
    try {
      return await run();
    } catch (error) {
      if (!mayPass(error)) throw error;
      await sleep(pause);
    }
  }
  return run();
}

function mayPass(error: unknown): boolean {
  return error instanceof StoreUnavailable || error instanceof OutcomeUnknown || error instanceof CommandConflict;
}
