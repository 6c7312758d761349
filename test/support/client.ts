import { KEY } from './server-process.js';

/** An answer, its JSON parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Of every shape: what tests find in it is compared, not trusted. */
  readonly body: any;
}

export interface RequestOptions {
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client of the HTTP api that was written from the contract: it knows nothing of the server's code. */
export class Client {
  constructor(
    readonly url: string,
    private readonly key = KEY,
  ) {}

  post(path: string, body: unknown = {}, options: RequestOptions = {}): Promise<Answer> {
    return this.send('POST', path, JSON.stringify(body), options);
  }

  get(path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.send('GET', path, undefined, options);
  }

  /** GET that waits for what was written at the position. */
  getAfter(position: string, path: string): Promise<Answer> {
    return this.get(path, { headers: { 'After-Position': position, Prefer: 'wait=10' } });
  }

  async send(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer> | undefined,
    { key = this.key, headers = {} }: RequestOptions = {},
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const isJson = /application\/(?:problem\+)?json(?:;|$)/u.test(response.headers.get('content-type') ?? '');
    const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body: parsed };
  }
}
