import { once } from 'node:events';
import { createServer } from 'node:net';
import { DemoRefused } from './data-folder.js';

/**
 * The port to listen on. One that was asked for must be free; instead of a default that is taken, any free one will do.
 * @returns 0 for any free one
 * @throws DemoRefused
 */
export async function listeningPort(port: number, host: string, asked: boolean): Promise<number> {
  if (port === 0 || (await isFree(port, host))) return port;
  if (asked) throw new DemoRefused(`PORT: ${port} is taken on ${host}; name another one, or 0 for any that is free.`);
  return 0;
}

async function isFree(port: number, host: string): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  } finally {
    probe.close();
  }
}
