import { IsId, IsKey, IsMoneyList, IsOneOf, IsText, Optional } from '../validation/decorators.js';
import { OccurredBody, type MoneyBody } from './lead.bodies.js';

export class AddProductBody extends OccurredBody {
  @Optional() @IsId() id?: string | null;
  @IsText() name!: string;
  @Optional() @IsKey() category?: string | null;
  @Optional() @IsOneOf(['primary', 'secondary']) focus?: 'primary' | 'secondary' | null;
  @Optional() @IsMoneyList(200) prices?: MoneyBody[] | null;
}

export class RepriceProductBody extends OccurredBody {
  @IsMoneyList(200) prices!: MoneyBody[];
}

export class RetireProductBody extends OccurredBody {}
