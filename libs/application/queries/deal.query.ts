import { decode } from '#event-store/codec.js';
import type { Activity } from '#domain/activity/activity.state.js';
import type { DealEvent } from '#domain/deal/deal.events.js';
import { snoozedWithin } from '#domain/deal/deal.snooze.js';
import type { Snooze } from '#domain/deal/deal.snooze.js';
import type { Proposal } from '#domain/deal/deal.proposals.js';
import type { DealState, Visit } from '#domain/deal/deal.state.js';
import { dealEventsAsOf } from '#domain/deal/deal.as-of.js';
import { foldDeal } from '#domain/deal/deal.evolve.js';
import { currentVersion, versionAt } from '#domain/pipeline/pipeline.policy.js';
import type { PipelineState, PipelineVersion } from '#domain/pipeline/pipeline.state.js';
import type { EpochMs, Recorded } from '#domain/shared/decision.js';
import { formatInstant } from '#domain/shared/instant.js';
import { fromMinor, toMinor, weightedMinor } from '#domain/shared/money.js';
import type { BusinessTime } from '#reports/business-time.js';
import { businessTimeOf } from '#reports/policies.js';
import { daysOfRatio } from '#reports/percentiles.js';
import { weighedVersion } from '#reports/probability/stage-probabilities.js';
import { stageAt } from '#reports/stage-at.js';
import { stallOfDeal } from '#reports/stall/stall.js';
import type { ViewReads } from '#view-store/port.js';
import { DEAL } from '../aggregate.js';
import { NotFound } from '../errors.js';
import type { StreamLabels } from '../labels.js';
import type { StreamPolicies } from '../policies.js';
import type { Streams } from '../streams.js';

/** Which of its moments a deal is asked for; nothing: now. */
export interface DealMoment {
  readonly asOf: EpochMs | null;
  /** As known then; with `asOf` only. */
  readonly recordedAsOf: EpochMs | null;
  readonly atRevision: number | null;
}

/** One deal, folded from its own stream: always the newest, and replayed to any moment. */
export class DealQuery {
  constructor(
    private readonly streams: Streams,
    private readonly policies: StreamPolicies,
    private readonly labels: StreamLabels,
    private readonly views: Pick<ViewReads, 'scan'>,
  ) {}

  /** The deal of contract.md. @throws NotFound also for a moment before its first event */
  async deal(id: string, moment: DealMoment): Promise<Record<string, unknown> & { readonly revision: number }> {
    const { state, now } = await this.#at(id, moment);
    const pipeline = await this.policies.pipeline(state.pipelineId);
    if (pipeline === null) throw new Error(`deal ${id} is in the unknown pipeline ${state.pipelineId}`);
    const names = await this.labels.contacts(state.contacts);
    const { timeZone } = await this.policies.settings();
    const present = moment.asOf === null && moment.atRevision === null;
    const time = await businessTimeOf(this.policies, present ? null : now);
    const inForce = present ? currentVersion(pipeline) : versionAt(pipeline, now);
    const version = await weighedVersion(this.views, pipeline, inForce, now, timeZone);
    return {
      ...answerOf(state, pipeline, version, names, now, time),
      asOf: moment.asOf === null ? null : formatInstant(moment.asOf),
      atRevision: moment.atRevision,
    };
  }

  /** The states of several deals at an instant; those that did not exist then are left out. */
  async statesAsOf(ids: readonly string[], asOf: EpochMs): Promise<ReadonlyMap<string, DealState>> {
    const states = new Map<string, DealState>();
    await Promise.all(
      ids.map(async (id) => {
        const state = foldDeal(dealEventsAsOf(await this.events(id), asOf), id);
        if (state !== null) states.set(id, state);
      }),
    );
    return states;
  }

  /** All events of a deal, in the form that folds take. @throws NotFound */
  async events(id: string): Promise<readonly Recorded<DealEvent>[]> {
    const events = await this.streams.events.readStream(DEAL.stream(id));
    if (events.length === 0) throw new NotFound();
    // The stream's name says which union its events are of.
    return events.map((event) => decode(event) as Recorded<DealEvent>);
  }

