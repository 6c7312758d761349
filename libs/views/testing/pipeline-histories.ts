import fc from 'fast-check';
import type { PipelineEvent, StageDefinition, StagePolicy } from '#domain/pipeline/pipeline.events.js';
import type { RecordedEvent } from '#event-store/event.js';
import { interleaved, recorded } from './recorded.js';
import type { Happening } from './recorded.js';

const CREATED = Date.parse('2026-01-01T00:00:00.000Z');
const DAY = 86_400_000;

const policy = (probability: number): StagePolicy => ({
  probability,
  rottenAfter: 'P14D',
  maxStay: null,
  coverHorizon: null,
  forecastCategory: 'pipeline',
  gates: [],
});

const stage = (id: string, kind: StageDefinition['kind'], probability: number): StageDefinition => ({
  id,
  name: id,
  kind,
  ...policy(probability),
});

export function pipelineCreated(name: string): PipelineEvent {
  return {
    type: 'PipelineCreated',
    data: {
      name,
      template: null,
      stages: [stage('demo', 'open', 0.4), stage('proposal', 'open', 0.6), stage('referral', 'post-sale', 1)],
      moveRules: { skips: true, stepsBack: true },
      winGates: [],
    },
  };
}

export function policySet(stageId: string, probability: number): PipelineEvent {
  return { type: 'StagePolicySet', data: { stageId, policy: policy(probability) } };
}

const CHANGES: readonly (PipelineEvent | null)[] = [
  policySet('demo', 0.1),
  policySet('proposal', 0.7),
  { type: 'StageAdded', data: { stage: stage('trial', 'open', 0.5), after: 'demo' } },
  { type: 'StageRenamed', data: { stageId: 'demo', name: 'Demonstration' } },
  { type: 'StagesReordered', data: { stageIds: ['proposal', 'demo', 'referral'] } },
  { type: 'MoveRulesSet', data: { moveRules: { skips: false, stepsBack: true }, winGates: [] } },
  { type: 'PipelineRenamed', data: { name: 'Old business' } },
  { type: 'PipelineRetired', data: { mapping: [{ from: 'demo', to: { pipelineId: 'p9', stageId: 'talk' } }] } },
  { type: 'StageRetired', data: { stageId: 'demo', relocateTo: 'proposal' } },
  null,
];

const lives: fc.Arbitrary<readonly Happening[]> = fc
  .tuple(fc.constantFrom('New business', 'Renewals'), fc.array(fc.constantFrom(...CHANGES)))
  .map(([name, changes]) => [
    { ...pipelineCreated(name), occurredAt: CREATED },
    ...changes.map((change, index) => ({
      ...(change ?? { type: 'PipelineTeleported', data: {} }),
      occurredAt: CREATED + index * DAY,
    })),
  ]);

/** One log with the streams of several pipelines (`pipeline-1` …), events of a newer version among them. */
export const pipelineHistories: fc.Arbitrary<readonly RecordedEvent[]> = fc
  .tuple(fc.array(lives, { minLength: 1, maxLength: 3 }), fc.array(fc.nat(10)))
  .map(([pipelines, picks]) =>
    interleaved(
      pipelines.map((life, index) => recorded(`pipeline-${index + 1}`, life)),
      picks,
    ),
  );
