import { IsCivilDate, IsId, IsParts, IsText, Optional } from '../validation/decorators.js';
import { LineItemBody } from './deal.bodies.js';
import { OccurredBody } from './lead.bodies.js';

export class ProposalOptionBody {
  @Optional() @IsId() optionId?: string | null;
  @Optional() @IsText() name?: string | null;
  @IsParts(() => LineItemBody, 1, 1_000) lineItems!: LineItemBody[];
}

export class RecordProposalBody extends OccurredBody {
  @Optional() @IsId() proposalId?: string | null;
  @IsParts(() => ProposalOptionBody, 1, 20) options!: ProposalOptionBody[];
  @Optional() @IsCivilDate() validUntil?: string | null;
}

export class AcceptProposalBody extends OccurredBody {
  @IsId() proposalId!: string;
  @IsId() optionId!: string;
}
