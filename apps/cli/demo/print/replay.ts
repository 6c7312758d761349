import type { Actor } from '#domain/shared/decision.js';
import type { Money } from '#domain/shared/money.js';
import type { Stall } from '#reports/stall/stall.js';
import type { Api } from '../api.js';
import type { OpenLine } from '../story/business.js';
import { ownerName } from '../story/people.js';
import type { Calendar } from '../story/story-time.js';
import { stageName, why } from './stalled.js';
import { curl, date, heading, money, paragraph, percent, table } from './text.js';
import { eventInWords } from './words.js';

interface DealAnswer {
  readonly title: string;
  readonly revision: number;
  readonly status: string;
  readonly stageId: string;
  readonly value: Money | null;
  readonly weightedValue: Money | null;
  readonly probability: { readonly value: number };
  readonly ownerId: string | null;
  readonly loss: { readonly reason: string; readonly note: string | null; readonly competitor: string | null } | null;
  readonly visits: readonly { readonly stageId: string; readonly stayDays: number }[];
  readonly stall: Stall | null;
}

interface TimelineAnswer {
  readonly items: readonly {
    readonly occurredAt: string;
    readonly type: string;
    readonly actor: Actor;
    readonly text: string | null;
  }[];
}

/** A deal's timeline, and what the deal looked like at some moments of it. */
export async function replaySection(
  api: Api,
  line: OpenLine,
  dealId: string,
  calendar: Calendar,
  moments: readonly number[],
): Promise<string[]> {
  const timelinePath = `/v1/deals/${dealId}/timeline`;
  const { title } = await api.get<DealAnswer>(`/v1/deals/${dealId}`);
  const { items } = await api.get<TimelineAnswer>(timelinePath);
  const lines = [
    heading(`Replay: ${title}`),
    ...table(
      [
        ['date', 'left'],
        ['what happened', 'left'],
        ['by', 'left'],
        ['in words', 'left'],
      ],
      items
        .toReversed()
        .map(({ occurredAt, type, actor, text }) => [date(occurredAt), eventInWords(type), actor.id, text ?? '']),
    ),
    ...curl(timelinePath),
  ];
  for (const daysAgo of moments) {
    const asOf = calendar.instant(daysAgo);
    const path = `/v1/deals/${dealId}?asOf=${asOf}`;
    lines.push('', ...moment(await api.get<DealAnswer>(path), line, asOf), ...curl(path));
  }
  return lines;
}

function moment(deal: DealAnswer, line: OpenLine, asOf: string): string[] {
  const { value, weightedValue, loss, stall } = deal;
  const worth = [
    value === null ? 'without value' : money(value),
    ...(weightedValue === null ? [] : [`${percent(deal.probability.value)} of it is ${money(weightedValue)}`]),
  ].join(', ');
  const way = deal.visits
    .map(({ stageId, stayDays }) => `${stageName(line, stageId)} ${stayDays.toFixed(0)} d`)
    .join(' > ');
  const stage = stageName(line, deal.stageId);
  return [
    `  as of ${date(asOf)}, revision ${deal.revision}: ${deal.status} in ${stage}, ${ownerName(deal.ownerId)}`,
    ...paragraph(worth, 4),
    ...paragraph(way, 4),
    ...(loss === null ? [] : paragraph(lossInWords(loss), 4)),
    ...(stall?.stalled ? paragraph(why(stall, stage, asOf), 4) : []),
  ];
}

function lossInWords({ reason, note, competitor }: NonNullable<DealAnswer['loss']>): string {
  return [
    `lost: ${reason}`,
    ...(competitor === null ? [] : [`to ${competitor}`]),
    ...(note === null ? [] : [note]),
  ].join(', ');
}
