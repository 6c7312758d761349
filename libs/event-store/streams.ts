/** Stream categories that are ours; everything else in a shared store is foreign. */
export const CATEGORIES = [
  'lead',
  'deal',
  'pipeline',
  'person',
  'organization',
  'product',
  'settings',
  'activity',
  'access',
  'alert',
  'import',
  'webhook',
  'operations',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** `deal` of `deal-0190…`; null when the stream is not one of ours. */
export function categoryOf(stream: string): Category | null {
  for (const category of CATEGORIES) {
    if (!stream.startsWith(category)) continue;
    if (stream.length === category.length || stream[category.length] === '-') return category;
  }
  return null;
}

/** `0190…` of `deal-0190…`. */
export function idOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}
