/** What sales people write down. */
export const LEAD_NOTES = [
  'Called back: interested, asked for a first appointment.',
  'Left a message and sent the overview.',
  'Introduced by a customer of ours; a call is agreed.',
  'Asked about delivery times before anything else.',
  'Met at the stand; wants to see reference customers.',
];

export const DEAL_NOTES = [
  'Meeting with the department head; requirements confirmed.',
  'Sent references of two comparable customers.',
  'Technical questions answered by telephone.',
  'Budget is confirmed for this half of the year.',
  'Purchasing joined the conversation.',
  'Revised offer sent, valid for 30 days.',
  'Asked for payment in two instalments.',
  'Decision expected after the next board meeting.',
  'Delivery date discussed; eight weeks are fine.',
  'Legal department has the contract.',
];

export const POST_SALE_NOTES = [
  'Handover went well; open points listed.',
  'Quarterly call: satisfied, asked about training.',
  'Small issue reported and solved on the same day.',
  'Usage reviewed together; extension possible next year.',
];

export const TAKEN_UP_NOTE = 'Taken over from a colleague; contact renewed.';
export const REOPENED_NOTE = 'They came back: the project is on again.';
export const WITHDRAWN_NOTE = 'Order withdrawn before delivery; terms are discussed again.';
export const OVERRIDE_REASON = 'Ceiling agreed by telephone; the exact amount follows.';

export const LOSS_NOTES: Readonly<Record<string, string>> = {
  price: 'Another offer was lower.',
  competitor: 'Went with their present supplier.',
  'no-budget': 'Budget cut for this year.',
  'no-decision': 'No decision this year.',
  timing: 'Postponed to next year.',
  'no-response': 'No answer to several calls and letters.',
};
export const COMPETITORS = ['Harbour Systems', 'Nordwind Technik', 'Blue Mesa'];

export const DISQUALIFICATION_NOTES: Readonly<Record<string, string>> = {
  'no-budget': 'No budget planned.',
  'no-need': 'Looked for information only.',
  'bad-fit': 'Outside of what we offer.',
  unreachable: 'Neither telephone nor e-mail answered.',
  duplicate: 'The same enquiry came twice.',
};
