import { IsId, IsKey, IsMoneyValue, Optional } from '../validation/decorators.js';
import { OccurredBody, type MoneyBody } from './lead.bodies.js';

export class RecordChurnBody extends OccurredBody {
  @IsKey() reason!: string;
}

export class WinBackCustomerBody extends OccurredBody {
  @Optional() @IsId() dealId?: string | null;
  @IsId() pipelineId!: string;
  @Optional() @IsId() stageId?: string | null;
  @Optional() @IsMoneyValue() value?: MoneyBody | null;
}
