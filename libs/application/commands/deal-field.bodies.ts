import { CRITERIA, type Criterion } from '#domain/lead/lead.events.js';
import {
  IsCivilDate,
  IsId,
  IsKey,
  IsKeys,
  IsOneOf,
  IsProbability,
  IsText,
  Optional,
  OrNull,
} from '../validation/decorators.js';
import { OccurredBody } from './lead.bodies.js';

export class LabelDealBody extends OccurredBody {
  @Optional() @IsKeys(100) add?: string[] | null;
  @Optional() @IsKeys(100) remove?: string[] | null;
}

export class LinkDealContactBody extends OccurredBody {
  @Optional() @IsId() personId?: string | null;
  @Optional() @IsId() organizationId?: string | null;
  @Optional() @IsKey() role?: string | null;
}

export class SetDealVisibilityBody extends OccurredBody {
  @IsOneOf(['owner', 'team', 'everyone']) visibility!: 'owner' | 'team' | 'everyone';
}

export class SetExpectedCloseBody extends OccurredBody {
  @OrNull() @IsCivilDate() expectedClose!: string | null;
}

export class SetDealProbabilityBody extends OccurredBody {
  @OrNull() @IsProbability() probability!: number | null;
}

export class SetForecastCategoryBody extends OccurredBody {
  @OrNull()
  @IsOneOf(['pipeline', 'best-case', 'commit', 'omitted'])
  forecastCategory!: 'pipeline' | 'best-case' | 'commit' | 'omitted' | null;
}

export class ConfirmCriterionBody extends OccurredBody {
  @IsOneOf(CRITERIA) criterion!: Criterion;
  @Optional() @IsText(4_000) facts?: string | null;
}
