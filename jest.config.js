/** Jest runs what ships: the compiled files under dist, as native ES modules, with no transform of its own. */
export default {
  rootDir: '.',
  roots: ['<rootDir>/dist'],
  testEnvironment: 'node',
  testMatch: ['**/*.spec.js'],
  transform: {},
  setupFiles: ['<rootDir>/dist/test/support/property-seed.js'],
  testTimeout: 240_000,
  // Jest leaves one core free by default; on two cores that would be half of them.
  maxWorkers: '100%',
};