  /** The deal right after one of its events. @throws NotFound `unknown-revision` */
  async stateAt(id: string, revision: number): Promise<{ state: DealState; recordedAt: EpochMs }> {
    const events = await this.events(id);
    const state = foldDeal(events.slice(0, revision + 1), id);
    const last = events[revision];
    if (state === null || last === undefined) {
      throw new NotFound('unknown-revision', `The deal has no revision ${revision}.`);
    }
    return { state, recordedAt: last.recordedAt };
  }

  async #at(id: string, moment: DealMoment): Promise<{ state: DealState; now: EpochMs }> {
    if (moment.atRevision !== null) {
      const { state, recordedAt } = await this.stateAt(id, moment.atRevision);
      return { state, now: recordedAt };
    }
    if (moment.asOf === null) {
      const { state } = await this.streams.load(DEAL, id);
      if (state === null) throw new NotFound();
      return { state, now: Date.now() };
    }
    const { asOf, recordedAsOf } = moment;
    const known = (await this.events(id)).filter((event) => recordedAsOf === null || event.recordedAt <= recordedAsOf);
    const state = foldDeal(dealEventsAsOf(known, asOf), id);
    if (state === null) throw new NotFound('not-found', 'There was no such deal yet.');
    return { state, now: asOf };
  }
}

function answerOf(
  state: DealState,
  pipeline: PipelineState,
  version: PipelineVersion,
  names: ReadonlyMap<string, string>,
  now: EpochMs,
  time: BusinessTime,
): Record<string, unknown> & { revision: number } {
  const stage = stageAt(pipeline, version, state.stageId);
  const probability = state.probability ?? stage?.probability ?? 0;
  return {
    id: state.id,
    revision: state.revision,
    title: state.title,
    status: state.status,
    pipelineId: state.pipelineId,
    pipelineVersion: state.pipelineVersion,
    stageId: state.stageId,
    rank: stage?.rank ?? state.rank,
    value: state.value,
    weightedValue: state.status === 'open' ? weighted(state, probability) : null,
    probability: { value: probability, from: state.probability === null ? 'stage' : 'deal' },
    forecastCategory: {
      value: state.forecastCategory ?? stage?.forecastCategory ?? 'pipeline',
      from: state.forecastCategory === null ? 'stage' : 'deal',
    },
    expectedClose: state.expectedClose,
    ownerId: state.ownerId,
    teamId: state.teamId,
    visibility: state.visibility,
    source: state.source,
    labels: state.labels,
    contacts: state.contacts.map((contact) => ({ ...contact, name: names.get(contact.id) ?? null })),
    lineItems: state.lineItems,
    leadId: state.leadId,
    previousDealId: state.previousDealId,
    mergedInto: state.mergedInto,
    openedAt: formatInstant(state.openedAt),
    closedAt: state.closedAt === null ? null : formatInstant(state.closedAt),
    loss: state.loss,
    churn: state.churn && { ...state.churn, churnedAt: formatInstant(state.churn.churnedAt) },
    wonBackBy: state.wonBackBy,
    visits: state.visits.map((visit) => visitAnswer(visit, state.snoozes, now)),
    activities: state.activities.map(activityAnswer),
    files: state.files,
    proposals: state.proposals.map(proposalAnswer),
    stall: stallOfDeal(state, pipeline, now, time, version),
  };
}

function weighted(state: DealState, probability: number) {
  if (state.value === null) return null;
  return fromMinor(weightedMinor([{ minor: toMinor(state.value), probability }]), state.value.currency);
}

export function activityAnswer({ dueAt, doneAt, ...activity }: Activity) {
  return { ...activity, dueAt: formatInstant(dueAt), doneAt: doneAt === null ? null : formatInstant(doneAt) };
}

function proposalAnswer({ proposedAt, revision: _, accepted, ...proposal }: Proposal) {
  return {
    ...proposal,
    proposedAt: formatInstant(proposedAt),
    accepted: accepted && { optionId: accepted.optionId, acceptedAt: formatInstant(accepted.acceptedAt) },
  };
}

function visitAnswer(visit: Visit, snoozes: readonly Snooze[], now: EpochMs) {
  const until = Math.max(visit.enteredAt, visit.exitedAt ?? now);
  const stay = until - visit.enteredAt - snoozedWithin(snoozes, visit.enteredAt, until);
  return {
    ...visit,
    enteredAt: formatInstant(visit.enteredAt),
    exitedAt: visit.exitedAt === null ? null : formatInstant(visit.exitedAt),
    stayDays: daysOfRatio(BigInt(stay), 1n),
  };
}
