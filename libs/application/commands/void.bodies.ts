import { IsText } from '../validation/decorators.js';
import { OccurredBody } from './lead.bodies.js';

export class VoidDealBody extends OccurredBody {
  @IsText(4_000) reason!: string;
}

export class RevertConversionBody extends OccurredBody {
  @IsText(4_000) reason!: string;
}
