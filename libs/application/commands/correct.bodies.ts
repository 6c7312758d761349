import type { CorrectedField } from '#domain/deal/deal.correction-events.js';
import { IsOneOf, IsText, IsWholeNumber, Satisfies } from '../validation/decorators.js';
import { refersTo } from '../validation/value-schemas.js';
import { OccurredBody } from './lead.bodies.js';

const FIELDS: readonly CorrectedField[] = ['occurredAt', 'value', 'toStageId', 'withdrawn'];

/** What the field takes, which only the field says. */
const IsRightValue = (): PropertyDecorator =>
  Satisfies('isRightValue', (value) => (value === undefined ? { path: '', message: 'must be given' } : null), {
    anyOf: [refersTo('Instant'), refersTo('Money'), refersTo('Id'), { const: true }, { type: 'null' }],
  });

/** `occurredAt` here is when the correction was made; the right time of the event is the `value` of its field. */
export class CorrectDealBody extends OccurredBody {
  @IsWholeNumber(0, Number.MAX_SAFE_INTEGER) revision!: number;
  @IsOneOf(FIELDS) field!: CorrectedField;
  @IsRightValue() value!: unknown;
  @IsText(4_000) reason!: string;
}
