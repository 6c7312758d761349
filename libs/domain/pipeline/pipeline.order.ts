import type { StageKind } from './pipeline.events.js';

type Ordered = { readonly id: string; readonly kind: StageKind; readonly retired: boolean };

const KINDS: readonly StageKind[] = ['open', 'post-sale'];

/** The stages with one more, behind the stage `after`, by default last of its kind. */
export function withStageAfter<S extends Ordered>(stages: readonly S[], added: S, after: string | null): readonly S[] {
  const index =
    after === null
      ? stages.findLastIndex((stage) => stage.kind === 'open' || stage.kind === added.kind)
      : stages.findIndex((stage) => stage.id === after);
  return stages.toSpliced(index + 1, 0, added);
}

/**
 * The stages in a new order of those that are not retired. A retired one stays right behind the one of its kind that it
 * stood behind.
 */
export function reordered<S extends Ordered>(stages: readonly S[], live: readonly string[]): readonly S[] {
  return KINDS.flatMap((kind) => {
    const followers = new Map<string | null, S[]>([[null, []]]);
    let leader: string | null = null;
    for (const stage of stages) {
      if (stage.kind !== kind) continue;
      if (!stage.retired) leader = stage.id;
      followers.set(leader, [...(followers.get(leader) ?? []), stage]);
    }
    return [null, ...live].flatMap((id) => followers.get(id) ?? []);
  });
}

/** Ranks count from 1, retired stages included: a deal may still stand in one. */
export function ranked<S extends Ordered & { readonly rank: number }>(stages: readonly S[]): readonly S[] {
  return stages.map((stage, index) => (stage.rank === index + 1 ? stage : { ...stage, rank: index + 1 }));
}
