import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { v4, v7 } from 'uuid';
import { accept } from '#domain/shared/decision.js';
import type { ApiKeyIssued, Role } from '#domain/access/access.js';
import { ACCESS } from '../aggregate.js';
import type { CommandExecutor } from '../execute.js';
import { Lru } from '../lru.js';
import type { Caller } from '../request.js';

const MAIN = 'main';

/** Who a bearer token is. Keys are stored as hashes in `access-main`, where each is an event of its own. */
export class AccessKeys {
  readonly #callers = new Lru<string, Caller>(10_000);

  constructor(
    private readonly commands: CommandExecutor,
    /** The administrator's key from the configuration, if there is one. */
    private readonly configuredKey: string | null,
  ) {}

  /**
   * Makes the first administrator's key when there is none, neither configured nor issued before.
   * @returns the key, to be shown this once; null when there was one
   */
  async ensureAdministrator(): Promise<string | null> {
    if (this.configuredKey !== null) return null;
    const key = `plk_${randomBytes(32).toString('base64url')}`;
    const issued: ApiKeyIssued = {
      type: 'ApiKeyIssued',
      data: { keyId: v7(), name: 'administrator', role: 'admin', sha256: sha256(key) },
    };
    const outcome = await this.commands.execute(
      ACCESS,
      MAIN,
      {
        caller: { actor: { id: 'pipeledger', kind: 'reactor' }, mayOverride: false },
        commandId: v4(),
        keyed: false,
        fingerprint: sha256(''),
        correlationId: v4(),
      },
      (state, { now }) => (state === null ? accept({ ...issued, occurredAt: now }) : accept()),
    );
    return outcome.events.length > 0 ? key : null;
  }

  /** The caller that the token stands for; null when it stands for nobody. */
  async authenticate(token: string): Promise<Caller | null> {
    const hash = sha256(token);
    const known = this.#callers.get(hash);
    if (known !== undefined) return known;
    const caller = await this.#find(token, hash);
    if (caller !== null) this.#callers.set(hash, caller);
    return caller;
  }

  async #find(token: string, hash: string): Promise<Caller | null> {
    if (this.configuredKey !== null && sameText(token, this.configuredKey)) return callerOf('admin', 'admin');
    const { state } = await this.commands.streams.load(ACCESS, MAIN);
    const key = state !== null && Object.hasOwn(state.keys, hash) ? state.keys[hash] : undefined;
    return key === undefined ? null : callerOf(key.name === 'administrator' ? 'admin' : key.keyId, key.role);
  }
}

function callerOf(id: string, role: Role): Caller {
  return { actor: { id, kind: 'api-key' }, mayOverride: role === 'admin' || role === 'manager' };
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Compares without telling by its time how much was right. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
