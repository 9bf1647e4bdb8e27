import { describe, expect, it } from 'vitest';
import type { Door, HistoryItem } from '../../core/types';
import {
  draftOf,
  emptyForm,
  formOf,
  isTouched,
  noteLength,
  withApp,
  withFlag,
  withOutcome,
  withoutOutcome,
} from './form';

function door(more: Partial<Door> = {}): Door {
  return {
    building: 'b1',
    household: 'h1',
    unit: '2',
    floor: 14,
    room: '1403',
    state: { flags: null },
    wish: null,
    ...more,
  } as Door;
}

const visit: HistoryItem = {
  id: 'v1',
  moment: 0,
  by: 'Ann',
  mine: true,
  outcome: 'informed',
  app: 'helped',
  flags: ['elderly'],
  leaflets: 3,
  followUpOn: '2026-11-29',
  note: 'weekend',
  status: 'confirmed',
  voided: false,
  mayVoid: true,
};

describe('leaflets', () => {
  it('are none until an outcome is chosen, then the default of the community', () => {
    const empty = emptyForm(door());
    expect(empty.leaflets).toBe(0);
    expect(withOutcome(empty, 'informed', 2).leaflets).toBe(2);
  });

  it('fall back to none with an outcome at which nothing is handed out', () => {
    const informed = withOutcome(emptyForm(door()), 'informed', 2);
    expect(withOutcome(informed, 'no_answer', 2).leaflets).toBe(0);
    expect(withoutOutcome(informed).leaflets).toBe(0);
  });

  it('stay as counted by hand whatever the outcome', () => {
    const counted = { ...emptyForm(door()), leaflets: 5, counted: true };
    expect(withOutcome(counted, 'no_answer', 1).leaflets).toBe(5);
    expect(withOutcome(counted, 'informed', 1).leaflets).toBe(5);
  });
});

describe('what contradicts an outcome goes', () => {
  it('nobody who did not open was asked about the app', () => {
    const asked = withApp(withOutcome(emptyForm(door()), 'informed', 1), 'helped', 1);
    expect(withOutcome(asked, 'no_answer', 1).app).toBeNull();
    expect(withOutcome(asked, 'vacant', 1).app).toBeNull();
    expect(withOutcome(asked, 'refused', 1).app).toBe('helped');
  });

  it('nobody comes back to a vacant home', () => {
    const later = { ...emptyForm(door()), followUpOn: '2026-11-29' };
    expect(withOutcome(later, 'vacant', 1).followUpOn).toBeNull();
    expect(withOutcome(later, 'no_answer', 1).followUpOn).toBe('2026-11-29');
  });
});

describe('the app question', () => {
  it('answered first means that somebody was informed', () => {
    const form = withApp(emptyForm(door()), 'installed', 1);
    expect(form).toMatchObject({ outcome: 'informed', app: 'installed', leaflets: 1 });
  });

  it('answered later leaves the outcome alone', () => {
    const refused = withOutcome(emptyForm(door()), 'refused', 1);
    expect(withApp(refused, 'declined', 1)).toMatchObject({ outcome: 'refused', app: 'declined' });
  });
});

describe('care flags', () => {
  const informed = withOutcome(emptyForm(door()), 'informed', 1);

  it('are not written down without consent', () => {
    const draft = draftOf(withFlag(informed, 'lives_alone'), door());
    expect(draft).not.toHaveProperty('flags');
    expect(draft).not.toHaveProperty('agreed');
  });

  it('are written down with consent', () => {
    const form = { ...withFlag(informed, 'lives_alone'), agreed: true };
    expect(draftOf(form, door())).toMatchObject({ flags: ['lives_alone'], agreed: true });
  });

  it('that nobody touched are left as they are', () => {
    const known = door({ state: { flags: ['elderly'] } as Door['state'] });
    const form = { ...withOutcome(emptyForm(known), 'informed', 1), agreed: true };
    expect(form.flags).toEqual(['elderly']);
    expect(draftOf(form, known)).not.toHaveProperty('flags');
  });

  it('can be taken away again', () => {
    const known = door({ state: { flags: ['elderly'] } as Door['state'] });
    const form = { ...withFlag(emptyForm(known), 'elderly'), agreed: true };
    expect(draftOf(withOutcome(form, 'informed', 1), known)).toMatchObject({ flags: [] });
  });
});

describe('a resident who wants the outcome only', () => {
  it('gets neither note nor flags written down', () => {
    const bare = door({ wish: { outcome_only: true } });
    const form = {
      ...withFlag(withOutcome(emptyForm(bare), 'informed', 1), 'elderly'),
      agreed: true,
      note: 'kind lady',
    };
    expect(draftOf(form, bare)).toEqual({
      household: 'h1',
      outcome: 'informed',
      app: null,
      leaflets: 1,
      followUpOn: null,
    });
  });
});

describe('a correction', () => {
  it('starts from everything that the earlier visit said', () => {
    const draft = draftOf(formOf(visit, door()), door());
    expect(draft).toEqual({
      household: 'h1',
      outcome: 'informed',
      app: 'helped',
      leaflets: 3,
      followUpOn: '2026-11-29',
      note: 'weekend',
      flags: ['elderly'],
      agreed: true,
    });
  });

  it('of a visit without flags leaves the flags of the door alone', () => {
    const form = formOf({ ...visit, flags: null }, door());
    expect(draftOf(form, door())).not.toHaveProperty('flags');
  });
});

describe('a sheet that was only looked at', () => {
  it('is not touched, also where flags are known', () => {
    expect(isTouched(emptyForm(door()))).toBe(false);
    expect(isTouched(emptyForm(door({ state: { flags: ['elderly'] } as Door['state'] })))).toBe(
      false,
    );
  });

  it('is touched by a single word, not by a space', () => {
    expect(isTouched({ ...emptyForm(door()), note: ' ' })).toBe(false);
    expect(isTouched({ ...emptyForm(door()), note: 'x' })).toBe(true);
  });

  it('cannot be saved', () => {
    expect(draftOf(emptyForm(door()), door())).toBeNull();
  });
});

it('counts a rare character once, as people do', () => {
  expect(noteLength(' 𠮷𠮷 ')).toBe(2);
});
