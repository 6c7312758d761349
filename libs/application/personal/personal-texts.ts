import { randomBytes, type KeyObject } from 'node:crypto';
import { treatmentOf, type Treatment } from '#domain/personal/personal-data.js';
import { ERASED, keyOfSealed, SEALED, sealedParts } from '#domain/personal/sealed-text.js';
import type { Decided, DomainEvent } from '#domain/shared/decision.js';
import { seal, unseal } from './cipher.js';
import { eachString, mapStrings } from './strings.js';

/** Where keys are made and found; null stands for a key that was destroyed. */
export interface Keys {
  /** Makes those that are not there; durable when it answers. `owner`: the stream that a key belongs to. */
  ensure(
    keys: readonly { readonly id: string; readonly owner: string }[],
  ): Promise<ReadonlyMap<string, KeyObject | null>>;
  find(ids: readonly string[]): Promise<ReadonlyMap<string, KeyObject | null>>;
}

/**
 * What was opened, and how it was sealed. A decider that hands on what its state says (a title, from the lead to its deal)
 * hands on the very sealed string, so that one erasure reaches all of them, and none that runs beside it can be undone.
 */
export class SealedForms {
  readonly #forms = new Map<string, string[]>();

  add(plain: string, sealed: string): void {
    const known = this.#forms.get(plain);
    if (known === undefined) this.#forms.set(plain, [sealed]);
    else if (!known.includes(sealed)) known.push(sealed);
  }

  /** How it was sealed under a key that fits. */
  of(plain: string, fits: (key: string) => boolean): string | null {
    return this.#forms.get(plain)?.find((sealed) => fits(keyOfSealed(sealed) ?? '')) ?? null;
  }
}

/** Personal strings of events: sealed before they are hashed, opened when they are decided on, shown or searched. */
export interface PersonalTexts {
  /** The events of one append with their personal strings sealed. */
  seal<E extends DomainEvent>(
    stream: string,
    events: readonly Decided<E>[],
    forms: SealedForms,
  ): Promise<readonly Decided<E>[]>;
  /** The same value with its sealed strings opened; those whose key was destroyed are ERASED. */
  open<T>(value: T, forms?: SealedForms): Promise<T>;
  /** As `open`, of a JSON text. */
  openJson(json: string): Promise<string>;
}

const TEXT_KEY = 't-';
/** Alone in a string of its own, or within a sentence that tells of it. */
const IN_JSON = /sealed:1:[\w-]+:[\w-]+/gu;
/** Whether a key is that of an event's free texts, and not a contact's. */
export const isTextKey = (key: string): boolean => key.startsWith(TEXT_KEY);

/** Under keys of the key vault: a contact has one, and the free texts of an event have one. */
export class SealedTexts implements PersonalTexts {
  constructor(private readonly keys: Keys) {}

  async seal<E extends DomainEvent>(
    stream: string,
    events: readonly Decided<E>[],
    forms: SealedForms,
  ): Promise<readonly Decided<E>[]> {
    if (events.every(({ type }) => treatmentOf(type) === null)) return events;
    const textKeys = events.map(() => `${TEXT_KEY}${randomBytes(16).toString('base64url')}`);
    const needed = new Map<string, string>();
    for (const [index, event] of events.entries()) {
      const textKey = textKeys[index] ?? '';
      treated(event, stream, {
        text: (value) => missing(value, isTextKey, forms, () => needed.set(textKey, stream)),
        contact: (owner, value) =>
          missing(
            value,
            (key) => key === owner,
            forms,
            () => needed.set(owner, owner),
          ),
      });
    }
    const keys =
      needed.size === 0
        ? new Map<string, KeyObject | null>()
        : await this.keys.ensure([...needed].map(([id, owner]) => ({ id, owner })));
    return events.map((event, index) => {
      const textKey = textKeys[index] ?? '';
      return treated(event, stream, {
        text: (value) => sealed(value, textKey, isTextKey, keys, forms),
        contact: (owner, value) => sealed(value, owner, (key) => key === owner, keys, forms),
      });
    });
  }

  async open<T>(value: T, forms?: SealedForms): Promise<T> {
    const found = new Set<string>();
    eachString(value, (text) => {
      if (text.startsWith(SEALED)) found.add(text);
    });
    if (found.size === 0) return value;
    const plain = await this.#opened(found);
    return mapStrings(value, (text) => {
      const opened = plain.get(text);
      if (opened === undefined) return text;
      forms?.add(opened, text);
      return opened;
    });
  }

  async openJson(json: string): Promise<string> {
    if (!json.includes(SEALED)) return json;
    const plain = await this.#opened(new Set(json.match(IN_JSON)));
    // It stands within quotes already.
    return json.replaceAll(IN_JSON, (text) => JSON.stringify(plain.get(text) ?? text).slice(1, -1));
  }

  async #opened(texts: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
    const parts = [...texts].flatMap((text) => {
      const found = sealedParts(text);
      return found === null ? [] : [{ text, ...found }];
    });
    const keys = await this.keys.find([...new Set(parts.map(({ key }) => key))]);
    return new Map(
      parts.map(({ text, ...part }) => {
        const key = keys.get(part.key) ?? null;
        return [text, key === null ? ERASED : (unseal(part, key) ?? text)];
      }),
    );
  }
}

function treated<E extends DomainEvent>(event: Decided<E>, stream: string, treatment: Treatment): Decided<E> {
  const treat = treatmentOf(event.type);
  return treat === null ? event : { ...event, data: treat(event.data, treatment, stream) };
}

/** What stands for a string without a key: erased or sealed already, or handed on from what was. Null: a key is needed. */
function formOf(value: string, fits: (key: string) => boolean, forms: SealedForms): string | null {
  return value === ERASED || sealedParts(value) !== null ? value : forms.of(value, fits);
}

function missing(value: string, fits: (key: string) => boolean, forms: SealedForms, need: () => void): string {
  if (formOf(value, fits, forms) === null) need();
  return value;
}

function sealed(
  value: string,
  keyId: string,
  fits: (key: string) => boolean,
  keys: ReadonlyMap<string, KeyObject | null>,
  forms: SealedForms,
): string {
  const known = formOf(value, fits, forms);
  if (known !== null) return known;
  const key = keys.get(keyId) ?? null;
  // Erased meanwhile: what is written of somebody who was erased is erased as well.
  if (key === null) return ERASED;
  const text = seal(value, keyId, key);
  forms.add(value, text);
  return text;
}
