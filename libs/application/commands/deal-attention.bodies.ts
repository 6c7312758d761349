import type { InteractionKind } from '#domain/deal/deal.attention-events.js';
import { IsIds, IsInstant, IsNote, IsOneOf, IsText, Optional } from '../validation/decorators.js';
import { OccurredBody } from './lead.bodies.js';

export class SnoozeDealBody extends OccurredBody {
  @IsInstant() until!: string;
}

export class WakeDealBody extends OccurredBody {}

export class KeepDealAliveBody extends OccurredBody {
  @Optional() @IsText(4_000) reason?: string | null;
}

export class LogInteractionBody extends OccurredBody {
  @IsOneOf(['email', 'call', 'meeting', 'message']) kind!: InteractionKind;
  @IsOneOf(['in', 'out']) direction!: 'in' | 'out';
  @Optional() @IsText() subject?: string | null;
  @Optional() @IsNote() text?: string | null;
  @Optional() @IsIds(100) with?: string[] | null;
}
