import type { Socket } from 'node:net';
import { type Document, isDocument, numeric } from './documents.js';
import { dispatch } from './dispatch.js';
import { codeName, CommandError, labelsOf } from './errors.js';
import type { ServerState } from './execution.js';
import type { CommandFault } from './faults.js';
import { answerTo, MessageReader, type Request } from './wire.js';

/** One client's connection: requests are answered one by one, in their order. */
export class Connection {
  private readonly reader = new MessageReader();
  private appName: string | null = null;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly server: ServerState,
    private readonly socket: Socket,
    private readonly id: number,
    private readonly observe: (name: string, body: Document) => void,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.receive(chunk);
    });
    // A client that goes away in the middle of an answer is no matter.
    socket.on('error', () => undefined);
  }

  drop(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    let requests: Request[];
    try {
      requests = this.reader.push(chunk);
    } catch {
      this.drop();
      return;
    }
    for (const request of requests) {
      this.last = this.last.then(() => this.handle(request)).catch(() => this.drop());
    }
  }

  private async handle(request: Request): Promise<void> {
    if (this.socket.destroyed) return;
    const name = Object.keys(request.body)[0] ?? '';
    this.observe(name, request.body);
    this.rememberName(request.body);
    const fault = this.server.faults.take(name, this.appName);
    if (fault !== null) {
      await this.server.faults.delay(fault);
      if (fault.hang === true || fault.drop === 'before') {
        this.drop();
        return;
      }
    }
    const answer = await this.answer(request, name, fault);
    if (fault?.drop === 'after') {
      this.drop();
      return;
    }
    if (!request.unanswered) this.send(request, name, answer);
  }

  private async answer(request: Request, name: string, fault: CommandFault | null): Promise<Document> {
    const { database, body } = request;
    const labelled = {
      command: name,
      inTransaction: body['autocommit'] === false,
      hasTxnNumber: body['txnNumber'] !== undefined,
    };
    if (fault?.error !== undefined) {
      const { code, message, labels } = fault.error;
      const error = new CommandError(code, message ?? `Failing command via 'failCommand' failpoint`);
      return error.answer(labels ?? labelsOf(code, labelled));
    }
    const answer = await dispatch(this.server, { connectionId: this.id, database, name, body });
    if (fault?.writeConcernError === undefined) return answer;
    const { code, message, labels } = fault.writeConcernError;
    // An error of the write concern is never transient for a transaction.
    const given = labels ?? labelsOf(code, labelled).filter((label) => label !== 'TransientTransactionError');
    return {
      ...answer,
      ...(given.length === 0 ? {} : { errorLabels: given }),
      writeConcernError: { code, codeName: codeName(code), errmsg: message ?? 'failing via a fail point' },
    };
  }

  /** An awaited `hello` is answered again and again when the client asks for it. */
  private send(request: Request, name: string, answer: Document): void {
    const streams = request.exhaustAllowed && name === 'hello' && numeric(request.body['maxAwaitTimeMS']) !== null;
    const { id, bytes } = answerTo(request, answer, streams);
    this.socket.write(bytes);
    if (!streams) return;
    const body = { ...request.body, topologyVersion: answer['topologyVersion'] as Document };
    this.last = this.last.then(() => this.handle({ ...request, id, body })).catch(() => this.drop());
  }

  private rememberName(body: Document): void {
    const client: unknown = body['client'];
    const application: unknown = isDocument(client) ? client['application'] : undefined;
    if (isDocument(application) && typeof application['name'] === 'string') this.appName = application['name'];
  }
}
