import { setTimeout as sleep } from 'node:timers/promises';
import type { ActivityDue } from '#domain/alert/alert.events.js';
import { decideAlert } from '#domain/alert/alert.js';
import type { Activity } from '#domain/activity/activity.state.js';
import { LIVING } from '#domain/deal/deal.state.js';
import { formatInstant } from '#domain/shared/instant.js';
import type { EpochMs } from '#domain/shared/decision.js';
import { isOccurrence } from '#domain/standalone-activity/recurrence.js';
import type { StandaloneActivity } from '#domain/standalone-activity/standalone.state.js';
import { waitForPosition } from '#projection/wait-for.js';
import { integerIn, stringIn } from '#reports/row-values.js';
import type { FindResult, Keyset, Row, ViewReads } from '#view-store/port.js';
import { ACTIVITIES } from '#views/activities/activities.schema.js';
import { latestDue, type Announced } from '#views/activities/pending.js';
import { CIVIL_TIME } from '#views/civil-time.js';
import { ALERT, DEAL, LEAD, STANDALONE_ACTIVITY } from '../aggregate.js';
import { derivedId } from '../command-id.js';
import type { CommandExecutor } from '../execute.js';
import { reactorRequest } from './reactor-request.js';

const NAME = 'announce-due';
/** What the log says when it fails. */
export const ANNOUNCING_FAILS = 'what is due is not announced yet';
/** Rows read, and announced, at once. */
const LOT = 20;
const REST_MS = 1_000;
const LOOK_MS = 1_000;

type Due = ActivityDue['data'];

/**
 * Announces activities when they fall due, by one event in a stream whose id follows from the activity and the time.
 * It keeps no timers and no place of its own: what is due and was not announced is a range of an index, which an
 * announcement leaves. So it does not matter when it was stopped, how far clocks jump, or how many do it at once; and
 * whether an activity is still to be done is looked up in its own stream first.
 */
export class DueAnnouncer {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly views: Pick<ViewReads, 'read' | 'checkpoint'>,
    private readonly clock: () => EpochMs = Date.now,
  ) {}

  /** Announces what is due by now and goes on so, until the signal. Never throws. */
  async run(signal: AbortSignal, onError: (error: unknown) => void, restMs = REST_MS): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.announceAll(signal);
      } catch (error) {
        if (!signal.aborted) onError(error);
      }
      await sleep(restMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /**
   * Announces all that is due now, once the view has seen all that is in the log: what was announced is then out of it.
   * @throws errors of the stores, after which it is done again from the start
   */
  async announceAll(signal: AbortSignal): Promise<void> {
    const now = this.clock();
    const head = await this.commands.streams.events.head();
    if (head === null) return;
    while (!(await waitForPosition(this.views, [ACTIVITIES], head, LOOK_MS)).ok) signal.throwIfAborted();
    for (let after: Keyset | null = null; ;) {
      const page = await this.#dueBy(now, after);
      await Promise.all(page.rows.map((row) => this.#announce(row, now)));
      if (page.next === null) return;
      signal.throwIfAborted();
      after = page.next;
    }
  }

  async #dueBy(now: EpochMs, after: Keyset | null): Promise<FindResult> {
    const where = { columns: { pending: { lte: now } } };
    const { results } = await this.views.read(ACTIVITIES, [
      { kind: 'find', table: 'activity', where, sort: [{ column: 'pending' }], limit: LOT, after },
    ]);
    return results[0];
  }

  async #announce(row: Row, now: EpochMs): Promise<void> {
    const due = await this.#dueNow(row, now);
    if (due === null) return;
    const id = derivedId('activity-due', String(row.id), due.dueAt, due.occurrence ?? '');
    const request = reactorRequest(NAME, derivedId('command', NAME, id), id);
    await this.commands.execute(ALERT, id, request, (state, context) =>
      decideAlert(state, { type: 'AnnounceActivity', due }, context),
    );
  }

  /** What the row says is due, as its own stream has it now; null: it is not, and the view will see that too. */
  async #dueNow(row: Row, now: EpochMs): Promise<Due | null> {
    const { streams } = this.commands;
    const [activityId, pending] = [stringIn(row, 'activity'), integerIn(row, 'pending')];
    const [dealId, leadId] = [row['deal'] ?? null, row['lead'] ?? null];
    if (typeof dealId === 'string') {
      const { state } = await streams.load(DEAL, dealId);
      if (state === null || !LIVING.includes(state.status)) return null;
      return ofBook(state.activities, activityId, pending, { dealId, leadId: null });
    }
    if (typeof leadId === 'string') {
      const { state } = await streams.load(LEAD, leadId);
      if (state === null || state.status === 'converted' || state.status === 'archived') return null;
      return ofBook(state.activities, activityId, pending, { dealId: null, leadId });
    }
    const { state } = await streams.load(STANDALONE_ACTIVITY, activityId);
    return state === null ? null : ofSeries(state, pending, now);
  }
}

function ofBook(
  activities: readonly Activity[],
  id: string,
  dueAt: EpochMs,
  whose: Pick<Due, 'dealId' | 'leadId'>,
): Due | null {
  const activity = activities.find(({ activityId }) => activityId === id);
  if (activity?.status !== 'planned' || activity.dueAt !== dueAt) return null;
  const { activityId, kind, assigneeId } = activity;
  return { activityId, ...whose, kind, assigneeId, occurrence: null, dueAt: formatInstant(dueAt) };
}

/** Of several occurrences that have come the latest: those before it were missed. */
function ofSeries(activity: StandaloneActivity, dueAt: EpochMs, now: EpochMs): Due | null {
  const pending = pendingAt(activity, dueAt);
  if (pending === null) return null;
  const { id, kind, assigneeId } = activity;
  const latest = latestDue(activity, pending, now);
  const { occurrence } = latest;
  const due = { activityId: id, dealId: null, leadId: null, kind, assigneeId, occurrence };
  return { ...due, dueAt: formatInstant(latest.dueAt) };
}

/** The occurrence that is due at the time; null: there is none any more. */
function pendingAt({ next, recurrence, skipped }: StandaloneActivity, dueAt: EpochMs): Announced | null {
  if (next === null || next.dueAt === dueAt) return next;
  if (recurrence === null || next.occurrence === null) return null;
  const { date } = CIVIL_TIME.localOf(dueAt, recurrence.zone);
  const isLeft = date > next.occurrence && isOccurrence(recurrence, date) && !skipped.includes(date);
  return isLeft ? { occurrence: date, dueAt } : null;
}
