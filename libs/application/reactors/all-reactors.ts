import type { WorkStore } from '#platform/work-store/port.js';
import type { ViewReads } from '#view-store/port.js';
import type { CommandExecutor } from '../execute.js';
import type { ErasableKeys } from '../personal/erasure.js';
import type { Streams } from '../streams.js';
import { erasePersonalData } from './erase-personal-data.js';
import { finishConversions } from './finish-conversions.js';
import { finishReversions } from './finish-reversions.js';
import { finishDealMerges } from './finish-deal-merges.js';
import { finishContactMerges } from './finish-contact-merges.js';
import { finishWinBacks } from './finish-win-backs.js';
import { planFollowUps } from './plan-follow-ups.js';
import { planPlaybooks } from './plan-playbooks.js';
import { relocateDeals } from './relocate-deals.js';
import { runReactor } from './run-reactor.js';
import type { Checkpoints, Reactor } from './run-reactor.js';

/** Every durable reactor of the house. `erasures`: where it is kept how far erasures have got. */
export function allReactors(
  commands: CommandExecutor,
  views: ViewReads,
  keys: ErasableKeys,
  erasures: Checkpoints,
): readonly Reactor[] {
  const { streams } = commands;
  const conversions = [finishConversions(streams), finishReversions(streams)];
  const plans = [planPlaybooks(commands), planFollowUps(commands)];
  return [
    ...conversions,
    finishContactMerges(streams),
    finishDealMerges(streams),
    finishWinBacks(streams),
    relocateDeals(commands, views),
    erasePersonalData(streams, keys, views, erasures),
    ...plans,
  ];
}

/** Runs reactors side by side, each over the log from its own checkpoint, until the signal. Never throws. */
export async function runReactors(
  reactors: readonly Reactor[],
  streams: Streams,
  work: WorkStore,
  signal: AbortSignal,
  onError: (reactor: Reactor, error: unknown) => void,
): Promise<void> {
  await Promise.all(
    reactors.map((reactor) => runReactor(reactor, streams.events, work, signal, (error) => onError(reactor, error))),
  );
}
