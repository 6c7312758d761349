import { formatInstant, parseInstant } from '#domain/shared/instant.js';
import { parseMoney, type Money } from '#domain/shared/money.js';
import type { ContactDetails } from '#domain/lead/lead.events.js';
import { InvalidInput } from '../errors.js';
import type { ContactBody, MoneyBody } from './lead.bodies.js';

/** The normal form of money that validation has let through. */
export function money(body: MoneyBody): Money;
export function money(body: MoneyBody | null | undefined): Money | null;
export function money(body: MoneyBody | null | undefined): Money | null {
  if (body === null || body === undefined) return null;
  const parsed = parseMoney(body);
  if (!parsed.ok) throw new InvalidInput('/value' + parsed.path, parsed.message);
  return parsed.money;
}

/** An instant that validation has let through, as events hold it: in UTC, with milliseconds. */
export function storedInstant(text: string): string {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`not an instant: ${text}`);
  return formatInstant(instant);
}

/** A contact as the lead keeps it: under its own id, or under the one that it will have. */
export function contact(body: ContactBody | null | undefined, path: string, inlineId: string): ContactDetails | null {
  if (body === null || body === undefined) return null;
  const name = body.name ?? null;
  if (name === null && (body.id ?? null) === null) throw new InvalidInput(`${path}/name`, 'must be given, or an id');
  if (name === null && (body.emails?.length || body.phones?.length)) {
    throw new InvalidInput(`${path}/name`, 'must be given with the details of a new contact');
  }
  return { id: body.id ?? inlineId, name, emails: body.emails ?? [], phones: body.phones ?? [] };
}
