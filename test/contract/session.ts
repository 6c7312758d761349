import { type Answer, Client, type RequestOptions } from '../support/client.js';

/**
 * A client that reads its own writes as the contract lets it: every GET waits for the latest position that a command
 * has answered.
 */
export class Session extends Client {
  private latest = 0n;

  override async send(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer> | undefined,
    options: RequestOptions = {},
  ): Promise<Answer> {
    const waits = method === 'GET' && this.latest > 0n && options.headers?.['After-Position'] === undefined;
    const waiting: Record<string, string> = waits ? { 'After-Position': String(this.latest), Prefer: 'wait=10' } : {};
    const answer = await super.send(method, path, body, { ...options, headers: { ...waiting, ...options.headers } });
    const position: unknown = method === 'POST' ? answer.body?.position : undefined;
    if (typeof position === 'string' && BigInt(position) > this.latest) this.latest = BigInt(position);
    return answer;
  }
}

/** The session on the server under test; known once it has started. */
export type Subject = () => Session;
