import fc from 'fast-check';

/**
 * Properties are tried on the same cases in every run, so that a run tells of the change and not of its luck.
 * `PROPERTY_SEED=random` tries others; a number tries those again that a failure has named.
 */
const wanted = process.env['PROPERTY_SEED'] ?? '20261122';
if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
