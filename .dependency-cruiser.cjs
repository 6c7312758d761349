/** The dependency rule of the house: which part may know which. */
const lib = (name) => `^libs/${name}/`;
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid(
      'no-circular',
      'A circle of modules has no order to read them in. Types alone may refer to each other.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid(
      'domain-imports-nothing',
      'The domain is pure TypeScript: nothing outside itself, no package, no node module (its specs may).',
      { path: lib('domain'), pathNot: '\\.spec\\.ts$|/testing/' },
      { pathNot: lib('domain') },
    ),
    forbid(
      'stores-and-engine-do-not-know-the-domain',
      'Event store, view store and projection engine work for any domain.',
      { path: '^libs/(event-store|view-store|projection)/', pathNot: '\\.spec\\.ts$|/testing/' },
      { path: '^libs/(domain|application|views|reports|platform)/|^apps/' },
    ),
    forbid(
      'event-store-alone',
      'The event store knows neither views nor projections.',
      { path: lib('event-store') },
      { path: '^libs/(view-store|projection)/' },
    ),
    forbid(
      'view-store-alone',
      'The view store knows neither events nor projections.',
      { path: lib('view-store') },
      { path: '^libs/(event-store|projection)/' },
    ),
    forbid(
      'views-know-no-queries',
      'Views fold; they do not ask.',
      { path: lib('views') },
      { path: '^libs/(application|reports|platform)/' },
    ),
    forbid(
      'reports-know-no-application',
      'Reports are queries over views and policies.',
      { path: lib('reports') },
      { path: '^libs/(application|platform)/' },
    ),
    forbid('only-apps-wire', 'A library does not know an app.', { path: '^libs/' }, { path: '^apps/' }),
    forbid(
      'nest-at-the-edge',
      'Only modules, controllers, guards, filters, handlers and the composition know Nest.',
      {
        path: '^(libs|apps)/',
        pathNot:
          '\\.(module|controller|guard|filter|pipe|handler|handlers)\\.ts$|commands/command\\.ts$|import/run-import\\.ts$|^apps/(api/server|api/http/command-request|api/openapi/routes|cli/import-file)\\.ts$',
      },
      { path: 'node_modules/@nestjs/' },
    ),
    forbid(
      'eventstoredb-in-its-adapter',
      'Only adapters/eventstoredb knows the client of EventStoreDB.',
      { pathNot: '/adapters/eventstoredb/|^test/' },
      { path: 'node_modules/@eventstore/db-client/' },
    ),
    forbid(
      'mongodb-in-its-adapters',
      'Only adapters/mongodb knows the driver of MongoDB.',
      { pathNot: '/adapters/mongodb/|^test/' },
      { path: 'node_modules/mongodb/' },
    ),
    forbid(
      'sqlite-in-its-adapters',
      'Only adapters/sqlite knows the SQLite binding.',
      { pathNot: '/adapters/sqlite/' },
      { path: 'node_modules/libsql/' },
    ),
    forbid(
      'no-dev-packages-in-production',
      'What ships does not need what only tests need.',
      { path: '^(libs|apps)/', pathNot: '\\.spec\\.ts$|/testing/|/contract/' },
      { dependencyTypes: ['npm-dev'] },
    ),
    forbid('resolvable', 'Every import is found.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.cjs', '.json'],
    },
    extraExtensionsToScan: [],
  },
};
