import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

interface Message<Order> {
  readonly number: number;
  readonly order: Order;
}

/** A stand-in in a process of its own: it shares no thread with what is tested or measured. */
export class StandInProcess<Order> {
  readonly #waiting = new Map<number, () => void>();
  #last = 0;

  private constructor(
    /** The connection string. */
    readonly url: string,
    private readonly child: ReturnType<typeof spawn>,
    private readonly exited: Promise<unknown>,
  ) {
    child.on('message', (number: number) => {
      this.#waiting.get(number)?.();
      this.#waiting.delete(number);
    });
  }

  /** @param script path of the program, which prints its connection string and serves orders */
  static async start<Order>(script: string, args: readonly string[] = []): Promise<StandInProcess<Order>> {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] });
    const exited = once(child, 'exit');
    if (child.stdout === null) throw new Error('the stand-in has no output');
    const [url] = await Promise.race([
      once(createInterface(child.stdout), 'line'),
      exited.then(() => Promise.reject(new Error(`the stand-in ${script} did not start`))),
    ]);
    return new StandInProcess(String(url), child, exited);
  }

  /** Has the stand-in do something, and waits until it is done. */
  async tell(order: Order): Promise<void> {
    const number = ++this.#last;
    const done = new Promise<void>((resolve) => this.#waiting.set(number, resolve));
    this.child.send({ number, order });
    await Promise.race([done, this.exited.then(() => Promise.reject(new Error('the stand-in has ended')))]);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    await this.exited;
  }
}

/** The other side: does what it is told, one after the other, and ends when its input does or with SIGTERM. */
export function serveOrders<Order>(
  url: string,
  obey: (order: Order) => Promise<void> | void,
  stop: () => Promise<void>,
): void {
  let last: Promise<unknown> = Promise.resolve();
  process.on('message', ({ number, order }: Message<Order>) => {
    last = last.then(() => obey(order)).then(() => process.send?.(number));
  });
  const end = () => void stop().then(() => process.exit());
  process.on('SIGTERM', end);
  if (!process.stdin.isTTY) process.stdin.on('end', end).resume();
  process.stdout.write(`${url}\n`);
}
