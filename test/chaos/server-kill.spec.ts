import { serverKillRounds, type ServerRoundReport } from './server-rounds.js';

describe('api and projector on EventStoreDB and MongoDB, killed under thirty writers', () => {
  it('have kept all that was acknowledged, once, and the views are the fold of the log', async () => {
    const reports: ServerRoundReport[] = [];
    await serverKillRounds(4, 20_260_501, (report) => reports.push(report));
    expect(reports).toHaveLength(4);
    // Otherwise nothing was tried.
    expect(reports.reduce((sum, { acknowledged }) => sum + acknowledged, 0)).toBeGreaterThan(100);
    expect(reports.some(({ unanswered }) => unanswered > 0)).toBe(true);
  }, 300_000);
});
