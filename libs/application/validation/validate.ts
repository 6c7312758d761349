import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { rememberRules } from './remembered-rules.js';

rememberRules();

/** One fault of a request: a JSON pointer into the body, or `?name` for a query parameter. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** The request's body is not what the command takes. */
export class InvalidBody extends Error {
  override readonly name = 'InvalidBody';
  constructor(readonly faults: readonly Fault[]) {
    super(faults.length === 1 ? '1 field is wrong.' : `${faults.length} fields are wrong.`);
  }
}

/**
 * Turns parsed JSON into an instance of its command's body class.
 * @throws InvalidBody with every fault and its place; an unknown field is a fault
 */
export function validateBody<T extends object>(type: new () => T, body: unknown): T {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new InvalidBody([{ path: '', message: 'must be a JSON object' }]);
  }
  const instance = plainToInstance(type, body);
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  if (errors.length > 0) throw new InvalidBody(errors.flatMap((error) => faultsOf(error, '')));
  return instance;
}

function faultsOf(error: ValidationError, parent: string): Fault[] {
  const path = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const children = (error.children ?? []).flatMap((child) => faultsOf(child, path));
  // A list or object of the wrong kind also fails as a nested value: its own fault says it all.
  const own = Object.entries(error.constraints ?? {}).filter(([name]) => name !== 'nestedValidation');
  const [name, message] = own[own.length - 1] ?? [];
  if (name === undefined || message === undefined) {
    return children.length > 0 ? children : [{ path, message: 'is wrong' }];
  }
  if (name === 'whitelistValidation') return [{ path, message: 'is not a known field' }];
  const place = /^@([^\n]*)\n(.*)$/su.exec(message);
  return place === null ? [{ path, message }] : [{ path: path + (place[1] ?? ''), message: place[2] ?? message }];
}
