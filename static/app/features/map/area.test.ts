import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPhone, type Phone } from '../../testing/phone';
import { Server } from '../../testing/server';

let phone: Phone;
let round = 0;

beforeEach(async () => {
  round += 1;
  const server = new Server();
  server.addCommunity();
  server.addBuilding('b1', 1, 1, 1);
  phone = await openPhone(server, server.addMember(`area-${round}`, 'Ann', ['b1']));
});
afterEach(() => vi.unstubAllGlobals());

const BUILDINGS = [{ id: 'b1', name: '1号楼', at: [106_264_800, 29_962_100] }];

/** Answers as the server does; what was asked for stands in the list. */
function answering(version: string): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (input: string) => {
    asked.push(input);
    const same = input.includes(`known=${version}`);
    return Response.json(same ? { version, same: true } : { version, buildings: BUILDINGS });
  });
  return asked;
}

describe('the area', () => {
  it('is kept when it was seen once, and asked for by its version', async () => {
    const { fetchArea, keptArea } = await import('./area');
    expect(await keptArea()).toBeNull();
    answering('v1');
    expect((await fetchArea(null))?.buildings).toEqual(BUILDINGS);
    const kept = await keptArea();
    expect(kept?.version).toBe('v1');
    const asked = answering('v1');
    expect(await fetchArea(kept)).toBeNull();
    expect(asked).toEqual(['/api/v1/map?known=v1']);
    answering('v2');
    expect((await fetchArea(kept))?.version).toBe('v2');
    expect((await keptArea())?.version).toBe('v2');
  });

  it('stays when there is no network', async () => {
    const { fetchArea, keptArea } = await import('./area');
    answering('v1');
    await fetchArea(null);
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('network');
    });
    await expect(fetchArea(await keptArea())).rejects.toThrow();
    expect((await keptArea())?.version).toBe('v1');
  });

  it('leaves the phone with everything else that the server gave', async () => {
    const { fetchArea, keptArea } = await import('./area');
    answering('v1');
    await fetchArea(null);
    await phone.desk.eraseBuckets();
    expect(await keptArea()).toBeNull();
  });
});
