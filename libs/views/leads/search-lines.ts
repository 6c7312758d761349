import type { LeadState } from '#domain/lead/lead.state.js';
import { keyOfSealed } from '#domain/personal/sealed-text.js';
import type { DecodedEvent } from '#event-store/codec.js';
import { isLeadEvent } from '../domain-event.js';

/** What a lead is found by, as it can be read: lower-case; empty when there is none, or none any more. */
export interface SearchLines {
  readonly title: string;
  readonly person: string;
  readonly organization: string;
}

/** The events that say by what a lead is found. */
export const SEARCHED_EVENTS: ReadonlySet<string> = new Set(['LeadCaptured', 'LeadEdited', 'LeadContactLinked']);

export const NO_LINES: SearchLines = { title: '', person: '', organization: '' };

/** `plain`: the event with its sealed strings opened; `lead`: as it is after the event, strings sealed. */
export function linesAfter(lines: SearchLines, plain: DecodedEvent, lead: LeadState): SearchLines {
  if (!isLeadEvent(plain)) return lines;
  switch (plain.type) {
    case 'LeadCaptured':
      return {
        title: lineOf(plain.data.title),
        person: lineOf(plain.data.person?.name),
        organization: lineOf(plain.data.organization?.name),
      };
    case 'LeadEdited':
      return plain.data.title === undefined ? lines : { ...lines, title: lineOf(plain.data.title) };
    case 'LeadContactLinked': {
      const { person, organization } = plain.data;
      return {
        ...lines,
        ...(person === undefined ? {} : { person: lineOf(person.name) }),
        ...(organization === undefined ? {} : { organization: lineOf(organization.name) }),
      };
    }
    case 'TextRedacted':
      return plain.data.keys.includes(keyOfSealed(lead.title) ?? '') ? { ...lines, title: '' } : lines;
    case 'TextsErased': {
      const { contact } = plain.data;
      return {
        title: '',
        person: contact === `person-${lead.person?.id ?? ''}` ? '' : lines.person,
        organization: contact === `organization-${lead.organization?.id ?? ''}` ? '' : lines.organization,
      };
    }
    default:
      return lines;
  }
}

/** A line each, so that no search matches across two of them. */
export function searchColumn({ title, person, organization }: SearchLines): string {
  return [title, person, organization].join('\n');
}

/** The inverse of `searchColumn`. */
export function searchLines(column: string): SearchLines {
  const [title = '', person = '', organization = ''] = column.split('\n');
  return { title, person, organization };
}

function lineOf(value: string | null | undefined): string {
  return (value ?? '').toLowerCase().replaceAll(/[\r\n]+/gu, ' ');
}
