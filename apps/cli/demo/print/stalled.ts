import type { Card } from '#reports/card.js';
import type { Stall } from '#reports/stall/stall.js';
import type { Api } from '../api.js';
import type { OpenLine } from '../story/business.js';
import { ownerName } from '../story/people.js';
import type { Calendar } from '../story/story-time.js';
import { count, curl, date, days, daysBetween, heading, money, paragraph } from './text.js';
import { actorInWords, eventInWords } from './words.js';

const SHOWN = 5;

interface StalledAnswer {
  readonly items: readonly (Card & { readonly stall: Stall })[];
  readonly n: number;
}

/** The deals of a pipeline that nobody works on, and how each came to be in the list. */
export async function stalledSection(api: Api, line: OpenLine, calendar: Calendar): Promise<string[]> {
  const path = `/v1/stalled?pipeline=${line.pipelineId}&limit=${SHOWN}`;
  const { items, n } = await api.get<StalledAnswer>(path);
  const now = calendar.instant(0);
  return [
    heading(`Stalled: ${line.pipeline.name}, ${count(items.length)} of ${count(n)}, the longest first`),
    ...items.flatMap((card) => [
      `  ${card.title}${card.value === null ? '' : `, ${money(card.value)}`}, ${ownerName(card.ownerId)}`,
      ...paragraph(why(card.stall, stageName(line, card.stageId), now), 4),
    ]),
    ...curl(path),
  ];
}

/** The reason in words: who touched it last and when, the threshold, since when. */
export function why(stall: Stall, stage: string, now: string): string {
  const { lastTouch, rotAt, rottenAfter } = stall;
  const touched =
    lastTouch === null
      ? 'Never touched.'
      : `Last touched on ${date(lastTouch.occurredAt)}, ${daysBetween(lastTouch.occurredAt, now)} ago, ` +
        `by ${actorInWords(lastTouch.actor)}: ${eventInWords(lastTouch.type)}.`;
  if (rotAt === null || rottenAfter === null) return touched;
  return `${touched} In ${stage} a deal stalls after ${thresholdInWords(rottenAfter)}: stalled since ${date(rotAt)}.`;
}

function thresholdInWords(threshold: NonNullable<Stall['rottenAfter']>): string {
  if (typeof threshold !== 'string') return `${threshold.businessDays} business days`;
  const inDays = /^P(\d+)D$/u.exec(threshold)?.[1];
  return inDays === undefined ? threshold : days(Number(inDays));
}

export function stageName({ openStages, postSaleStages }: OpenLine, id: string): string {
  return [...openStages, ...postSaleStages].find((stage) => stage.id === id)?.name ?? id;
}
