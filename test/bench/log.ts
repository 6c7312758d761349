import { GENESIS_HASH, sealEvent } from '#event-store/envelope.js';
import type { EventData, EventMetadata, JsonObject } from '#event-store/event.js';
import type { EventStore } from '#event-store/port.js';
import { derivedId } from '#application/command-id.js';

const DAY_MS = 86_400_000;
const START = Date.parse('2025-01-01T08:00:00Z');
const OWNERS = 40;
const SOURCES = ['website', 'referral', 'fair', 'outbound', 'partner'];
const IN_FLIGHT = 500;

/** For servers on a log that was written beforehand: its master key, and no limit that the load could meet. */
export const BENCH_ENVIRONMENT = { MASTER_KEY: Buffer.alloc(32).toString('base64'), RATE_LIMIT: '1000000000' };

/** A pipeline of five open stages, as the benchmarks use it. */
export const BENCH_PIPELINE = derivedId('bench', 'pipeline');
export const BENCH_STAGES = [1, 2, 3, 4, 5].map((rank) => derivedId('bench', 'stage', String(rank)));

/** A small generator of the same numbers in every run (Park and Miller's minimal standard). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Streams whose events come in the order of a year and a half, many deals at a time, as a team makes them. */
class LogWriter {
  readonly #ends = new Map<string, { revision: number; hash: string }>();
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(private readonly store: EventStore) {}

