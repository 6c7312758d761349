import type { CommandContext, Decision, EpochMs, LastChange, Recorded } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import { sameJson } from '../shared/equality.js';
import { occurrence } from '../shared/occurrence.js';
import { dateInPast, idAlreadyUsed, invalidRequest, wrongStatus } from '../shared/refusals.js';
import type { Refused } from '../shared/refusals.js';
import type { DealEvent } from './deal.events.js';
import { productsKnown, worthOf } from './deal.line-items.js';
import type { AcceptProposal, ProposalCommand, RecordProposal } from './deal.proposal-commands.js';
import type { ProposalEvent, ProposalOption } from './deal.proposal-events.js';
import type { DealState } from './deal.state.js';

/** What was proposed for a deal. */
export interface Proposal {
  readonly proposalId: string;
  readonly options: readonly ProposalOption[];
  /** Civil date. */
  readonly validUntil: string | null;
  readonly proposedAt: EpochMs;
  /** Of its event. */
  readonly revision: number;
  readonly accepted: { readonly optionId: string; readonly acceptedAt: EpochMs } | null;
}

export function decideProposal(
  state: DealState,
  command: ProposalCommand,
  context: CommandContext,
): Decision<DealEvent> {
  if (state.status !== 'open') return wrongStatus('deal', state.status, ['open']);
  return command.type === 'RecordProposal'
    ? recordProposal(state, command, context)
    : acceptProposal(state, command, context);
}

/** The same proposal is recorded once. */
function recordProposal(state: DealState, command: RecordProposal, context: CommandContext): Decision<DealEvent> {
  const { proposalId, validUntil, today, products } = command;
  const twice = command.options.findIndex(({ optionId }, index, all) => {
    return all.findIndex((other) => other.optionId === optionId) < index;
  });
  if (twice >= 0) return invalidRequest(`/options/${twice}/optionId`, 'There is another option of this id.');
  const valued = valuedOptions(command.options);
  if (!valued.ok) return valued;
  const { options } = valued;
  const known = state.proposals.find((proposal) => proposal.proposalId === proposalId);
  if (known !== undefined) {
    const same = sameJson([known.options, known.validUntil], [options, validUntil]);
    return same ? accept() : idAlreadyUsed('proposal');
  }
  const items = options.flatMap(({ lineItems }) => lineItems);
  const unknown = productsKnown(items, products);
  if (unknown !== null) return unknown;
  if (validUntil !== null && validUntil < today) return dateInPast(validUntil);
  const when = occurrence(context);
  if (!when.ok) return when;
  const data = { proposalId, options, validUntil };
  return accept<DealEvent>({ type: 'ProposalRecorded', data, occurredAt: when.at });
}

function valuedOptions(
  options: RecordProposal['options'],
): { readonly ok: true; readonly options: readonly ProposalOption[] } | Refused {
  const valued: ProposalOption[] = [];
  for (const [index, option] of options.entries()) {
    const worth = worthOf(option.lineItems);
    if (!worth.ok) return inOption(index, worth);
    valued.push({ ...option, value: worth.value });
  }
  return { ok: true, options: valued };
}

/** What is wrong with the items of one option, where the request has them. */
function inOption(index: number, refused: Refused): Refused {
  const { rejection } = refused;
  return rejection.code === 'invalid-request'
    ? reject({ ...rejection, path: `/options/${index}${rejection.path}` })
    : refused;
}

/**
 * What was proposed holds as it was, whatever products and prices have become since. A proposal is accepted once; a
 * later one may take its place.
 */
function acceptProposal(state: DealState, command: AcceptProposal, context: CommandContext): Decision<DealEvent> {
  const { proposalId, optionId, today } = command;
  const proposal = state.proposals.find((candidate) => candidate.proposalId === proposalId);
  if (proposal === undefined) return unknownProposal();
  const option = proposal.options.find((candidate) => candidate.optionId === optionId);
  if (option === undefined) return unknownOption();
  if (proposal.accepted !== null) {
    return proposal.accepted.optionId === optionId ? accept() : alreadyAccepted(proposal.accepted.optionId);
  }
  if (proposal.validUntil !== null && proposal.validUntil < today) return expired(proposal.validUntil);
  const when = occurrence(context, later(state.last.value, recordingOf(proposal)));
  if (!when.ok) return when;
  const { lineItems, value } = option;
  return accept<DealEvent>({
    type: 'ProposalAccepted',
    data: { proposalId, optionId, lineItems, value },
    occurredAt: when.at,
  });
}

function recordingOf({ proposedAt, revision }: Proposal): LastChange {
  return { at: proposedAt, revision, type: 'ProposalRecorded' };
}

function later(a: LastChange, b: LastChange): LastChange {
  return b.at > a.at ? b : a;
}

/** The proposals of a deal after one more event, in the order in which they were recorded. */
export function proposalsAfter(proposals: readonly Proposal[], event: Recorded<ProposalEvent>): readonly Proposal[] {
  const { occurredAt, revision } = event;
  if (event.type === 'ProposalRecorded') {
    return [...proposals, { ...event.data, proposedAt: occurredAt, revision, accepted: null }];
  }
  const { proposalId, optionId } = event.data;
  const accepted = { optionId, acceptedAt: occurredAt };
  return proposals.map((proposal) => (proposal.proposalId === proposalId ? { ...proposal, accepted } : proposal));
}

function unknownProposal() {
  return reject({ code: 'unknown-proposal', detail: 'There is no such proposal.', data: null });
}

function unknownOption() {
  return reject({ code: 'unknown-option', detail: 'The proposal has no such option.', data: null });
}

function alreadyAccepted(optionId: string) {
  const detail = 'Another option of this proposal has been accepted already.';
  return reject({ code: 'already-accepted', detail, data: { optionId } });
}

function expired(validUntil: string) {
  return reject({
    code: 'proposal-expired',
    detail: `The proposal could be accepted until ${validUntil}.`,
    data: { validUntil },
  });
}
