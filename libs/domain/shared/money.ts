/** An amount of money: plain decimal without exponent, with the currency's minor digits; ISO 4217 code. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}
