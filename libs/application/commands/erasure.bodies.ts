import { IsWholeNumber } from '../validation/decorators.js';
import { OccurredBody } from './lead.bodies.js';

export class EraseContactBody extends OccurredBody {}

export class RedactTextBody extends OccurredBody {
  /** Of the event whose free texts are to go. */
  @IsWholeNumber(0, Number.MAX_SAFE_INTEGER) revision!: number;
}
