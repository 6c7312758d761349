import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { selfSigned } from './self-signed.js';

/** Takes TLS connections to `localhost` and hands on what is in them to a stand-in, which has no TLS of its own. */
export interface TlsFront {
  readonly port: number;
  /** PEM, for the client: the only one that it has to trust. */
  readonly certificate: string;
  stop(): Promise<void>;
}

/** @param protocols by ALPN; `h2` for gRPC */
export async function startTlsFront(port: () => number, protocols: readonly string[] = []): Promise<TlsFront> {
  const { key, certificate } = selfSigned('localhost');
  const sockets = new Set<TLSSocket>();
  const server = createServer({ key, cert: certificate, ALPNProtocols: [...protocols] }, (socket) => {
    sockets.add(socket);
    const behind = connect(port(), '127.0.0.1');
    socket.pipe(behind).pipe(socket);
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
