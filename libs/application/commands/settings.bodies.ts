import { ACTIVITY_KINDS } from '#domain/activity/activity.events.js';
import { CRITERIA, type Criterion } from '#domain/lead/criteria.js';
import type { ActivityKind, DurationSpec } from '#domain/pipeline/pipeline.events.js';
import { parseMoney } from '#domain/shared/money.js';
import type { SettingsCommand } from '#domain/settings/settings.commands.js';
import {
  COUNT_METRICS,
  ENGAGEMENT_KINDS,
  FOLLOW_UP_OCCASIONS,
  MONEY_METRICS,
  TARGET_PERIODS,
  type EngagementKind,
  type FollowUpOccasion,
  type ScoringRule,
  type Target,
} from '#domain/settings/settings.events.js';
import { InvalidInput } from '../errors.js';
import {
  AreOneOf,
  IsCivilDate,
  IsDelay,
  IsFlag,
  IsKey,
  IsKeys,
  IsMoneyValue,
  IsOneOf,
  IsParts,
  IsText,
  IsTexts,
  IsTimeZone,
  IsUserId,
  IsWholeNumber,
  Optional,
  Satisfies,
} from '../validation/decorators.js';
import { refersTo } from '../validation/value-schemas.js';
import type { MoneyBody } from './lead.bodies.js';
import { money } from './values.js';

/** Each body is one policy as a whole, and says which command it is. */
export abstract class SettingsBody {
  abstract command(): SettingsCommand;
}

export class SetTimeZoneBody extends SettingsBody {
  @IsTimeZone() timeZone!: string;

  command(): SettingsCommand {
    return { type: 'SetTimeZone', timeZone: this.timeZone };
  }
}

export class SetReportingCurrencyBody extends SettingsBody {
  @Optional() @IsText(3) currency?: string | null;

  command(): SettingsCommand {
    return { type: 'SetReportingCurrency', currency: this.currency ?? null };
  }
}

export class SetBusinessCalendarBody extends SettingsBody {
  @AreOneOf([1, 2, 3, 4, 5, 6, 7]) workingDays!: number[];
  @Optional() @IsTexts(2_000, 10) holidays?: string[] | null;

  command(): SettingsCommand {
    return {
      type: 'SetBusinessCalendar',
      calendar: { workingDays: this.workingDays, holidays: this.holidays ?? [] },
    };
  }
}

export class QuestionBody {
  @IsKey() key!: string;
  @IsText() text!: string;
  @Optional() @IsFlag() required?: boolean | null;
}

export class SetQualificationPolicyBody extends SettingsBody {
  @AreOneOf(CRITERIA) required!: Criterion[];
  @Optional() @IsFlag() icpRequired?: boolean | null;
  @Optional() @IsParts(() => QuestionBody, 0, 100) questions?: QuestionBody[] | null;

  command(): SettingsCommand {
    const questions = (this.questions ?? []).map(({ key, text, required }) => ({
      key,
      text,
      required: required ?? false,
    }));
    const required = CRITERIA.filter((criterion) => this.required.includes(criterion));
    return {
      type: 'SetQualificationPolicy',
      rules: { required, icpRequired: this.icpRequired ?? false, questions },
    };
  }
}

/** Either `engagement`, perhaps with `atMost`, or `attribute` with `in`. */
export class ScoringRuleBody {
  @IsKey() rule!: string;
  @IsWholeNumber(-10_000, 10_000) points!: number;
  @Optional() @IsOneOf(ENGAGEMENT_KINDS) engagement?: EngagementKind | null;
  @Optional() @IsWholeNumber(1, 1_000) atMost?: number | null;
  @Optional() @IsKey() attribute?: string | null;
  @Optional() @IsTexts(200, 255) in?: string[] | null;
}

export class SetScoringModelBody extends SettingsBody {
  @IsParts(() => ScoringRuleBody, 0, 200) rules!: ScoringRuleBody[];

  command(): SettingsCommand {
    return { type: 'SetScoringModel', rules: this.rules.map(scoringRule) };
  }
}

function scoringRule(body: ScoringRuleBody, index: number): ScoringRule {
  const { rule, points } = body;
  const [engagement, attribute] = [body.engagement ?? null, body.attribute ?? null];
  const [atMost, values] = [body.atMost ?? null, body.in ?? null];
  if (engagement !== null && attribute === null && values === null) return { rule, points, engagement, atMost };
  if (engagement === null && attribute !== null && values !== null && values.length > 0 && atMost === null) {
    return { rule, points, attribute, in: values };
  }
  throw new InvalidInput(`/rules/${index}`, 'give either engagement, perhaps with atMost, or attribute with in');
}

