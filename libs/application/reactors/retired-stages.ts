import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import type { EventStore } from '#event-store/port.js';
import { idOf } from '#event-store/streams.js';
import { isPipelineEvent } from '#views/domain-event.js';
import { PIPELINE } from '../aggregate.js';

/** The retirement of a stage. */
export interface Retirement {
  /** Of its event. */
  readonly id: string;
  readonly position: bigint;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly relocateTo: string;
}

/**
 * The retired stages, for a reactor that meets every event of the log: a pipeline is read when it is first asked for,
 * and again only after an event of its own.
 */
export class RetiredStages {
  readonly #pipelines = new Map<string, ReadonlyMap<string, Retirement>>();

  constructor(private readonly events: Pick<EventStore, 'readStream'>) {}

  /** To be told of every event of a pipeline. Answers the retirement that it is; null: another event. */
  met(event: RecordedEvent): Retirement | null {
    this.#pipelines.delete(idOf(event.stream));
    return retirementBy(event);
  }

  /** The retirement of a stage, if it comes before a position in the log; null: it is not retired, or only later. */
  async before(position: bigint, pipelineId: string, stageId: string): Promise<Retirement | null> {
    const retirement = (await this.#of(pipelineId)).get(stageId);
    return retirement !== undefined && retirement.position < position ? retirement : null;
  }

  async #of(pipelineId: string): Promise<ReadonlyMap<string, Retirement>> {
    const known = this.#pipelines.get(pipelineId);
    if (known !== undefined) return known;
    const events = await this.events.readStream(PIPELINE.stream(pipelineId));
    const retired = new Map(
      events.flatMap((event) => {
        const retirement = retirementBy(event);
        return retirement === null ? [] : [[retirement.stageId, retirement]];
      }),
    );
    this.#pipelines.set(pipelineId, retired);
    return retired;
  }
}

function retirementBy(event: RecordedEvent): Retirement | null {
  const decoded = decode(event);
  if (!isPipelineEvent(decoded) || decoded.type !== 'StageRetired') return null;
  return { id: event.id, position: event.position, pipelineId: idOf(event.stream), ...decoded.data };
}
