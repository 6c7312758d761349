import { Aggregator } from 'mingo/aggregator';
import { Context, evalExpr, ProcessingMode } from 'mingo/core';
import * as accumulators from 'mingo/operators/accumulator';
import * as expressions from 'mingo/operators/expression';
import * as stages from 'mingo/operators/pipeline';
import * as projections from 'mingo/operators/projection';
import * as queries from 'mingo/operators/query';
import * as windows from 'mingo/operators/window';
import type { Options, PipelineOperator, ProjectionOperator, QueryOperator } from 'mingo/types';
import { type Document, isDocument } from './documents.js';
import { CommandError } from './errors.js';
import { EXPRESSIONS } from './expressions.js';
import { ACCUMULATORS, STAGES } from './grouping.js';
import { QUERY_OPERATORS } from './matching.js';
import { compile, ELEMENT_PROJECTION, MATCH_STAGE, type Matcher } from './query.js';

export type { Matcher } from './query.js';

type PipelineOps = Record<`$${string}`, PipelineOperator>;
type ProjectionOps = Record<`$${string}`, ProjectionOperator>;
type QueryOps = Record<`$${string}`, QueryOperator>;

/** The query language: mingo's breadth, with the comparisons and the arithmetic of BSON. */
const CONTEXT = Context.init({
  // mingo's types of these maps do not admit its own modules.
  accumulator: { ...accumulators, ...ACCUMULATORS },
  expression: { ...expressions, ...EXPRESSIONS },
  pipeline: { ...stages, ...STAGES, ...MATCH_STAGE } as unknown as PipelineOps,
  projection: { ...projections, ...ELEMENT_PROJECTION } as unknown as ProjectionOps,
  query: { ...queries, ...QUERY_OPERATORS } as unknown as QueryOps,
  window: windows,
});

export interface LanguageOptions {
  /** Documents of another collection of the same database. */
  readonly resolve?: (collection: string) => readonly Document[];
  readonly collation?: unknown;
  /** The variables of `let`. */
  readonly variables?: Document | undefined;
}

function optionsOf({ resolve, variables, collation }: LanguageOptions): Partial<Options> {
  return {
    context: CONTEXT,
    processingMode: ProcessingMode.CLONE_INPUT,
    scriptEnabled: false,
    ...(isDocument(collation) ? { collation: collation as unknown as NonNullable<Options['collation']> } : {}),
    ...(resolve === undefined ? {} : { collectionResolver: (name: string) => [...resolve(name)] }),
    ...(variables === undefined
      ? {}
      : {
          variables: Object.fromEntries(
            Object.entries(variables).map(([name, value]) => [
              name,
              evalExpr({}, value, { context: CONTEXT } as Options),
            ]),
          ),
        }),
  };
}

/** @throws CommandError the filter is none, or asks for what is not supported */
export function matcher(filter: unknown, options: LanguageOptions = {}): Matcher {
  if (filter === undefined || filter === null) return () => true;
  return guarded(() => {
    const test = compile(filter, optionsOf(options) as Options);
    return (document: Document) => guarded(() => test(document));
  });
}

/** Runs a pipeline. The documents that come in are not changed. */
export function aggregate(
  documents: readonly Document[],
  pipeline: readonly Document[],
  options: LanguageOptions = {},
): Document[] {
  for (const stage of pipeline) {
    const [name, ...more] = Object.keys(stage);
    if (name === undefined || more.length > 0) {
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
    }
    if (!Object.hasOwn(stages, name)) throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'.`);
  }
  return guarded(() => new Aggregator([...pipeline], optionsOf(options)).run<Document>(documents));
}

/** The value of an aggregation expression. */
export function evaluate(document: Document, expression: unknown, options: LanguageOptions = {}): unknown {
  return guarded(() => evalExpr(document, expression, optionsOf(options) as Options));
}

/** mingo's errors as the server's, as far as they have a code of their own. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CommandError || !(error instanceof Error)) throw error;
    throw translated(error.message);
  }
}

function translated(message: string): CommandError {
  const operator = /unknown query operator (\S+)/.exec(message)?.[1];
  if (operator !== undefined) return new CommandError(2, `unknown operator: ${operator}`);
  const expression = /accumulator '(\S+)' is not registered/.exec(message)?.[1];
  if (expression !== undefined) return new CommandError(168, `Unrecognized expression '${expression}'`);
  const variable = /Use of undefined variable: (\S+)/.exec(message)?.[1];
  if (variable !== undefined) return new CommandError(17276, `Use of undefined variable: ${variable}`);
  if (message.startsWith('Invalid regular expression')) return new CommandError(51091, message);
  return new CommandError(2, message);
}
