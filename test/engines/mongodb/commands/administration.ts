import { type Document, isDocument, numeric } from '../documents.js';
import { CommandError } from '../errors.js';
import type { Execution, Handler, ServerState } from '../execution.js';
import type { CommandFault } from '../faults.js';
import { VERSION } from './handshake.js';

/**
 * The fail point that specification tests use.
 * https://github.com/mongodb/mongo/wiki/The-%22failCommand%22-fail-point
 */
function configureFailPoint({ server, body }: Execution): Document {
  if (body['configureFailPoint'] === 'onPrimaryTransactionalWrite') return configureStatements(server, body);
  if (body['configureFailPoint'] !== 'failCommand') {
    throw new CommandError(2, `the fail point ${String(body['configureFailPoint'])} is not supported by the stand-in`);
  }
  const mode: unknown = body['mode'];
  if (mode === 'off') {
    server.faults.setFailPoint(null);
    return {};
  }
  const { times, skip }: Document = isDocument(mode) ? mode : {};
  const data = (body['data'] ?? {}) as Document;
  server.faults.setFailPoint({
    ...faultOf(data),
    times: mode === 'alwaysOn' ? 'always' : (numeric(times) ?? 'always'),
    skip: numeric(skip) ?? 0,
  });
  return { count: 0 };
}

/** The older fail point of retryable writes; here it can only drop connections. */
function configureStatements(server: ServerState, body: Document): Document {
  const { mode, data }: Document = body;
  const { closeConnection, failBeforeCommitExceptionCode }: Document = isDocument(data) ? data : {};
  if (closeConnection === false) throw new CommandError(2, 'closeConnection: false is not supported by the stand-in');
  const { times, skip }: Document = isDocument(mode) ? mode : {};
  const when = failBeforeCommitExceptionCode === undefined ? 'after' : 'before';
  server.faults.failStatements(
    mode === 'off' ? null : { when, skip: numeric(skip) ?? 0, times: numeric(times) ?? Infinity },
  );
  return { count: 0 };
}

function faultOf(data: Document): CommandFault {
  const labels = data['errorLabels'] as string[] | undefined;
  const code = numeric(data['errorCode']);
  const concern = data['writeConcernError'] as Document | undefined;
  return {
    commands: data['failCommands'] as string[],
    ...(typeof data['appName'] === 'string' ? { appName: data['appName'] } : {}),
    ...(data['blockConnection'] === true ? { delayMs: numeric(data['blockTimeMS']) ?? 0 } : {}),
    ...(data['closeConnection'] === true ? { drop: 'before' as const } : {}),
    ...(code === null ? {} : { error: { code, ...(labels === undefined ? {} : { labels }) } }),
    ...(concern === undefined
      ? {}
      : {
          writeConcernError: {
            code: numeric(concern['code']) ?? 64,
            message: String(concern['errmsg'] ?? ''),
            ...(labels === undefined ? {} : { labels }),
          },
        }),
  };
}

function getParameter({ body }: Execution): Document {
  const parameters: Document = {
    enableTestCommands: true,
    authenticationMechanisms: [],
    requireApiVersion: false,
    featureCompatibilityVersion: { version: `${VERSION[0]}.${VERSION[1]}` },
  };
  if (body['getParameter'] === '*') return parameters;
  const found = Object.entries(parameters).filter(([name]) => Object.hasOwn(body, name));
  if (found.length === 0) throw new CommandError(72, 'no option found to get');
  return Object.fromEntries(found);
}

function serverStatus({ server }: Execution): Document {
  return {
    host: server.replicaSet.address(),
    version: VERSION.slice(0, 3).join('.'),
    process: 'mongod',
    localTime: new Date(),
    storageEngine: { name: 'standIn', supportsCommittedReads: true, readOnly: false, persistent: false },
  };
}

export const ADMINISTRATION_COMMANDS: Readonly<Record<string, Handler>> = {
  configureFailPoint,
  getParameter,
  serverStatus,
  connectionStatus: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
  getCmdLineOpts: () => ({ argv: [], parsed: {} }),
};
