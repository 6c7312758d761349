import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import type { EventStore } from '#event-store/port.js';
import { idOf } from '#event-store/streams.js';
import { isPipelineEvent } from '#views/domain-event.js';
import { PIPELINE } from '../aggregate.js';

/** A stage of a pipeline. */
export interface Place {
  readonly pipelineId: string;
  readonly stageId: string;
}

/** The retirement of a stage, alone or with its pipeline. */
export interface Retirement {
  /** Of its event. */
  readonly id: string;
  readonly position: bigint;
  readonly pipelineId: string;
  readonly stageId: string;
  /** The stage that stands in for it. */
  readonly to: Place;
}

/**
 * The retired stages, for a reactor that meets every event of the log: a pipeline is read when it is first asked for,
 * and again only after an event of its own.
 */
export class RetiredStages {
  readonly #pipelines = new Map<string, ReadonlyMap<string, Retirement>>();

  constructor(private readonly events: Pick<EventStore, 'readStream'>) {}

  /** To be told of every event of a pipeline. Answers the retirements that it brings. */
  met(event: RecordedEvent): readonly Retirement[] {
    this.#pipelines.delete(idOf(event.stream));
    return retirementsBy(event);
  }

  /**
   * The end of the chain of stages that stand in for one another, as far as it was known: what is retired meanwhile is
   * met as an event. Two pipelines that are retired into each other at the same moment make a circle: the stage of it
   * that was retired last keeps the deals, as what was to stand in for it was gone already.
   */
  async endOf(place: Place): Promise<Place> {
    const passed: Retirement[] = [];
    for (let end = place; ;) {
      const retirement = (await this.#of(end.pipelineId)).get(end.stageId);
      if (retirement === undefined) return end;
      const again = passed.indexOf(retirement);
      if (again >= 0) return lastOf(passed.slice(again), retirement);
      passed.push(retirement);
      end = retirement.to;
    }
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
    const retired = new Map(events.flatMap(retirementsBy).map((retirement) => [retirement.stageId, retirement]));
    this.#pipelines.set(pipelineId, retired);
    return retired;
  }
}

/** Of one event, the first in the order of ids, so that everyone who asks is told the same. */
function lastOf(circle: readonly Retirement[], first: Retirement): Place {
  const isLater = (a: Retirement, b: Retirement): boolean =>
    a.position === b.position ? a.stageId < b.stageId : a.position > b.position;
  const { pipelineId, stageId } = circle.reduce((last, each) => (isLater(each, last) ? each : last), first);
  return { pipelineId, stageId };
}

function retirementsBy(event: RecordedEvent): readonly Retirement[] {
  const decoded = decode(event);
  if (!isPipelineEvent(decoded)) return [];
  const pipelineId = idOf(event.stream);
  const { id, position } = event;
  switch (decoded.type) {
    case 'StageRetired': {
      const { stageId, relocateTo } = decoded.data;
      return [{ id, position, pipelineId, stageId, to: { pipelineId, stageId: relocateTo } }];
    }
    case 'PipelineRetired':
      return decoded.data.mapping.map(({ from, to }) => ({ id, position, pipelineId, stageId: from, to }));
    default:
      return [];
  }
}
