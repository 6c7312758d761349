import { spawnSync } from 'node:child_process';

/** What runs on a real server, and what names that server. */
const SUITES = [
  // First, as it looks at whole lists.
  {
    what: 'from lead to won',
    needs: ['TEST_EVENT_STORE_URL', 'TEST_VIEW_STORE_URL'],
    specs: ['test/e2e/lead-to-won.e2e.spec'],
  },
  {
    what: "the api's contract",
    needs: ['TEST_EVENT_STORE_URL', 'TEST_VIEW_STORE_URL'],
    specs: ['test/e2e/contract.e2e.spec'],
  },
  {
    what: 'apis beside projectors',
    needs: ['TEST_EVENT_STORE_URL', 'TEST_VIEW_STORE_URL'],
    specs: ['test/e2e/projector.e2e.spec'],
  },
  {
    what: 'the contracts of the view store, the work store and the key vault',
    needs: ['TEST_VIEW_STORE_URL'],
    specs: [
      'libs/view-store/adapters/mongodb/view-store.spec',
      'libs/platform/work-store/adapters/mongodb',
      'libs/platform/key-vault/adapters/mongodb/mongo-key-vault.spec',
    ],
  },
  // Last, as its events are no leads and no deals.
  {
    what: "the event store's contract",
    needs: ['TEST_EVENT_STORE_URL'],
    specs: ['libs/event-store/adapters/eventstoredb/eventstoredb-event-store.spec'],
  },
] as const;

/** Runs on the servers that are named, of which EventStoreDB's must be empty; says of the rest that, and why, it was skipped. Answers the exit code. */
function main(): number {
  let failures = 0;
  for (const { what, needs, specs } of SUITES) {
    const missing = needs.filter((name) => (process.env[name] ?? '') === '');
    if (missing.length > 0) {
      process.stdout.write(
        `skipped: ${what}; ${missing.join(' and ')} ${missing.length > 1 ? 'name' : 'names'} no server\n`,
      );
      continue;
    }
    process.stdout.write(`${what}, on ${needs.join(' and ')}\n`);
    const args = [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
    ];
    // One after the other: the log of an EventStoreDB is shared by all that is in it.
    const run = spawnSync(process.execPath, [...args, '--runInBand', ...specs.map((spec) => `dist/${spec}`)], {
      stdio: 'inherit',
    });
    if (run.status !== 0) failures += 1;
  }
  return failures === 0 ? 0 : 1;
}

process.exitCode = main();
