import { pino, type Logger } from 'pino';
import type { Configuration } from './configuration.js';

export type { Logger };

/** Logs go to standard error as JSON lines, or as plain lines for people on a terminal. Secrets never reach it. */
export function createLogger(configuration: Pick<Configuration, 'logLevel' | 'logFormat'>): Logger {
  const options = { level: configuration.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (configuration.logFormat === 'json') return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino(options, {
    write(line: string) {
      const { level, time, msg, ...rest } = JSON.parse(line) as { level: number; time: string; msg: string };
      const label = pino.levels.labels[level] ?? '';
      const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
      process.stderr.write(`${time.slice(11, 19)} ${label.padEnd(5)} ${msg}${more}\n`);
    },
  });
}
