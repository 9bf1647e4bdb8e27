import { type Signal, useSignal } from '@preact/signals';
import type { LocationAnswer, LocationRequest } from '../../contract';
import { ApiError, call } from '../../core/api';
import { decoded } from '../../features/map/shape';
import type { Block } from './model';
import type { Setting } from './mount';

const HOLD = 12_000;

interface Done {
  block: Block;
  /** What undoes it; none after an undo. */
  before: LocationAnswer['before'] | null;
}

export interface Saving {
  done: Signal<Done | null>;
  problem: Signal<string>;
  /** True when it is saved. */
  send(block: Block, what: LocationRequest): Promise<boolean>;
  undo(): Promise<void>;
}

/** Sends where a building is; the map follows the answer, and the last step can be taken back. */
export function useSaving({ csrf, words }: Setting, all: Signal<Block[] | null>): Saving {
  const done = useSignal<Done | null>(null);
  const problem = useSignal('');
  const post = async (block: Block, what: LocationRequest): Promise<LocationAnswer | null> => {
    problem.value = '';
    try {
      const body = JSON.stringify(what);
      const path = `/buildings/${block.id}/location`;
      const { data } = await call<LocationAnswer>(path, { method: 'POST', body, csrf });
      all.value = (all.value ?? []).map((old) => (old.id === block.id ? placed(old, data) : old));
      return data;
    } catch (error) {
      problem.value = sentence(error, words.desk);
      return null;
    }
  };
  return {
    done,
    problem,
    async send(block, what) {
      const answer = await post(block, what);
      if (answer) show(done, { block, before: answer.before });
      return answer !== null;
    },
    async undo() {
      const last = done.value;
      if (!last?.before) return;
      if (await post(last.block, { back: last.before })) show(done, { ...last, before: null });
    },
  };
}

function show(done: Signal<Done | null>, what: Done): void {
  done.value = what;
  setTimeout(() => {
    if (done.value === what) done.value = null;
  }, HOLD);
}

function placed(block: Block, { building }: LocationAnswer): Block {
  if (!building) return { ...block, placed: false, rings: null };
  return { ...block, placed: true, ...decoded(building.at, building.outline) };
}

function sentence(error: unknown, t: Setting['words']['desk']): string {
  if (!(error instanceof ApiError)) return t.failed;
  if (error.status === 0) return t.offline;
  return error.answer.message ?? t.failed;
}

export function Saved({ saving, words: t }: { saving: Saving; words: Setting['words']['desk'] }) {
  const last = saving.done.value;
  return (
    <div class="deskmap-saved" role="status">
      {last && (
        <div class="toast">
          <span class="grow">{last.before ? t.placed(last.block.name) : t.undone}</span>
          {last.before && (
            <button type="button" onClick={() => void saving.undo()}>
              {t.undo}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
