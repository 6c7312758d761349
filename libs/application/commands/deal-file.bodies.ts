import type { EvidenceKind } from '#domain/pipeline/pipeline.events.js';
import { EVIDENCE_KINDS } from '#domain/pipeline/pipeline.shape.js';
import { IsOneOf, IsSha256, IsText, IsUri, Optional } from '../validation/decorators.js';
import { OccurredBody } from './lead.bodies.js';

/** The file itself is kept elsewhere. `kind`: what it proves. */
export class LinkFileBody extends OccurredBody {
  @IsText() name!: string;
  @IsUri() uri!: string;
  @Optional() @IsSha256() sha256?: string | null;
  @Optional() @IsOneOf(EVIDENCE_KINDS) kind?: EvidenceKind | null;
}
