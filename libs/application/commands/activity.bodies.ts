import type { ActivityKind } from '#domain/pipeline/pipeline.events.js';
import { ACTIVITY_KINDS } from '#domain/activity/activity.events.js';
import { IsId, IsInstant, IsNote, IsOneOf, IsText, IsUserId, Optional } from '../validation/decorators.js';
import { OccurredBody } from './lead.bodies.js';

export class PlanActivityBody extends OccurredBody {
  @Optional() @IsId() activityId?: string | null;
  @IsOneOf(ACTIVITY_KINDS) kind!: ActivityKind;
  @IsText() subject!: string;
  @IsInstant() dueAt!: string;
  @Optional() @IsUserId() assigneeId?: string | null;
}

export class RescheduleActivityBody extends OccurredBody {
  @IsId() activityId!: string;
  @IsInstant() dueAt!: string;
}

export class CompleteActivityBody extends OccurredBody {
  @IsId() activityId!: string;
  @Optional() @IsText() outcome?: string | null;
  @Optional() @IsNote() note?: string | null;
}

export class CancelActivityBody extends OccurredBody {
  @IsId() activityId!: string;
  @Optional() @IsText(4_000) reason?: string | null;
}
