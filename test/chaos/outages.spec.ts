import { OUTAGES, sufferOutages, type OutageReport } from './outages.js';

describe('outages of EventStoreDB and of MongoDB in the middle of load', () => {
  it('are answered 503 and named by the health; nothing is lost or doubled, and the views go on by themselves', async () => {
    const reports: OutageReport[] = [];
    await sufferOutages(1_000, 20_260_502, (report) => reports.push(report));
    expect(reports).toHaveLength(OUTAGES.length);
    // Otherwise nothing was tried.
    expect(reports.some(({ unavailable }) => unavailable > 0)).toBe(true);
    expect(reports.every(({ acknowledged }) => acknowledged > 0)).toBe(true);
  }, 300_000);
});
