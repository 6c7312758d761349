import { existsSync, realpathSync } from 'node:fs';

/** Where a store is: a data folder, or a URL. The same for two names of one folder. */
export function placeOf(place: string): string {
  return existsSync(place) ? realpathSync(place) : place;
}

/** The hosts of a URL, without credentials. */
export function hostsOf(url: string): string {
  return url.replace(/^[^/]*\/\/(?:[^@/]*@)?([^/?]*).*$/su, '$1');
}
