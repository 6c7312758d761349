import { IsId } from '../validation/decorators.js';
import { OccurredBody } from './lead.bodies.js';

export class MergeDealsBody extends OccurredBody {
  @IsId() otherDealId!: string;
}
