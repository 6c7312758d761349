/** How the columns of a CSV file become commands. A mapping is a JSON document; examples are in docs/import. */
export type ImportMapping = OpportunitiesMapping | EventLogMapping;

interface CommonMapping {
  /** Part of every id that is derived from a row: the same name and row mean the same command. */
  readonly name: string;
  readonly pipeline: {
    readonly name: string;
    readonly stages: readonly {
      readonly name: string;
      readonly probability: number;
      readonly rottenAfter?: string;
      readonly maxStay?: string;
    }[];
  };
  /** IANA zone of dates without time. */
  readonly zone: string;
  /** Currency of amounts; ISO 4217. */
  readonly currency: string;
  /** Where a deal comes from, for every row. */
  readonly source: string;
  /** Title with `{column}` places. */
  readonly title: string;
  readonly owner: string | null;
  /** Column -> text in the file -> text that is meant: repairs spelling before anything else is read. */
  readonly replace: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** One row is one deal, with the date it was opened and, if it is closed, the date, value and outcome. */
export interface OpportunitiesMapping extends CommonMapping {
  readonly kind: 'opportunities';
  /** Column that identifies the row. */
  readonly identity: string;
  readonly organization: string | null;
  readonly labels: readonly string[];
  readonly openedAt: string;
  readonly closedAt: string;
  readonly value: string;
  /** Column whose text says the stage and the outcome, and what each text means. */
  readonly stage: {
    readonly column: string;
    readonly values: Readonly<
      Record<string, { readonly stage: string; readonly outcome?: 'won' | 'lost'; readonly reason?: string }>
    >;
  };
  /** A row without an opening date has no place in any cohort: it is taken as a lead, or refused. */
  readonly withoutDate: 'lead' | 'refuse';
}

/** One row is one event of a case: the stage that the case is in from then on. */
export interface EventLogMapping extends CommonMapping {
  readonly kind: 'event-log';
  /** Column that names the case: each case is one deal. */
  readonly case: string;
  /** Column that orders the events of a case; with the case it identifies the row. */
  readonly sequence: string;
  readonly activity: string;
  readonly at: string;
  /** The stage of an activity, by the stage's name; an activity that is not listed is no stage. */
  readonly stages: Readonly<Record<string, string>>;
}

/** The mapping is wrong; the message names the field. */
export class InvalidMapping extends Error {
  override readonly name = 'InvalidMapping';
}

/**
 * Reads a mapping.
 * @throws InvalidMapping
 */
export function parseMapping(value: unknown): ImportMapping {
  const at = new Fields(value, '');
  const kind = at.oneOf('kind', ['opportunities', 'event-log']);
  const pipeline = new Fields(at.object('pipeline'), '/pipeline');
  const common: CommonMapping = {
    name: at.text('name'),
    pipeline: {
      name: pipeline.text('name'),
      stages: pipeline.list('stages').map((item, index) => {
        const stage = new Fields(item, `/pipeline/stages/${index}`);
        const [rottenAfter, maxStay] = [stage.optionalText('rottenAfter'), stage.optionalText('maxStay')];
        return {
          name: stage.text('name'),
          probability: stage.number('probability'),
          ...(rottenAfter === null ? {} : { rottenAfter }),
          ...(maxStay === null ? {} : { maxStay }),
        };
      }),
    },
    zone: at.text('zone'),
    currency: at.text('currency'),
    source: at.text('source'),
    title: at.text('title'),
    owner: at.optionalText('owner'),
    replace: at.has('replace') ? tables(at.object('replace'), '/replace') : {},
  };
  const stageNames = common.pipeline.stages.map((stage) => stage.name);
  return kind === 'opportunities' ? opportunities(at, common, stageNames) : eventLog(at, common, stageNames);
}

function opportunities(at: Fields, common: CommonMapping, stageNames: readonly string[]): OpportunitiesMapping {
  const stage = new Fields(at.object('stage'), '/stage');
  const values = Object.entries(stage.object('values')).map(([text, meaning]) => {
    const fields = new Fields(meaning, `/stage/values/${text}`);
    const outcome = fields.has('outcome') ? fields.oneOf('outcome', ['won', 'lost']) : undefined;
    return [
      text,
      {
        stage: fields.oneOf('stage', stageNames),
        ...(outcome === undefined ? {} : { outcome }),
        ...(outcome === 'lost' ? { reason: fields.text('reason') } : {}),
      },
    ] as const;
  });
  return {
    ...common,
    kind: 'opportunities',
    identity: at.text('identity'),
    organization: at.optionalText('organization'),
    labels: at.has('labels') ? at.list('labels').map(String) : [],
    openedAt: at.text('openedAt'),
    closedAt: at.text('closedAt'),
    value: at.text('value'),
    stage: { column: stage.text('column'), values: Object.fromEntries(values) },
    withoutDate: at.oneOf('withoutDate', ['lead', 'refuse']),
  };
}

function eventLog(at: Fields, common: CommonMapping, stageNames: readonly string[]): EventLogMapping {
  const stages = new Fields(at.object('stages'), '/stages');
  return {
    ...common,
    kind: 'event-log',
    case: at.text('case'),
    sequence: at.text('sequence'),
    activity: at.text('activity'),
    at: at.text('at'),
    stages: Object.fromEntries(stages.names().map((activity) => [activity, stages.oneOf(activity, stageNames)])),
  };
}

function tables(value: object, path: string): Record<string, Record<string, string>> {
  const columns = new Fields(value, path);
  return Object.fromEntries(
    columns.names().map((column) => {
      const texts = new Fields(columns.object(column), `${path}/${column}`);
      return [column, Object.fromEntries(texts.names().map((text) => [text, texts.text(text)]))];
    }),
  );
}

/** Typed access to the fields of a JSON object, with the place in every complaint. */
class Fields {
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(
    value: unknown,
    private readonly path: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.#fail('', 'must be an object');
    this.#fields = new Map(Object.entries(value as object));
  }

  names(): readonly string[] {
    return [...this.#fields.keys()];
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  text(name: string): string {
    const value = this.#fields.get(name);
    return typeof value === 'string' && value !== '' ? value : this.#fail(name, 'must be a text');
  }

  optionalText(name: string): string | null {
    return this.has(name) ? this.text(name) : null;
  }

  number(name: string): number {
    const value = this.#fields.get(name);
    return typeof value === 'number' ? value : this.#fail(name, 'must be a number');
  }

  object(name: string): object {
    const value = this.#fields.get(name);
    return typeof value === 'object' && value !== null ? value : this.#fail(name, 'must be an object');
  }

  list(name: string): readonly unknown[] {
    const value = this.#fields.get(name);
    return Array.isArray(value) ? (value as unknown[]) : this.#fail(name, 'must be a list');
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.#fields.get(name);
    return allowed.find((one) => one === value) ?? this.#fail(name, `must be one of ${allowed.join(', ')}`);
  }

  #fail(name: string, message: string): never {
    throw new InvalidMapping(`${this.path}${name === '' ? '' : `/${name}`} ${message}`);
  }
}
