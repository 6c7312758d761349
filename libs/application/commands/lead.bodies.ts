import { CRITERIA } from '#domain/lead/lead.events.js';
import {
  IsAttributes,
  IsCivilDate,
  IsFlag,
  IsId,
  IsIds,
  IsInstant,
  IsKey,
  IsKeys,
  IsMoneyValue,
  IsNote,
  IsOneOf,
  IsPart,
  IsParts,
  IsText,
  IsTexts,
  IsUserId,
  MayBeAbsent,
  Optional,
} from '../validation/decorators.js';

/** Money as it comes: a plain decimal and an ISO 4217 code. */
export interface MoneyBody {
  readonly amount: string;
  readonly currency: string;
}

/** A body that may say when it happened. */
export class OccurredBody {
  @Optional() @IsInstant() occurredAt?: string | null;
}

/** `{"id"}` of a known contact, or the details of one that the conversion will register. */
export class ContactBody {
  @Optional() @IsId() id?: string | null;
  @Optional() @IsText() name?: string | null;
  @Optional() @IsTexts(20, 320) emails?: string[] | null;
  @Optional() @IsTexts(20, 64) phones?: string[] | null;
}

export class CaptureLeadBody extends OccurredBody {
  @Optional() @IsId() id?: string | null;
  @IsText() title!: string;
  @Optional() @IsKey() source?: string | null;
  @Optional() @IsPart(() => ContactBody) person?: ContactBody | null;
  @Optional() @IsPart(() => ContactBody) organization?: ContactBody | null;
  @Optional() @IsMoneyValue() value?: MoneyBody | null;
  @Optional() @IsKeys(100) labels?: string[] | null;
  @Optional() @IsUserId() ownerId?: string | null;
  @Optional() @IsAttributes() attributes?: Record<string, string> | null;
  @Optional() @IsIds(100) products?: string[] | null;
  /** Id of a person. */
  @Optional() @IsId() referredBy?: string | null;
}

export class EditLeadBody extends OccurredBody {
  @MayBeAbsent() @IsText() title?: string;
  @Optional() @IsMoneyValue() value?: MoneyBody | null;
  @Optional() @IsKey() source?: string | null;
}

export class CriterionBody {
  @IsFlag() confirmed!: boolean;
  @Optional() @IsText(4_000) facts?: string | null;
}

export class CriteriaBody {
  @Optional() @IsPart(() => CriterionBody) budget?: CriterionBody | null;
  @Optional() @IsPart(() => CriterionBody) authority?: CriterionBody | null;
  @Optional() @IsPart(() => CriterionBody) need?: CriterionBody | null;
  @Optional() @IsPart(() => CriterionBody) timeline?: CriterionBody | null;
}
// The class above has a field for each criterion; this fails to compile when one is missing.
CRITERIA satisfies readonly (keyof CriteriaBody)[];

export class AnswerBody {
  @IsKey() question!: string;
  @IsText(4_000) answer!: string;
}

export class QualifyLeadBody extends OccurredBody {
  @IsPart(() => CriteriaBody) criteria!: CriteriaBody;
  @Optional() @IsOneOf(['strong', 'partial', 'none']) icpFit?: 'strong' | 'partial' | 'none' | null;
  @Optional() @IsParts(() => AnswerBody, 0, 100) answers?: AnswerBody[] | null;
}

export class DisqualifyLeadBody extends OccurredBody {
  @IsKey() reason!: string;
  @Optional() @IsNote() note?: string | null;
}

export class NurtureLeadBody extends OccurredBody {
  @IsCivilDate() followUpOn!: string;
}

export class ReopenLeadBody extends OccurredBody {}

export class AddNoteBody extends OccurredBody {
  @IsNote() text!: string;
}

/** Exactly one of the three. `merge`: uses that contact, which takes in the lead's addresses and numbers. */
export class ContactResolutionBody {
  @Optional() @IsId() merge?: string | null;
  @Optional() @IsId() use?: string | null;
  @Optional() @IsFlag() create?: boolean | null;
}

export class ContactResolutionsBody {
  @Optional() @IsPart(() => ContactResolutionBody) person?: ContactResolutionBody | null;
  @Optional() @IsPart(() => ContactResolutionBody) organization?: ContactResolutionBody | null;
}

export class ConvertToDealBody extends OccurredBody {
  @Optional() @IsId() dealId?: string | null;
  @IsId() pipelineId!: string;
  @Optional() @IsId() stageId?: string | null;
  @MayBeAbsent() @IsText() title?: string;
  @Optional() @IsMoneyValue() value?: MoneyBody | null;
  @MayBeAbsent() @IsUserId() ownerId?: string;
  @Optional() @IsOneOf(['owner', 'team', 'everyone']) visibility?: 'owner' | 'team' | 'everyone' | null;
  @Optional() @IsCivilDate() expectedClose?: string | null;
  @Optional() @IsPart(() => ContactResolutionsBody) contacts?: ContactResolutionsBody | null;
}
