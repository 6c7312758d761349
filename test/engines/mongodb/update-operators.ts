import { Timestamp } from 'bson';
import { copy, type Document, isDocument } from './documents.js';
import { CommandError } from './errors.js';
import { calculate, isNumeric } from './numbers.js';
import { compareValues } from './order.js';
import { addedToSet, popped, pulled, pulledAll, pushed } from './update-arrays.js';
import { readPath, REMOVED } from './update-tree.js';

/** What an operator makes of a field's value; undefined: there is none. */
export type Apply = (value: unknown, document: Document, argument: unknown, path: string) => unknown;

/** https://www.mongodb.com/docs/manual/reference/operator/update/ */
const OPERATORS: Readonly<Record<string, Apply>> = {
  $set: (_value, _document, argument) => copy(argument),
  $setOnInsert: (_value, _document, argument) => copy(argument),
  $unset: () => REMOVED,
  $inc: arithmetic('$inc', 'add', (argument) => argument),
  $mul: arithmetic('$mul', 'multiply', () => 0),
  $min: (value, _document, argument) => (value === undefined || compareValues(argument, value) < 0 ? argument : value),
  $max: (value, _document, argument) => (value === undefined || compareValues(argument, value) > 0 ? argument : value),
  $currentDate: (_value, _document, argument) =>
    isDocument(argument) && argument['$type'] === 'timestamp'
      ? new Timestamp({ t: Math.floor(Date.now() / 1_000), i: 1 })
      : new Date(),
  $bit: bitwise,
  $push: pushed,
  $addToSet: addedToSet,
  $pop: popped,
  $pull: pulled,
  $pullAll: pulledAll,
};

export interface Change {
  readonly path: readonly string[];
  readonly apply: (value: unknown, document: Document) => unknown;
}

/** @throws CommandError an operator that there is not */
export function checkOperators(update: Document): void {
  for (const [name, fields] of Object.entries(update)) {
    if (!name.startsWith('$') || (name !== '$rename' && !Object.hasOwn(OPERATORS, name))) {
      throw new CommandError(
        9,
        `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDocument(fields)) {
      throw new CommandError(9, `Modifiers operate on fields but we found type ${typeof fields} instead.`);
    }
  }
}

/** The changes in the order in which they are made: by the name of the field. */
export function operatorChanges(
  update: Document,
  inserting: boolean,
): readonly { readonly path: string; readonly apply: Change['apply'] }[] {
  const changes = Object.entries(update).flatMap(([name, fields]) =>
    name === '$setOnInsert' && !inserting
      ? []
      : Object.entries(fields as Document).flatMap(([path, argument]: [string, unknown]) =>
          name === '$rename' ? renaming(path, String(argument)) : [applying(name, path, argument)],
        ),
  );
  return changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function applying(name: string, path: string, argument: unknown): { path: string; apply: Change['apply'] } {
  const operator = OPERATORS[name];
  if (operator === undefined) throw new CommandError(9, `Unknown modifier: ${name}`);
  return { path, apply: (value, document) => operator(value, document, argument, path) };
}

function renaming(from: string, to: string): { path: string; apply: Change['apply'] }[] {
  let moved: unknown;
  const take: Change['apply'] = (value) => {
    moved = value;
    return REMOVED;
  };
  const place: Change['apply'] = (value, document) => moved ?? readPath(document, from.split('.')) ?? value;
  return [
    { path: from, apply: take },
    { path: to, apply: place },
  ];
}

function arithmetic(name: string, operation: 'add' | 'multiply', start: (argument: unknown) => unknown): Apply {
  return (value, document, argument, path) => {
    if (!isNumeric(argument)) {
      const verb = operation === 'add' ? 'increment' : 'multiply';
      throw new CommandError(
        14,
        `Cannot ${verb} with non-numeric argument: {${path}: ${JSON.stringify(argument) ?? 'undefined'}}`,
      );
    }
    if (value === undefined) return start(argument);
    if (!isNumeric(value)) {
      throw new CommandError(
        14,
        `Cannot apply ${name} to a value of non-numeric type. {_id: ${String(document['_id'])}} has the field '${path}' of non-numeric type ${typeof value}`,
      );
    }
    const result = calculate(operation, value, argument);
    if (result === null) {
      throw new CommandError(
        2,
        `Failed to apply ${name} operations to current value ((NumberLong)${value}) for document {_id: ${String(document['_id'])}}`,
      );
    }
    return result;
  };
}

function bitwise(value: unknown, _document: Document, argument: unknown, path: string): unknown {
  const [[operation, mask] = []] = Object.entries(argument as Document) as [string, unknown][];
  const before = value ?? 0;
  if (!isNumeric(before) || !isNumeric(mask)) throw new CommandError(2, `Cannot apply $bit to ${path}`);
  const [a, b] = [BigInt(before), BigInt(mask)];
  const result = operation === 'and' ? a & b : operation === 'or' ? a | b : operation === 'xor' ? a ^ b : null;
  if (result === null) throw new CommandError(2, `The $bit modifier only supports 'and', 'or', and 'xor'`);
  return typeof before === 'number' && typeof mask === 'number'
    ? Number(BigInt.asIntN(32, result))
    : BigInt.asIntN(64, result);
}