  async append(stream: string, at: number, type: string, data: JsonObject): Promise<void> {
    const end = this.#ends.get(stream) ?? { revision: -1, hash: GENESIS_HASH };
    const event: EventData = sealEvent(stream, end.revision + 1, end.hash, {
      type,
      data,
      metadata: metadata(at, stream),
    });
    this.#ends.set(stream, { revision: end.revision + 1, hash: event.metadata.hash });
    const appended = this.store.append(stream, end.revision, [event]).finally(() => this.#underWay.delete(appended));
    this.#underWay.add(appended);
    if (this.#underWay.size >= IN_FLIGHT) await Promise.race(this.#underWay);
  }

  async done(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}

function metadata(at: number, stream: string): Omit<EventMetadata, 'hash' | 'prevHash'> {
  const time = new Date(at).toISOString();
  const commandId = derivedId('bench', stream, time);
  return {
    commandId,
    request: '0'.repeat(64),
    correlationId: commandId,
    causationId: commandId,
    actor: { id: `u-${at % OWNERS}`, kind: 'user' },
    occurredAt: time,
    recordedAt: time,
    schema: 1,
  };
}

/** The first event of every benchmark's log. */
export function pipelineCreated(): JsonObject {
  return {
    name: 'Bench',
    template: null,
    stages: BENCH_STAGES.map((id, index) => ({
      id,
      name: `Stage ${index + 1}`,
      kind: 'open',
      probability: (index + 1) / 10,
      rottenAfter: 'P14D',
      maxStay: 'P30D',
      coverHorizon: 'P14D',
      forecastCategory: 'pipeline',
      gates: [],
    })),
    moveRules: { skips: true, stepsBack: true },
    winGates: [],
  };
}

function opened(n: number, stage: number, amount: number): JsonObject {
  return {
    title: `Deal number ${n}`,
    kind: 'new',
    pipelineId: BENCH_PIPELINE,
    pipelineVersion: 1,
    stageId: BENCH_STAGES[stage] ?? '',
    rank: stage + 1,
    value: { amount: `${amount}.00`, currency: n % 5 === 0 ? 'USD' : 'EUR' },
    lineItems: [],
    personId: null,
    organizationId: null,
    ownerId: `u-${n % OWNERS}`,
    teamId: null,
    visibility: 'everyone',
    source: SOURCES[n % SOURCES.length] ?? 'website',
    labels: n % 3 === 0 ? ['hot'] : [],
    expectedClose: '2026-12-31',
    probability: null,
    forecastCategory: null,
    leadId: null,
    capturedAt: null,
    previousDealId: null,
    criteria: [],
  };
}

export function dealId(n: number): string {
  return derivedId('bench', 'deal', String(n));
}

/**
 * The pipeline, and `count` open deals spread over its stages; nothing else.
 * @returns the place of each deal's stage, from 0
 */
export async function openDeals(store: EventStore, count: number): Promise<number[]> {
  const log = new LogWriter(store);
  const random = randomNumbers(7);
  const stages: number[] = [];
  await log.append(`pipeline-${BENCH_PIPELINE}`, START, 'PipelineCreated', pipelineCreated());
  for (let n = 0; n < count; n++) {
    const at = Date.now() - Math.floor(random() * 30 * DAY_MS) - DAY_MS;
    const stage = Math.floor(random() * BENCH_STAGES.length);
    stages.push(stage);
    await log.append(`deal-${dealId(n)}`, at, 'DealOpened', opened(n, stage, 100 + Math.floor(random() * 90_000)));
  }
  await log.done();
  return stages;
}

/**
 * About `count` events of leads and deals, interleaved: a tenth are leads' events; a deal has about nine events over
 * about ninety days: moves, notes, values, owners, and a win or a loss.
 */
export async function teamHistory(store: EventStore, count: number): Promise<number> {
  const log = new LogWriter(store);
  const random = randomNumbers(11);
  const pick = (n: number): number => Math.floor(random() * n);
  await log.append(`pipeline-${BENCH_PIPELINE}`, START, 'PipelineCreated', pipelineCreated());
  let written = 1;
  let started = 0;
  const live: { n: number; stage: number; left: number }[] = [];
  const place = (stage: number): JsonObject => ({
    pipelineId: BENCH_PIPELINE,
    stageId: BENCH_STAGES[stage] ?? '',
    rank: stage + 1,
  });
  const value = (): JsonObject => ({ amount: `${100 + pick(90_000)}.00`, currency: 'EUR' });
  const width = Math.max(50, Math.floor(count / 60));
  for (let at = START; written < count; at += 240_000, written += 1) {
    if (pick(10) === 0) {
      const lead = `lead-${derivedId('bench', 'lead', String(written))}`;
      await log.append(lead, at, 'LeadCaptured', {
        title: `Lead ${written}`,
        source: SOURCES[pick(SOURCES.length)] ?? 'website',
        person: {
          id: derivedId('bench', 'person', String(written)),
          name: `Person ${written}`,
          emails: [],
          phones: [],
        },
        organization: null,
        value: null,
        labels: [],
        ownerId: `u-${pick(OWNERS)}`,
      });
      continue;
    }
    if (live.length < width || pick(9) === 0) {
      const n = started++;
      live.push({ n, stage: 0, left: 5 + pick(8) });
      await log.append(`deal-${dealId(n)}`, at, 'DealOpened', opened(n, 0, 100 + pick(90_000)));
      continue;
    }
    const index = pick(live.length);
    const deal = live[index];
    if (deal === undefined) continue;
    const stream = `deal-${dealId(deal.n)}`;
    deal.left -= 1;
    if (deal.left <= 0) {
      live.splice(index, 1);
      const stageId = BENCH_STAGES[deal.stage] ?? '';
      if (pick(5) < 2)
        await log.append(stream, at, 'DealWon', { stageId, value: value(), enters: null, pipelineVersion: 1 });
      else
        await log.append(stream, at, 'DealLost', {
          stageId,
          value: value(),
          reason: 'price',
          note: null,
          competitor: null,
        });
      continue;
    }
    const kind = pick(10);
    if (kind < 5) {
      const to = (deal.stage + 1 + pick(3)) % 5;
      const direction = to > deal.stage ? 'forward' : 'backward';
      await log.append(stream, at, 'DealStageMoved', {
        from: place(deal.stage),
        to: place(to),
        direction,
        pipelineVersion: 1,
      });
      deal.stage = to;
    } else if (kind < 8)
      await log.append(stream, at, 'NoteAdded', { text: `They called back and asked for number ${written}.` });
    else if (kind < 9) await log.append(stream, at, 'DealValueChanged', { value: value() });
    else await log.append(stream, at, 'DealAssigned', { ownerId: `u-${pick(OWNERS)}`, teamId: null });
  }
  await log.done();
  return written;
}
