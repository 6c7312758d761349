import { ObjectId } from 'bson';
import { copy, type Document, encode, isDocument } from './documents.js';
import { CommandError } from './errors.js';
import { aggregate, type LanguageOptions } from './language.js';
import { sameValue } from './order.js';
import { arrayFilterMatchers, concretePaths } from './update-paths.js';
import { checkOperators, type Change, operatorChanges } from './update-operators.js';
import { readPath, writePath } from './update-tree.js';

/** https://www.mongodb.com/docs/manual/reference/command/update/#update-with-an-update-operator-expressions-document */
export interface UpdateRequest extends LanguageOptions {
  readonly filter: Document;
  /** Operators, a whole document, or a pipeline. */
  readonly update: unknown;
  readonly arrayFilters?: readonly Document[] | undefined;
}

const PIPELINE_STAGES = ['$set', '$addFields', '$unset', '$project', '$replaceRoot', '$replaceWith'];

/** @throws CommandError the update is none */
export function checkUpdate(update: unknown, multi: boolean): void {
  if (Array.isArray(update)) {
    for (const stage of update as Document[]) {
      const name = Object.keys(stage)[0] ?? '';
      if (!PIPELINE_STAGES.includes(name)) {
        throw new CommandError(72, `${name} is not allowed to be used within an update`);
      }
    }
    return;
  }
  if (!isDocument(update)) throw new CommandError(9, 'Update argument must be either an object or an array');
  const names = Object.keys(update);
  if (names[0]?.startsWith('$') === true) checkOperators(update);
  else if (multi) throw new CommandError(9, 'multi update is not supported for replacement-style update');
  else if (names.some((name) => name.startsWith('$'))) {
    throw new CommandError(
      52,
      `The dollar ($) prefixed field is not allowed in the context of an update's replacement document.`,
    );
  }
}

/** The document after the update; the one given is left as it is. */
export function updated(document: Document, request: UpdateRequest, inserting = false): Document {
  const { update } = request;
  if (Array.isArray(update)) {
    const [result = {}] = aggregate([document], update as Document[], request);
    return withId(document, result);
  }
  if (!isDocument(update)) throw new CommandError(9, 'Update argument must be either an object or an array');
  if (Object.keys(update)[0]?.startsWith('$') !== true) {
    return withId(document, Object.hasOwn(update, '_id') ? update : { ...idOf(document), ...update });
  }
  const result = copy(document);
  const filters = arrayFilterMatchers(request.arrayFilters, request);
  const changes = operatorChanges(update, inserting).flatMap((change) =>
    concretePaths(result, change.path, request.filter, filters).map((path): Change => ({ ...change, path })),
  );
  refuseConflicts(changes.map(({ path }) => path));
  for (const { path, apply } of changes) writePath(result, path, apply(readPath(result, path), result));
  return withId(document, result, '_id');
}

/** The document that an upsert inserts: what the filter asks to be equal, then the update. */
export function inserted(request: UpdateRequest): Document {
  const seed: Document = {};
  plant(seed, request.filter);
  const result = updated(seed, request, true);
  if (Object.hasOwn(result, '_id')) return { _id: result['_id'] as unknown, ...result };
  return { _id: new ObjectId(), ...result };
}

function plant(seed: Document, filter: Document): void {
  for (const [field, condition] of Object.entries(filter)) {
    if (field === '$and') for (const part of condition as Document[]) plant(seed, part);
    if (field.startsWith('$')) continue;
    if (!isDocument(condition) || !Object.keys(condition).some((name) => name.startsWith('$'))) {
      if (!(condition instanceof RegExp)) writePath(seed, field.split('.'), copy<unknown>(condition));
    } else if (Object.hasOwn(condition, '$eq')) {
      writePath(seed, field.split('.'), copy<unknown>(condition['$eq']));
    }
  }
}

/** Whether both are the same to the type of each number and the order of the fields. */
export function isUnchanged(before: unknown, after: unknown): boolean {
  if (Object.is(before, after)) return true;
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length === after.length && before.every((value, index) => isUnchanged(value, after[index]));
  }
  if (isDocument(before) && isDocument(after)) {
    const [fields, others] = [Object.keys(before), Object.keys(after)];
    return (
      fields.length === others.length &&
      fields.every((field, index) => field === others[index] && isUnchanged(before[field], after[field]))
    );
  }
  if (typeof before !== 'object' || typeof after !== 'object') return false;
  return Buffer.compare(encode({ v: before as unknown }), encode({ v: after as unknown })) === 0;
}

function idOf(document: Document): Document {
  return Object.hasOwn(document, '_id') ? { _id: document['_id'] as unknown } : {};
}

function withId(before: Document, after: Document, path?: string): Document {
  if (!Object.hasOwn(before, '_id')) return after;
  if (Object.hasOwn(after, '_id') && sameValue(before['_id'], after['_id'])) return after;
  if (!Object.hasOwn(after, '_id') && path === undefined) return { _id: before['_id'] as unknown, ...after };
  throw new CommandError(
    66,
    path === undefined
      ? `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${String(after['_id'])}`
      : `Performing an update on the path '_id' would modify the immutable field '_id'`,
  );
}

function refuseConflicts(paths: readonly (readonly string[])[]): void {
  const texts = paths.map((path) => path.join('.')).sort();
  for (const [index, text] of texts.entries()) {
    const conflict = texts.find((other, at) => at !== index && (other === text || other.startsWith(`${text}.`)));
    if (conflict !== undefined) {
      throw new CommandError(40, `Updating the path '${conflict}' would create a conflict at '${text}'`);
    }
  }
}
