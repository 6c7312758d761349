import 'reflect-metadata';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  Length,
  Matches,
  ValidateIf,
  ValidateNested,
  registerDecorator,
} from 'class-validator';
import { Type } from 'class-transformer';
import { isCivilDate } from '#domain/shared/civil-date.js';
import { parseDelay, parseDuration } from '#domain/shared/duration.js';
import { parseInstant } from '#domain/shared/instant.js';
import { parseMoney } from '#domain/shared/money.js';
import { Describes, type JsonSchema } from './body-schema.js';
import { refersTo, textSchema } from './value-schemas.js';

/** UUID of any version, lower case, as ids are on the wire. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** What is wrong with a value: where inside it (a JSON pointer, '' for itself) and why. Null: nothing. */
export type Check = (value: unknown) => { readonly path: string; readonly message: string } | null;

/**
 * A property rule whose fault may lie inside the property. class-validator's messages are flat texts, so the place
 * travels on a line in front of the message: `@<pointer>` (see validate.ts). `schema` says in JSON Schema what it takes.
 */
export function Satisfies(name: string, check: Check, schema: JsonSchema = {}): PropertyDecorator {
  return (target, property) => {
    Describes({ schema })(target, property);
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => check(value) === null,
        defaultMessage: (args) => {
          const fault = check(args?.value);
          return fault === null ? 'is wrong' : `@${fault.path}\n${fault.message}`;
        },
      },
    });
  };
}

function all(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}

function check(
  name: string,
  valid: (value: unknown) => boolean,
  message: string,
  schema: JsonSchema,
): PropertyDecorator {
  return Satisfies(name, (value) => (valid(value) ? null : { path: '', message }), schema);
}

/** May be left out; null counts as left out. */
export const Optional = (): PropertyDecorator => all(IsOptional(), Describes({ optional: true, nullable: true }));
/** May be left out, but null is refused. */
export const MayBeAbsent = (): PropertyDecorator =>
  all(
    ValidateIf((_, value) => value !== undefined),
    Describes({ optional: true }),
  );
/** Must be there; null clears. */
export const OrNull = (): PropertyDecorator =>
  all(
    ValidateIf((_, value) => value !== null),
    Describes({ nullable: true }),
  );

export const IsId = (): PropertyDecorator => check('isId', isUuid, 'must be a lower-case UUID', refersTo('Id'));
export const IsMoneyValue = (): PropertyDecorator =>
  Satisfies(
    'isMoney',
    (value) => {
      const parsed = parseMoney(value);
      return parsed.ok ? null : { path: parsed.path, message: parsed.message };
    },
    refersTo('Money'),
  );
/** A list of money. */
export const IsMoneyList = (max: number): PropertyDecorator =>
  Satisfies(
    'isMoneyList',
    (value) => {
      if (!Array.isArray(value)) return { path: '', message: 'must be a list' };
      if (value.length > max) return { path: '', message: `must hold at most ${max}` };
      for (const [index, each] of (value as unknown[]).entries()) {
        const parsed = parseMoney(each);
        if (!parsed.ok) return { path: `/${index}${parsed.path}`, message: parsed.message };
      }
      return null;
    },
    { type: 'array', maxItems: max, items: refersTo('Money') },
  );
export const IsInstant = (): PropertyDecorator =>
  check(
    'isInstant',
    (value) => typeof value === 'string' && parseInstant(value) !== null,
    'must be an RFC 3339 time with offset, between the years 1900 and 2200',
    refersTo('Instant'),
  );
export const IsCivilDate = (): PropertyDecorator =>
  check(
    'isCivilDate',
    (value) => typeof value === 'string' && isCivilDate(value),
    'must be a date like 2026-03-01, between the years 1900 and 2200',
    refersTo('CivilDate'),
  );
