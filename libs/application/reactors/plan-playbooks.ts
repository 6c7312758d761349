import type { DealEvent } from '#domain/deal/deal.events.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { stageEntered } from '#domain/deal/deal.place.js';
import type { DealState } from '#domain/deal/deal.state.js';
import type { PlaybookStep } from '#domain/pipeline/pipeline.events.js';
import { stageIn } from '#domain/pipeline/pipeline.policy.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import { accept } from '#domain/shared/decision.js';
import type { Recorded } from '#domain/shared/decision.js';
import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import { isDealEvent } from '#views/domain-event.js';
import { DEAL, PIPELINE } from '../aggregate.js';
import { derivedId } from '../command-id.js';
import type { CommandExecutor } from '../execute.js';
import type { Reactor } from './run-reactor.js';

const NAME = 'plan-playbooks';
const DAY_MS = 86_400_000;
/** Of no request: the fingerprint is that of nothing. */
const NO_FINGERPRINT = '0'.repeat(64);

/** A deal that somebody put into a stage, under a version of its pipeline. */
interface Entry {
  readonly pipelineId: string;
  readonly pipelineVersion: number;
  readonly stageId: string;
}

/**
 * Plans what a stage's playbook says on every deal that enters it, due so many days after the entry. The playbook is
 * that of the version that the deal entered under. Each step is a command whose id follows from the entry, so that it
 * is planned once, however often the event is met; a deal that has moved on before is left alone. Imported history,
 * a relocation, a reopening and a correction are no entry by somebody's decision of today.
 */
export function planPlaybooks(commands: CommandExecutor): Reactor {
  return {
    name: NAME,
    failing: 'a playbook is not planned yet',
    async react(event) {
      const entry = categoryOf(event.stream) === 'deal' ? entryBy(event) : null;
      if (entry === null) return null;
      const steps = await playbookOf(entry);
      let latest: bigint | null = null;
      for (const [index, step] of steps.entries()) latest = await plan(event, entry, step, index);
      return latest;
    },
  };

  async function playbookOf({ pipelineId, pipelineVersion, stageId }: Entry): Promise<readonly PlaybookStep[]> {
    const inForce = (pipeline: PipelineState | null | undefined) =>
      pipeline?.versions.find(({ version }) => version === pipelineVersion);
    const version =
      inForce(commands.streams.cached(PIPELINE, pipelineId)?.state) ??
      inForce((await commands.streams.load(PIPELINE, pipelineId)).state);
    return (version && stageIn(version, stageId)?.playbook) ?? [];
  }

  async function plan(event: RecordedEvent, entry: Entry, step: PlaybookStep, index: number): Promise<bigint> {
    const activityId = derivedId('playbook', event.id, String(index));
    const dueAt = Date.parse(event.metadata.occurredAt) + step.afterDays * DAY_MS;
    const outcome = await commands.execute(
      DEAL,
      idOf(event.stream),
      {
        caller: { actor: { id: NAME, kind: 'reactor' }, mayOverride: false },
        commandId: derivedId('command', NAME, event.id, String(index)),
        keyed: true,
        fingerprint: NO_FINGERPRINT,
        correlationId: event.metadata.correlationId,
      },
      (state, context) => {
        if (state === null || !isStillIn(state, entry)) return accept();
        const { kind, subject } = step;
        const due = new Date(dueAt).toISOString();
        const assigneeId = state.ownerId;
        return decideDeal(state, { type: 'PlanActivity', activityId, kind, subject, dueAt: due, assigneeId }, context);
      },
    );
    return outcome.position;
  }
}

function entryBy(event: RecordedEvent): Entry | null {
  const decoded = decode(event);
  if (!isDealEvent(decoded) || decoded.actor.kind === 'import' || !isEntry(decoded)) return null;
  const place = stageEntered(decoded);
  if (place === null || place.pipelineId === null) return null;
  return { pipelineId: place.pipelineId, stageId: place.stageId, pipelineVersion: decoded.data.pipelineVersion };
}

type EntryEvent = Extract<DealEvent, { type: 'DealOpened' | 'DealStageMoved' | 'DealPipelineSwitched' | 'DealWon' }>;

function isEntry(event: Recorded<DealEvent>): event is Recorded<EntryEvent> {
  const { type } = event;
  return type === 'DealOpened' || type === 'DealStageMoved' || type === 'DealPipelineSwitched' || type === 'DealWon';
}

function isStillIn(state: DealState, { pipelineId, stageId }: Entry): boolean {
  return state.visits.at(-1)?.exit === null && state.pipelineId === pipelineId && state.stageId === stageId;
}
