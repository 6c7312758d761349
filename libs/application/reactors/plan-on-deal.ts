import { decideDeal } from '#domain/deal/deal.decide.js';
import type { DealState } from '#domain/deal/deal.state.js';
import type { ActivityKind } from '#domain/pipeline/pipeline.events.js';
import { accept } from '#domain/shared/decision.js';
import type { EpochMs } from '#domain/shared/decision.js';
import { formatInstant } from '#domain/shared/instant.js';
import type { RecordedEvent } from '#event-store/event.js';
import { idOf } from '#event-store/streams.js';
import { DEAL } from '../aggregate.js';
import { derivedId } from '../command-id.js';
import type { CommandExecutor } from '../execute.js';
import { reactorRequest } from './reactor-request.js';

/** Something to be planned because of an event: it has its place among those of that event. */
export interface ActivityStep {
  readonly index: number;
  readonly kind: ActivityKind;
  readonly subject: string;
  readonly dueAt: EpochMs;
}

/**
 * Plans an activity for the owner of the deal that the event is of, by a command whose id, and an activity whose id,
 * follow from the event and the step's place: once, however often it is done.
 * @param origin begins the activity's id: fixed for ever
 * @param applies whether it is still to be planned, with the deal as it is now
 * @returns the position of the deal's last event
 */
export async function planOnDeal(
  commands: CommandExecutor,
  reactor: string,
  origin: string,
  event: RecordedEvent,
  { index, kind, subject, dueAt }: ActivityStep,
  applies: (deal: DealState) => boolean,
): Promise<bigint> {
  const activityId = derivedId(origin, event.id, String(index));
  const outcome = await commands.execute(
    DEAL,
    idOf(event.stream),
    reactorRequest(reactor, derivedId('command', reactor, event.id, String(index)), event.metadata.correlationId),
    (state, context) => {
      if (state === null || !applies(state)) return accept();
      const due = formatInstant(dueAt);
      const assigneeId = state.ownerId;
      return decideDeal(state, { type: 'PlanActivity', activityId, kind, subject, dueAt: due, assigneeId }, context);
    },
  );
  return outcome.position;
}
