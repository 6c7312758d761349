import { getMetadataStorage } from 'class-validator';

/**
 * class-validator looks through the rules of all classes for each object that it checks: with ours, that costs as much
 * as the check itself. From now on it looks once for each class; the rules of a class are there before its first object.
 */
export function rememberRules(): void {
  const storage = getMetadataStorage();
  const search = storage.getTargetValidationMetadatas.bind(storage);
  const known = new Map<object, ReturnType<typeof search>>();
  storage.getTargetValidationMetadatas = (type, schema, always, strictGroups, groups) => {
    if (schema || always || strictGroups || groups !== undefined) {
      return search(type, schema, always, strictGroups, groups);
    }
    let rules = known.get(type);
    if (rules === undefined) known.set(type, (rules = search(type, schema, always, strictGroups)));
    return rules;
  };
}