export class SetLossReasonsBody extends SettingsBody {
  @IsKeys(200) reasons!: string[];

  command(): SettingsCommand {
    return { type: 'SetLossReasons', reasons: this.reasons };
  }
}

export class SetDisqualificationReasonsBody extends SettingsBody {
  @IsKeys(200) reasons!: string[];

  command(): SettingsCommand {
    return { type: 'SetDisqualificationReasons', reasons: this.reasons };
  }
}

export class SetChurnReasonsBody extends SettingsBody {
  @IsKeys(200) reasons!: string[];

  command(): SettingsCommand {
    return { type: 'SetChurnReasons', reasons: this.reasons };
  }
}

export class FollowUpBody {
  @IsOneOf(ACTIVITY_KINDS) kind!: ActivityKind;
  @IsText() subject!: string;
  @IsDelay() after!: DurationSpec;
}

export class SetFollowUpPlanBody extends SettingsBody {
  @IsOneOf(FOLLOW_UP_OCCASIONS) on!: FollowUpOccasion;
  @IsParts(() => FollowUpBody, 0, 50) activities!: FollowUpBody[];

  command(): SettingsCommand {
    const activities = this.activities.map(({ kind, subject, after }) => ({ kind, subject, after }));
    return { type: 'SetFollowUpPlan', plan: { on: this.on, activities } };
  }
}

/** Money, or a whole number from 0. */
const IsGoal = (): PropertyDecorator =>
  Satisfies(
    'isGoal',
    (value) => {
      if (typeof value === 'number') {
        const whole = Number.isSafeInteger(value) && value >= 0;
        return whole ? null : { path: '', message: 'must be a whole number from 0, or money' };
      }
      const parsed = parseMoney(value);
      return parsed.ok ? null : { path: parsed.path, message: parsed.message };
    },
    { anyOf: [{ type: 'integer', minimum: 0 }, refersTo('Money')] },
  );

export class TargetBody {
  @IsKey() key!: string;
  @IsOneOf([...COUNT_METRICS, ...MONEY_METRICS]) metric!: Target['metric'];
  @IsOneOf(TARGET_PERIODS) period!: Target['period'];
  @IsGoal() goal!: MoneyBody | number;
  @Optional() @IsUserId() owner?: string | null;
  @Optional() @IsUserId() team?: string | null;
  @Optional() @IsUserId() product?: string | null;
}

export class SetTargetsBody extends SettingsBody {
  @IsParts(() => TargetBody, 0, 1_000) targets!: TargetBody[];

  command(): SettingsCommand {
    const targets = this.targets.map(({ key, metric, period, goal, owner, team, product }) => ({
      key,
      metric,
      period,
      goal: typeof goal === 'number' ? goal : money(goal),
      owner: owner ?? null,
      team: team ?? null,
      product: product ?? null,
    }));
    return { type: 'SetTargets', targets };
  }
}

export class ExchangeRateBody {
  @IsText(3) currency!: string;
  @IsCivilDate() date!: string;
  /** Null withdraws the rate of that day. */
  @Optional() @IsText(32) rate?: string | null;
}

export class SetExchangeRatesBody extends SettingsBody {
  @Optional() @IsText(3) base?: string | null;
  @IsParts(() => ExchangeRateBody, 1, 2_000) rates!: ExchangeRateBody[];

  command(): SettingsCommand {
    const rates = this.rates.map(({ currency, date, rate }) => ({ currency, date, rate: rate ?? null }));
    return { type: 'SetExchangeRates', base: this.base ?? null, rates };
  }
}

export class SpendBody {
  @IsOneOf(['sales', 'marketing']) kind!: 'sales' | 'marketing';
  @IsText(7) month!: string;
  @IsMoneyValue() amount!: MoneyBody;
}

export class SetSpendBody extends SettingsBody {
  @IsParts(() => SpendBody, 1, 1_000) entries!: SpendBody[];

  command(): SettingsCommand {
    const entries = this.entries.map(({ kind, month, amount }) => ({ kind, month, amount: money(amount) }));
    return { type: 'SetSpend', entries };
  }
}
