import {
  IsCivilDate,
  IsId,
  IsKey,
  IsKeys,
  IsMoneyValue,
  IsNote,
  IsOneOf,
  IsPart,
  IsParts,
  IsProbability,
  IsText,
  IsUserId,
  Optional,
  OrNull,
  Satisfies,
} from '../validation/decorators.js';
import { OccurredBody, type MoneyBody } from './lead.bodies.js';

const IsQuantity = (): PropertyDecorator =>
  Satisfies(
    'isQuantity',
    (value) =>
      typeof value === 'string' && /^(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?$/u.test(value)
        ? null
        : { path: '', message: 'must be a decimal string with at most 6 decimals' },
    { type: 'string', pattern: '^(?:0|[1-9]\\d{0,11})(?:\\.\\d{1,6})?$', examples: ['2'] },
  );

export class LineItemBody {
  @IsId() productId!: string;
  @IsQuantity() quantity!: string;
  @IsMoneyValue() unitPrice!: MoneyBody;
  @Optional() @IsProbability() discount?: number | null;
  @Optional() @IsProbability() tax?: number | null;
}

export class OpenDealBody extends OccurredBody {
  @Optional() @IsId() id?: string | null;
  @IsText() title!: string;
  @IsId() pipelineId!: string;
  @Optional() @IsId() stageId?: string | null;
  @Optional() @IsMoneyValue() value?: MoneyBody | null;
  @Optional() @IsParts(() => LineItemBody, 0, 1_000) lineItems?: LineItemBody[] | null;
  @Optional() @IsId() personId?: string | null;
  @Optional() @IsId() organizationId?: string | null;
  @Optional() @IsUserId() ownerId?: string | null;
  @Optional() @IsOneOf(['owner', 'team', 'everyone']) visibility?: 'owner' | 'team' | 'everyone' | null;
  @Optional() @IsKey() source?: string | null;
  @Optional() @IsKeys(100) labels?: string[] | null;
  @Optional() @IsCivilDate() expectedClose?: string | null;
  @Optional() @IsProbability() probability?: number | null;
  @Optional()
  @IsOneOf(['pipeline', 'best-case', 'commit', 'omitted'])
  forecastCategory?: 'pipeline' | 'best-case' | 'commit' | 'omitted' | null;
}

export class OverrideBody {
  @IsText(4_000) reason!: string;
}

export class MoveDealStageBody extends OccurredBody {
  @IsId() toStageId!: string;
  @Optional() @IsPart(() => OverrideBody) override?: OverrideBody | null;
}

export class ChangeDealValueBody extends OccurredBody {
  @OrNull() @IsMoneyValue() value!: MoneyBody | null;
}

export class SetLineItemsBody extends OccurredBody {
  @IsParts(() => LineItemBody, 0, 1_000) lineItems!: LineItemBody[];
}

export class AssignDealBody extends OccurredBody {
  @IsUserId() ownerId!: string;
}

export class WinDealBody extends OccurredBody {
  @Optional() @IsPart(() => OverrideBody) override?: OverrideBody | null;
}

export class SwitchPipelineBody extends OccurredBody {
  @IsId() pipelineId!: string;
  @Optional() @IsId() stageId?: string | null;
  @Optional() @IsPart(() => OverrideBody) override?: OverrideBody | null;
}

export class LoseDealBody extends OccurredBody {
  @IsKey() reason!: string;
  @Optional() @IsNote() note?: string | null;
  @Optional() @IsText() competitor?: string | null;
}

export class ReopenDealBody extends OccurredBody {}
