import type { LinkFile } from '#domain/deal/deal.commands.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import type { DealState } from '#domain/deal/deal.state.js';
import { OPENED_DEAL } from '../aggregate.js';
import { PipeledgerCommand } from './command.js';
import type { LinkFileBody } from './deal-file.bodies.js';
import { handlersOf } from './own-state.handler.js';

export class LinkFileCommand extends PipeledgerCommand<LinkFileBody> {}

const onDeal = handlersOf<DealState, LinkFile>(OPENED_DEAL, decideDeal);

export const DEAL_FILE_HANDLERS = [
  onDeal(LinkFileCommand, ({ name, uri, sha256, kind }): LinkFile => ({
    type: 'LinkFile',
    file: { name, uri, sha256: sha256 ?? null, kind: kind ?? null },
  })),
];
