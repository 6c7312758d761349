import { checkHint } from '../candidates.js';
import { type Document, isDocument, numeric } from '../documents.js';
import { CommandError } from '../errors.js';
import { documentsOf, type Execution, findCollection, type Handler, languageOf, refuseUnknown } from '../execution.js';
import { aggregate, evaluate } from '../language.js';
import { mergeInto, replaceCollection } from './aggregate-output.js';
import { snapshotTime } from './read.js';

/** https://www.mongodb.com/docs/manual/reference/command/aggregate/ */
async function aggregateCommand(execution: Execution): Promise<Document> {
  refuseUnknown(execution, [
    'pipeline',
    'cursor',
    'allowDiskUse',
    'bypassDocumentValidation',
    'collation',
    'hint',
    'let',
    'rawData',
  ]);
  const { body, server, database, name } = execution;
  if (!isDocument(body['cursor'])) {
    throw new CommandError(9, `The 'cursor' option is required, except for aggregate with the explain argument`);
  }
  const pipeline = body['pipeline'] as Document[];
  const last = pipeline.at(-1) ?? {};
  const writes = Object.hasOwn(last, '$out') || Object.hasOwn(last, '$merge');
  if (writes && execution.transaction !== null) {
    throw new CommandError(263, `${Object.keys(last)[0] ?? ''} cannot be used in a transaction`);
  }
  if (writes && (body['readConcern'] as Document | undefined)?.['level'] === 'linearizable') {
    throw new CommandError(72, `${Object.keys(last)[0] ?? ''} cannot be used with a 'linearizable' read concern level`);
  }
  const target: unknown = body[name];
  const { source, stages } = sourceOf(execution, target, writes ? pipeline.slice(0, -1) : pipeline);
  const documents = aggregate(source, stages, languageOf(execution));
  const namespace = `${database}.${typeof target === 'string' ? target : '$cmd.aggregate'}`;
  if (writes) {
    if (Object.hasOwn(last, '$out')) await replaceCollection(execution, last['$out'], documents);
    else await mergeInto(execution, last['$merge'], documents);
    return { cursor: server.cursors.start(namespace, [], null, true) };
  }
  const batchSize = numeric(body['cursor']['batchSize']);
  return { cursor: { ...server.cursors.start(namespace, documents, batchSize, false), ...snapshotTime(execution) } };
}

function sourceOf(
  execution: Execution,
  target: unknown,
  pipeline: readonly Document[],
): { readonly source: readonly Document[]; readonly stages: readonly Document[] } {
  if (typeof target === 'string') {
    checkHint(findCollection(execution, target), execution.body['hint']);
    return { source: documentsOf(execution, target), stages: pipeline };
  }
  const [first = {}, ...stages] = pipeline;
  if (Object.hasOwn(first, '$documents')) {
    return { source: evaluate({}, first['$documents'], languageOf(execution)) as Document[], stages };
  }
  if (Object.hasOwn(first, '$listLocalSessions')) {
    const sessions = execution.server.sessions.all();
    return { source: sessions.map(({ id, lastUse }) => ({ _id: { id }, lastUse })), stages };
  }
  throw new CommandError(
    73,
    `{aggregate: 1} is not valid for '${Object.keys(first)[0] ?? ''}' in the stand-in; a collection is required.`,
  );
}

export const AGGREGATE_COMMANDS: Readonly<Record<string, Handler>> = { aggregate: aggregateCommand };
