import { killRounds, type RoundReport } from './rounds.js';

describe('a server that is killed under fifty writers', () => {
  it('has kept all that it acknowledged, once, and its views tell the same story', async () => {
    const reports: RoundReport[] = [];
    await killRounds(20, 20_260_301, (report) => reports.push(report));
    expect(reports).toHaveLength(20);
    // Otherwise nothing was tried.
    expect(reports.reduce((sum, { acknowledged }) => sum + acknowledged, 0)).toBeGreaterThan(500);
    expect(reports.some(({ unanswered }) => unanswered > 0)).toBe(true);
  }, 300_000);
});
