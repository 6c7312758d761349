import { SELLERS, type Seller } from './people.js';

/** What one part of the organisation sells, to whom, and how its deals go. */
export interface LineOfBusiness {
  readonly key: string;
  /** Body of CreatePipeline. */
  readonly pipeline: {
    readonly name: string;
    readonly template?: string;
    readonly stages?: readonly object[];
    readonly moveRules?: { readonly skips: boolean; readonly stepsBack: boolean };
  };
  /** Captured over the whole history. */
  readonly leads: number;
  readonly sellers: readonly [Seller, ...Seller[]];
  readonly customers: 'companies' | 'households';
  /** Name, and the range of its price in units of the currency. */
  readonly products: readonly (readonly [name: string, from: number, to: number])[];
  readonly currencies: readonly (readonly [code: string, weight: number])[];
  /** Median days in each open stage. */
  readonly tempo: readonly number[];
  /** Share of deals that begin without a value. */
  readonly withoutValue: number;
}

/** A line whose pipeline is there. */
export interface OpenLine extends LineOfBusiness {
  readonly pipelineId: string;
  readonly openStages: readonly OpenStage[];
  readonly postSaleStages: readonly OpenStage[];
}

export interface OpenStage {
  readonly id: string;
  readonly name: string;
  /** Days without a touch after which a deal counts as stalled. */
  readonly rottenDays: number;
  readonly needsValue: boolean;
}

export const EQUIPMENT: LineOfBusiness = {
  key: 'equipment',
  pipeline: { name: 'Business equipment', template: 'traditional' },
  leads: 160,
  sellers: [SELLERS.clara, SELLERS.jonas, SELLERS.amina, SELLERS.erik],
  customers: 'companies',
  products: [
    ['Packaging line', 60_000, 180_000],
    ['Cold store', 40_000, 120_000],
    ['Conveyor upgrade', 12_000, 45_000],
    ['Filling station', 25_000, 90_000],
    ['Maintenance contract', 6_000, 24_000],
  ],
  currencies: [
    ['EUR', 4],
    ['USD', 1],
  ],
  tempo: [12, 14, 16, 20, 14],
  withoutValue: 0.04,
};

export const LINES: readonly LineOfBusiness[] = [
  EQUIPMENT,
  {
    key: 'homes',
    pipeline: { name: 'Residential sales', template: 'real-estate' },
    leads: 80,
    sellers: [SELLERS.sofia, SELLERS.tomas, SELLERS.ines],
    customers: 'households',
    products: [
      ['Two-room flat', 180_000, 340_000],
      ['Terraced house', 320_000, 620_000],
      ['House with garden', 450_000, 900_000],
      ['Building plot', 90_000, 260_000],
    ],
    currencies: [['EUR', 1]],
    tempo: [25, 10, 12, 8, 35],
    withoutValue: 0.05,
  },
  {
    key: 'advisory',
    pipeline: { name: 'Private advisory', template: 'financial-services' },
    leads: 60,
    sellers: [SELLERS.grace, SELLERS.daniel],
    customers: 'households',
    products: [
      ['Retirement plan', 8_000, 40_000],
      ['Portfolio mandate', 20_000, 160_000],
      ['Estate planning', 5_000, 25_000],
    ],
    currencies: [
      ['USD', 3],
      ['EUR', 1],
    ],
    tempo: [12, 20, 12, 10],
    withoutValue: 0.08,
  },
  {
    key: 'cloud',
    pipeline: { name: 'Cloud subscriptions', template: 'startup' },
    leads: 90,
    sellers: [SELLERS.mei, SELLERS.oliver, SELLERS.pavel],
    customers: 'companies',
    products: [
      ['Team plan', 2_400, 9_000],
      ['Business plan', 9_000, 30_000],
      ['Enterprise plan', 30_000, 90_000],
    ],
    currencies: [
      ['USD', 3],
      ['EUR', 2],
    ],
    tempo: [9, 12, 10, 20],
    withoutValue: 0.05,
  },
  {
    key: 'accounts',
    pipeline: {
      name: 'Framework agreements',
      stages: [
        { name: 'Account plan', probability: 0.15, rottenAfter: 'P21D' },
        { name: 'Requirements', probability: 0.35, rottenAfter: 'P21D', maxStay: 'P60D' },
        {
          name: 'Offer',
          probability: 0.6,
          rottenAfter: 'P14D',
          maxStay: 'P45D',
          forecastCategory: 'best-case',
          gates: [
            { type: 'field', field: 'value' },
            { type: 'contact', kind: 'organization' },
          ],
        },
        { name: 'Contract review', probability: 0.85, rottenAfter: 'P10D', forecastCategory: 'commit' },
        { name: 'Onboarding', kind: 'post-sale', probability: 1, rottenAfter: 'P14D', forecastCategory: 'omitted' },
        { name: 'In use', kind: 'post-sale', probability: 1, rottenAfter: 'P45D', forecastCategory: 'omitted' },
        { name: 'Reference', kind: 'post-sale', probability: 1, rottenAfter: 'P90D', forecastCategory: 'omitted' },
      ],
      moveRules: { skips: false, stepsBack: false },
    },
    leads: 60,
    sellers: [SELLERS.clara, SELLERS.mei],
    customers: 'companies',
    products: [
      ['Two-year supply agreement', 120_000, 480_000],
      ['Service agreement', 60_000, 200_000],
    ],
    currencies: [['EUR', 1]],
    tempo: [15, 20, 18, 14],
    withoutValue: 0.6,
  },
];
