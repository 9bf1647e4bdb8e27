import type {
  AppStatus,
  CareFlag,
  Day,
  Door,
  HistoryItem,
  Outcome,
  VisitDraft,
} from '../../core/types';

/** What stands in the log sheet and is not saved. */
export type Form = {
  outcome: Outcome | null;
  app: AppStatus | null;
  leaflets: number;
  /** The stepper was used: the number no longer follows the outcome. */
  counted: boolean;
  flags: readonly CareFlag[];
  /** The flags were touched; otherwise they stay as they are on the server. */
  flagged: boolean;
  agreed: boolean;
  followUpOn: Day | null;
  note: string;
  /** The visit that this one replaces. */
  correcting: HistoryItem | null;
};

export const NOTE_MAX = 500;
export const LEAFLETS_MAX = 99;

/** Characters as people count them, not UTF-16 units. */
export function noteLength(note: string): number {
  return [...note.trim()].length;
}

/** An empty sheet for a door; its known flags are shown as they are. */
export function emptyForm(door: Door): Form {
  return {
    outcome: null,
    app: null,
    leaflets: 0,
    counted: false,
    flags: door.state.flags ?? [],
    flagged: false,
    agreed: false,
    followUpOn: null,
    note: '',
    correcting: null,
  };
}

/** The sheet filled with an earlier visit, to put another in its place. */
export function formOf(item: HistoryItem, door: Door): Form {
  return {
    outcome: item.outcome,
    app: item.app,
    leaflets: item.leaflets,
    counted: true,
    flags: item.flags ?? door.state.flags ?? [],
    flagged: item.flags !== null,
    // It was agreed when it was written down.
    agreed: item.flags !== null,
    followUpOn: item.followUpOn,
    note: item.note ?? '',
    correcting: item,
  };
}

/** Whether the app question makes sense: only with somebody at the door. */
export function asksApp(outcome: Outcome | null): boolean {
  return outcome !== 'no_answer' && outcome !== 'vacant';
}

/** Chooses an outcome and lets the rest follow: leaflets by default, nothing that contradicts. */
export function withOutcome(form: Form, outcome: Outcome, leafletDefault: number): Form {
  return {
    ...form,
    outcome,
    leaflets: form.counted ? form.leaflets : outcome === 'informed' ? leafletDefault : 0,
    app: asksApp(outcome) ? form.app : null,
    followUpOn: outcome === 'vacant' ? null : form.followUpOn,
  };
}

/** Takes the outcome back by a second tap. */
export function withoutOutcome(form: Form): Form {
  return { ...form, outcome: null, leaflets: form.counted ? form.leaflets : 0 };
}

/** Answers the app question; talking about it means that somebody was informed. */
export function withApp(form: Form, app: AppStatus | null, leafletDefault: number): Form {
  const base = form.outcome === null && app ? withOutcome(form, 'informed', leafletDefault) : form;
  return { ...base, app };
}

/** Adds or removes a care flag. */
export function withFlag(form: Form, flag: CareFlag): Form {
  const on = form.flags.includes(flag);
  const flags = on ? form.flags.filter((one) => one !== flag) : [...form.flags, flag];
  return { ...form, flags, flagged: true };
}

/** Something was put in that would be missed. */
export function isTouched(form: Form): boolean {
  const { outcome, note, flagged, followUpOn, app, counted } = form;
  return Boolean(outcome || note.trim() || flagged || followUpOn || app || counted);
}

/** What is written down; flags only when the resident agreed, notes only where wished. */
export function draftOf(form: Form, door: Door): VisitDraft | null {
  if (!form.outcome) return null;
  const draft: VisitDraft = {
    household: door.household,
    outcome: form.outcome,
    app: form.app,
    leaflets: form.leaflets,
    followUpOn: form.followUpOn,
  };
  if (door.wish?.outcome_only) return draft;
  const note = form.note.trim();
  if (note) draft.note = note;
  if (form.flagged && form.agreed) {
    draft.flags = [...form.flags];
    draft.agreed = true;
  }
  return draft;
}
