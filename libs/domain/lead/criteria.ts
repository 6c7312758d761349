/** What a qualification asks for; the names are part of the stored format. */
export const CRITERIA = ['budget', 'authority', 'need', 'timeline'] as const;
export type Criterion = (typeof CRITERIA)[number];
