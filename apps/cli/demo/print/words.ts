import type { Actor } from '#domain/shared/decision.js';

const EVENTS: Readonly<Record<string, string>> = {
  LeadCaptured: 'lead captured',
  LeadEdited: 'lead edited',
  LeadQualified: 'lead qualified',
  LeadDisqualified: 'lead disqualified',
  LeadNurtured: 'lead put off',
  LeadReopened: 'lead reopened',
  LeadNoteAdded: 'note on the lead',
  LeadConversionReverted: 'conversion taken back',
  LeadConverted: 'lead converted',
  DealOpened: 'opened',
  DealStageMoved: 'moved to another stage',
  DealValueChanged: 'value changed',
  DealAssigned: 'owner changed',
  DealWon: 'won',
  DealLost: 'lost',
  DealReopened: 'reopened',
  CustomerChurned: 'customer lost',
  CustomerWonBack: 'customer to be won back',
  WinBackAbandoned: 'win-back given up',
  DealCorrected: 'corrected',
  MergeStarted: 'merge begun',
  DealMergedInto: 'merged into another deal',
  MergeRefused: 'merge refused',
  MergeCompleted: 'took in another deal',
  MergeAbandoned: 'merge given up',
  UnmergeStarted: 'unmerge begun',
  DealUnmerged: 'stands by itself again',
  UnmergeCompleted: 'let another deal go',
  DealVoided: 'voided',
  DealRelocated: 'relocated',
  DealPipelineSwitched: 'taken to another pipeline',
  GateOverridden: 'gate overridden',
  NoteAdded: 'note added',
  LineItemsSet: 'line items changed',
  ProposalRecorded: 'proposal made',
  ProposalAccepted: 'proposal accepted',
  DealLabelled: 'labels changed',
  DealContactLinked: 'contact linked',
  DealVisibilitySet: 'visibility changed',
  ExpectedCloseSet: 'expected close date changed',
  DealProbabilitySet: 'probability changed',
  ForecastCategorySet: 'forecast category changed',
  CriterionConfirmed: 'criterion confirmed',
  DealSnoozed: 'snoozed',
  DealWoken: 'woken',
  DealKeptAlive: 'kept alive',
  InteractionLogged: 'interaction logged',
  FileLinked: 'file linked',
  ActivityPlanned: 'activity planned',
  ActivityRescheduled: 'activity put off',
  ActivityCompleted: 'activity done',
  ActivityCancelled: 'activity cancelled',
};

export function eventInWords(type: string): string {
  return EVENTS[type] ?? type;
}

/** `admin (api-key)`; what the caller may not see has no actor. */
export function actorInWords(actor: Actor | null): string {
  return actor === null ? 'somebody' : `${actor.id} (${actor.kind})`;
}
