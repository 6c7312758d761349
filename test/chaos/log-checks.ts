import type { Client } from '../support/client.js';
import type { CommandKind, Ledger, SentCommand } from './ledger.js';
import { Violation } from './writers.js';

/** Commands that write nothing when what they ask for is so already. */
const MAY_CHANGE_NOTHING: readonly CommandKind[] = ['assign', 'change-value'];

/** The log as a client reads it, read on from round to round. What was read once must stay as it was. */
export class ObservedLog {
  readonly events: any[] = [];
  readonly #byPlace = new Map<string, any>();
  readonly #byCommand = new Map<string, any[]>();
  readonly #ends = new Map<string, { readonly revision: number; readonly hash: string }>();

  get head(): string {
    return this.events.at(-1)?.position ?? '0';
  }

  /** Reads what is new, and checks what can be said of it alone: its order, and that it goes on from what was there. */
  async readOn(client: Client): Promise<void> {
    for (const event of await readLog(client, this.events.length === 0 ? null : this.head)) {
      const place = placeOf(event.stream, event.revision);
      if (BigInt(event.position) <= BigInt(this.head))
        throw new Violation(`${place}: its position is not after ${this.head}`);
      const end = this.#ends.get(event.stream) ?? { revision: -1, hash: '0'.repeat(64) };
      if (event.revision !== end.revision + 1) throw new Violation(`${place} follows revision ${end.revision}`);
      if (event.metadata.prevHash !== end.hash) throw new Violation(`${place}: prevHash is not the hash before it`);
      this.#ends.set(event.stream, { revision: event.revision, hash: event.metadata.hash });
      this.events.push(event);
      this.#byPlace.set(place, event);
      const { commandId } = event.metadata;
      this.#byCommand.set(commandId, [...(this.#byCommand.get(commandId) ?? []), event]);
    }
  }

  at(stream: string, revision: number): any {
    return this.#byPlace.get(placeOf(stream, revision));
  }

  of(command: SentCommand): readonly any[] {
    return this.#byCommand.get(command.id) ?? [];
  }

  commandIds(): readonly string[] {
    return [...this.#byCommand.keys()];
  }

  /** Conversions whose deal is not open yet: the reactor or a retry has still to finish them. */
  unfinishedConversions(): readonly any[] {
    return this.events.filter(
      ({ type, data }) => type === 'LeadConverted' && this.at(`deal-${data.dealId}`, 0) === undefined,
    );
  }
}

/** How many conversions were decided before a moment (epoch milliseconds) and finished after it. */
export function finishedAfter(log: ObservedLog, moment: number): number {
  const isBefore = (event: any): boolean => Date.parse(event.metadata.recordedAt) < moment;
  return log.events.filter((event) => {
    if (event.type !== 'LeadConverted' || !isBefore(event)) return false;
    const opened = log.at(`deal-${event.data.dealId}`, 0);
    return opened !== undefined && !isBefore(opened);
  }).length;
}

/** Events after a position, from the feed. */
export async function readLog(client: Client, after: string | null): Promise<any[]> {
  const { body } = await client.get(`/v1/events${after === null ? '' : `?after=${after}`}`);
  return String(body)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Each command had the effect that it was said to have had, once; none was said to have had none and had one. */
export function checkCommands(log: ObservedLog, ledger: Ledger): void {
  for (const id of log.commandIds()) {
    if (!ledger.commands.has(id)) throw new Violation(`events of command ${id}, which nobody sent`);
  }
  for (const command of ledger.commands.values()) {
    const own = log.of(command);
    const { answer, kind } = command;
    checkOneEffect(command, own);
    if (answer === null) continue;
    if (answer.status >= 300) {
      if (own.length > 0) throw new Violation(`${described(command)} was refused but is stored`);
    } else if (own.length > 0) {
      checkPlace(log, command, own);
    } else if (!MAY_CHANGE_NOTHING.includes(kind)) {
      throw new Violation(`${described(command)} was acknowledged but is not stored`);
    } else if (log.at(streamOf(command), answer.body.revision)?.position !== answer.body.position) {
      throw new Violation(`${described(command)} changed nothing, at a place where there is nothing`);
    }
  }
}

/** Two effects of one key would leave a type twice in a stream, or a second stream. */
function checkOneEffect(command: SentCommand, own: readonly any[]): void {
  const effects = own.map(({ stream, type }) => `${command.kind === 'convert' ? stream : ''} ${type}`);
  const doubled = effects.some((effect, index) => effects.indexOf(effect) !== index);
  const streams = new Set(own.map(({ stream }) => stream));
  if (doubled || (command.kind !== 'convert' && streams.size > 1)) {
    throw new Violation(`${described(command)} has more than one effect: ${effects.join(', ')}`);
  }
}

function checkPlace(log: ObservedLog, command: SentCommand, own: readonly any[]): void {
  const { body } = command.answer ?? {};
  const told = log.at(streamOf(command), body.revision);
  if (told === undefined || !own.includes(told)) {
    throw new Violation(`${described(command)}: its event is not where it was said to be`);
  }
  const last = command.kind === 'convert' ? log.at(`deal-${body.deal.id}`, body.deal.revision) : told;
  if (last?.position !== body.position || !own.includes(last)) {
    throw new Violation(`${described(command)}: the position is not that of its last event`);
  }
}

/** One lead, one conversion, one deal, each contact registered by it or before. Asked when the reactor had its time. */
export function checkConversions(log: ObservedLog): void {
  const dealsOf = new Map<string, string[]>();
  for (const { type, data, stream } of log.events) {
    if (type === 'DealOpened' && data.leadId !== null) {
      dealsOf.set(data.leadId, [...(dealsOf.get(data.leadId) ?? []), stream]);
    }
  }
  const converted = new Set<string>();
  for (const { type, data, stream } of log.events) {
    if (type !== 'LeadConverted') continue;
    if (converted.has(stream)) throw new Violation(`${stream} was converted twice`);
    converted.add(stream);
    const deals = dealsOf.get(stream.slice('lead-'.length)) ?? [];
    if (deals.length !== 1 || deals[0] !== `deal-${data.dealId}`) {
      throw new Violation(`${stream} was converted to deal-${data.dealId}, but has ${deals.join(', ') || 'none'}`);
    }
    for (const { kind, id, create } of data.contacts) {
      if (create && log.at(`${kind}-${id}`, 0) === undefined)
        throw new Violation(`${kind}-${id} of ${stream} is not registered`);
    }
  }
}

function streamOf({ path, answer }: SentCommand): string {
  const [, , collection] = path.split('/');
  const category = { leads: 'lead', deals: 'deal', pipelines: 'pipeline' }[collection ?? ''];
  return `${category}-${answer?.body.id}`;
}

function described({ kind, key, path, answer }: SentCommand): string {
  return `${kind} ${path} under ${key} (answered ${JSON.stringify(answer?.body ?? null)})`;
}

function placeOf(stream: string, revision: number): string {
  return `${stream}@${revision}`;
}
