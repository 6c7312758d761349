import fc from 'fast-check';
import { CATEGORIES, categoryOf, idOf } from './streams.js';

describe('the name of a stream', () => {
  it('is a category and an id', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CATEGORIES), fc.uuid(), (category, id) => {
        expect(categoryOf(`${category}-${id}`)).toBe(category);
        expect(idOf(`${category}-${id}`)).toBe(id);
      }),
    );
  });

  it('may be the category alone', () => {
    expect(categoryOf('settings')).toBe('settings');
    expect(idOf('settings')).toBe('settings');
  });

  it.each(['', '-', 'deals-1', 'Deal-1', '$ce-deal', '$$deal-1', 'dealer', ' deal-1', 'toString-1', '__proto__-1'])(
    '%j is of no category of ours',
    (name) => {
      expect(categoryOf(name)).toBeNull();
    },
  );
});
