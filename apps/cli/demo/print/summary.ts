import type { Api } from '../api.js';
import { count, curl, heading } from './text.js';

const PAGE = 200;
const LEADS = ['new', 'nurturing', 'qualified', 'converted', 'disqualified'];
const DEALS = ['open', 'won', 'lost'];

interface Page {
  readonly items: readonly unknown[];
  readonly next: string | null;
}

/** What the history came to: leads and deals by status. */
export async function summarySection(api: Api): Promise<string[]> {
  return [
    heading('What is there'),
    await line(api, 'leads', '/v1/leads', LEADS),
    await line(api, 'deals', '/v1/deals', DEALS),
    ...curl(`/v1/leads?status=qualified&limit=${PAGE}`),
    ...curl(`/v1/deals?status=open&limit=${PAGE}`),
  ];
}

async function line(api: Api, name: string, path: string, statuses: readonly string[]): Promise<string> {
  const counts: [status: string, n: number][] = [];
  for (const status of statuses) counts.push([status, await countOf(api, `${path}?status=${status}&limit=${PAGE}`)]);
  const whole = counts.reduce((sum, [, n]) => sum + n, 0);
  return `  ${count(whole)} ${name}: ${counts.map(([status, n]) => `${count(n)} ${status}`).join(', ')}`;
}

/** Lists have no totals: page after page. */
async function countOf(api: Api, path: string): Promise<number> {
  let n = 0;
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page = await api.get<Page>(cursor === '' ? path : `${path}&cursor=${cursor}`);
    n += page.items.length;
    cursor = page.next;
  }
  return n;
}
