/** The same value with its strings replaced; what holds none that changes is the same object. */
export function mapStrings<T>(value: T, replace: (text: string) => string): T {
  // Arrays stay arrays and plain objects plain objects, of the same keys: strings alone change, into strings.
  return mapped(value, replace) as T;
}

function mapped(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const changed = items.map((item) => mapped(item, replace));
    return changed.some((item, index) => item !== items[index]) ? changed : value;
  }
  const entries = Object.entries(value).map(([key, item]): readonly [string, unknown, boolean] => {
    const changed = mapped(item, replace);
    return [key, changed, changed !== item];
  });
  return entries.some(([, , isChanged]) => isChanged)
    ? Object.fromEntries(entries.map(([key, item]) => [key, item]))
    : value;
}

/** Calls back for each string of a value, at any depth. */
export function eachString(value: unknown, visit: (text: string) => void): void {
  if (typeof value === 'string') visit(value);
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) eachString(item, visit);
}
