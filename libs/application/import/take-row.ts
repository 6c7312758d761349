import { decideContact } from '#domain/contact/contact.decide.js';
import type { DealState } from '#domain/deal/deal.state.js';
import { decideLead } from '#domain/lead/lead.decide.js';
import type { Decision, DomainEvent } from '#domain/shared/decision.js';
import { DEAL, LEAD, ORGANIZATION } from '../aggregate.js';
import { IdempotencyKeyReused } from '../errors.js';
import type { CommandExecutor } from '../execute.js';
import type { StreamPolicies } from '../policies.js';
import { decideSteps, refusalOf, wasIn, type ImportPolicies } from './decide-steps.js';
import type { ImportRequests } from './import-commands.js';
import { RowRefused } from './row.js';
import type { DealStep, ImportedSubject, PlannedRow } from './steps.js';

const NO_PRODUCTS: ReadonlySet<string> = new Set();

/** What became of a row: `repeat` is an event that repeats the stage that the case is in. */
export interface Taken {
  readonly as: 'deal' | 'lead' | 'event' | 'repeat';
  /** It was in before this run. */
  readonly replayed: boolean;
}

/** Appends planned rows, each by one command on one stream: all of its events or none. */
export class RowTaker {
  /** Event logs: the stage that each case has reached in this file. */
  readonly #stages = new Map<string, string>();
  /** Registrations that are under way or done, by the organisation's id. */
  readonly #organizations = new Map<string, Promise<unknown>>();

  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
    private readonly pipelineId: string,
    private readonly requests: ImportRequests,
  ) {}

  /**
   * Rows of the same deal must come one after another, in the order of the file.
   * @throws RowRefused nothing of the row was stored
   * @throws StoreUnavailable, OutcomeUnknown, CommandConflict the row may be given again
   */
  async take(row: Exclude<PlannedRow, { kind: 'left-out' }>, identity: string): Promise<Taken> {
    try {
      switch (row.kind) {
        case 'deal':
          return await this.#takeDeal(row, identity);
        case 'lead':
          return await this.#takeLead(row, identity);
        case 'event':
          return await this.#takeEvent(row, identity);
      }
    } catch (error) {
      if (!(error instanceof IdempotencyKeyReused)) throw error;
      throw new RowRefused('', 'is in already with other content, or under another mapping of the same name');
    }
  }

  async #takeDeal(row: PlannedRow & { kind: 'deal' }, identity: string): Promise<Taken> {
    const steps = row.steps.map(({ field: _, ...step }) => step);
    const content = { subject: row.subject, steps };
    const { replayed } = await this.#onDeal(row.id, identity, content, row.subject, () => row.steps);
    return { as: 'deal', replayed };
  }

  /** The first event of a case opens its deal; a later one moves it, unless it repeats the stage. */
  async #takeEvent(row: PlannedRow & { kind: 'event' }, identity: string): Promise<Taken> {
    const { id, stageId, at, field, subject } = row;
    const reached = this.#stages.get(id);
    if (reached === stageId) return { as: 'repeat', replayed: false };
    const outcome = await this.#onDeal(id, identity, { subject, stageId, at }, subject, (state) => {
      if (state === null) return [{ kind: 'open', at, field, stageId, value: null }];
      // The case began in an earlier file, where this may have been the last that was known of it.
      if (reached === undefined && wasIn(state, stageId, at)) return [];
      return [{ kind: 'move', at, field, stageId }];
    });
    this.#stages.set(id, stageId);
    return { as: outcome.events.length === 0 ? 'repeat' : 'event', replayed: outcome.replayed };
  }

  async #onDeal(
    id: string,
    identity: string,
    content: object,
    subject: ImportedSubject,
    steps: (state: DealState | null) => readonly DealStep[],
  ) {
    const request = this.requests.request(identity, content);
    return this.commands.execute(DEAL, id, request, async (state, context) => {
      const decision = decideSteps(id, state, steps(state), subject, await this.#policies(), context);
      await this.#register(subject, decision);
      return decision;
    });
  }

  async #takeLead(row: PlannedRow & { kind: 'lead' }, identity: string): Promise<Taken> {
    const { id, subject, value } = row;
    const { title, source, labels, ownerId, organization } = subject;
    const contact = organization === null ? null : { id: organization.id, name: null, emails: [], phones: [] };
    const request = this.requests.request(identity, { subject, value });
    const outcome = await this.commands.execute(LEAD, id, request, async (state, context) => {
      const told = { title, source, person: null, organization: contact, value, labels, ownerId };
      const untold = { attributes: {}, products: [], knownProducts: NO_PRODUCTS, referredBy: null };
      const decision = decideLead(state, { type: 'CaptureLead', id, ...told, ...untold }, context);
      if (!decision.ok) throw refusalOf(decision.rejection, '');
      await this.#register(subject, decision);
      return decision;
    });
    return { as: 'lead', replayed: outcome.replayed };
  }

  /** Registers the organisation of a row that is as good as in: a refused row registers none. */
  async #register({ organization }: ImportedSubject, decision: Decision<DomainEvent>): Promise<void> {
    if (organization === null || !decision.ok || decision.events.length === 0) return;
    const { id, name } = organization;
    const known = this.#organizations.get(id);
    if (known !== undefined) return void (await known);
    // Many rows name it, some in other spelling: the first that is taken gives it its name.
    const registration = this.commands.execute(
      ORGANIZATION,
      id,
      this.requests.request(`organization ${id}`, { id }),
      (state, context) => decideContact(state, { type: 'EnsureOrganization', name }, context),
    );
    this.#organizations.set(id, registration);
    try {
      await registration;
    } catch (error) {
      this.#organizations.delete(id);
      throw error;
    }
  }

  async #policies(): Promise<ImportPolicies> {
    const [pipeline, settings] = [await this.policies.pipeline(this.pipelineId), await this.policies.settings()];
    if (pipeline === null) throw new Error(`there is no pipeline ${this.pipelineId}`);
    return { pipeline, settings };
  }
}
