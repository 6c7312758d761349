/** JSON as it is stored: plain data, no undefined, no NaN, no lone surrogates. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** Who caused an event. `reactor` and `import` are processes of ours. */
export type ActorKind = 'user' | 'api-key' | 'reactor' | 'import';
export interface Actor {
  readonly id: string;
  readonly kind: ActorKind;
}

/** What every event carries beside its payload. All of it but `hash` is hashed. */
export interface EventMetadata {
  /** The command that decided the event (UUIDv5 of actor, method, path, key; random without a key). */
  readonly commandId: string;
  /** HMAC-SHA-256 of the canonical JSON of the request, lower-case hex. */
  readonly request: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly actor: Actor;
  /** When it happened in the business: RFC 3339, UTC, milliseconds. */
  readonly occurredAt: string;
  /** When it was taken: the handler's clock; never goes back within a stream. */
  readonly recordedAt: string;
  /** Version of the payload of this event type; old ones are upcast when read. */
  readonly schema: number;
  /** Hash of the event before in the same stream; 64 zeros at revision 0. */
  readonly prevHash: string;
  /** SHA-256 over the canonical JSON of the event, lower-case hex (see envelope.ts). */
  readonly hash: string;
}

/** An event ready to be appended. */
export interface EventData {
  /** UUIDv8 of the first 128 bits of `metadata.hash`. */
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: EventMetadata;
}

/** An event as the store gives it back. */
export interface RecordedEvent extends EventData {
  readonly stream: string;
  /** Place in its stream; the first event is 0. */
  readonly revision: number;
  /** Place in the one total order of the store: opaque, ordered, not dense. */
  readonly position: bigint;
}
