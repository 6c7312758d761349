import type { ActivityKind, EvidenceKind, Gate } from '../pipeline/pipeline.events.js';
import type { MissingGate } from '../shared/rejection.js';
import type { DealOpened } from './deal.events.js';
import type { DealState } from './deal.state.js';

/** What gates look at. */
export interface GateFacts {
  readonly fields: Pick<
    DealState,
    'value' | 'expectedClose' | 'source' | 'labels' | 'lineItems' | 'probability' | 'criteria'
  >;
  readonly contactKinds: readonly ('person' | 'organization')[];
  /** Kinds of the activities that are done. */
  readonly doneKinds: readonly ActivityKind[];
  /** What the linked files prove. */
  readonly evidence: readonly (EvidenceKind | null)[];
  readonly proposalAccepted: boolean;
}

export function factsOf(deal: DealState): GateFacts {
  return {
    fields: deal,
    contactKinds: deal.contacts.map((contact) => contact.kind),
    doneKinds: deal.activities.filter(({ status }) => status === 'done').map(({ kind }) => kind),
    evidence: deal.files.map(({ kind }) => kind),
    proposalAccepted: deal.proposals.some(({ accepted }) => accepted !== null),
  };
}

/** The facts that a deal would be opened with. */
export function factsOfOpening(
  opening: GateFacts['fields'] & Pick<DealOpened['data'], 'personId' | 'organizationId'>,
): GateFacts {
  return {
    fields: opening,
    contactKinds: [
      ...(opening.personId === null ? [] : ['person' as const]),
      ...(opening.organizationId === null ? [] : ['organization' as const]),
    ],
    doneKinds: [],
    evidence: [],
    proposalAccepted: false,
  };
}

/** The gates that the deal does not meet, in the pipeline's order. */
export function missingGates(gates: readonly Gate[], facts: GateFacts): readonly MissingGate[] {
  return gates.filter((gate) => !isMet(gate, facts));
}

function isMet(gate: Gate, facts: GateFacts): boolean {
  const { fields, contactKinds, doneKinds, evidence, proposalAccepted } = facts;
  switch (gate.type) {
    case 'field': {
      const value = fields[gate.field];
      return value !== null && (!Array.isArray(value) || value.length > 0);
    }
    case 'contact':
      return contactKinds.includes(gate.kind);
    case 'criteria':
      return new Set(fields.criteria).size >= gate.min;
    case 'activity':
      return doneKinds.includes(gate.kind);
    case 'evidence':
      return evidence.includes(gate.kind);
    case 'proposal':
      return proposalAccepted;
    default: {
      const unknown: never = gate;
      throw new Error(`unknown gate ${JSON.stringify(unknown)}`);
    }
  }
}

/** What is missing, in words: `value, contact person, 3 criteria`. */
export function gatesInWords(missing: readonly MissingGate[]): string {
  return missing
    .map((gate) => {
      switch (gate.type) {
        case 'field':
          return gate.field;
        case 'activity':
          return `a completed ${gate.kind}`;
        case 'contact':
          return `a linked ${gate.kind}`;
        case 'criteria':
          return `${gate.min} confirmed criteria`;
        case 'evidence':
          return gate.kind === 'payment' ? 'a payment' : 'a signed contract';
        case 'proposal':
          return 'an accepted proposal';
      }
    })
    .join(', ');
}
