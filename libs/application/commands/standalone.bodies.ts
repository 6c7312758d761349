import { ACTIVITY_KINDS } from '#domain/activity/activity.events.js';
import type { ActivityKind } from '#domain/pipeline/pipeline.events.js';
import {
  AreOneOf,
  IsCivilDate,
  IsId,
  IsInstant,
  IsNote,
  IsOneOf,
  IsPart,
  IsText,
  IsUserId,
  IsWholeNumber,
  Optional,
} from '../validation/decorators.js';
import { OccurredBody } from './lead.bodies.js';

export const MOST_COUNTED = 1_000_000;

/** `days` go with `weekly` alone; left out: the weekday of `dueAt`. */
export class RecurrenceBody {
  @IsOneOf(['daily', 'weekdays', 'weekly']) frequency!: 'daily' | 'weekdays' | 'weekly';
  @Optional() @AreOneOf([1, 2, 3, 4, 5, 6, 7]) days?: number[] | null;
  @Optional() @IsCivilDate() until?: string | null;
}

export class PlanStandaloneBody extends OccurredBody {
  @Optional() @IsId() id?: string | null;
  @IsOneOf(ACTIVITY_KINDS) kind!: ActivityKind;
  @IsText() subject!: string;
  @IsInstant() dueAt!: string;
  @Optional() @IsUserId() assigneeId?: string | null;
  @Optional() @IsWholeNumber(1, MOST_COUNTED) targetCount?: number | null;
  @Optional() @IsPart(() => RecurrenceBody) recurrence?: RecurrenceBody | null;
}

export class RescheduleStandaloneBody extends OccurredBody {
  @IsInstant() dueAt!: string;
}

export class CompleteStandaloneBody extends OccurredBody {
  @Optional() @IsCivilDate() occurrence?: string | null;
  @Optional() @IsText() outcome?: string | null;
  @Optional() @IsNote() note?: string | null;
  @Optional() @IsWholeNumber(0, MOST_COUNTED) count?: number | null;
}

export class CancelStandaloneBody extends OccurredBody {
  @Optional() @IsCivilDate() occurrence?: string | null;
  @Optional() @IsText(4_000) reason?: string | null;
}
