/** What the engine tells about itself. `view` is null for what concerns all of them. */
export interface EngineLogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly view: string | null;
  readonly message: string;
  readonly error?: unknown;
}
export type EngineLog = (entry: EngineLogEntry) => void;

export function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
