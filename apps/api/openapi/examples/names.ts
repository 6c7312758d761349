/** Ids of the story, given by the client. The numbers count what is made. */
function id(kind: string, n: number): string {
  return `0190a0c0-5c00-7${kind}-8000-${String(n).padStart(12, '0')}`;
}

export const PIPELINE = id('010', 1);
export const OTHER_PIPELINE = id('010', 2);
export const CALLED = id('011', 1);
export const PROPOSED = id('011', 2);
export const NEGOTIATED = id('011', 3);
export const CUSTOMER = id('011', 4);
export const AGREED = id('011', 5);
export const RETIRED_PIPELINE = id('010', 3);
export const RETIRED_STAGE = id('011', 6);
export const LEAD = id('020', 1);
export const COLD_LEAD = id('020', 2);
export const WRONG_LEAD = id('020', 3);
export const CONVERTED_DEAL = id('030', 1);
export const DEAL = id('030', 2);
export const LOST_DEAL = id('030', 3);
export const TEST_DEAL = id('030', 4);
export const TWIN_DEAL = id('030', 5);
export const WIN_BACK_DEAL = id('030', 6);
export const DEMO = id('040', 1);
export const CALL = id('040', 2);
export const PROSPECTING = id('042', 1);
export const ONE_OFF = id('042', 2);
export const LEAD_CALL = id('041', 1);
export const LEAD_TASK = id('041', 2);
export const PRODUCT = id('050', 1);
export const OFFER = id('051', 1);
export const SMALL_OPTION = id('052', 1);
export const LARGE_OPTION = id('052', 2);
export const PERSON = id('060', 1);
export const SAME_PERSON = id('060', 2);
export const ORGANIZATION = id('061', 1);
export const SAME_ORGANIZATION = id('061', 2);
