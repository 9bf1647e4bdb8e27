/** A phone with modules of its own, so that several can live in one test; it speaks to the model. */
import { vi } from 'vitest';

import { bodyText, type Member, type Server } from './server';

/** Every device's signing key in these tests: 32 zero bytes, base64. */
export const KEY = Buffer.alloc(32).toString('base64');

export type Fault = (
  path: string,
  method: string,
) => 'lose_request' | 'lose_answer' | number | null;

/** Told of every request before it is answered. */
export type Heard = (path: string, init: RequestInit) => void;

/** Loads all modules anew: what one phone has in memory, another does not see. */
async function modules() {
  vi.resetModules();
  const [field, desk, engine, doors, actions, member, recording, alerts, given] = await Promise.all(
    [
      import('../core/field'),
      import('../sync/desk'),
      import('../sync/engine'),
      import('../features/visits/state'),
      import('../features/visits/actions'),
      import('../features/accounts/memberState'),
      import('../features/recording'),
      import('../features/alerts/feature'),
      import('../features/alerts/given'),
    ],
  );
  return { field, desk, engine, doors, actions, member, recording, alerts, given };
}

export type Phone = Awaited<ReturnType<typeof openPhone>>;

/** Opens (again) the database of a member; `name` tells two phones of one member apart. */
export async function openPhone(server: Server, who: Member, name = who.id) {
  const all = await modules();
  const { field, desk: desks, engine: engines, doors, actions } = all;
  desks.registerFeature(all.member.memberFeature);
  desks.registerFeature(doors.doorFeature);
  desks.registerFeature(all.alerts.alertFeature);
  const phone = {
    offset: 0,
    fault: (() => null) as Fault,
    heard: (() => {}) as Heard,
    sessions: [] as string[],
  };
  const clock = { now: () => server.now + phone.offset, skew: 0 };
  const device = { id: `d-${name}`, name };
  const desk = await desks.Desk.open(
    {
      db: `qiaomen-${name}`,
      device,
      login: name,
      person: { id: 1, name: who.name },
      member: { id: who.id, role: 'volunteer', lead: false, deputy: false },
      community: { id: 1, name: 'Demo', timezone: 'Asia/Shanghai' },
      status: 'active',
    },
    clock,
  );
  const engine = new engines.Engine(desk, {
    session: async (change) => void phone.sessions.push(change),
  });
  all.recording.recordAt(() => ({
    desk,
    saved: () => {},
    ask: (request) => engine.ask(request),
  }));
  desk.publish();

  const answer = (path: string, method: string, init: RequestInit): Response => {
    const json = (data: unknown, status = 200) => Response.json(data, { status });
    if (path === '/session') return json(server.session(who, device));
    if (method !== 'GET' && !server.tokenGood(new Headers(init.headers).get('X-CSRFToken'))) {
      return json({ code: 'csrf', message: '' }, 400);
    }
    if (path === '/session/device') return json(server.session(who, { ...device, key: KEY }));
    const body = bodyText(init.body);
    const taken = /^\/alerts\/(.+)\/take$/.exec(path)?.[1];
    if (taken) {
      const members = server.workersOf(taken);
      if (!server.takeAlert(taken, who)) return json({ code: 'taken', members }, 409);
      return json(server.myAlert(taken, who));
    }
    if (path === '/sync/receipt' && method === 'GET') return json(server.receipt(who));
    if (path === '/sync/receipt') return json(server.compare(JSON.parse(body).operations));
    if (path === '/sync/push') return json(server.push(who, body));
    if (path === '/sync/pull') return json(server.pull(who, JSON.parse(body)));
    return json({ code: 'not_found', method }, 404);
  };
  const speak = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const path = String(input).replace('/api/v1', '');
    const method = init.method ?? 'GET';
    phone.heard(path, init);
    const fault = phone.fault(path, method);
    if (fault === 'lose_request') throw new TypeError('network');
    if (typeof fault === 'number') return Response.json({ code: `e${fault}` }, { status: fault });
    const response = answer(path, method, init);
    if (fault === 'lose_answer') throw new TypeError('network');
    return response;
  };

  return Object.assign(phone, {
    desk,
    engine,
    actions,
    doors,
    state: field.state,
    given: all.given.given,
    Refusal: field.Refusal,
    /** The other phones are silent meanwhile. Now is the server's time plus the offset. */
    async online<T>(work: () => Promise<T>): Promise<T> {
      vi.stubGlobal('fetch', speak);
      vi.spyOn(Date, 'now').mockImplementation(() => clock.now());
      try {
        return await work();
      } finally {
        engine.stop();
        Object.assign(engine, { stopped: false });
        vi.mocked(Date.now).mockRestore();
        vi.unstubAllGlobals();
      }
    },
    /** One run. */
    sync(): Promise<void> {
      return this.online(() => engine.sync());
    },
    async view(building: string) {
      await doors.loadedBuilding(desk, building);
      const view = doors.building(desk, building).value;
      if (!view) throw new Error(`no building ${building}`);
      return view;
    },
    async door(building: string, household: string) {
      const loaded = await doors.loadedBuilding(desk, building);
      const id = loaded?.drawn.doorOf.get(household) ?? household;
      const door = loaded?.drawn.doors.get(id);
      if (!door) throw new Error(`no door ${household}`);
      return door;
    },
    statuses: () => [...desk.operations.values()].map(({ status }) => status),
    /** The app is killed: nothing is tidied up. */
    kill: () => {
      engine.stop();
      desk.close();
    },
  });
}
