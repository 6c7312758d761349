import { setTimeout as sleep } from 'node:timers/promises';

/** Answers that say: not now, send it again. */
const NOT_NOW: readonly number[] = [429, 503];
const ATTEMPTS = 6;

/** What the API answered to a request of the demo, and should not have. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** What every command answers; a conversion also with the deal and its contacts. */
export interface CommandAnswer {
  readonly id: string;
  readonly position: string;
  readonly deal?: { readonly id: string };
  readonly personId?: string | null;
  readonly organizationId?: string | null;
}

/** The demo's only way to the server: its HTTP API, with the administrator's key. */
export class Api {
  /** Commands that were accepted. */
  accepted = 0;
  #lastPosition = 0n;

  constructor(
    readonly url: string,
    private readonly key: string,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Sends a command. Its key makes it safe to send again when the answer is "not now" or does not come.
   * @throws Refused
   */
  async command(path: string, body: object, idempotencyKey: string): Promise<CommandAnswer> {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey };
    const answer = await this.#send<CommandAnswer>('POST', path, headers, JSON.stringify(body));
    this.accepted += 1;
    const position = BigInt(answer.position);
    if (position > this.#lastPosition) this.#lastPosition = position;
    return answer;
  }

  /**
   * Asks, and gets an answer that has seen every command sent before.
   * `Answer` is what the path answers; nothing but the contract checks it.
   * @throws Refused
   */
  get<Answer>(path: string): Promise<Answer> {
    const headers = { 'After-Position': String(this.#lastPosition), Prefer: 'wait=10' };
    return this.#send<Answer>('GET', path, headers, null);
  }

  async #send<Answer>(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | null,
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      this.signal.throwIfAborted();
      const response = await fetch(this.url + path, {
        method,
        headers: { ...headers, Authorization: `Bearer ${this.key}` },
        body,
      });
      if (response.ok) return (await response.json()) as Answer;
      if (!NOT_NOW.includes(response.status) || attempt === ATTEMPTS) throw await refusal(method, path, body, response);
      await response.text();
      await sleep(1_000 * Number(response.headers.get('Retry-After') ?? '1'), undefined, { signal: this.signal });
    }
  }
}

async function refusal(method: string, path: string, body: string | null, response: Response): Promise<Refused> {
  const text = await response.text();
  const isProblem = (response.headers.get('Content-Type') ?? '').startsWith('application/problem+json');
  const { code = '', detail = text, errors = [] } = isProblem ? (JSON.parse(text) as Problem) : {};
  const faults = errors.map((fault) => ` ${fault.path} ${fault.message}.`).join('');
  const sent = body === null ? '' : ` It was sent ${body}`;
  return new Refused(`${method} ${path} was answered ${response.status} ${code}: ${detail}${faults}${sent}`);
}
