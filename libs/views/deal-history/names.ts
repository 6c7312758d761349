/** Texts that are stored once and named by their place. A deal has a few: the scan of a short list beats a map. */
export class Names {
  readonly list: string[] = [];

  of(name: string): number {
    const place = this.list.indexOf(name);
    return place >= 0 ? place : this.list.push(name) - 1;
  }

  orNull(name: string | null): number | null {
    return name === null ? null : this.of(name);
  }
}

/** @throws Error there is no such name */
export function nameAt<Name extends string>(names: readonly Name[], place: number): Name {
  const name = names[place];
  if (name === undefined) throw new Error(`there is no name ${place}`);
  return name;
}

export function nameOrNull(names: readonly string[], place: number | null): string | null {
  return place === null ? null : nameAt(names, place);
}
