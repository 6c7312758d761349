import { derivedId } from '#application/command-id.js';
import type { JsonSchema } from '#application/validation/body-schema.js';
import { checkJson } from './json-body.js';
import { Problem } from './problem.js';

/** A batch holds at most this many commands. */
export const BATCH_LIMIT = 1_000;

/** A command of a batch as the request that it stands for. */
export interface BatchItem {
  /** With its query, if there is one. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
}

/** What `commandsOf` and `batchItem` take. */
export const BATCH_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    commands: {
      type: 'array',
      minItems: 1,
      maxItems: BATCH_LIMIT,
      items: {
        type: 'object',
        properties: {
          path: { type: 'string', description: 'Of the command, like /v1/leads.' },
          idempotencyKey: { type: ['string', 'null'], minLength: 1, maxLength: 255 },
          ifMatch: { type: ['integer', 'null'], minimum: 0 },
          body: { type: 'object', description: 'As the command takes it.' },
        },
        required: ['path'],
        additionalProperties: false,
      },
    },
  },
  required: ['commands'],
  additionalProperties: false,
};

const FIELDS = ['path', 'idempotencyKey', 'ifMatch', 'body'];

/**
 * The commands of a batch, not yet looked at.
 * @throws Problem `invalid-request` when the body is no batch
 */
export function commandsOf(body: unknown): readonly unknown[] {
  if (!isObject(body)) throw wrong('', 'must be a JSON object');
  refuseUnknown(body, ['commands'], '');
  const { commands } = body;
  if (!Array.isArray(commands) || commands.length === 0 || commands.length > BATCH_LIMIT) {
    throw wrong('/commands', `must be a list of 1 to ${BATCH_LIMIT} commands`);
  }
  return commands;
}

/**
 * Reads one command of a batch. Whether its path and body are right is said by the route that it names.
 * @param batchKey Idempotency-Key of the batch: a command without a key of its own gets one from it and its index
 * @throws Problem with places in the batch's body, or in the command's own for a fault in that
 */
export function batchItem(command: unknown, index: number, batchKey: string | null): BatchItem {
  const place = `/commands/${index}`;
  if (!isObject(command)) throw wrong(place, 'must be a JSON object');
  refuseUnknown(command, FIELDS, place);
  const { path, ifMatch, body = {} } = command;
  if (typeof path !== 'string' || !/^\/[\x21-\x7e]*$/u.test(path)) {
    throw wrong(`${place}/path`, 'must be the path of a command, like /v1/leads');
  }
  // What would arrive as another path than the one that was written names nothing.
  if (asItArrives(path) !== path) throw new Problem('not-found', 'There is no such resource.');
  const key = command['idempotencyKey'] ?? (batchKey === null ? null : derivedId('batch-item', batchKey, `${index}`));
  if (key !== null && typeof key !== 'string') throw wrong(`${place}/idempotencyKey`, 'must be a string');
  if (ifMatch !== undefined && ifMatch !== null && !isRevision(ifMatch)) {
    throw wrong(`${place}/ifMatch`, 'must be a revision, like 4');
  }
  checkJson(body);
  return {
    path,
    headers: {
      ...(key === null ? {} : { 'idempotency-key': key }),
      ...(isRevision(ifMatch) ? { 'if-match': `"${ifMatch}"` } : {}),
    },
    payload: JSON.stringify(body),
  };
}

/** The path after the resolution of dots, escapes and fragments that a URL undergoes. */
function asItArrives(path: string): string | null {
  const url = URL.canParse(`http://localhost${path}`) ? new URL(`http://localhost${path}`) : null;
  return url === null ? null : url.pathname + url.search;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRevision(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function refuseUnknown(object: object, known: readonly string[], place: string): void {
  const unknown = Object.keys(object).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw wrong(`${place}/${unknown.replaceAll('~', '~0').replaceAll('/', '~1')}`, 'is not a known field');
}

function wrong(path: string, message: string): Problem {
  return new Problem('invalid-request', '1 field is wrong.', { errors: [{ path, message }] });
}
