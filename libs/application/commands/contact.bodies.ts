import { IsId, IsText, IsTexts, MayBeAbsent, Optional } from '../validation/decorators.js';
import { OccurredBody } from './lead.bodies.js';

/** `organizationId`: where a person works. */
export class RegisterContactBody extends OccurredBody {
  @Optional() @IsId() id?: string | null;
  @IsText() name!: string;
  @Optional() @IsTexts(20, 320) emails?: string[] | null;
  @Optional() @IsTexts(20, 64) phones?: string[] | null;
  @Optional() @IsId() organizationId?: string | null;
}

/** A field that is left out stays; null clears. */
export class EditContactBody extends OccurredBody {
  @MayBeAbsent() @IsText() name?: string;
  @Optional() @IsTexts(20, 320) emails?: string[] | null;
  @Optional() @IsTexts(20, 64) phones?: string[] | null;
  @Optional() @IsId() organizationId?: string | null;
}

export class MergeContactsBody extends OccurredBody {
  @IsId() otherId!: string;
}
