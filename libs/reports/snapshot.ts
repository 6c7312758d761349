import type {
  FindRequest,
  FindResult,
  ReadRequest,
  SumGroup,
  SumRequest,
  ViewReads,
  ViewSchema,
} from '#view-store/port.js';

/**
 * Questions to one view that are answered together, from one snapshot: first all are put, then `take` asks them, then
 * each answer is read through the function that its question returned.
 */
export class Snapshot {
  readonly #requests: ReadRequest[] = [];
  #results: readonly (FindResult | readonly SumGroup[])[] | null = null;

  find(request: Omit<FindRequest, 'kind'>): () => FindResult {
    const index = this.#requests.push({ kind: 'find', ...request }) - 1;
    return () => {
      const result = this.#results?.[index];
      if (result === undefined || !isFound(result)) throw new Error(`no page was taken for question ${index}`);
      return result;
    };
  }

  sum(request: Omit<SumRequest, 'kind'>): () => readonly SumGroup[] {
    const index = this.#requests.push({ kind: 'sum', ...request }) - 1;
    return () => {
      const result = this.#results?.[index];
      if (result === undefined || isFound(result)) throw new Error(`no sums were taken for question ${index}`);
      return result;
    };
  }

  async take(views: ViewReads, view: ViewSchema): Promise<void> {
    const requests: readonly ReadRequest[] = this.#requests;
    this.#results = requests.length === 0 ? [] : (await views.read(view, requests)).results;
  }
}

function isFound(result: FindResult | readonly SumGroup[]): result is FindResult {
  return 'rows' in result;
}