/** A name of the IANA time zone database; offsets like +01:00 are none. */
export function isTimeZone(value: unknown): value is string {
  if (typeof value !== 'string' || !/^[A-Za-z]/u.test(value)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
export const IsTimeZone = (): PropertyDecorator =>
  check('isTimeZone', isTimeZone, 'must be an IANA time zone like Europe/Berlin', {
    type: 'string',
    examples: ['Europe/Berlin'],
  });
export const IsDuration = (): PropertyDecorator =>
  check(
    'isDuration',
    (value) => parseDuration(value).ok,
    'must be a duration of days or hours like P14D or PT36H, or {"businessDays": n}',
    refersTo('Duration'),
  );
/** A duration, or calendar months. */
export const IsDelay = (): PropertyDecorator =>
  check(
    'isDelay',
    (value) => parseDelay(value).ok,
    'must be days, hours or months like P14D, PT36H or P3M, or {"businessDays": n}',
    { anyOf: [refersTo('Duration'), { type: 'string', pattern: '^P\\d+M$', examples: ['P3M'] }] },
  );
export const IsProbability = (): PropertyDecorator =>
  check(
    'isProbability',
    (value) =>
      typeof value === 'number' &&
      value >= 0 &&
      value <= 1 &&
      Math.abs(value * 10_000 - Math.round(value * 10_000)) < 1e-9,
    'must be a number from 0 to 1 with at most 4 decimals',
    { type: 'number', minimum: 0, maximum: 1 },
  );
export const IsWholeNumber = (min: number, max: number): PropertyDecorator =>
  check(
    'isWholeNumber',
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
    `must be a whole number from ${min} to ${max}`,
    { type: 'integer', minimum: min, maximum: max },
  );
export const IsFlag = (): PropertyDecorator =>
  check('isFlag', (value) => typeof value === 'boolean', 'must be true or false', { type: 'boolean' });

/** Text of 1 to `max` characters that is not only white space. */
export const IsText = (max = 255): PropertyDecorator =>
  check(
    'isText',
    (value) => typeof value === 'string' && value.trim().length > 0 && [...value].length <= max,
    `must be a text of 1 to ${max} characters`,
    textSchema(max),
  );
/** A note: 1 byte to 64 KiB of UTF-8. */
export const IsNote = (): PropertyDecorator =>
  check(
    'isNote',
    (value) => typeof value === 'string' && value.trim().length > 0 && Buffer.byteLength(value) <= 65_536,
    'must be a text of at most 64 KiB',
    textSchema(65_536),
  );
/** Source, label, reason: 1 to 64 characters. */
export const IsKey = (): PropertyDecorator => IsText(64);
export const IsKeys = (max: number): PropertyDecorator =>
  all(
    IsArray({ message: 'must be a list' }),
    ArrayMaxSize(max, { message: `must hold at most ${max}` }),
    ArrayUnique({ message: 'must not repeat an entry' }),
    eachText('isKeys', 64),
    Describes({ schema: { type: 'array', maxItems: max, uniqueItems: true, items: textSchema(64) } }),
  );
export const IsTexts = (max: number, length: number): PropertyDecorator =>
  all(
    IsArray({ message: 'must be a list' }),
    ArrayMaxSize(max, { message: `must hold at most ${max}` }),
    eachText('isTexts', length),
    Describes({ schema: { type: 'array', maxItems: max, items: textSchema(length) } }),
  );
const eachText = (name: string, max: number): PropertyDecorator =>
  Satisfies(name, (value) => {
    if (!Array.isArray(value)) return null;
    const at = value.findIndex(
      (item: unknown) => typeof item !== 'string' || item.trim().length === 0 || [...item].length > max,
    );
    return at < 0 ? null : { path: `/${at}`, message: `must be a text of 1 to ${max} characters` };
  });
/** An absolute URI with a scheme that names a place: not one that a browser would run. */
export const IsUri = (): PropertyDecorator =>
  check(
    'isUri',
    (value) =>
      typeof value === 'string' && value.length <= 2_048 && /^(?!javascript:|data:)[a-z][a-z\d+.-]*:\S+$/iu.test(value),
    'must be an absolute URI of at most 2,048 characters',
    { type: 'string', format: 'uri', maxLength: 2_048 },
  );
export const IsSha256 = (): PropertyDecorator =>
  check(
    'isSha256',
    (value) => typeof value === 'string' && /^[\da-f]{64}$/u.test(value),
    'must be 64 lower-case hexadecimal digits',
    { type: 'string', pattern: '^[0-9a-f]{64}$' },
  );
const MOST_ATTRIBUTES = 50;
/** Texts by name: at most 50, each a text of 1 to 255 characters under a key. */
export const IsAttributes = (): PropertyDecorator =>
  Satisfies(
    'isAttributes',
    (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return { path: '', message: 'must be an object' };
      }
      const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
      if (entries.length > MOST_ATTRIBUTES) return { path: '', message: `must hold at most ${MOST_ATTRIBUTES}` };
      const isText = (text: unknown, max: number): boolean =>
        typeof text === 'string' && text.trim().length > 0 && [...text].length <= max;
      const wrong = entries.find(([name, text]) => !isText(name, 64) || !isText(text, 255));
      return wrong === undefined
        ? null
        : { path: `/${wrong[0]}`, message: 'must be a text of 1 to 255 characters under a name of 1 to 64' };
    },
    { type: 'object', maxProperties: MOST_ATTRIBUTES, additionalProperties: textSchema(255) },
  );
/** Ids of 1 to `max` different things. */
export const IsIds = (max: number): PropertyDecorator =>
  all(
    IsArray({ message: 'must be a list' }),
    ArrayMinSize(1, { message: 'must hold at least 1' }),
    ArrayMaxSize(max, { message: `must hold at most ${max}` }),
    ArrayUnique({ message: 'must not repeat an entry' }),
    Satisfies('isIds', (value) => {
      const at = Array.isArray(value) ? value.findIndex((item) => !isUuid(item)) : -1;
      return at < 0 ? null : { path: `/${at}`, message: 'must be a lower-case UUID' };
    }),
    Describes({ schema: { type: 'array', minItems: 1, maxItems: max, uniqueItems: true, items: refersTo('Id') } }),
  );
export const IsOneOf = (values: readonly string[]): PropertyDecorator =>
  all(
    IsIn(values, { message: `must be one of ${values.join(', ')}` }),
    Describes({ schema: { type: 'string', enum: [...values] } }),
  );
/** A list of values out of a few, none of them twice. */
export const AreOneOf = (values: readonly (string | number)[]): PropertyDecorator =>
  all(
    IsArray({ message: 'must be a list' }),
    ArrayUnique({ message: 'must not repeat an entry' }),
    IsIn(values, { each: true, message: `must each be one of ${values.join(', ')}` }),
    Describes({ schema: { type: 'array', uniqueItems: true, items: { enum: [...values] } } }),
  );
export const IsUserId = (): PropertyDecorator =>
  all(
    Length(1, 255, { message: 'must be a text of 1 to 255 characters' }),
    Matches(/\S/, { message: 'must not be blank' }),
    Describes({ schema: textSchema(255) }),
  );
const isObject = check(
  'isObjectValue',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
  { type: 'object' },
);
export const IsPart = (type: () => new () => object): PropertyDecorator =>
  all(isObject, ValidateNested(), Type(type), Describes({ part: type }));
export const IsParts = (type: () => new () => object, min: number, max: number): PropertyDecorator =>
  all(
    IsArray({ message: 'must be a list' }),
    ArrayMinSize(min, { message: `must hold at least ${min}` }),
    ArrayMaxSize(max, { message: `must hold at most ${max}` }),
    Satisfies('isObjects', (value) => {
      if (!Array.isArray(value)) return null;
      const at = value.findIndex((item: unknown) => typeof item !== 'object' || item === null || Array.isArray(item));
      return at < 0 ? null : { path: `/${at}`, message: 'must be an object' };
    }),
    ValidateNested({ each: true }),
    Type(type),
    Describes({ schema: { type: 'array', minItems: min, maxItems: max }, part: type }),
  );
