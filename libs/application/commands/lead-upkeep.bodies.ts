import { ENGAGEMENT_KINDS, type EngagementKind } from '#domain/settings/settings.events.js';
import { IsKeys, IsOneOf, IsPart, IsText, IsUserId, Optional } from '../validation/decorators.js';
import { ContactBody, OccurredBody } from './lead.bodies.js';

export class AssignLeadBody extends OccurredBody {
  @IsUserId() ownerId!: string;
}

export class LabelBody extends OccurredBody {
  @Optional() @IsKeys(100) add?: string[] | null;
  @Optional() @IsKeys(100) remove?: string[] | null;
}

/** A contact that is left out stays as it is. */
export class LinkLeadContactBody extends OccurredBody {
  @Optional() @IsPart(() => ContactBody) person?: ContactBody | null;
  @Optional() @IsPart(() => ContactBody) organization?: ContactBody | null;
}

export class ArchiveLeadBody extends OccurredBody {}

export class RecordEngagementBody extends OccurredBody {
  @IsOneOf(ENGAGEMENT_KINDS) kind!: EngagementKind;
  @Optional() @IsText(4_000) detail?: string | null;
}
