/** A stage of a pipeline in one of its versions. */
export interface Place {
  readonly pipelineId: string;
  readonly pipelineVersion: number;
  readonly stageId: string;
}

/** Far more than the stages that deals are moved about in at a time. */
const SHARED = 10_000;
const places = new Map<string, Place>();

/** The same object for the same place, mostly: a long history is a list of a few places, each parsed anew by each event. */
export function sharedPlace(pipelineId: string, pipelineVersion: number, stageId: string): Place {
  const known = places.get(stageId);
  if (known?.pipelineVersion === pipelineVersion && known.pipelineId === pipelineId) return known;
  if (places.size >= SHARED) places.clear();
  const place = { pipelineId, pipelineVersion, stageId };
  places.set(stageId, place);
  return place;
}
