import { isDeepStrictEqual } from 'node:util';
import { derivedId } from '#application/command-id.js';
import { Client, type Answer } from './client.js';

/** Positions are each store's own, and what names them; a request that no router takes gets a random trace id. */
const OWN: readonly string[] = ['position', 'head', 'traceId'];
const HEADERS = ['etag', 'location', 'idempotency-replayed', 'retry-after', 'content-type', 'allow'];
/** Commands that look into views before they decide: contacts for duplicates, pipelines for a stage of another one. */
const ASKS_VIEWS = /people|organizations|contacts|convert|pipelines/u;

/** Two servers that are asked the same, at the same times by their own clocks, and must answer the same. */
export class Twins {
  readonly #sides: { readonly client: Client; latest: bigint }[];
  #now = Date.now();
  #requests = 0;

  constructor(urls: readonly string[]) {
    this.#sides = urls.map((url) => ({ client: new Client(url), latest: 0n }));
  }

  /** What the servers hold for now. */
  get now(): number {
    return this.#now;
  }

  /** @throws Error naming the first difference */
  async post(path: string, body: unknown, key = `made-${this.#requests}`): Promise<Answer> {
    if (ASKS_VIEWS.test(path)) for (const view of ['/v1/people?limit=1', '/v1/pipelines?limit=1']) await this.get(view);
    return this.#both('POST', path, JSON.stringify(body ?? {}), { 'Idempotency-Key': key });
  }

  /** Asks when the views have seen all that was stored. @throws Error naming the first difference */
  get(path: string): Promise<Answer> {
    return this.#both('GET', path, undefined, {});
  }

  /** All pages; cursors are each store's own. */
  async list(path: string): Promise<void> {
    const limit = `${path.includes('?') ? '&' : '?'}limit=50`;
    for (let cursors: readonly (string | null)[] = this.#sides.map(() => null); ;) {
      const pages = cursors.map((cursor) => path + limit + (cursor === null ? '' : `&cursor=${cursor}`));
      const answers = await this.#each('GET', pages, undefined, {});
      cursors = answers.map(({ body }) => body.next ?? null);
      if (cursors.includes(null)) return;
    }
  }

  async #both(method: string, path: string, body: string | undefined, headers: Record<string, string>) {
    const [answer] = await this.#each(
      method,
      this.#sides.map(() => path),
      body,
      headers,
    );
    if (answer === undefined) throw new Error('there is nobody to ask');
    return answer;
  }

  async #each(method: string, paths: readonly string[], body: string | undefined, headers: Record<string, string>) {
    this.#requests += 1;
    this.#now += 1_000;
    const correlation = derivedId('correlation', String(this.#requests));
    const answers = await Promise.all(
      this.#sides.map(async (side, index) => {
        const waiting = method === 'GET' && side.latest > 0n;
        const answer = await side.client.send(method, paths[index] ?? '', body, {
          headers: {
            'Test-Clock': String(this.#now),
            'Correlation-Id': correlation,
            ...(waiting ? { 'After-Position': String(side.latest), Prefer: 'wait=10' } : {}),
            ...headers,
          },
        });
        const position: unknown = method === 'POST' ? answer.body?.position : null;
        if (typeof position === 'string' && BigInt(position) > side.latest) side.latest = BigInt(position);
        return answer;
      }),
    );
    const [first, ...others] = answers.map(comparable);
    for (const other of others) {
      if (isDeepStrictEqual(first, other)) continue;
      const texts = [first, other].map((each) => JSON.stringify(each));
      throw new Error(`${method} ${paths[0]} ${body ?? ''}\n${aroundDifference(texts[0] ?? '', texts[1] ?? '')}`);
    }
    return answers;
  }
}

function comparable({ status, headers, body }: Answer): unknown {
  const told = Object.fromEntries(HEADERS.map((name) => [name, headers.get(name)]));
  const isFeed = told['content-type']?.startsWith('application/x-ndjson') === true;
  const content = isFeed ? eventsOf(String(body)) : (body as unknown);
  // As text: the order of the fields counts.
  return { status, told, content: JSON.stringify(content, withoutPositions) };
}

/** Alerts are told by background work, at a time of each side's own. */
function eventsOf(feed: string): readonly unknown[] {
  const lines = feed.split('\n').filter((line) => line !== '');
  const events = lines.map((line) => JSON.parse(line) as { readonly stream: string });
  return events.filter(({ stream }) => !stream.startsWith('alert-'));
}

function withoutPositions(name: string, value: unknown): unknown {
  if (OWN.includes(name)) return null;
  return name === 'next' && typeof value === 'string' ? '<cursor>' : value;
}

function aroundDifference(one: string, other: string): string {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const around = (text: string): string => text.slice(Math.max(0, at - 200), at + 300);
  return `${around(one)}\nagainst\n${around(other)}`;
}
