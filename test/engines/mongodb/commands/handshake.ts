import { type Document, isDocument, numeric } from '../documents.js';
import { CommandError } from '../errors.js';
import type { Execution, Handler } from '../execution.js';

/** MongoDB 7.0. https://github.com/mongodb/specifications/blob/master/source/wireversion-featurelist/wireversion-featurelist.md */
const WIRE_VERSION = 21;
export const VERSION = [7, 0, 14, 0] as const;

async function hello(execution: Execution): Promise<Document> {
  const { server, body } = execution;
  const known: unknown = body['topologyVersion'];
  const wait = numeric(body['maxAwaitTimeMS']);
  if (isDocument(known) && wait !== null && server.replicaSet.isCurrent(known)) await server.replicaSet.change(wait);
  return describe(execution);
}

function describe({ server, connectionId, name, body }: Execution): Document {
  const { replicaSet, faults } = server;
  const description = faults.isStandalone
    ? { isWritablePrimary: true, ismaster: true }
    : { ...replicaSet.describe(), topologyVersion: replicaSet.topologyVersion() };
  const { isWritablePrimary, ismaster, ...rest }: Document = description;
  return {
    helloOk: true,
    ...(name === 'hello' ? { isWritablePrimary: isWritablePrimary as boolean } : { ismaster: ismaster as boolean }),
    ...rest,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId,
    ...(body['saslSupportedMechs'] === undefined ? {} : server.logins.mechanisms()),
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
  };
}

function buildInfo(): Document {
  return {
    version: VERSION.slice(0, 3).join('.'),
    versionArray: [...VERSION],
    gitVersion: 'stand-in',
    modules: [],
    bits: 64,
    debug: false,
    maxBsonObjectSize: 16_777_216,
    storageEngines: ['standIn'],
  };
}

/** Other mechanisms than SCRAM-SHA-256. */
function refuseLogin(): Document {
  throw new CommandError(18, 'Authentication failed.');
}

export const HANDSHAKE_COMMANDS: Readonly<Record<string, Handler>> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: () => ({}),
  buildInfo,
  buildinfo: buildInfo,
  saslStart: ({ server, connectionId, body }) => server.logins.start(connectionId, body),
  saslContinue: ({ server, connectionId, body }) => server.logins.finish(connectionId, body),
  authenticate: refuseLogin,
};
