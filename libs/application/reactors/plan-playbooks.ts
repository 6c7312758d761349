import type { DealEvent } from '#domain/deal/deal.events.js';
import { stageEntered } from '#domain/deal/deal.place.js';
import type { DealState } from '#domain/deal/deal.state.js';
import type { PlaybookStep } from '#domain/pipeline/pipeline.events.js';
import { stageIn } from '#domain/pipeline/pipeline.policy.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import type { Recorded } from '#domain/shared/decision.js';
import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { categoryOf } from '#event-store/streams.js';
import { isDealEvent } from '#views/domain-event.js';
import { PIPELINE } from '../aggregate.js';
import type { CommandExecutor } from '../execute.js';
import { planOnDeal } from './plan-on-deal.js';
import type { Reactor } from './run-reactor.js';

const NAME = 'plan-playbooks';
const DAY_MS = 86_400_000;

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
    concerns: (event) => categoryOf(event.stream) === 'deal' && entryBy(event) !== null,
    async react(event) {
      const entry = categoryOf(event.stream) === 'deal' ? entryBy(event) : null;
      if (entry === null) return null;
      const steps = await playbookOf(entry);
      let latest: bigint | null = null;
      for (const [index, { kind, subject, afterDays }] of steps.entries()) {
        const dueAt = Date.parse(event.metadata.occurredAt) + afterDays * DAY_MS;
        const step = { index, kind, subject, dueAt };
        latest = await planOnDeal(commands, NAME, 'playbook', event, step, (deal) => isStillIn(deal, entry));
      }
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
