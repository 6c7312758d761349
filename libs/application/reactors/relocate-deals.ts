import { setTimeout as sleep } from 'node:timers/promises';
import { v4 } from 'uuid';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { stageEntered } from '#domain/deal/deal.place.js';
import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import { waitForPosition } from '#projection/wait-for.js';
import type { ViewReads } from '#view-store/port.js';
import { DEALS } from '#views/deals/deals.schema.js';
import { isDealEvent } from '#views/domain-event.js';
import { DEAL, PIPELINE } from '../aggregate.js';
import { CommandRejected } from '../errors.js';
import type { CommandExecutor } from '../execute.js';
import { reactorRequest } from './reactor-request.js';
import { RetiredStages, type Retirement } from './retired-stages.js';
import type { Reactor } from './run-reactor.js';

const NAME = 'relocate-deals';
/** Deals relocated at once, and the rest after each lot: what people do goes on meanwhile. */
const LOT = 20;
const REST_MS = 20;
/** How long one look at the view waits for it; it is looked at again until it is there. */
const LOOK_MS = 1_000;

/**
 * Takes the deals of a retired stage to the one that stands in for it, one event for each deal. On StageRetired and
 * PipelineRetired it empties the stages, by the list that a view holds once it has seen the retirement; on every later event that puts a
 * deal into a retired stage (a move that was decided just before, a reopening) it takes that deal on. Whether a deal is
 * to be relocated is decided by its own stream, so nothing is done twice, however often it is begun.
 */
export function relocateDeals(commands: CommandExecutor, views: Pick<ViewReads, 'scan' | 'checkpoint'>): Reactor {
  const retired = new RetiredStages(commands.streams.events);
  return {
    name: NAME,
    failing: 'a deal is not relocated yet',
    concerns: (event) => categoryOf(event.stream) === 'pipeline' || entryIn(event) !== null,
    async react(event, signal) {
      if (categoryOf(event.stream) === 'pipeline') {
        let latest: bigint | null = null;
        for (const retirement of retired.met(event)) latest = await emptyStage(event, retirement, latest, signal);
        return latest;
      }
      const entered = await retirementEntered(event);
      return entered === null ? null : relocate(idOf(event.stream), entered, event);
    },
  };

  async function retirementEntered(event: RecordedEvent): Promise<Retirement | null> {
    const place = entryIn(event);
    if (place === null) return null;
    const id = idOf(event.stream);
    const pipelineId = place.pipelineId ?? (await commands.streams.load(DEAL, id)).state?.pipelineId;
    return pipelineId === undefined ? null : retired.before(event.position, pipelineId, place.stageId);
  }

  async function emptyStage(
    event: RecordedEvent,
    retirement: Retirement,
    since: bigint | null,
    signal: AbortSignal,
  ): Promise<bigint> {
    await viewAt(event.position, signal);
    const met = new Set<string>();
    const refusals: CommandRejected[] = [];
    let latest = since ?? event.position;
    // Until the list names no other: it may miss what changes while it is read. What comes back is met as an event.
    for (;;) {
      const waiting = (await dealsIn(retirement)).filter((id) => !met.has(id));
      if (waiting.length === 0) break;
      for (let first = 0; first < waiting.length; first += LOT) {
        const lot = waiting.slice(first, first + LOT);
        const outcomes = await Promise.all(lot.map((id) => relocateOrRefuse(id, retirement, event)));
        for (const [index, outcome] of outcomes.entries()) {
          met.add(lot[index] ?? '');
          if (outcome instanceof CommandRejected) refusals.push(outcome);
          else if (outcome > latest) latest = outcome;
        }
        await sleep(REST_MS, undefined, { signal });
      }
    }
    if (refusals[0] !== undefined) throw refusals[0];
    return latest;
  }

  async function viewAt(position: bigint, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      if ((await waitForPosition(views, [DEALS], position, LOOK_MS)).ok) return;
    }
  }

  async function dealsIn({ pipelineId, stageId }: Retirement): Promise<string[]> {
    const ids: string[] = [];
    const where = { columns: { board: pipelineId, stage: stageId } };
    for await (const rows of views.scan(DEALS, { table: 'card', where, columns: ['id'] })) {
      for (const { id } of rows) ids.push(String(id));
    }
    return ids;
  }

  /** A deal that is refused does not hold up the others. */
  async function relocateOrRefuse(
    id: string,
    retirement: Retirement,
    cause: RecordedEvent,
  ): Promise<bigint | CommandRejected> {
    try {
      return await relocate(id, retirement, cause);
    } catch (error) {
      if (error instanceof CommandRejected) return error;
      throw error;
    }
  }

  /** Answers the position of the deal's last event. */
  async function relocate(id: string, retirement: Retirement, cause: RecordedEvent): Promise<bigint> {
    const { pipelineId, stageId } = retirement;
    const to = await retired.endOf(retirement.to);
    const outcome = await commands.execute(
      DEAL,
      id,
      reactorRequest(NAME, v4(), cause.metadata.correlationId),
      async (state, context) => {
        const pipeline = (await commands.streams.load(PIPELINE, to.pipelineId)).state;
        if (pipeline === null) throw new Error(`deal ${id} goes to the unknown pipeline ${to.pipelineId}`);
        const from = { pipelineId, stageId };
        return decideDeal(
          state,
          { type: 'RelocateDeal', from, toStageId: to.stageId, pipeline, retirementId: retirement.id },
          context,
        );
      },
    );
    return outcome.position;
  }
}

/** The stage that the event puts a deal into. */
function entryIn(event: RecordedEvent): ReturnType<typeof stageEntered> {
  if (categoryOf(event.stream) !== 'deal') return null;
  const decoded = decode(event);
  return isDealEvent(decoded) ? stageEntered(decoded) : null;
}
